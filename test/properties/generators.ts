import fc from 'fast-check';
import type { Unknown, UnknownKind } from '../../src/symbolic/text.ts';
import type { Context, Document, Json, Scenario, Unknowns } from '../support/questions.ts';

/** Few names, so that what a policy says and what a call has often meet. */
export const ACCOUNTS = ['111111111111', '222222222222'] as const;
const HOST = 'token.actions.githubusercontent.com';
const provider = (account: string): string => `arn:aws:iam::${account}:oidc-provider/${HOST}`;

/** Unknown values: two accounts, a role's name, any text, a whole ARN, and elements of unknown shape. */
export const UNKNOWNS: Unknowns = Object.fromEntries(
  [
    unknown('‹A›', 'account-id'),
    unknown('‹B›', 'account-id'),
    unknown('‹N›', 'open'),
    { ...unknown('‹K›', 'open'), choices: ['App', 'Target'] },
    unknown('‹V›', 'open'),
    unknown('‹P›', 'open'),
    unknown('‹E›', 'open'),
    unknown('‹?S›', 'open'),
    unknown('‹?C›', 'open'),
    unknown('‹?R›', 'open'),
    unknown('‹?L›', 'open'),
  ].map((one) => [one.shown, one]),
);

function unknown(mark: string, kind: UnknownKind): Unknown {
  return { id: mark, kind, shown: mark, missing: `a value for ${mark}` };
}

