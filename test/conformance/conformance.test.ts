import { describe, expect, test } from 'vitest';
import { decide } from '../../src/iam/decide.ts';
import { explain } from '../../src/iam/explain.ts';
import { questionOf } from '../support/questions.ts';
import { askCommandLine } from './command-line.ts';
import { FACTS } from './facts/index.ts';
import type { Case, Fact } from './language.ts';

describe.each(Object.entries(FACTS))('%s', (_, facts) => {
  for (const fact of facts) {
    stated(fact, `${fact.what} [${pageOf(fact)}]`, (one) => askEngine(one));
    if (fact.cases.some(({ scenario }) => askable(scenario)))
      stated(fact, `${fact.what}, on the command line`, (one) => askTool(one));
  }
});

test('no two facts of a subject have one name, and each has its source', () => {
  for (const facts of Object.values(FACTS)) {
    expect(new Set(facts.map(({ what }) => what)).size).toBe(facts.length);
    for (const { source } of facts) expect(source).toMatch(/^https:\/\//);
  }
});

function stated(fact: Fact, name: string, ask: (one: Case) => void): void {
  test(name, () => {
    for (const one of fact.cases) ask(one);
  });
}

function askable({ open, principal }: Case['scenario']): boolean {
  return open !== true || !principal.includes(':assumed-role/');
}

function askEngine({ scenario, decision, layer, requires, disputed }: Case): void {
  const question = questionOf(scenario);
  const answer = decide(question);
  expect(answer.decision).toBe(decision);
  if (layer !== undefined) expect(explain(question).blockedBy?.layer).toBe(layer);
  if (requires !== undefined) expect(answer.requires).toEqual(requires);
  if (disputed === true) expect(answer.disputed).not.toEqual([]);
}

function askTool(one: Case): void {
  const { decision, layer, requires, disputed } = one;
  const answer = askCommandLine(one);
  if (answer === undefined) return;
  expect(answer.decision).toBe(decision);
  if (layer !== undefined) {
    const verdict = answer.layers.find((each) => each.layer === layer)?.verdict;
    expect(['no-allow', 'explicit-deny']).toContain(verdict);
  }
  if (requires !== undefined) expect(answer.requires).toEqual(requires);
  if (disputed === true) expect(answer.disputed ?? []).not.toEqual([]);
}

/** The page's name at the end of its address. */
function pageOf({ source }: Fact): string {
  return source
    .replace(/\/$/, '')
    .replace(/^.*\//, '')
    .replace(/\.html$/, '');
}
