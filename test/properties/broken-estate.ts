import fc from 'fast-check';
import { CONFIGURATION, type Documents } from '../support/documents.ts';
import {
  type EntityParts,
  entitiesText,
  type Form,
  type Home,
  identityOf,
  type Layout,
  type Node,
  ROLE_FORMS,
} from './estate-text.ts';

/** An estate in which one principal may assume one role, beside another that may, too; and one thing of it that is wrong. */
export interface Estate {
  readonly form: Form;
  readonly layout: Layout;
  readonly crossAccount: boolean;
  readonly kind: 'role' | 'user';
  /** Where the caller's grants stand. */
  readonly home: Home;
  readonly caller: Named;
  readonly target: Named;
  /** Which of the layers besides there are. */
  readonly boundary: boolean;
  readonly scp: boolean;
  readonly rcp: boolean;
  readonly session: boolean;
  /** What the trust policy asks for, and the call has. */
  readonly condition: boolean;
  /** Whether texts refer to the other end rather than spell its ARN, where the file can. */
  readonly references: boolean;
  readonly companions: Companions;
}

export interface Named {
  readonly name: string;
  readonly path: string;
}

type Layer = 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'trust';

/** What stands beside the texts that matter. */
interface Companions {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly service: boolean;
  readonly statements: boolean;
}

export const TOOLS = '111122223333';
export const PROD = '444455556666';
const MEANT = 'arn:aws:iam::111122223333:role/meant';
const BYSTANDER = 'arn:aws:iam::111122223333:role/bystander';

export const estates: fc.Arbitrary<Estate> = fc
  .record({
    form: fc.constantFrom(...ROLE_FORMS),
    layout: fc.record({
      indent: fc.constantFrom(2, 4),
      listIndented: fc.boolean(),
      quote: fc.constantFrom('', '"', "'"),
      comments: fc.boolean(),
      carriage: fc.boolean(),
      one: fc.boolean(),
    }),
    crossAccount: fc.boolean(),
    kind: fc.constantFrom('role', 'role', 'user'),
    home: fc.constantFrom('own', 'own', 'managed', 'group'),
    caller: named('deployer', 'ci-runner', 'App'),
    target: named('prod-release', 'DataReader', 'audit_x'),
    boundary: fc.boolean(),
    scp: fc.boolean(),
    rcp: fc.boolean(),
    session: fc.boolean(),
    condition: fc.boolean(),
    references: fc.boolean(),
    companions: fc.record({
      actions: fc.subarray(['sts:TagSession', 's3:GetObject']),
      resources: fc.subarray([
        'arn:aws:iam::777788889999:role/elsewhere',
        'arn:aws:iam::777788889999:role/other/thing',
      ]),
      principals: fc.subarray([BYSTANDER]),
      service: fc.boolean(),
      statements: fc.boolean(),
    }),
  })
  .map((one) => ({ ...one, home: homeOf(one) }));

/** A bare policy is its owner's, and only users are in groups. */
function homeOf({ home, form, kind }: Pick<Estate, 'home' | 'form' | 'kind'>): Home {
  return form === 'policies' || (home === 'group' && kind === 'role') ? 'own' : home;
}

function named(...names: readonly string[]): fc.Arbitrary<Named> {
  return fc.record({ name: fc.constantFrom(...names), path: fc.constantFrom('/', '/', '/service/', '/team/a/') });
}

export function arnOf({ name, path }: Named, account: string, kind = 'role'): string {
  return `arn:aws:iam::${account}:${kind}${path}${name}`;
}

export function callerArn({ caller, kind }: Estate): string {
  return arnOf(caller, TOOLS, kind);
}

export function accountsOf({ crossAccount }: Estate): { readonly caller: string; readonly target: string } {
  return { caller: TOOLS, target: crossAccount ? PROD : TOOLS };
}

export const marked = (text: string): string => `\uE000${text}\uE001`;

/** The texts that decide. `undefined` leaves the element out. */
export interface Parts {
  readonly trustAction: string;
  readonly principal: string;
  readonly grantAction: string | undefined;
  readonly resource: string;
  readonly conditionValue: string;
  readonly boundaryAction: string | undefined;
  readonly scpAction: string | undefined;
  readonly sessionAction: string | undefined;
  /** One statement more in a layer's policy. */
  readonly more: Partial<Readonly<Record<Layer, Node>>>;
  /** What stands there instead of the statement that allows the call. */
  readonly instead: Partial<Readonly<Record<Layer, Node>>>;
  readonly home: Home;
  /** Whether the trust policy names a service alone. */
  readonly trustsService: boolean;
}

