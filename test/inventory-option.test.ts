import { expect, test } from 'vitest';
import { check, json, role, run, template } from './support/documents.ts';

const TARGET = 'arn:aws:iam::444455556666:role/target';
const CALLER = 'arn:aws:iam::111122223333:role/deployer';

/** A pull request's template that grants the other account's role, which only the dump beside the paths shows. */
const STACK = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${TARGET}"}` }),
);

function dump(principal: string): string {
  const trust = { Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }] };
  const target = { RoleName: 'target', Arn: TARGET, AssumeRolePolicyDocument: trust, RolePolicyList: [] };
  return json({ UserDetailList: [], GroupDetailList: [], RoleDetailList: [target], Policies: [] });
}

const options = ['stacks', '--account', '111122223333', '--inventory', 'elsewhere/prod.json'];

test('an inventory outside the paths shows the other end', () => {
  const { status, report } = check({ 'stacks/a.yaml': STACK, 'elsewhere/prod.json': dump(CALLER) }, ...options);
  expect(report.assumptions).toContainEqual(expect.objectContaining({ principal: CALLER, decision: 'allowed' }));
  expect(status).toBe(0);
});

test('a finding points at what is edited here, and relates what stands in the inventory', () => {
  const files = { 'stacks/a.yaml': STACK, 'elsewhere/prod.json': dump('arn:aws:iam::111122223333:role/other') };
  const { status, report } = check(files, ...options);
  expect(report.findings.filter(({ severity }) => severity === 'error')).toMatchObject([
    {
      rule: 'missing-trust',
      location: { path: 'stacks/a.yaml' },
      related: [{ location: { path: 'elsewhere/prod.json' } }],
    },
  ]);
  expect(report.findings.every(({ location }) => location.path === 'stacks/a.yaml')).toBe(true);
  expect(report.findings.flatMap(({ fix }) => fix?.edits ?? []).every(({ path }) => path === 'stacks/a.yaml')).toBe(
    true,
  );
  expect(status).toBe(1);
});

test('a gap between two ends that both stand elsewhere is none of this repository', () => {
  const both = json({
    RoleDetailList: [
      {
        RoleName: 'deployer',
        Arn: CALLER,
        RolePolicyList: [
          {
            PolicyName: 'own',
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: TARGET }] },
          },
        ],
      },
    ],
  });
  const other = template(role('App', { name: 'app' }));
  const files = { 'stacks/a.yaml': other, 'elsewhere/prod.json': dump('*'), 'elsewhere/tools.json': both };
  const { report } = check(files, ...options, '--inventory', 'elsewhere/tools.json');
  expect(report.findings).toEqual([]);
});

test('an inventory that names nobody is told, and one that is not there ends the run', () => {
  const { report } = check({ 'stacks/a.yaml': STACK, 'elsewhere/prod.json': '{"AttachedPolicies": []}' }, ...options);
  expect(report.diagnostics).toMatchObject([{ message: expect.stringContaining('names nobody') }]);
  expect(() => run({ 'stacks/a.yaml': STACK }, options)).toThrow('there is no inventory elsewhere/prod.json');
});

/** So many roles, each trusted by its own account, that the inventory is read in parts whatever stands in it. */
function manyRoles(count: number): string {
  const roles = Array.from({ length: count }, (_, number) => ({
    RoleName: `role-${number}`,
    Arn: `arn:aws:iam::444455556666:role/role-${number}`,
    Description: 'x'.repeat(400),
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'sts:AssumeRole' }],
    },
  }));
  return JSON.stringify({ UserDetailList: [], RoleDetailList: roles });
}

test.each([
  ['cut off', (text: string) => text.slice(0, -1000), 'it is cut off'],
  ['with a slip', (text: string) => text.replace('"role-30000",', '"role-30000"'), 'not valid JSON'],
  ['nested without end', (text: string) => text.replace('"xxx', `${'['.repeat(500)}"xxx`), 'nested too deep'],
])('a large inventory that is %s is told in one sentence', (_, damage, message) => {
  const { report } = check({ 'stacks/a.yaml': STACK, 'elsewhere/prod.json': damage(manyRoles(31_000)) }, ...options);
  expect(report.diagnostics).toMatchObject([
    { path: 'elsewhere/prod.json', level: 'error', message: expect.stringContaining(message) },
  ]);
  expect(report.summary.roles).toBe(1);
});

test('a large inventory counts whole, and only what is asked of it is decided', () => {
  const text = manyRoles(3_000).replace(/\}\]\}$/, `},${JSON.stringify(JSON.parse(dump(CALLER)).RoleDetailList[0])}]}`);
  for (const written of [text, `\uFEFF${text}`, text.replaceAll('":', '" :\n')]) {
    const { report } = check({ 'stacks/a.yaml': STACK, 'elsewhere/prod.json': written }, ...options);
    expect(report.summary.roles).toBe(3_002);
    expect(report.assumptions.filter(({ role: target }) => target.includes('4444'))).toMatchObject([
      { principal: CALLER, role: TARGET, decision: 'allowed' },
    ]);
  }
});
