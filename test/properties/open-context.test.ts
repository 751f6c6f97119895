import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Decision, type DecisionWord, decide } from '../../src/iam/decide.ts';
import type { Requirement } from '../../src/iam/requirements.ts';
import { ALICE, ASSUME, bars, by, grants, lets, may, mayNot, open, scenario, trusts } from '../conformance/language.ts';
import { type Context, type Document, kindOf, questionOf, type Scenario } from '../support/questions.ts';
import { knownScenarios } from './worlds.ts';

/** Worlds in which nothing is said of the call. */
const openScenarios = knownScenarios.map(
  ({ unknown: _, ...scenario }): Scenario => ({ ...scenario, context: {}, open: true }),
);

function answerTo(scenario: Scenario): Decision {
  return decide(questionOf(scenario));
}

function decisionIn(scenario: Scenario, context: Context): DecisionWord {
  const { open: _, ...complete } = scenario;
  return answerTo({ ...complete, context }).decision;
}

const texts = fc.constantFrom('ab', 'abc', 'App', '111111111111');

/** What a caller of any sort may bring without asking for more than the role. */
const plainCalls: fc.Arbitrary<Context> = fc.record<Record<string, string>>(
  {
    'sts:ExternalId': texts,
    'sts:RoleSessionName': texts,
    'aws:SourceIp': fc.constantFrom('203.0.113.7', '198.51.100.7'),
  },
  { requiredKeys: [] },
);

/** Only a signed call has an external id. */
function fitting({ principal }: Scenario, context: Context): Context {
  const { 'sts:ExternalId': id, ...rest } = context;
  const signed = kindOf(principal) === 'user' || kindOf(principal) === 'role' || kindOf(principal) === 'session';
  return signed && id !== undefined ? context : rest;
}

test('what is sure of every call is so for each', () => {
  fc.assert(
    fc.property(openScenarios, plainCalls, (scenario, context) => {
      const { decision } = answerTo(scenario);
      // An organization that the configuration does not name is unknown to an open question, and absent from a given context.
      if (decision === 'allowed' || decision === 'denied')
        expect(decisionIn(scenario, fitting(scenario, context))).toBe(decision);
    }),
    { numRuns: 4000 },
  );
});

const IDS = fc.constantFrom('ab', 'abc', 'xyz');
const TESTS: fc.Arbitrary<Document> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'),
      fc.constantFrom('sts:ExternalId', 'sts:RoleSessionName', 'aws:RequestTag/team', 'sts:SourceIdentity'),
      fc.array(fc.oneof(IDS, fc.constantFrom('a*', '*b?')), { minLength: 1, maxLength: 2 }),
    )
    .map(([operator, key, values]): Document => ({ [operator]: { [key]: values } })),
  fc.constantFrom<Document[]>(
    { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
    { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    { Null: { 'sts:ExternalId': 'false' } },
    { Null: { 'sts:SourceIdentity': 'true' } },
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } },
  ),
);
/** A user whom policies of both sides admit, under conditions. */
const conditionalWorlds = fc
  .record({
    lets: fc.array(TESTS, { maxLength: 2 }),
    bars: fc.option(TESTS),
    may: fc.option(TESTS),
    mayNot: fc.option(TESTS),
  })
  .map((tests) =>
    scenario(
      open,
      by(ALICE),
      trusts(
        ...[undefined, ...tests.lets].slice(-2).map((test) => lets(ALICE, 'sts:*', test)),
        ...(tests.bars === null ? [] : [bars(ALICE, ASSUME, tests.bars)]),
      ),
      grants(
        may('sts:*', '*', tests.may ?? undefined),
        ...(tests.mayNot === null ? [] : [mayNot(ASSUME, '*', tests.mayNot)]),
      ),
    ),
  );

test('who brings just what is required is let in', () => {
  let tried = 0;
  fc.assert(
    fc.property(conditionalWorlds, (world) => {
      const { decision, requires } = answerTo(world);
      const context = decision === 'conditional' ? contextFor(requires) : undefined;
      if (context === undefined) return;
      tried += 1;
      expect(decisionIn(world, context)).toBe('allowed');
    }),
    { numRuns: 3000 },
  );
  expect(tried).toBeGreaterThan(500);
});

/** The smallest context that meets the requirements; undefined where it is not plain how. */
function contextFor(requires: readonly Requirement[]): Context | undefined {
  const context: Record<string, string | null> = {};
  for (const { key } of requires) {
    const all = requires.filter((one) => one.key.toLowerCase() === key.toLowerCase());
    const found = [null, ...all.flatMap(candidates)].find((value) => all.every((one) => meets(value, one)));
    if (found === undefined) return undefined;
    context[key] = found;
  }
  return context;
}

function candidates({ operator, values }: Requirement): readonly string[] {
  if (operator.includes('Like')) return values.map((value) => value.replaceAll('*', 'xx').replaceAll('?', 'y'));
  if (operator.includes('IpAddress')) return ['203.0.113.7', '198.51.100.7'];
  return operator === 'Null' ? ['xx'] : values;
}

function meets(value: string | null, { operator, values }: Requirement): boolean {
  const [, set = '', negated = '', base = ''] =
    /^(ForA\w+:)?(?:String|Arn)?(Not)?(.*?)(?:IfExists)?$/.exec(operator) ?? [];
  if (operator === 'Null') return values.includes(String(value === null));
  if (value === null) return operator.endsWith('IfExists') || set === 'ForAllValues:' || (set === '' && negated !== '');
  const any = values.some((wanted) => compare(base, wanted, value));
  return negated === '' ? any : !any;
}

function compare(base: string, wanted: string, value: string): boolean {
  switch (base) {
    case 'Like':
      return naiveGlob(wanted, value);
    case 'EqualsIgnoreCase':
      return wanted.toLowerCase() === value.toLowerCase();
    case 'IpAddress':
      return value.startsWith('203.0.113.');
    default:
      return wanted === value;
  }
}

function naiveGlob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return naiveGlob(pattern.slice(1), text) || (text !== '' && naiveGlob(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naiveGlob(pattern.slice(1), text.slice(1));
}
