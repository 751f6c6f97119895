import { accountsOf, arnOf, type Estate, marked, type Parts, TOOLS } from './broken-estate.ts';
import type { Node } from './estate-text.ts';

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
  /** What may be told besides of what was made wrong. */
  readonly leaves?: string;
  readonly parts: (parts: Parts, estate: Estate) => Partial<Parts>;
}

const yes = (): boolean => true;
/** A letter is left out. */
const typo = (text: string): string => `${text.slice(0, -3)}${text.slice(-2)}`;

/** For a user that a trust policy of its own account names, AWS's pages leave open whether its boundary counts. */
const isLimited = ({ crossAccount, kind }: Estate): boolean => crossAccount || kind === 'role';
const hasBoundary = (estate: Estate): boolean => estate.boundary && estate.form !== 'policies' && isLimited(estate);
/** A user calls without a session. */
const hasSession = ({ session, kind }: Estate): boolean => session && kind === 'role';

const needsGrant = ({ crossAccount }: Estate): boolean => crossAccount;

/** A Deny is somebody's will: no edit of ours takes it away. */
const DENIALS: readonly Break[] = [
  denial('trust', yes, () => ({ Effect: 'Deny', Principal: { AWS: '*' }, Action: marked('sts:AssumeRole') })),
  denial('identity', yes, (estate) => ({
    Effect: 'Deny',
    Action: marked('sts:AssumeRole'),
    Resource: arnOf(estate.target, accountsOf(estate).target),
  })),
  denial('boundary', hasBoundary, () => ({
    Effect: 'Deny',
    Action: marked('sts:*'),
    Resource: '*',
  })),
  denial(
    'scp',
    ({ scp }) => scp,
    () => ({ Effect: 'Deny', Action: marked('sts:Assume*'), Resource: '*' }),
  ),
  {
    ...denial(
      'rcp',
      ({ rcp }) => rcp,
      () => ({
        Effect: 'Deny',
        Principal: '*',
        Action: marked('sts:AssumeRole'),
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalAccount': '777788889999' } },
      }),
    ),
    rules: ['blocked-by-rcp'],
  },
  {
    ...denial('session', hasSession, () => ({ Effect: 'Deny', Action: 'sts:*', Resource: '*' })),
    rules: ['expectation-failed'],
  },
];

function denial(layer: keyof Parts['more'], fits: Break['fits'], statement: (estate: Estate) => Node): Break {
  return {
    name: `a Deny in the policy of the layer ${layer}`,
    fits,
    rules: ['explicit-deny'],
    mends: false,
    around: true,
    parts: (_, estate) => ({ more: { [layer]: statement(estate) } }),
  };
}

const ALL_BUT: Node = { Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' };

/** Statements by what they leave out. */
const EXCEPTIONS: readonly Break[] = [
  {
    name: 'a grant of all but STS',
    fits: needsGrant,
    rules: ['missing-grant'],
    mends: true,
    parts: () => ({ instead: { identity: ALL_BUT } }),
  },
  {
    name: 'a grant on all but the role',
    fits: needsGrant,
    rules: ['missing-grant'],
    mends: true,
    parts: (_, estate) => ({
      instead: {
        identity: {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          NotResource: [arnOf(estate.target, accountsOf(estate).target)],
        },
      },
    }),
  },
  {
    name: 'a boundary of all but STS',
    fits: hasBoundary,
    rules: ['blocked-by-boundary'],
    mends: true,
    parts: () => ({ instead: { boundary: ALL_BUT } }),
  },
  {
    name: 'an SCP of all but STS',
    fits: ({ scp }) => scp,
    rules: ['blocked-by-scp'],
    mends: true,
    parts: () => ({ instead: { scp: ALL_BUT } }),
  },
  {
    name: 'a Deny of all but some actions',
    fits: yes,
    rules: ['explicit-deny'],
    mends: true,
    parts: () => ({ more: { identity: { Effect: 'Deny', NotAction: ['s3:*', 'logs:*'], Resource: '*' } } }),
  },
  {
    name: 'a Deny on all but some roles',
    fits: yes,
    rules: ['explicit-deny'],
    mends: true,
    parts: () => ({
      more: {
        identity: {
          Effect: 'Deny',
          Action: 'sts:AssumeRole',
          NotResource: ['arn:aws:iam::777788889999:role/elsewhere', 'arn:aws:iam::777788889999:role/other/thing'],
        },
      },
    }),
  },
  {
    name: 'a Deny of all but some actions in an SCP',
    fits: ({ scp }) => scp,
    rules: ['explicit-deny'],
    mends: true,
    parts: () => ({ more: { scp: { Effect: 'Deny', NotAction: ['s3:*', 'logs:*'], Resource: '*' } } }),
  },
];

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
    parts: (_, { caller, kind }) => ({ principal: marked(arnOf({ ...caller, name: typo(caller.name) }, TOOLS, kind)) }),
  },
  {
    name: 'another account in the trust policy',
    // The other account's condition would be one more break.
    fits: ({ condition }) => !condition,
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    around: true,
    // It may be somebody of its own, and stays.
    leaves: 'confused-deputy',
    parts: (_, { caller, kind }) => ({ principal: marked(arnOf(caller, '777788889999', kind)) }),
  },
  {
    name: 'a path left out of the trust policy',
    fits: ({ caller }) => caller.path !== '/',
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    parts: (_, { caller, kind }) => ({ principal: marked(arnOf({ ...caller, path: '/' }, TOOLS, kind)) }),
  },
  {
    name: 'upper and lower case in the trust policy',
    fits: yes,
    rules: ['missing-trust', 'principal-not-found'],
    mends: true,
    parts: (_, { caller, kind }) => ({
      principal: marked(arnOf({ ...caller, name: swapCase(caller.name) }, TOOLS, kind)),
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
    fits: hasBoundary,
    rules: ['blocked-by-boundary'],
    mends: true,
    parts: () => ({ boundaryAction: undefined }),
  },
  {
    name: 'a misspelt action in the boundary',
    fits: hasBoundary,
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
    name: 'a session policy that leaves the action out',
    fits: hasSession,
    rules: ['expectation-failed'],
    mends: true,
    parts: () => ({ sessionAction: undefined }),
  },
  {
    name: 'a grant in a managed policy that nobody has',
    fits: ({ form, crossAccount }) => crossAccount && form !== 'policies',
    rules: ['missing-grant'],
    mends: true,
    parts: () => ({ home: 'nobody' }),
  },
  ...DENIALS,
  ...EXCEPTIONS,
];

function swapCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}