/** Only a file that declares both ends can refer to them. */
function refers({ references, crossAccount, form }: Estate): boolean {
  return references && !crossAccount && form !== 'policies' && form !== 'json-string' && form !== 'yaml-string';
}

export function partsOf(estate: Estate): Parts {
  const accounts = accountsOf(estate);
  return {
    trustAction: 'sts:AssumeRole',
    principal: refers(estate) ? `\uE002${estate.kind}.caller` : callerArn(estate),
    grantAction: 'sts:AssumeRole',
    resource: refers(estate) ? '\uE002role.target' : arnOf(estate.target, accounts.target),
    conditionValue: accounts.caller,
    boundaryAction: 'sts:AssumeRole',
    scpAction: 'sts:AssumeRole',
    sessionAction: 'sts:AssumeRole',
    more: {},
    instead: {},
    home: estate.home,
    trustsService: false,
  };
}

/** The files of an estate. What is marked in the parts is marked in them. */
export function documentsOf(estate: Estate, parts: Parts): Documents {
  const { form, layout, caller, target, companions, kind } = estate;
  const accounts = accountsOf(estate);
  const trust = trustStatements(estate, parts);
  const grants = grantStatements(estate, parts);
  const bystander = {
    id: 'bystander',
    name: 'bystander',
    path: '/',
    trust: [service('lambda.amazonaws.com')],
    grants: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: single(MEANT, companions.principals.length === 0 ? [] : [arnOf(target, accounts.target)]),
      },
    ],
    boundary: undefined,
  };
  const meant = {
    id: 'meant',
    name: 'meant',
    path: '/',
    trust: [{ Effect: 'Allow', Principal: { AWS: BYSTANDER }, Action: 'sts:AssumeRole' }],
    grants: undefined,
    boundary: undefined,
  };
  const own = {
    id: 'caller',
    ...caller,
    trust: kind === 'user' ? undefined : [service('ec2.amazonaws.com')],
    grants: grants.length === 0 ? undefined : grants,
    home: grants.length === 0 ? 'own' : parts.home,
    boundary:
      estate.boundary && form !== 'policies' ? limitStatements('boundary', parts.boundaryAction, parts) : undefined,
  };
  const wanted = { id: 'target', ...target, trust, grants: undefined, boundary: undefined };
  const tools: readonly EntityParts[] = [own, bystander, meant, ...(estate.crossAccount ? [] : [wanted])];
  const prod = estate.crossAccount ? [wanted] : [];
  const limits: Documents = {
    ...(estate.scp ? { 'scp/tools.json': policyJson(limitStatements('scp', parts.scpAction, parts)) } : {}),
    ...(estate.rcp ? { 'rcp/target.json': policyJson(rcpStatements(parts)) } : {}),
    ...(estate.session ? { 'session.json': policyJson(limitStatements('session', parts.sessionAction, parts)) } : {}),
  };
  const files: Documents = {
    ...entitiesText(form, layout, 'tools', tools),
    ...(prod.length === 0 ? {} : entitiesText(form, layout, 'prod', prod)),
    ...limits,
  };
  const owners =
    form === 'policies'
      ? identityOf([...tools.map((one) => [one, TOOLS] as const), ...prod.map((one) => [one, PROD] as const)])
      : '';
  return { [CONFIGURATION]: `${accountsText(estate)}${owners}${expectations(estate)}`, ...files };
}

function accountsText({ scp, rcp, crossAccount }: Estate): string {
  const scps = scp ? ', scps: ["scp/tools.json"]' : '';
  const rcps = rcp ? ', rcps: ["rcp/target.json"]' : '';
  const tools = `  tools: {id: "${TOOLS}", paths: ["tools*", "tools/**"]${scps}${crossAccount ? '' : rcps}}\n`;
  const prod = `  prod: {id: "${PROD}", paths: ["prod*", "prod/**"]${crossAccount ? rcps : ''}}\n`;
  return `accounts:\n${tools}${prod}`;
}

