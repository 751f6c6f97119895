import { nameIn, parseArn, roleArn } from '../../iam/arn.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import { type Declarations, type Deployment, NOTHING_DECLARED, type Standing } from '../../inventory/declarations.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import { keyOf, show, type Text } from '../../symbolic/text.ts';
import type { TextValue, Value } from '../../symbolic/value.ts';
import { field, identityDocument } from '../fields.ts';
import { tagsOf } from '../tags.ts';

/** The role of `aws iam get-role` (`{"Role": …}`) or of `create-role --cli-input-json`. */
export function roleOf(tree: Tree): Tree | undefined {
  if (tree.kind !== 'map') return undefined;
  const has = (name: string): boolean => tree.entries.some(({ key }) => key.text === name);
  const wrapped = tree.entries.find(({ key }) => key.text === 'Role')?.value;
  if (wrapped !== undefined && tree.entries.length === 1) return roleOf(wrapped);
  return has('RoleName') && has('AssumeRolePolicyDocument') ? tree : undefined;
}

export function readRole(
  tree: Tree,
  local: Deployment,
  deploymentOf: (account: Text) => Deployment,
  where: Standing,
): Declarations {
  const value = valueFromTree(tree);
  // Nobody writes these by hand, wherever the file stands.
  const printed = field(value, 'RoleId') !== undefined || field(value, 'CreateDate') !== undefined;
  const standing = printed ? 'dump' : where;
  const name = textOf(field(value, 'RoleName'));
  const document = field(value, 'AssumeRolePolicyDocument');
  if (name === undefined || document === undefined) return NOTHING_DECLARED;
  const path = textOf(field(value, 'Path'))?.text ?? '/';
  const written = textOf(field(value, 'Arn'))?.text;
  const parsed = written === undefined ? undefined : parseArn(written);
  const deployment = parsed === undefined ? local : deploymentOf(parsed.account);
  const arn = written ?? roleArn(local.partition, local.account, path, name.text);
  const boundaryField = field(value, 'PermissionsBoundary');
  const boundary = textOf(boundaryField) ?? textOf(field(boundaryField, 'PermissionsBoundaryArn'));
  const longest = textOf(field(value, 'MaxSessionDuration'));
  const owner = `trust policy of ${show(name.text)}`;
  const trust = parsePolicy(identityDocument(document), 'trust', owner);
  const missing = `the identity policies of ${show(arn)}, which this document does not show`;
  return {
    ...NOTHING_DECLARED,
    policies: [{ policy: trust, use: 'trust', owner, ...(standing === 'dump' ? { deployed: true } : {}) }],
    entities: [
      {
        kind: 'role',
        deployment,
        standing,
        partial: true,
        arn,
        account: deployment.account,
        name: parsed === undefined ? name.text : nameIn(parsed.resource),
        path,
        inline: [],
        managed: [],
        boundary,
        tags: tagsOf(field(value, 'Tags')),
        uniqueId: undefined,
        open: [
          { id: `identity:${keyOf(arn)}`, kind: 'open', shown: `policies of ${show(arn)}`, missing, undeclared: true },
        ],
        trust,
        ...(longest === undefined ? {} : { longestSession: longest }),
        place: name.place,
      },
    ],
  };
}

function textOf(value: Value | undefined): TextValue | undefined {
  return value?.kind === 'text' ? value : undefined;
}
