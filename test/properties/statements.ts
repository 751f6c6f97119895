import fc from 'fast-check';
import type { Context, Document, Json } from '../support/questions.ts';

/** Few names, so that what a policy says and what a call has often meet. */
export const ACCOUNTS = ['111111111111', '222222222222'] as const;
const HOST = 'token.actions.githubusercontent.com';

export function provider(account: string): string {
  return `arn:aws:iam::${account}:oidc-provider/${HOST}`;
}

/** What words a world is made of. */
export interface Words {
  readonly accounts: fc.Arbitrary<string>;
  readonly names: fc.Arbitrary<string>;
  readonly sessions: fc.Arbitrary<string>;
  readonly values: fc.Arbitrary<string>;
  /** Further texts where a principal or a resource stands. */
  readonly arns: readonly string[];
  /** Further actions. */
  readonly actions: readonly string[];
  /** Whether elements of unknown shape stand in it. */
  readonly shapes: boolean;
}

export const KNOWN: Words = {
  accounts: fc.constantFrom(ACCOUNTS[0], ACCOUNTS[0], ACCOUNTS[1]),
  names: fc.constantFrom('App', 'App', 'Target'),
  sessions: fc.constantFrom('s1', 's2'),
  values: fc.constantFrom('a', 'b', 'ab', 'a*', 'App', '111111111111'),
  arns: [],
  actions: [],
  shapes: false,
};

export function policy(statements: readonly Json[]): Document {
  return { Version: '2012-10-17', Statement: statements };
}

export const FULL: Json = { Effect: 'Allow', Action: '*', Resource: '*' };

export function roleArns({ accounts, names }: Words): fc.Arbitrary<string> {
  return fc.tuple(accounts, names).map(([account, name]) => `arn:aws:iam::${account}:role/${name}`);
}

export function userArns({ accounts, names }: Words): fc.Arbitrary<string> {
  return fc.tuple(accounts, names).map(([account, name]) => `arn:aws:iam::${account}:user/${name}`);
}

export function sessionArns({ accounts, names, sessions }: Words): fc.Arbitrary<string> {
  return fc
    .tuple(accounts, names, sessions)
    .map(([account, name, session]) => `arn:aws:sts::${account}:assumed-role/${name}/${session}`);
}

const PATTERNS = [
  '*',
  '*',
  'arn:aws:iam::*:role/*',
  'arn:aws:iam::111111111111:role/Tar*',
  'arn:aws:iam::*',
  'arn:aws:iam::*:role/${aws:PrincipalTag/team}',
];

export function identityStatements(words: Words): fc.Arbitrary<Json> {
  const resource = fc.oneof(roleArns(words), fc.constantFrom(...PATTERNS, ...words.arns));
  return statements(words, { Resource: fc.oneof(resource, fc.array(resource, { maxLength: 2 })) });
}

export function trustStatements(words: Words): fc.Arbitrary<Json> {
  return statements(words, { Principal: principalElements(words) });
}

export function rcpStatements(words: Words): fc.Arbitrary<Json> {
  return statements(words, { Principal: fc.constant('*'), Resource: fc.constantFrom(...PATTERNS) });
}

function statements(words: Words, more: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<Json> {
  const plain = { Effect: effects(words), Action: actions(words), ...more };
  const Condition = unshaped(words, conditions(words), '‹?C›');
  const whole = fc.oneof(
    { weight: 3, arbitrary: fc.record<Record<string, Json>>(plain) },
    { weight: 2, arbitrary: fc.record<Record<string, Json>>({ ...plain, Condition }) },
  );
  return unshaped(words, whole, '‹?S›');
}

/** Now and then a mark in its place. */
function unshaped({ shapes }: Words, usual: fc.Arbitrary<Json>, mark: string): fc.Arbitrary<Json> {
  return shapes ? fc.oneof({ weight: 20, arbitrary: usual }, { weight: 1, arbitrary: fc.constant(mark) }) : usual;
}

function effects({ shapes }: Words): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 10, arbitrary: fc.constant('Allow') },
    { weight: 2, arbitrary: fc.constant('Deny') },
    { weight: shapes ? 1 : 0, arbitrary: fc.constant('‹E›') },
  );
}

