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

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const of = (name: string, ...trusts: readonly string[]) => ({
  arn: arn(name),
  name,
  path: '/',
  assume_role_policy: trusting(...trusts),
});

test('a trust in a role that the plan destroys is told, and so is one in a role that it makes anew', () => {
  const { report } = check({
    'plan.json': plan(
      role('aws_iam_role.gone', ['delete'], of('gone', arn('gone'))),
      role('aws_iam_role.anew', ['delete', 'create'], of('anew', arn('same'))),
      role('aws_iam_role.same', ['no-op'], of('same', arn('gone'), arn('anew'))),
    ),
  });
  expect(report.diagnostics).toEqual([]);
  expect(report.findings.map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`)).toEqual([
    `principal-not-found warning: the trust policy of aws_iam_role.same names ${arn('gone')}, but the plan destroys aws_iam_role.gone`,
    `missing-trust error: role/anew cannot assume role/same: the trust policy names ${arn('anew')}, but the plan replaces aws_iam_role.anew, and AWS does not trust the new one until the policy is saved again`,
  ]);
  const decided = report.assumptions.map(({ principal, role: of, decision }) => [principal, of, decision]);
  expect(decided).toContainEqual([arn('anew'), arn('same'), 'denied']);
  expect(decided).toContainEqual([arn('same'), arn('anew'), 'allowed']);
});

test('a trust policy that the plan saves again trusts the role that is made anew', () => {
  const wider = of('same', arn('anew'), arn('other'));
  const change = {
    actions: ['update'],
    before: of('same', arn('anew')),
    after: wider,
    after_unknown: {},
  };
  const { report } = check({
    'plan.json': plan(
      role('aws_iam_role.anew', ['delete', 'create'], of('anew', arn('same'))),
      role('aws_iam_role.same', ['update'], wider, { change }),
    ),
  });
  expect(report.findings).toEqual([]);
  expect(report.assumptions.map(({ role: of, decision }) => `${of} ${decision}`)).toContain(`${arn('same')} allowed`);
});

test('whether a trust policy of which the plan knows nothing yet is saved again, nobody knows', () => {
  const { assume_role_policy: trust, ...rest } = of('same', arn('anew'));
  const change = {
    actions: ['update'],
    before: { ...rest, assume_role_policy: trust },
    after: rest,
    after_unknown: { assume_role_policy: true },
  };
  const { arn: known, ...named } = of('anew', arn('same'));
  const anew = {
    actions: ['delete', 'create'],
    before: { arn: known, ...named },
    after: named,
    after_unknown: { arn: true },
  };
  const expressions = { assume_role_policy: { references: ['aws_iam_role.anew.arn', 'aws_iam_role.anew'] } };
  const block = { address: 'aws_iam_role.same', mode: 'managed', type: 'aws_iam_role', name: 'same', expressions };
  const configuration = {
    root_module: { resources: [block, { ...block, address: 'aws_iam_role.anew', name: 'anew', expressions: {} }] },
  };
  const text = plan(
    role('aws_iam_role.anew', ['delete', 'create'], of('anew', arn('same')), { change: anew }),
    role('aws_iam_role.same', ['update'], rest, { change }),
  ).replace('"configuration": {}', `"configuration": ${json(configuration)}`);
  const main = `
resource "aws_iam_role" "anew" {
  name = "anew"
  assume_role_policy = ${JSON.stringify(trusting(arn('same')))}
}
resource "aws_iam_role" "same" {
  name               = "same"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.anew.arn } }]
  })
}
`;
  const { report } = check({ 'plan.json': text, 'main.tf': main });
  expect(report.findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
    'principal-not-found warning',
    'unresolved-value notice',
  ]);
  expect(report.assumptions.map(({ role: of, decision }) => `${of} ${decision}`)).toContain(`${arn('same')} unknown`);
});

test('a role that a plan only looks up is the one that another document declares', () => {
  const app = of('app', arn('caller'));
  const read = { address: 'data.aws_iam_role.app', mode: 'data', type: 'aws_iam_role', name: 'app', values: app };
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn('target') };
  const grant = {
    address: 'aws_iam_role_policy.app',
    mode: 'managed',
    type: 'aws_iam_role_policy',
    name: 'app',
    values: { name: 'app', role: 'app', policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) },
  };
  const text = json({
    format_version: '1.2',
    prior_state: { values: { root_module: { resources: [read] } } },
    planned_values: { root_module: { resources: [grant] } },
    configuration: {},
  });
  const main = `
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode(${trusting(arn('caller'))})
}
resource "aws_iam_role" "target" {
  name               = "target"
  assume_role_policy = jsonencode(${trusting('arn:aws:iam::111122223333:root')})
}
`;
  const { report } = check({ 'plans/plan.json': text, 'main.tf': main }, '--account', '111122223333');
  const granted = report.assumptions.filter(
    ({ principal, role: to }) => principal === arn('app') && to === arn('target'),
  );
  expect(granted.map(({ decision }) => decision)).toEqual(['allowed']);
});
