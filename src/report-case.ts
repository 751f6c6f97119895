import type { Simulation } from './aws/simulate.ts';
import { nameIn, parseArn } from './iam/arn.ts';
import type { Reproduction } from './inventory/declarations.ts';
import { show } from './symbolic/text.ts';

/**
 * The case as a document that the program reads itself, with the command that decides it again. The role trusts the caller's
 * account, so that the identity policies decide.
 */
export function reproductionOf(simulation: Simulation): Reproduction {
  const { principal, partition, account, policies, boundary, action, role, context } = simulation;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::${account}:root` }, Action: action }],
  };
  const limit = `arn:${partition}:iam::${account}:policy/boundary-of-the-case`;
  const list = policies.map((text, index) => ({ PolicyName: `policy-${index + 1}`, PolicyDocument: JSON.parse(text) }));
  const held = boundary === undefined ? {} : { PermissionsBoundary: { PermissionsBoundaryArn: limit } };
  const isUser = parseArn(principal)?.resource.toString().startsWith('user/') === true;
  const caller = isUser
    ? { UserName: nameOf(principal), Arn: principal, UserPolicyList: list, GroupList: [], ...held }
    : { RoleName: nameOf(principal), Arn: principal, AssumeRolePolicyDocument: trust, RolePolicyList: list, ...held };
  const target = { RoleName: nameOf(role), Arn: role, AssumeRolePolicyDocument: trust, RolePolicyList: [] };
  const version = { VersionId: 'v1', IsDefaultVersion: true, Document: JSON.parse(boundary ?? '{}') };
  const document = {
    IsTruncated: true,
    UserDetailList: isUser ? [caller] : [],
    GroupDetailList: [],
    RoleDetailList: [...(isUser ? [] : [caller]), ...(principal === role ? [] : [target])],
    Policies: boundary === undefined ? [] : [{ Arn: limit, DefaultVersionId: 'v1', PolicyVersionList: [version] }],
  };
  const keys = context.flatMap(({ key, values }) => values.map((value) => `--context ${quoted(`${key}=${value}`)}`));
  const asked = `--principal ${quoted(principal)} --role ${quoted(role)} --action ${action}`;
  return {
    document: JSON.stringify(document),
    command: ['assume-role-check simulate case.json', asked, ...keys].join(' '),
  };
}

function nameOf(arn: string): string {
  return show(nameIn(parseArn(arn)?.resource ?? arn));
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w+=,.@:/-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}
