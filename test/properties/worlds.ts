import fc from 'fast-check';
import type { Unknown, UnknownKind } from '../../src/symbolic/text.ts';
import type { Account, Json, Scenario, Unknowns } from '../support/questions.ts';
import {
  ACCOUNTS,
  conditions,
  contexts,
  FULL,
  identityStatements,
  KNOWN,
  policy,
  principalElements,
  provider,
  rcpStatements,
  roleArns,
  sessionArns,
  trustStatements,
  userArns,
  type Words,
} from './statements.ts';

/**
 * Unknown values: two accounts, a name, a name of a list, a generated name, an action of a list, any text, a whole ARN,
 * a session's name, an effect, and elements of unknown shape.
 */
export const UNKNOWNS: Unknowns = Object.fromEntries(
  [
    unknown('‹A›', 'account-id'),
    unknown('‹B›', 'account-id'),
    unknown('‹N›', 'open'),
    { ...unknown('‹K›', 'open'), choices: ['App', 'Target'] },
    unknown('‹G›', 'generated-name'),
    { ...unknown('‹T›', 'open'), choices: ['assumerole', 'tagsession'] },
    ...['‹V›', '‹P›', '‹Q›', '‹E›', '‹?S›', '‹?C›', '‹?R›', '‹?L›'].map((mark) => unknown(mark, 'open')),
  ].map((one) => [one.shown, one]),
);

export function unknown(mark: string, kind: UnknownKind): Unknown {
  return { id: mark, kind, shown: mark, missing: `a value for ${mark}` };
}

/** As CloudFormation names a role whose template does not. */
const GENERATED = 'stack-App-1A2B3C4D5E6F7';

const SYMBOLIC: Words = {
  accounts: fc.constantFrom(ACCOUNTS[0], ACCOUNTS[0], ACCOUNTS[0], ACCOUNTS[1], '‹A›', '‹A›', '‹B›'),
  names: fc.constantFrom('App', 'App', 'Target', '‹N›', '‹K›', 'x-‹N›', '‹G›', GENERATED),
  sessions: fc.constantFrom('s1', 's2', '‹Q›'),
  values: fc.constantFrom('a', 'ab', 'a*', '‹V›', 'a‹V›', '‹N›', '‹A›', '‹K›'),
  arns: ['‹P›'],
  actions: ['sts:‹T›'],
  shapes: true,
};

/** Without a statement that admits most callers, most answers would be a plain no. */
const friendly = fc.constantFrom<Json[][]>(
  [],
  [lets('111111111111')],
  [lets(['*', '222222222222'])],
  [lets(['arn:aws:iam::111111111111:role/App', 'arn:aws:iam::111111111111:user/App'])],
);

