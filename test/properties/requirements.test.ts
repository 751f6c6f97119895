import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Decision, decide } from '../../src/iam/decide.ts';
import type { Requirement } from '../../src/iam/requirements.ts';
import { type Context, questionOf, type Scenario } from '../support/questions.ts';
import { naiveHolds } from './naive.ts';
import { askingScenarios, UNKNOWNS } from './worlds.ts';

function decisionOf(scenario: Scenario): Decision {
  return decide(questionOf(scenario, UNKNOWNS));
}

test('what is required, and nothing else, turns conditional into allowed', () => {
  let supplied = 0;
  fc.assert(
    fc.property(askingScenarios, (scenario) => {
      const { decision, requires, disputed } = decisionOf(scenario);
      if (decision !== 'conditional' || disputed.length > 0) return;
      expect(requires).not.toEqual([]);
      const mended = withRequirements(scenario, requires);
      if (mended === undefined) return;
      supplied += 1;
      // Which values a key may have, some of what is not known could still not be.
      const words = JSON.stringify(requires).includes('‹') ? ['allowed', 'unknown'] : ['allowed'];
      expect(words).toContain(decisionOf(mended).decision);
    }),
    { numRuns: 2500, seed: 7 },
  );
  expect(supplied).toBeGreaterThan(300);
});

/** The scenario with a call that has just what is required; undefined where only an unknown value says what that is. */
function withRequirements(scenario: Scenario, requires: readonly Requirement[]): Scenario | undefined {
  const context: Record<string, string | readonly string[] | null> = { ...scenario.context };
  for (const key of keysInOrder(requires)) {
    const wanted = requires.filter((one) => one.key.toLowerCase() === key);
    let value = valueFor(key, wanted, context);
    if (value === 'nothing' && context[TAG] === undefined && wanted.some(({ values }) => values.includes(VARIABLE))) {
      const tag = [...requires.filter((one) => one.key === TAG), { key: TAG, operator: 'Null', values: ['false'] }];
      context[TAG] = valueFor(TAG, tag, context) ?? null;
      value = valueFor(key, wanted, context);
    }
    if (value === 'unknown') return undefined;
    if (value === 'nothing') throw new Error(`nothing meets ${JSON.stringify(wanted)}`);
    const name = requires.find((one) => one.key.toLowerCase() === key)?.key ?? key;
    if (value !== undefined) context[name] = value;
  }
  // Every call has a session's name.
  if (context[NAME] === undefined) context[NAME] = 'any-name';
  const { 'aws:userid': session, ...rest } = context;
  const { principal, ...other } = scenario;
  return {
    ...other,
    principal: typeof session === 'string' ? sessionOf(principal, session) : principal,
    context: rest,
    unknown: [],
    open: false,
  };
}

function sessionOf(role: string, userId: string): string {
  return `${role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${userId.slice(userId.indexOf(':') + 1)}`;
}

/** A tag that a variable stands for comes before what it stands in, and tags before their keys. */
function keysInOrder(requires: readonly Requirement[]): readonly string[] {
  const rank = (key: string): number => (key === 'aws:principaltag/team' ? 0 : key === 'aws:tagkeys' ? 2 : 1);
  return [...new Set(requires.map(({ key }) => key.toLowerCase()))].sort((a, b) => rank(a) - rank(b));
}

const NAME = 'sts:RoleSessionName';
const TAG = 'aws:PrincipalTag/team';
const VARIABLE = `\${${TAG}}`;

/** A value with a variable that the call has not is no value. */
function filledIn(required: Requirement, context: Context): Requirement {
  const team = context[TAG];
  if (required.operator === 'Null') return required;
  const values = required.values.flatMap((value) => {
    if (!value.includes(VARIABLE)) return [value];
    return typeof team === 'string' ? [value.replaceAll(VARIABLE, team)] : [];
  });
  return { ...required, values };
}

type Value = string | readonly string[] | undefined;

function valueFor(key: string, wanted: readonly Requirement[], context: Context): Value | 'nothing' | 'unknown' {
  const named = wanted.flatMap((one) => filledIn(one, context).values);
  const singles = [
    ...named,
    ...named.map((one) => one.toUpperCase()),
    ...filledWildcards(named),
    '203.0.113.7',
    '198.51.100.7',
    'true',
    'false',
    'x:s9',
    'zz',
  ];
  const tags = Object.keys(context)
    .filter((name) => name.startsWith('aws:RequestTag/'))
    .map((name) => name.slice('aws:RequestTag/'.length));
  const values: readonly Value[] =
    key === 'aws:tagkeys'
      ? [
          ...(tags.length === 0 ? [undefined] : [tags]),
          ...singles.map((one) => [...tags, one]),
          ...singles.flatMap((one) => [...named, 'zz'].map((other) => [...tags, one, other])),
          [...tags, ...named],
        ]
      : key === 'aws:userid'
        ? singles
        : [undefined, ...singles];
  const meetsAll = (value: Value): boolean =>
    wanted.every((one) =>
      naiveHolds(filledIn(one, { ...context, ...(typeof value === 'string' ? { [one.key]: value } : {}) }), value),
    );
  const found = values.find(meetsAll);
  if (found === undefined && !meetsAll(undefined)) return 'nothing';
  // That a value is not one that nobody knows, nobody knows.
  const marked = wanted.some(({ operator, values: all }) => operator.includes('Not') && all.join('').includes('‹'));
  return found !== undefined && marked ? 'unknown' : found;
}

function filledWildcards(patterns: readonly string[]): readonly string[] {
  const fill = (pattern: string, text: string): string => pattern.replaceAll('*', text);
  return patterns.flatMap((pattern) => ['', 'x', ...patterns].map((text) => fill(pattern, text)));
}