const USUAL_ACTIONS: Json[] = ['sts:AssumeRole', 'sts:*', '*', 'sts:Assume*'];
const OTHER_ACTIONS: Json[] = [
  'sts:AssumeRoleWithWebIdentity',
  'sts:TagSession',
  ['sts:AssumeRole', 'sts:SetSourceIdentity'],
  's3:*',
  [],
];
const PATTERNS = [
  '*',
  '*',
  'arn:aws:iam::*:role/*',
  'arn:aws:iam::111111111111:role/Tar*',
  'arn:aws:iam::*',
  'arn:aws:iam::*:role/${aws:PrincipalTag/team}',
];
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
const TEXT_KEYS = [
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

const FULL: Json = { Effect: 'Allow', Action: '*', Resource: '*' };

/** What words a world is made of. */
interface Words {
  readonly accounts: fc.Arbitrary<string>;
  readonly names: fc.Arbitrary<string>;
  readonly values: fc.Arbitrary<string>;
  /** Further texts where a principal or a resource stands. */
  readonly arns: readonly string[];
  readonly shapes: boolean;
  /** Accounts of which something is said; none that an unknown account could be. */
  readonly organized: readonly string[];
}

const KNOWN: Words = {
  accounts: fc.constantFrom(ACCOUNTS[0], ACCOUNTS[0], ACCOUNTS[1]),
  names: fc.constantFrom('App', 'App', 'Target'),
  values: fc.constantFrom('a', 'b', 'ab', 'a*', 'App', '111111111111'),
  arns: [],
  shapes: false,
  organized: ACCOUNTS,
};
const SYMBOLIC: Words = {
  accounts: fc.constantFrom(ACCOUNTS[0], ACCOUNTS[0], ACCOUNTS[0], ACCOUNTS[1], '‹A›', '‹A›', '‹B›'),
  names: fc.constantFrom('App', 'App', 'Target', '‹N›', '‹K›', 'x-‹N›'),
  values: fc.constantFrom('a', 'ab', 'a*', '‹V›', 'a‹V›', '‹N›', '‹A›'),
  arns: ['‹P›'],
  shapes: true,
  organized: [ACCOUNTS[1]],
};

/** Worlds in which everything is known. */
export const knownScenarios = scenarios(KNOWN);
/** Worlds with marks for values that nobody knows. */
export const symbolicScenarios = scenarios(SYMBOLIC);
export const knownIdentityStatements = identityStatements(KNOWN);
export const knownTrustStatements = trustStatements(KNOWN);

/** What each mark could be. */
export const meanings: fc.Arbitrary<Readonly<Record<string, Json>>> = fc.record({
  '‹A›': fc.constantFrom(ACCOUNTS[0], '333333333333'),
  '‹B›': fc.constantFrom(ACCOUNTS[0], '333333333333'),
  '‹N›': fc.constantFrom('App', 'Target', 'a', 'x-App'),
  '‹K›': fc.constantFrom('App', 'Target'),
  '‹V›': fc.constantFrom('', 'a', 'b', '*', 'App', '111111111111', '${sts:ExternalId}'),
  '‹P›': fc.oneof(
    roleArns(KNOWN),
    userArns(KNOWN),
    fc.constantFrom(...ACCOUNTS, '*', 'arn:aws:iam::111111111111:role/*'),
  ),
  '‹E›': fc.constantFrom('Allow', 'Deny'),
  '‹?S›': fc.oneof(knownTrustStatements, knownIdentityStatements),
  '‹?C›': conditions(KNOWN),
  '‹?R›': principalElements(KNOWN),
  '‹?L›': fc.subarray(['sts:AssumeRole', 'sts:*', 's3:*']),
});

/** A world with its marks replaced. */
export function withMeanings(scenario: Scenario, values: Readonly<Record<string, Json>>): Scenario {
  let text = JSON.stringify(scenario);
  for (const [mark, value] of Object.entries(values)) {
    text = text.replaceAll(JSON.stringify(mark), () => JSON.stringify(value));
    if (typeof value === 'string') text = text.replaceAll(mark, () => JSON.stringify(value).slice(1, -1));
  }
  return JSON.parse(text);
}

function scenarios(words: Words): fc.Arbitrary<Scenario> {
  const everything = fc.constantFrom<Json[][]>([], [FULL], [FULL]);
  const identity = fc
    .tuple(everything, fc.array(identityStatements(words), { maxLength: 2 }))
    .map(([first, more]) => policy([...first, ...more]));
  // Without a statement that admits most callers, most answers would be a plain no.
  const friendly = fc.constantFrom<Json[][]>(
    [],
    [lets('111111111111')],
    [lets(['*', '222222222222'])],
    [lets(['arn:aws:iam::111111111111:role/App', 'arn:aws:iam::111111111111:user/App'])],
  );
  return fc
    .record(
      {
        principal: fc.oneof(
          { weight: 4, arbitrary: roleArns(words) },
          { weight: 4, arbitrary: sessionArns(words) },
          { weight: 2, arbitrary: userArns(words) },
          { weight: 1, arbitrary: fc.constant('lambda.amazonaws.com') },
          { weight: 1, arbitrary: fc.constant(provider(ACCOUNTS[0])) },
        ),
        grants: fc.array(identity, { maxLength: 2 }),
        boundary: identity,
        sessionPolicy: identity,
        principalTags: fc.record({ team: words.values }, { requiredKeys: [] }),
        role: words.accounts.map((account) => `arn:aws:iam::${account}:role/Target`),
        trust: fc
          .tuple(friendly, fc.array(trustStatements(words), { maxLength: 2 }))
          .map(([first, more]) => policy([...first, ...more])),
        roleTags: fc.record({ team: words.values }, { requiredKeys: [] }),
        context: contexts(words),
        unknown: fc.subarray(['sts:ExternalId', 'aws:SourceIp']),
        open: fc.boolean(),
        accounts: fc.dictionary(fc.constantFrom(...words.organized), organizations(words), {
          maxKeys: 2,
          noNullPrototype: true,
        }),
      },
      { requiredKeys: ['principal', 'grants', 'role', 'trust', 'context', 'accounts'] },
    )
    .map(({ sessionPolicy, ...rest }) =>
      sessionPolicy !== undefined && rest.principal.includes(':assumed-role/') ? { ...rest, sessionPolicy } : rest,
    );
}

function lets(principals: Json): Json {
  return { Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:*' };
}

function organizations(words: Words): fc.Arbitrary<Scenario['accounts'][string]> {
  const level = fc.array(
    fc.array(identityStatements(words), { maxLength: 1 }).map((more) => policy([FULL, ...more])),
    { maxLength: 2 },
  );
  const resource = fc.array(fc.array(rcpStatements(words), { maxLength: 1 }).map(policy), { maxLength: 2 });
  return fc.record(
    {
      organization: fc.constantFrom('o-one', 'o-two'),
      management: fc.boolean(),
      scps: fc.array(level, { minLength: 1, maxLength: 2 }),
      rcps: fc.array(resource, { maxLength: 1 }),
    },
    { requiredKeys: [] },
  );
}

function policy(statements: readonly Json[]): Document {
  return { Version: '2012-10-17', Statement: statements };
}

function roleArns({ accounts, names }: Words): fc.Arbitrary<string> {
  return fc.tuple(accounts, names).map(([account, name]) => `arn:aws:iam::${account}:role/${name}`);
}

function userArns({ accounts, names }: Words): fc.Arbitrary<string> {
  return fc.tuple(accounts, names).map(([account, name]) => `arn:aws:iam::${account}:user/${name}`);
}

function sessionArns({ accounts, names }: Words): fc.Arbitrary<string> {
  const session = fc.constantFrom('s1', 's2');
  return fc
    .tuple(accounts, names, session)
    .map(([account, name, s]) => `arn:aws:sts::${account}:assumed-role/${name}/${s}`);
}

function effects({ shapes }: Words): fc.Arbitrary<string> {
  return shapes
    ? fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny', '‹E›')
    : fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
}

function actions({ shapes }: Words): fc.Arbitrary<Json> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...USUAL_ACTIONS) },
    { weight: 4, arbitrary: fc.constantFrom(...OTHER_ACTIONS) },
    { weight: shapes ? 1 : 0, arbitrary: fc.constant('‹?L›') },
  );
}