function lets(principals: Json): Json {
  return { Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:*' };
}

/** Worlds in which everything is known. */
export const knownScenarios = scenarios(KNOWN, ACCOUNTS);
/** Worlds with marks for values that nobody knows; nothing is said of an account that an unknown one could be. */
export const symbolicScenarios = scenarios(SYMBOLIC, [ACCOUNTS[1]]);
export const knownIdentityStatements = identityStatements(KNOWN);
export const knownTrustStatements = trustStatements(KNOWN);

/** Worlds in which a call is admitted under conditions, of which the caller may meet what it can. */
export const askingScenarios: fc.Arbitrary<Scenario> = asking({
  ...KNOWN,
  values: fc.constantFrom('aa', 'bb', 'aabb', 'aa*', '*bb', '‹V›', 'team'),
});

function asking(words: Words): fc.Arbitrary<Scenario> {
  const effect = fc.constantFrom('Allow', 'Allow', 'Deny');
  const principal = fc.constantFrom<Json>('*', ['111111111111', `arn:aws:iam::${ACCOUNTS[0]}:role/App`]);
  const action = fc.constantFrom<Json>('sts:*', 'sts:*', 'sts:AssumeRole');
  // A key that is asked for its own value is a riddle that nobody sets.
  const asked = conditions(words).filter((block) => !/PrincipalTag\/team":[^:]*\$\{/.test(JSON.stringify(block)));
  const condition = fc.oneof({ weight: 4, arbitrary: asked }, { weight: 1, arbitrary: fc.constant<Json>({}) });
  const trusted = fc.record({
    Effect: effect,
    Principal: fc.record({ AWS: principal }),
    Action: action,
    Condition: condition,
  });
  const granted = fc.record({ Effect: effect, Resource: fc.constant('*'), Action: action, Condition: condition });
  const identity = fc.oneof(
    fc.constant(policy([FULL])),
    fc.array(granted, { minLength: 1, maxLength: 3 }).map((more) => policy(more)),
  );
  const parts = {
    principal: fc.constantFrom(
      `arn:aws:iam::${ACCOUNTS[0]}:role/App`,
      `arn:aws:sts::${ACCOUNTS[0]}:assumed-role/App/s1`,
      `arn:aws:iam::${ACCOUNTS[0]}:user/App`,
    ),
    grants: fc.tuple(identity),
    boundary: identity,
    principalTags: fc.record({ team: fc.constantFrom('aa', 'bb') }, { requiredKeys: [] }),
    role: fc.constantFrom(...ACCOUNTS).map((account) => `arn:aws:iam::${account}:role/Target`),
    trust: fc.array(trusted, { minLength: 1, maxLength: 4 }).map((all) => policy(all)),
    roleTags: fc.record({ team: fc.constantFrom('aa', 'aabb') }, { requiredKeys: [] }),
    context: fc.constant({}),
    open: fc.constant(true),
    accounts: fc.constant({}),
  };
  return fc.record(parts, { requiredKeys: ['principal', 'grants', 'role', 'trust', 'context', 'open', 'accounts'] });
}

export type Meanings = Readonly<Record<string, Json>>;

/** What each mark could be. */
export const meanings: fc.Arbitrary<Meanings> = fc.record({
  '‹A›': fc.constantFrom(ACCOUNTS[0], '333333333333'),
  '‹B›': fc.constantFrom(ACCOUNTS[0], '333333333333'),
  '‹N›': fc.constantFrom('App', 'Target', 'a', 'x-App'),
  '‹K›': fc.constantFrom('App', 'Target'),
  '‹G›': fc.constantFrom(GENERATED, 'other-App-ZY9X8W7V6U5T4'),
  '‹T›': fc.constantFrom('assumerole', 'tagsession'),
  '‹Q›': fc.constantFrom('s1', 's2', 's3'),
  '‹V›': fc.constantFrom('a', 'b', '*', 'App', '111111111111'),
  '‹P›': fc.oneof(
    roleArns(KNOWN),
    userArns(KNOWN),
    sessionArns(KNOWN),
    fc.constantFrom(...ACCOUNTS, '*', 'arn:aws:iam::111111111111:role/*'),
  ),
  '‹E›': fc.constantFrom('Allow', 'Deny'),
  '‹?S›': fc.oneof(knownTrustStatements, knownIdentityStatements),
  '‹?C›': conditions(KNOWN),
  '‹?R›': principalElements(KNOWN),
  '‹?L›': fc.subarray(['sts:AssumeRole', 'sts:*', 's3:*']),
});

/** A world with its marks replaced. */
export function withMeanings(scenario: Scenario, values: Meanings): Scenario {
  let text = JSON.stringify(scenario);
  for (const [mark, value] of Object.entries(values)) {
    text = text.replaceAll(JSON.stringify(mark), () => JSON.stringify(value));
    if (typeof value === 'string') text = text.replaceAll(mark, () => JSON.stringify(value).slice(1, -1));
  }
  return JSON.parse(text);
}

function scenarios(words: Words, organized: readonly string[]): fc.Arbitrary<Scenario> {
  const everything = fc.constantFrom<Json[][]>([], [FULL], [FULL]);
  const identity = fc
    .tuple(everything, fc.array(identityStatements(words), { maxLength: 2 }))
    .map(([first, more]) => policy([...first, ...more]));
  const trust = fc
    .tuple(friendly, fc.array(trustStatements(words), { maxLength: 2 }))
    .map(([first, more]) => policy([...first, ...more]));
  const tags = fc.record({ team: words.values }, { requiredKeys: [] });
  const parts = {
    principal: principals(words),
    grants: fc.array(identity, { maxLength: 2 }),
    boundary: identity,
    sessionPolicy: identity,
    principalTags: tags,
    role: words.accounts.map((account) => `arn:aws:iam::${account}:role/Target`),
    trust,
    roleTags: tags,
    context: contexts(words),
    unknown: fc.subarray(['sts:ExternalId', 'aws:SourceIp']),
    open: fc.boolean(),
    accounts: fc.dictionary(fc.constantFrom(...organized), organizations(words), { maxKeys: 2, noNullPrototype: true }),
  };
  return fc
    .record(parts, { requiredKeys: ['principal', 'grants', 'role', 'trust', 'context', 'accounts'] })
    .map(({ sessionPolicy, ...rest }) =>
      sessionPolicy !== undefined && rest.principal.includes(':assumed-role/') ? { ...rest, sessionPolicy } : rest,
    );
}

function principals(words: Words): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: roleArns(words) },
    { weight: 4, arbitrary: sessionArns(words) },
    { weight: 2, arbitrary: userArns(words) },
    { weight: 1, arbitrary: fc.constantFrom('lambda.amazonaws.com', provider(ACCOUNTS[0])) },
  );
}

function organizations(words: Words): fc.Arbitrary<Account> {
  const allowing = fc.array(identityStatements(words), { maxLength: 1 }).map((more) => policy([FULL, ...more]));
  const denying = fc.array(rcpStatements(words), { maxLength: 1 }).map(policy);
  const parts = {
    organization: fc.constantFrom('o-one', 'o-two'),
    management: fc.boolean(),
    scps: fc.array(fc.array(allowing, { maxLength: 2 }), { minLength: 1, maxLength: 2 }),
    rcps: fc.array(fc.array(denying, { maxLength: 2 }), { maxLength: 1 }),
  };
  return fc.record(parts, { requiredKeys: [] });
}
