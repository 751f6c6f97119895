import fc from 'fast-check';
import { CONFIGURATION, type Documents } from '../support/documents.ts';
import { type Form, identityOf, type Layout, type Node, ROLE_FORMS, rolesText } from './estate-text.ts';

/** An estate in which one principal may assume one role, beside another that may, too; and one thing of it that is wrong. */
export interface Estate {
  readonly form: Form;
  readonly layout: Layout;
  readonly crossAccount: boolean;
  readonly caller: Named;
  readonly target: Named;
  /** Which of the layers besides there are. */
  readonly boundary: boolean;
  readonly scp: boolean;
  /** What the trust policy asks for, and the call has. */
  readonly condition: boolean;
  /** Whether texts refer to the other end rather than spell its ARN, where the file can. */
  readonly references: boolean;
  readonly companions: Companions;
}

interface Named {
  readonly name: string;
  readonly path: string;
}

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

export const estates: fc.Arbitrary<Estate> = fc.record({
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
  caller: named('deployer', 'ci-runner', 'App'),
  target: named('prod-release', 'DataReader', 'audit_x'),
  boundary: fc.boolean(),
  scp: fc.boolean(),
  condition: fc.boolean(),
  references: fc.boolean(),
  companions: fc.record({
    actions: fc.subarray(['sts:TagSession', 's3:GetObject']),
    resources: fc.subarray(['arn:aws:iam::777788889999:role/elsewhere', 'arn:aws:iam::777788889999:role/other/thing']),
    principals: fc.subarray([BYSTANDER]),
    service: fc.boolean(),
    statements: fc.boolean(),
  }),
});

function named(...names: readonly string[]): fc.Arbitrary<Named> {
  return fc.record({ name: fc.constantFrom(...names), path: fc.constantFrom('/', '/', '/service/', '/team/a/') });
}

export function arnOf({ name, path }: Named, account: string): string {
  return `arn:aws:iam::${account}:role${path}${name}`;
}

export function accountsOf({ crossAccount }: Estate): { readonly caller: string; readonly target: string } {
  return { caller: TOOLS, target: crossAccount ? PROD : TOOLS };
}

/** One text that is made wrong, and what is then said of it. */
export interface Break {
  readonly name: string;
  /** Whether the estate has what is broken. */
  readonly fits: (estate: Estate) => boolean;
  /** The rules that may name it. */
  readonly rules: readonly string[];
  /** Whether an edit mends it; a Deny, for one, is somebody's will. */
  readonly mends: boolean;
  /** Whether what lacks it may be told rather than the text itself. */
  readonly around?: boolean;
  readonly parts: (parts: Parts, estate: Estate) => Partial<Parts>;
}

/** The texts that decide. `undefined` leaves the element out. */
export interface Parts {
  readonly trustAction: string;
  readonly principal: string;
  readonly grantAction: string | undefined;
  readonly resource: string;
  readonly conditionValue: string;
  readonly boundaryAction: string | undefined;
  readonly scpAction: string | undefined;
  readonly denial: boolean;
  /** Whether the trust policy names a service alone. */
  readonly trustsService: boolean;
}

const yes = (): boolean => true;
/** A letter is left out. */
const typo = (text: string): string => `${text.slice(0, -3)}${text.slice(-2)}`;
export const marked = (text: string): string => `\uE000${text}\uE001`;

const needsGrant = ({ crossAccount }: Estate): boolean => crossAccount;

export const BREAKS: readonly Break[] = [
  {
    name: 'a misspelt action in the trust policy',
    fits: yes,
    rules: ['unknown-action', 'wrong-assume-action'],
    mends: true,
    parts: () => ({ trustAction: marked('sts:AsumeRole') }),
  },
  {
    name: 'a misspelt action in the grant',
    fits: needsGrant,
    rules: ['unknown-action'],
    mends: true,
    parts: () => ({ grantAction: marked('sts:AssumeRoles') }),
  },
  {
    name: 'a misspelt name in the trust policy',
    fits: yes,
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    parts: (_, { caller }) => ({ principal: marked(arnOf({ ...caller, name: typo(caller.name) }, TOOLS)) }),
  },
  {
    name: 'another account in the trust policy',
    fits: yes,
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    around: true,
    parts: (_, { caller }) => ({ principal: marked(arnOf(caller, '777788889999')) }),
  },
  {
    name: 'a path left out of the trust policy',
    fits: ({ caller }) => caller.path !== '/',
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    parts: (_, { caller }) => ({ principal: marked(arnOf({ ...caller, path: '/' }, TOOLS)) }),
  },
  {
    name: 'upper and lower case in the trust policy',
    fits: yes,
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    parts: (_, { caller }) => ({
      principal: marked(arnOf({ ...caller, name: swapCase(caller.name) }, TOOLS)),
    }),
  },
  {
    name: 'a trust policy that names a service alone',
    // A service has no account that the condition could ask for.
    fits: ({ companions, condition }) => companions.principals.length === 0 && !condition,
    rules: ['missing-trust'],
    mends: true,
    parts: () => ({ trustsService: true }),
  },
  {
    name: 'a misspelt role in the grant',
    fits: needsGrant,
    rules: ['missing-grant', 'role-not-found'],
    mends: true,
    parts: (_, estate) => ({
      resource: marked(arnOf({ ...estate.target, name: typo(estate.target.name) }, accountsOf(estate).target)),
    }),
  },
  {
    name: 'another account in the grant',
    fits: needsGrant,
    rules: ['missing-grant', 'role-not-found'],
    mends: true,
    parts: (_, { target }) => ({ resource: marked(arnOf(target, TOOLS)) }),
  },
  {
    name: 'a path left out of the grant',
    fits: (estate) => needsGrant(estate) && estate.target.path !== '/',
    rules: ['missing-grant', 'role-not-found'],
    mends: true,
    parts: (_, estate) => ({ resource: marked(arnOf({ ...estate.target, path: '/' }, accountsOf(estate).target)) }),
  },
  {
    name: 'no grant at all',
    // Whose policies nobody shows may have one.
    fits: ({ crossAccount, form, companions }) => crossAccount && (form !== 'policies' || companions.statements),
    rules: ['missing-grant'],
    mends: true,
    parts: () => ({ grantAction: undefined }),
  },
  {
    name: 'a condition on another account',
    fits: ({ condition }) => condition,
    rules: ['missing-trust', 'condition-never-met'],
    mends: true,
    parts: () => ({ conditionValue: marked('777788889999') }),
  },
  {
    name: 'a boundary that leaves the action out',
    fits: ({ boundary, form }) => boundary && form !== 'policies',
    rules: ['blocked-by-boundary'],
    mends: true,
    parts: () => ({ boundaryAction: undefined }),
  },
  {
    name: 'a misspelt action in the boundary',
    fits: ({ boundary, form }) => boundary && form !== 'policies',
    rules: ['unknown-action'],
    mends: true,
    parts: () => ({ boundaryAction: marked('sts:AssumRole') }),
  },
  {
    name: 'an SCP that leaves the action out',
    fits: ({ scp }) => scp,
    rules: ['blocked-by-scp'],
    mends: true,
    parts: () => ({ scpAction: undefined }),
  },
  {
    name: 'a Deny in the trust policy',
    fits: yes,
    rules: ['explicit-deny'],
    mends: false,
    around: true,
    parts: () => ({ denial: true }),
  },
];

function swapCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}

/** Only a file that declares both ends can refer to them. */
function refers({ references, crossAccount, form }: Estate): boolean {
  return references && !crossAccount && form !== 'policies';
}

export function partsOf(estate: Estate): Parts {
  const accounts = accountsOf(estate);
  return {
    trustAction: 'sts:AssumeRole',
    principal: refers(estate) ? '\uE002caller' : arnOf(estate.caller, accounts.caller),
    grantAction: 'sts:AssumeRole',
    resource: refers(estate) ? '\uE002target' : arnOf(estate.target, accounts.target),
    conditionValue: accounts.caller,
    boundaryAction: 'sts:AssumeRole',
    scpAction: 'sts:AssumeRole',
    denial: false,
    trustsService: false,
  };
}

/** The files of an estate. What is marked in the parts is marked in them. */
export function documentsOf(estate: Estate, parts: Parts): Documents {
  const { form, layout, caller, target, companions } = estate;
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
    trust: [service('ec2.amazonaws.com')],
    grants: grants.length === 0 ? undefined : grants,
    boundary: estate.boundary && form !== 'policies' ? boundaryStatements(parts) : undefined,
  };
  const wanted = { id: 'target', ...target, trust, grants: undefined, boundary: undefined };
  const tools = [own, bystander, meant, ...(estate.crossAccount ? [] : [wanted])];
  const prod = estate.crossAccount ? [wanted] : [];
  const scp: Documents = estate.scp ? { 'scp/tools.json': policyJson(scpStatements(parts)) } : {};
  const files: Documents = {
    ...rolesText(form, layout, 'tools', accounts.caller, tools),
    ...(prod.length === 0 ? {} : rolesText(form, layout, 'prod', accounts.target, prod)),
    ...scp,
  };
  const owners =
    form === 'policies'
      ? identityOf([...tools.map((one) => [one, TOOLS] as const), ...prod.map((one) => [one, PROD] as const)])
      : '';
  return {
    [CONFIGURATION]: `accounts:\n  tools: {id: "${TOOLS}", paths: ["tools*", "tools/**"]${estate.scp ? ', scps: ["scp/tools.json"]' : ''}}\n  prod: {id: "${PROD}", paths: ["prod*", "prod/**"]}\n${owners}`,
    ...files,
  };
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
  return [
    {
      Effect: 'Allow',
      Principal: principal,
      Action: single(
        parts.trustAction,
        companions.actions.filter((action) => action.startsWith('sts:')),
      ),
      ...(condition ? { Condition: { StringEquals: { 'aws:PrincipalAccount': parts.conditionValue } } } : {}),
    },
    ...(parts.denial ? [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: marked('sts:AssumeRole') }] : []),
  ];
}

function grantStatements({ companions }: Estate, parts: Parts): readonly Node[] {
  const logs = { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' };
  const more = companions.statements ? [logs] : [];
  if (parts.grantAction === undefined) return more;
  return [
    ...more,
    {
      Effect: 'Allow',
      Action: single(parts.grantAction, companions.actions),
      Resource: single(parts.resource, companions.resources),
    },
  ];
}

function boundaryStatements({ boundaryAction }: Parts): readonly Node[] {
  return [
    {
      Effect: 'Allow',
      Action: ['s3:*', ...(boundaryAction === undefined ? [] : [boundaryAction]), 'sts:TagSession'],
      Resource: '*',
    },
  ];
}

function scpStatements({ scpAction }: Parts): readonly Node[] {
  return [
    {
      Effect: 'Allow',
      Action: ['s3:*', ...(scpAction === undefined ? [] : [scpAction]), 'sts:TagSession'],
      Resource: '*',
    },
  ];
}

function policyJson(statements: readonly Node[]): string {
  return `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)}\n`;
}