function identityStatements(words: Words): fc.Arbitrary<Json> {
  const resource = fc.oneof(roleArns(words), fc.constantFrom(...PATTERNS, ...words.arns));
  return statements(words, { Resource: fc.oneof(resource, fc.array(resource, { maxLength: 2 })) });
}

function trustStatements(words: Words): fc.Arbitrary<Json> {
  return statements(words, { Principal: principalElements(words) });
}

function rcpStatements(words: Words): fc.Arbitrary<Json> {
  return statements(words, { Principal: fc.constant('*'), Resource: fc.constantFrom(...PATTERNS) });
}

function statements(words: Words, more: Readonly<Record<string, fc.Arbitrary<Json>>>): fc.Arbitrary<Json> {
  const block = words.shapes
    ? fc.oneof({ weight: 12, arbitrary: conditions(words) }, { weight: 1, arbitrary: fc.constant('‹?C›') })
    : conditions(words);
  const whole = fc.record<Record<string, Json>>(
    { Effect: effects(words), Action: actions(words), ...more, Condition: block },
    { requiredKeys: required },
  );
  return words.shapes
    ? fc.oneof({ weight: 12, arbitrary: whole }, { weight: 1, arbitrary: fc.constant('‹?S›') })
    : whole;
}

function principalElements(words: Words): fc.Arbitrary<Json> {
  const { accounts } = words;
  const roots = accounts.map((account) => `arn:aws:iam::${account}:root`);
  const name = fc.oneof(
    roleArns(words),
    sessionArns(words),
    userArns(words),
    roots,
    accounts,
    fc.constantFrom('*', ...words.arns),
  );
  const aws = fc.oneof(name, fc.array(name, { maxLength: 3 }));
  const element = fc.oneof(
    { weight: 8, arbitrary: aws.map((AWS): Json => ({ AWS })) },
    { weight: 1, arbitrary: fc.constant<Json>({ Service: 'lambda.amazonaws.com' }) },
    { weight: 1, arbitrary: accounts.map((account): Json => ({ Federated: provider(account) })) },
  );
  return words.shapes
    ? fc.oneof({ weight: 24, arbitrary: element }, { weight: 1, arbitrary: fc.constant('‹?R›') })
    : element;
}

function conditions(words: Words): fc.Arbitrary<Json> {
  const value = fc.oneof(words.values, fc.constant('${aws:PrincipalTag/team}'));
  const values = fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 2 }));
  const byText = fc.tuple(fc.constantFrom(...OPERATORS), fc.constantFrom(...TEXT_KEYS), values);
  const byArn = fc.tuple(
    fc.constantFrom('ArnLike', 'ArnNotEquals', 'StringEquals'),
    fc.constant('aws:PrincipalArn'),
    fc.oneof(roleArns(words), fc.constantFrom('arn:aws:iam::*:role/*', ...words.arns)),
  );
  const other = fc.constantFrom<[string, string, Json]>(
    ['IpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'],
    ['Bool', 'aws:MultiFactorAuthPresent', 'true'],
    ['BoolIfExists', 'aws:PrincipalIsAWSService', 'false'],
    ['Null', 'sts:ExternalId', 'false'],
    ['Null', 'sts:ExternalId', 'true'],
    ['StringEquals', 'aws:PrincipalOrgID', 'o-one'],
    ['DateLessThan', 'aws:CurrentTime', '2020-01-01'],
  );
  const test = fc.oneof(
    { weight: 4, arbitrary: byText },
    { weight: 1, arbitrary: byArn },
    { weight: 2, arbitrary: other },
  );
  return fc.array(test, { minLength: 1, maxLength: 2 }).map((all): Json => {
    const block: Record<string, Record<string, Json>> = {};
    for (const [operator, key, wanted] of all) block[operator] = { ...block[operator], [key]: wanted };
    return block;
  });
}

function contexts(words: Words): fc.Arbitrary<Context> {
  const texts = fc.record(
    {
      'sts:ExternalId': fc.oneof(words.values, fc.constant(null)),
      'sts:RoleSessionName': words.values,
      'aws:PrincipalTag/team': words.values,
      'aws:RequestTag/team': words.values,
      'aws:TagKeys': fc.array(words.values, { maxLength: 2 }),
      'aws:SourceIp': fc.constantFrom('203.0.113.7', '198.51.100.7'),
      'aws:MultiFactorAuthPresent': fc.constantFrom('true', 'false'),
      [`${HOST}:sub`]: words.values,
    },
    { requiredKeys: [] },
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<Context>({}) },
    { weight: 3, arbitrary: texts as fc.Arbitrary<Context> },
  );
}
