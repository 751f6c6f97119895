import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DecisionWord, decide } from '../../src/iam/decide.ts';
import { type Document, type Json, questionOf, type Scenario } from '../support/questions.ts';
import { symbolicScenarios, UNKNOWNS } from './worlds.ts';

const RUNS = { numRuns: 800, seed: 11 };
/** Long lists are looked up by name, and short ones are gone through. */
const OFTEN = 20;

function decisionOf(scenario: Scenario): DecisionWord {
  return decide(questionOf(scenario, UNKNOWNS)).decision;
}

function repeated<T>(list: readonly T[]): readonly T[] {
  return Array.from({ length: OFTEN }, () => list).flat();
}

function statementsOf({ trust }: Scenario): readonly Json[] {
  return trust.Statement as readonly Json[];
}

/** `{"AWS": "a", "Service": ["b"]}` with each name twenty times. */
function namingOften(statement: Json): Json {
  const { Principal: principal, ...others } = statement as Document;
  if (principal === null || typeof principal !== 'object' || Array.isArray(principal)) return statement;
  const lists = Object.entries(principal).map(([type, names]) => [
    type,
    typeof names === 'string' ? repeated([names]) : Array.isArray(names) ? repeated(names) : names,
  ]);
  return { ...others, Principal: Object.fromEntries(lists) };
}

test('principals that are named again change no decision', () => {
  fc.assert(
    fc.property(symbolicScenarios, (scenario) => {
      const often = { ...scenario, trust: { ...scenario.trust, Statement: statementsOf(scenario).map(namingOften) } };
      expect(decisionOf(often)).toBe(decisionOf(scenario));
    }),
    RUNS,
  );
});

test('statements that are written again change no decision', () => {
  fc.assert(
    fc.property(symbolicScenarios, (scenario) => {
      const often = { ...scenario, trust: { ...scenario.trust, Statement: repeated(statementsOf(scenario)) } };
      expect(decisionOf(often)).toBe(decisionOf(scenario));
    }),
    RUNS,
  );
});
