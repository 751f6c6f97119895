import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check, json, lines, run } from '../support/documents.ts';

/** A plan of `agents/`, made with the AWS provider; the ids that the provider may not reach offline are filled in. */
const AGENTS = readFileSync(new URL('./agents/plan.json', import.meta.url), 'utf8');

function decisions(report: ReturnType<typeof check>['report']): readonly string[] {
  return report.assumptions
    .filter(({ principal }) => principal.startsWith('arn:'))
    .map(
      ({ principal, role, decision }) => `${principal.replace(/^.*:/, '')} -> ${role.replace(/^.*::/, '')} ${decision}`,
    )
    .sort();
}

test('policies that are unknown until the apply are rebuilt from what they refer to', () => {
  const { report } = check({ 'plan.json': AGENTS });
  expect(decisions(report)).toEqual([
    'role/${aws_iam_role.agent} -> 111122223333:role/reader allowed',
    'role/${aws_iam_role.agent} -> 444455556666:role/blue allowed',
    'role/${aws_iam_role.agent} -> 444455556666:role/green denied',
    'role/ci/runner -> 444455556666:role/green denied',
    'role/runner -> 111122223333:role/reader unknown',
  ]);
});

test('a finding in a plan without sources stands at the text in the plan, with nothing to mend there', () => {
  const { report } = check({ 'plan.json': AGENTS });
  const found = report.findings.find(({ rule }) => rule === 'missing-trust');
  const { startLine = 0, startColumn = 0, endColumn = 0 } = found?.location ?? {};
  const line = AGENTS.split('\n')[startLine - 1] ?? '';
  expect(line.slice(startColumn - 1, endColumn - 1)).toBe('{\\"AWS\\":\\"arn:aws:iam::111122223333:role/ci/runner\\"}');
  expect(report.findings.flatMap(({ fix }) => fix ?? [])).toEqual([]);
});

test('a byte order mark before a plan is passed over', () => {
  const { report } = check({ 'plan.json': AGENTS });
  const marked = check({ 'plan.json': `\uFEFF${AGENTS}` });
  expect(decisions(marked.report)).toEqual(decisions(report));
});

function role(address: string, fate: readonly string[], values: object, more: object = {}): object {
  const name = address.split('.').at(-1);
  const exists = !fate.includes('create') || fate.length > 1;
  const change = {
    actions: fate,
    before: exists ? values : null,
    after: fate.includes('delete') && fate.length === 1 ? null : values,
    after_unknown: {},
  };
  return { address, mode: 'managed', type: 'aws_iam_role', name, change, ...more };
}

function trusting(...arns: readonly string[]): string {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: arns } }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function plan(...changes: readonly object[]): string {
  return json({ format_version: '1.2', planned_values: {}, resource_changes: changes, configuration: {} });
}

const TARGET = 'arn:aws:iam::111122223333:role/target';

test('a role that the plan destroys is not there any more, one that it forgets is', () => {
  const named = (name: string) => ({
    name,
    path: '/',
    assume_role_policy: trusting('arn:aws:iam::111122223333:user/u'),
  });
  const before = plan(
    role('aws_iam_role.gone', ['delete'], named('gone')),
    role('aws_iam_role.let', ['forget'], named('let')),
    role('aws_iam_role.new', ['create', 'delete'], named('new')),
    role('aws_iam_role.same', ['no-op'], named('same')),
  );
  const { report } = check({ 'plan.json': before }, '--account', '111122223333');
  expect(report.assumptions.map(({ role: arn }) => arn.replace(/^.*\//, '')).sort()).toEqual(['let', 'new', 'same']);
});

test('a plan of a format that is not known is not guessed at', () => {
  const later = plan(role('aws_iam_role.target', ['create'], { name: 'target' })).replace('"1.2"', '"2.0"');
  const { report } = check({ 'plan.json': later });
  expect(report.assumptions).toEqual([]);
  expect(report.diagnostics.map(({ message }) => message)).toEqual([
    'plans of format 2.0 are not known yet, only those of 0.1 to 1.x',
  ]);
});

test('the account is the one that the plan has seen an answer from', () => {
  const target = role('aws_iam_role.target', ['no-op'], {
    arn: TARGET,
    name: 'target',
    path: '/',
    assume_role_policy: trusting(TARGET),
  });
  const { report } = check({ 'plan.json': plan(target) });
  expect(report.assumptions.map(({ principal, role: arn }) => [principal, arn])).toEqual([[TARGET, TARGET]]);
});

test('text that only looks like a plan is none', () => {
  const { report } = check({ 'notes.yaml': lines('a: "format_version and planned_values"') });
  expect(report.diagnostics).toEqual([]);
});

test('a plan may be named, wherever it stands, and in UTF-16 as PowerShell writes it', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'plan-'));
  try {
    const file = join(elsewhere, 'out.txt');
    writeFileSync(file, Buffer.from(`\uFEFF${AGENTS}`, 'utf16le'));
    const { report } = check({ 'empty.yaml': 'a: 1\n' }, '--terraform-plan', file);
    expect(decisions(report)).toHaveLength(5);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('a named file that is no plan ends the run with what would be one', () => {
  const documents = { 'state.json': json({ format_version: '1.0', values: {} }) };
  expect(() => run(documents, ['check', '--terraform-plan', 'state.json'])).toThrow(
    'state.json is no Terraform plan: terraform show -json PLANFILE prints one that can be read',
  );
  expect(() => run(documents, ['check', '--terraform-plan', 'none.json'])).toThrow(
    'there is no Terraform plan none.json',
  );
});

test('a trust in a role that the plan destroys or makes anew is told', () => {
  const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
  const of = (name: string, ...trusts: readonly string[]) => ({
    arn: arn(name),
    name,
    path: '/',
    assume_role_policy: trusting(...trusts),
  });
  const { report } = check({
    'plan.json': plan(
      role('aws_iam_role.gone', ['delete'], of('gone', arn('gone'))),
      role('aws_iam_role.anew', ['delete', 'create'], of('anew', arn('same'))),
      role('aws_iam_role.same', ['no-op'], of('same', arn('gone'), arn('anew'))),
    ),
  });
  expect(report.diagnostics.map(({ message }) => message)).toEqual([
    'the plan destroys aws_iam_role.gone, which this trust policy names',
    'the plan replaces aws_iam_role.anew, which this trust policy names: the new one is not trusted until the policy is saved again',
  ]);
});