const USUAL_ACTIONS: Json[] = ['sts:AssumeRole', 'sts:*', '*', 'sts:Assume*'];
const OTHER_ACTIONS: Json[] = [
  'sts:AssumeRoleWithWebIdentity',
  'sts:TagSession',
  ['sts:AssumeRole', 'sts:SetSourceIdentity'],
  's3:*',
  [],
];

function actions(words: Words): fc.Arbitrary<Json> {
  const known = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...USUAL_ACTIONS) },
    { weight: 1, arbitrary: fc.constantFrom(...OTHER_ACTIONS, ...words.actions) },
  );
  return unshaped(words, known, '‹?L›');
}

export function principalElements(words: Words): fc.Arbitrary<Json> {
  const { accounts } = words;
  const roots = accounts.map((account) => `arn:aws:iam::${account}:root`);
  const other = fc.constantFrom('*', ...words.arns);
  const name = fc.oneof(roleArns(words), sessionArns(words), userArns(words), roots, accounts, other);
  const aws = fc.oneof(name, fc.array(name, { maxLength: 3 }));
  const element = fc.oneof(
    { weight: 8, arbitrary: aws.map((AWS): Json => ({ AWS })) },
    { weight: 1, arbitrary: fc.constant<Json>({ Service: 'lambda.amazonaws.com' }) },
    { weight: 1, arbitrary: accounts.map((account): Json => ({ Federated: provider(account) })) },
  );
  return unshaped(words, element, '‹?R›');
}

const OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringEqualsIfExists',
  'ForAllValues:StringEquals',
  'ForAnyValue:StringLike',
];
const KEYS = [
  'sts:ExternalId',
  'sts:RoleSessionName',
  'aws:PrincipalTag/team',
  'aws:ResourceTag/team',
  'aws:RequestTag/team',
  'aws:PrincipalAccount',
  'aws:TagKeys',
  'aws:username',
  `${HOST}:sub`,
];
const OTHER_TESTS: [string, string, Json][] = [
  ['IpAddress', 'aws:SourceIp', '203.0.113.0/24'],
  ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'],
  ['Bool', 'aws:MultiFactorAuthPresent', 'true'],
  ['BoolIfExists', 'aws:PrincipalIsAWSService', 'false'],
  ['Null', 'sts:ExternalId', 'false'],
  ['Null', 'sts:ExternalId', 'true'],
  ['StringEquals', 'aws:PrincipalOrgID', 'o-one'],
  ['DateLessThan', 'aws:CurrentTime', '2020-01-01'],
];

export function conditions(words: Words): fc.Arbitrary<Json> {
  const value = fc.oneof(words.values, fc.constant('${aws:PrincipalTag/team}'));
  const values = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 2 }));
  const arn = fc.oneof(roleArns(words), fc.constantFrom('arn:aws:iam::*:role/*', ...words.arns));
  const byArn = fc.constantFrom('ArnLike', 'ArnNotEquals', 'StringEquals');
  const test = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...OPERATORS), fc.constantFrom(...KEYS), values) },
    { weight: 1, arbitrary: fc.tuple(byArn, fc.constant('aws:PrincipalArn'), arn) },
    { weight: 2, arbitrary: fc.constantFrom(...OTHER_TESTS) },
  );
  return fc.array(test, { minLength: 1, maxLength: 2 }).map((all): Json => {
    const block: Record<string, Record<string, Json>> = {};
    for (const [operator, key, wanted] of all) block[operator] = { ...block[operator], [key]: wanted };
    return block;
  });
}

export function contexts({ values }: Words): fc.Arbitrary<Context> {
  const keys = {
    'sts:ExternalId': fc.oneof(values, fc.constant(null)),
    'sts:RoleSessionName': values,
    'aws:PrincipalTag/team': values,
    'aws:RequestTag/team': values,
    'aws:TagKeys': fc.array(values, { maxLength: 2 }),
    'aws:SourceIp': fc.constantFrom('203.0.113.7', '198.51.100.7'),
    'aws:MultiFactorAuthPresent': fc.constantFrom('true', 'false'),
    [`${HOST}:sub`]: values,
  };
  const some = fc.record<Record<string, string | string[] | null>>(keys, { requiredKeys: [] });
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: some });
}
