import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DecisionWord, decide } from '../../src/iam/decide.ts';
import { type Document, type Json, questionOf, type Scenario, type Unknowns } from '../support/questions.ts';
import { knownIdentityStatements, knownTrustStatements, symbolicScenarios, UNKNOWNS } from './worlds.ts';

/** One seed keeps a run repeatable: another is tried by changing it. */
const RUNS = { numRuns: 1500, seed: 7 };

function decisionOf(scenario: Scenario, unknowns: Unknowns = UNKNOWNS): DecisionWord {
  return decide(questionOf(scenario, unknowns)).decision;
}

/** A statement, and where it is put: into a policy of one layer, before or after what is there. */
interface Addition {
  readonly layer: 'trust' | 'grants' | 'boundary' | 'sessionPolicy' | 'scps';
  readonly statement: Document;
  readonly atStart: boolean;
}

function additions(effect: 'Allow' | 'Deny'): fc.Arbitrary<Addition> {
  const layers = fc.constantFrom('grants', 'boundary', 'sessionPolicy', 'scps') as fc.Arbitrary<Addition['layer']>;
  const identity = fc.tuple(layers, knownIdentityStatements);
  const trust = fc.tuple(fc.constant('trust' as const), knownTrustStatements);
  return fc
    .record({ at: fc.oneof(identity, trust), atStart: fc.boolean() })
    .map(({ at: [layer, statement], atStart }) => ({
      layer,
      statement: { ...(statement as Document), Effect: effect },
      atStart,
    }));
}

function added(scenario: Scenario, { layer, statement, atStart }: Addition): Scenario {
  const into = (document: Document): Document => {
    const there = document.Statement as readonly Json[];
    return { ...document, Statement: atStart ? [statement, ...there] : [...there, statement] };
  };
  switch (layer) {
    case 'trust':
      return { ...scenario, trust: into(scenario.trust) };
    case 'grants':
      return {
        ...scenario,
        grants: scenario.grants.map((document, index) => (index === 0 ? into(document) : document)),
      };
    case 'scps':
      return {
        ...scenario,
        accounts: Object.fromEntries(
          Object.entries(scenario.accounts).map(([id, { scps, ...account }]) => [
            id,
            scps === undefined ? account : { ...account, scps: scps.map((level) => level.map(into)) },
          ]),
        ),
      };
    default: {
      const document = scenario[layer];
      return document === undefined ? scenario : { ...scenario, [layer]: into(document) };
    }
  }
}

test('one more Deny never allows', () => {
  fc.assert(
    fc.property(symbolicScenarios, additions('Deny'), (scenario, addition) => {
      const before = decisionOf(scenario);
      const after = decisionOf(added(scenario, addition));
      if (after === 'allowed') expect(before).toBe('allowed');
      if (before === 'denied') expect(after).toBe('denied');
    }),
    RUNS,
  );
});

test('one more Allow never denies', () => {
  fc.assert(
    fc.property(symbolicScenarios, additions('Allow'), (scenario, addition) => {
      const before = decisionOf(scenario);
      const after = decisionOf(added(scenario, addition));
      if (before === 'allowed') expect(after).toBe('allowed');
      if (after === 'denied') expect(before).toBe('denied');
    }),
    RUNS,
  );
});

test('the order of statements and policies says nothing', () => {
  const turned = (document: Document): Document => ({
    ...document,
    Statement: [...(document.Statement as readonly Json[])].reverse(),
  });
  const reversed = ({ grants, trust, boundary, sessionPolicy, accounts, ...rest }: Scenario): Scenario => ({
    ...rest,
    grants: [...grants].reverse().map(turned),
    trust: turned(trust),
    ...(boundary === undefined ? {} : { boundary: turned(boundary) }),
    ...(sessionPolicy === undefined ? {} : { sessionPolicy: turned(sessionPolicy) }),
    accounts: Object.fromEntries(
      Object.entries(accounts).map(([id, { scps, rcps, ...account }]) => [
        id,
        {
          ...account,
          ...(scps === undefined ? {} : { scps: [...scps].reverse().map((level) => [...level].reverse().map(turned)) }),
          ...(rcps === undefined ? {} : { rcps: [...rcps].reverse().map((level) => [...level].reverse().map(turned)) }),
        },
      ]),
    ),
  });
  fc.assert(
    fc.property(symbolicScenarios, (scenario) => {
      expect(decisionOf(reversed(scenario))).toBe(decisionOf(scenario));
    }),
    RUNS,
  );
});

test('the generated worlds have every answer', () => {
  const words = new Map<string, number>();
  for (const scenario of fc.sample(symbolicScenarios, 1500)) {
    const word = decisionOf(scenario);
    words.set(word, (words.get(word) ?? 0) + 1);
  }
  for (const word of ['allowed', 'denied', 'conditional', 'unknown']) expect(words.get(word) ?? 0).toBeGreaterThan(10);
});
