import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RULE_IDS, RULES } from '../../src/rules/index.ts';
import { run } from '../support/documents.ts';

/** The published table: what users name in their configurations, so none of it is ever renamed or dropped. */
const PUBLISHED = [
  'missing-grant',
  'missing-trust',
  'missing-tag-session',
  'service-not-trusted',
  'workflow-not-trusted',
  'service-account-not-trusted',
  'explicit-deny',
  'blocked-by-boundary',
  'blocked-by-scp',
  'blocked-by-rcp',
  'condition-never-met',
  'wrong-assume-action',
  'unknown-action',
  'invalid-principal',
  'invalid-policy',
  'role-not-found',
  'principal-not-found',
  'expectation-failed',
  'open-trust',
  'confused-deputy',
  'oidc-subject-not-restricted',
  'broad-grant',
  'unresolved-value',
  'lost-assumption',
  'role-naming',
  'role-undocumented',
  'long-session',
  'static-user',
  'unused-trust',
];

const root = new URL('../../', import.meta.url);

describe.each(RULES)('$id', ({ id, title, severity, optIn }) => {
  test('has a file, a page and a test of its name', () => {
    const paths = [`src/rules/${id}.ts`, `docs/rules/${id}.md`, `test/rules/${id}.test.ts`];
    expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });

  test('says on its page what it says of itself', () => {
    const page = readFileSync(new URL(`docs/rules/${id}.md`, root), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${id}`);
    expect(page).toContain(`\n| Finds | ${title} |\n| Severity | ${severity} |\n| Since | 0.1.0 |\n`);
    expect(page).toMatch(/^\| Fix offered \| (yes|no) \|$/m);
    const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(['Bad', 'What AWS answers', 'Good', 'How to suppress', 'References']);
  });

  test('is listed, and shown by its id', () => {
    const { status, output } = run({}, ['rules']);
    expect(status).toBe(0);
    expect(output.split('\n')).toContainEqual(
      expect.stringMatching(new RegExp(`^${id} +${optIn === true ? 'off' : severity} +`)),
    );
    expect(run({}, ['rules', id]).output).toContain(title);
  });
});

test('the ids are unique, in kebab case, and each is one that a configuration may name', () => {
  const ids = RULES.map((rule) => rule.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  expect(ids.filter((id) => !RULE_IDS.includes(id))).toEqual([]);
  expect(new Set(RULE_IDS).size).toBe(RULE_IDS.length);
});

test('a configuration may name every published id', () => {
  expect(PUBLISHED.filter((id) => !RULE_IDS.includes(id))).toEqual([]);
});

test('the list has the rules and nothing else', () => {
  const listed = run({}, ['rules'])
    .output.trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(listed).toEqual(RULES.map((rule) => rule.id));
});

test('there is no page of a rule that does not exist', () => {
  const pages = readdirSync(new URL('docs/rules/', root)).map((name) => basename(name, '.md'));
  expect(pages.sort()).toEqual(RULES.map((rule) => rule.id).sort());
});
