import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, type Documents, role, run, template, user } from './support/documents.ts';

const TOOLS = 'arn:aws:iam::111122223333:';
const PROD = 'arn:aws:iam::444455556666:';
const CONFIG = {
  '.github/assume-role-check.yml':
    'accounts: {tools: {id: "111122223333", paths: ["tools/**"]}, prod: {id: "444455556666", paths: ["prod/**"]}}\n',
};
const assume = (target: string, more = '') => `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}"${more}}`;
const trusts = (principal: string, more = '') =>
  `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole${more}}`;
const TAGGED = ', Condition: {StringEquals: {"aws:PrincipalTag/team": core}}';

/** Of one repository: principals, with all that policies can be attached by. */
const CALLERS = template(
  role('Plain', { name: 'plain', grants: assume(`${PROD}role/open`) }),
  role('Silent', { name: 'silent' }),
  role('Tagged', { name: 'tagged', grants: assume(`${PROD}role/tagged`), more: 'Tags: [{Key: team, Value: core}]' }),
  role('Limited', {
    name: 'limited',
    grants: assume(`${PROD}role/limited`),
    more: 'PermissionsBoundary: !Ref Limit\nManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]',
  }),
  role('Open', { name: 'half', grants: assume('!PLACE') }).replace('"!PLACE"', '!Sub "${Nobody}"'),
  role('Admin', { name: 'admin', more: 'ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]' }),
  user('Anna', { name: 'anna', more: 'Groups: [!Ref Deployers]' }),
  `Deployers:
  Type: AWS::IAM::Group
  Properties:
    GroupName: deployers
    Policies:
      - PolicyName: own
        PolicyDocument: {Statement: [${assume(`${PROD}role/user`).slice(2)}]}
Limit:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    ManagedPolicyName: limit
    PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
`,
).replace('Resources:', 'Parameters: {Nobody: {Type: String}}\nResources:');

/** Of the other: roles that trust them. */
const TARGETS = template(
  role('Open', { name: 'open', trust: trusts(`${TOOLS}role/plain`) }),
  role('Quiet', { name: 'quiet', trust: trusts(`${TOOLS}role/silent`) }),
  role('Tagged', { name: 'tagged', trust: trusts(`${TOOLS}role/tagged`, TAGGED) }),
  role('Limited', { name: 'limited', trust: trusts(`${TOOLS}role/limited`) }),
  role('Half', { name: 'half', trust: trusts(`${TOOLS}role/half`) }),
  role('Admin', { name: 'admin', trust: trusts(`${TOOLS}role/admin`) }),
  role('User', { name: 'user', trust: trusts(`${TOOLS}user/anna`) }),
  role('Nobody', { name: 'nobody', trust: trusts(`${TOOLS}role/gone`) }),
);

function decisions(documents: Documents, ...options: readonly string[]): readonly string[] {
  const { report } = check({ ...documents, ...CONFIG }, ...options);
  return report.assumptions
    .filter(({ principal, role: target }) => principal.includes('111122223333') && target.includes('444455556666'))
    .map(({ principal, role: target, action, decision }) => `${principal} ${target} ${action} ${decision}`)
    .sort();
}

test('an inventory meets another repository as if both were one', () => {
  const together = decisions({ 'tools/a.yaml': CALLERS, 'prod/b.yaml': TARGETS });
  const callers = run({ 'tools/a.yaml': CALLERS, ...CONFIG }, ['inventory', 'export']);
  const targets = run({ 'prod/b.yaml': TARGETS, ...CONFIG }, ['inventory', 'export', 'prod']);
  expect([callers.status, targets.status]).toEqual([0, 0]);
  const here = decisions({ 'prod/b.yaml': TARGETS, 'x.json': callers.output }, 'prod', '--inventory', 'x.json');
  const there = decisions({ 'tools/a.yaml': CALLERS, 'x.json': targets.output }, 'tools', '--inventory', 'x.json');
  expect(new Set(together.map((line) => line.split(' ').at(-1)))).toEqual(new Set(['allowed', 'denied', 'unknown']));
  expect(here).toEqual(together);
  expect(there).toEqual(together);
});

test('what is exported is the same in any order, shows no other repository, and nothing that is not known', () => {
  const { output } = run({ 'tools/a.yaml': CALLERS, ...CONFIG }, ['inventory', 'export']);
  const again = run({ 'tools/a.yaml': CALLERS, 'x.json': output, ...CONFIG }, [
    'inventory',
    'export',
    'tools',
    '--inventory',
    'x.json',
  ]);
  expect(again.output).toBe(output);
  // Whose a document is nobody says: then nobody can be told by an ARN.
  expect(JSON.parse(run({ 'a.yaml': CALLERS }, ['inventory', 'export']).output)).toMatchObject({ RoleDetailList: [] });
});

test('writes to a file, and wants its verb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  try {
    const file = join(folder, 'inventory.json');
    expect(run({ 'tools/a.yaml': CALLERS, ...CONFIG }, ['inventory', 'export', '--output', file])).toEqual({
      status: 0,
      output: '',
    });
    expect(() => run({ 'a.yaml': CALLERS }, ['inventory'])).toThrow('inventory is followed by export');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('a role that several of them declare', () => {
  const caller = `${TOOLS}role/plain`;
  const targetThat = (principal: string) => template(role('Open', { name: 'open', trust: trusts(principal) }));
  const exportOf = (text: string) => run({ 'prod/b.yaml': text, ...CONFIG }, ['inventory', 'export', 'prod']).output;
  const [open, shut] = [exportOf(targetThat(caller)), exportOf(targetThat(`${TOOLS}role/other`))];
  const dump = (text: string) => text.replace('"Declared": true,', '');
  const decide = (files: Documents) => {
    const { report } = check(
      { 'tools/a.yaml': CALLERS, ...CONFIG, ...files },
      'tools',
      ...Object.keys(files).flatMap((path) => (path.endsWith('.json') ? ['--inventory', path] : [])),
    );
    const found = report.assumptions.find(
      ({ principal, role: to }) => principal === caller && to === `${PROD}role/open`,
    );
    return [found?.decision, report.diagnostics.map(({ message }) => message), report.drift];
  };

  test('says the same in each: that is one role', () => {
    expect(decide({ 'x.json': open, 'y.json': open })).toEqual(['allowed', [], []]);
    expect(decide({ 'x.json': dump(shut), 'y.json': dump(shut) })[0]).toBe('denied');
  });

  test('says different things: nobody can say which counts, in either order', () => {
    for (const files of [
      { 'x.json': open, 'y.json': shut },
      { 'x.json': shut, 'y.json': open },
    ])
      expect(decide(files)).toEqual([
        'unknown',
        [expect.stringContaining('role/open is shown otherwise in each of x.json, y.json')],
        [],
      ]);
  });

  test('what a repository declares wins over what a dump shows, and is no drift of ours', () => {
    expect(decide({ 'x.json': open, 'y.json': dump(shut) })).toEqual(['allowed', [], []]);
    expect(decide({ 'x.json': dump(open), 'y.json': shut })).toEqual(['denied', [], []]);
  });

  test('what is declared here wins over both', () => {
    const files = { 'tools/own.yaml': targetThat(caller), 'x.json': shut, 'y.json': dump(shut) };
    const config = CONFIG['.github/assume-role-check.yml']
      .replace('prod/**', 'tools/own.yaml')
      .replace('tools/**', 'tools/a.yaml');
    expect(decide({ ...files, '.github/assume-role-check.yml': config })).toMatchObject([
      'allowed',
      [],
      [{ arn: `${PROD}role/open`, part: 'trust-policy' }],
    ]);
  });
});
