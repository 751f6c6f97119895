import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DecisionWord, decide } from '../../src/iam/decide.ts';
import { questionOf, type Scenario, type Unknowns } from '../support/questions.ts';
import { knownScenarios, meanings, symbolicScenarios, UNKNOWNS, withMeanings } from './worlds.ts';

function decisionOf(scenario: Scenario, unknowns: Unknowns = UNKNOWNS): DecisionWord {
  return decide(questionOf(scenario, unknowns)).decision;
}

test('what is sure of unknown values is so for each of them', () => {
  fc.assert(
    fc.property(symbolicScenarios, meanings, (scenario, values) => {
      // Whether everybody includes services and tokens: see the last test.
      fc.pre(scenario.principal.includes(':role/') || values['‹P›'] !== '*');
      const before = decisionOf(scenario);
      const after = decisionOf(withMeanings(scenario, values));
      if (before === 'allowed' || before === 'denied') expect(after).toBe(before);
    }),
    { numRuns: 4000, seed: 7 },
  );
});

test('a known value that is forgotten leaves the answer, or leaves it open', () => {
  const forgotten: readonly (readonly [RegExp, string])[] = [
    [/111111111111/g, '‹A›'],
    [/222222222222/g, '‹B›'],
    [/(?<=\/)App/g, '‹N›'],
    [/(?<=")ab(?=")/g, '‹V›'],
  ];
  fc.assert(
    fc.property(
      knownScenarios,
      fc.constantFrom(...forgotten),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      (generated, [known, mark], which) => {
        let at = 0;
        const scenario = { ...generated, accounts: {} };
        const text = JSON.stringify(scenario).replace(known, (word) =>
          which[at++ % which.length] === true ? mark : word,
        );
        const before = decisionOf(scenario);
        const after = decisionOf(JSON.parse(text));
        if (before === 'allowed') expect(after).not.toBe('denied');
        if (before === 'denied') expect(after).not.toBe('allowed');
      },
    ),
    { numRuns: 4000, seed: 7 },
  );
});