/** The same call, by a session that is narrowed by a policy of its own. */
function expectations(estate: Estate): string {
  if (!estate.session) return '';
  const role = arnOf(estate.target, accountsOf(estate).target);
  const entry = `{name: in a session, principal: "${callerArn(estate)}", role: "${role}", session-policy: session.json}`;
  return `expect:\n  - ${entry}\n`;
}

function service(name: string): Node {
  return { Effect: 'Allow', Principal: { Service: name }, Action: 'sts:AssumeRole' };
}

function single(first: string, more: readonly string[]): Node {
  return more.length === 0 ? first : [first, ...more];
}

function trustStatements({ companions, condition }: Estate, parts: Parts): readonly Node[] {
  const principal: Node = parts.trustsService
    ? { Service: 'ecs-tasks.amazonaws.com' }
    : {
        AWS: single(parts.principal, companions.principals),
        // A service has no account that the condition could ask for.
        ...(companions.service && !condition ? { Service: 'ecs-tasks.amazonaws.com' } : {}),
      };
  const own: Node = parts.instead.trust ?? {
    Effect: 'Allow',
    Principal: principal,
    Action: single(
      parts.trustAction,
      companions.actions.filter((action) => action.startsWith('sts:')),
    ),
    ...(condition ? { Condition: { StringEquals: { 'aws:PrincipalAccount': parts.conditionValue } } } : {}),
  };
  return [own, ...several(parts.more.trust)];
}

function grantStatements({ companions }: Estate, parts: Parts): readonly Node[] {
  const logs = { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' };
  const others = companions.statements ? [logs] : [];
  if (parts.grantAction === undefined) return others;
  const own: Node = parts.instead.identity ?? {
    Effect: 'Allow',
    Action: single(parts.grantAction, companions.actions),
    Resource: single(parts.resource, companions.resources),
  };
  return [...others, own, ...several(parts.more.identity)];
}

function limitStatements(layer: Layer, action: string | undefined, parts: Parts): readonly Node[] {
  const own: Node = parts.instead[layer] ?? {
    Effect: 'Allow',
    Action: ['s3:*', 'logs:*', ...(action === undefined ? [] : [action]), 'sts:TagSession'],
    Resource: '*',
  };
  return [own, ...several(parts.more[layer])];
}

/** Its Allow is AWS's own. */
function rcpStatements({ more }: Parts): readonly Node[] {
  const unencrypted = { Bool: { 'aws:SecureTransport': 'false' } };
  return [
    { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: unencrypted },
    ...several(more.rcp),
  ];
}

function several(node: Node | undefined): readonly Node[] {
  return node === undefined ? [] : [node];
}

function policyJson(statements: readonly Node[]): string {
  return `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)}\n`;
}

/**
 * The same with a stranger who is granted the role, and with a role that trusts the caller's whole account: two calls that no
 * edit for the sake of the caller's own may open.
 */
export function withProbes(estate: Estate, documents: Documents): Documents {
  const accounts = accountsOf(estate);
  const stranger = { name: 'stranger', path: '/' };
  const decoy = { name: 'decoy', path: '/' };
  const role = arnOf(estate.target, accounts.target);
  const layout = { ...estate.layout, carriage: false };
  const grants = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role }];
  const open = [{ Effect: 'Allow', Principal: { AWS: TOOLS }, Action: 'sts:AssumeRole' }];
  const trust = [service('ec2.amazonaws.com')];
  const probes = [
    `{name: stranger, principal: "${arnOf(stranger, TOOLS)}", role: "${role}", decision: denied}`,
    `{name: decoy, principal: "${callerArn(estate)}", role: "${arnOf(decoy, accounts.target)}", decision: denied}`,
  ];
  const configuration = documents[CONFIGURATION] ?? '';
  const expect = `${configuration.includes('expect:') ? '' : 'expect:\n'}${probes.map((one) => `  - ${one}\n`).join('')}`;
  return {
    ...documents,
    [CONFIGURATION]: configuration + expect,
    ...entitiesText('yaml', layout, 'tools-probe', [
      { id: 'stranger', ...stranger, trust, grants, boundary: undefined },
    ]),
    ...entitiesText('yaml', layout, `${estate.crossAccount ? 'prod' : 'tools'}-decoy`, [
      { id: 'decoy', ...decoy, trust: open, grants: undefined, boundary: undefined },
    ]),
  };
}
