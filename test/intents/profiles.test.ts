import { expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, check, lines, place, role, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/deploy';
const TOOLS = 'arn:aws:iam::111122223333:role/tools';
const trusting = (principal: string, condition = '') =>
  `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole${condition}}`;
const EXTERNAL_ID = ', Condition: {StringEquals: {sts:ExternalId: abc}}';
const prod = (trust: string) => template(role('Deploy', { name: 'deploy', trust }));
const tools = template(
  role('Tools', {
    name: 'tools',
    trust: trusting('111122223333'),
    grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}`,
  }),
);
const config = (more = '') =>
  lines(`
  [profile tools]
  role_arn = ${TOOLS}
  credential_source = Ec2InstanceMetadata

  [profile prod]
  role_arn = ${PROD}  # the deployment
  source_profile = tools
  ${more}
`);

test('a profile that starts from another role: that role assumes it', () => {
  const documents = {
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': prod(trusting(TOOLS)),
    'tools.yaml': tools,
    '.aws/config': config(),
  };
  const { report } = check(documents);
  expect(report.findings).toEqual([]);
  expect(report.assumptions.filter(({ role }) => role === PROD)).toMatchObject([
    {
      principal: TOOLS,
      decision: 'allowed',
      declaredBy: [
        { kind: 'profile', location: { path: '.aws/config', startLine: 6, startColumn: 12 } },
        { kind: 'trust' },
        { kind: 'grant' },
      ],
    },
  ]);
});

test('a profile without the external id that the role asks for, whoever uses it', () => {
  const documents = {
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': prod(trusting('111122223333', EXTERNAL_ID)),
    'tools.yaml': tools,
    '.aws/config': config(),
  };
  const { report } = check(documents);
  expect(report.findings.map(({ severity, location }) => ({ severity, location }))).toEqual([
    { severity: 'error', location: place(documents, 'prod.yaml', 'abc') },
  ]);
  expect(report.findings[0]?.related).toContainEqual({
    location: place(documents, '.aws/config', `«${PROD}» # the`),
    message: 'is assumed by the profile prod',
  });
});

test('a profile with that external id', () => {
  const { report } = check({
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': prod(trusting('111122223333', EXTERNAL_ID)),
    'tools.yaml': tools,
    'infra/aws-config': config('external_id = abc'),
  });
  expect(report.findings).toEqual([]);
  expect(report.assumptions.filter(({ role }) => role === PROD).map(({ decision }) => decision)).toEqual(['allowed']);
});

test('a profile of a permission set in an account that the role does not trust', () => {
  const documents = {
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': prod(trusting('777788889999')),
    '.aws/config': lines(`
      [profile me]
      sso_account_id = 111122223333
      sso_role_name = Admin
      [profile prod]
      role_arn = ${PROD}
      source_profile = me
    `),
  };
  const { report } = check(documents);
  expect(report.findings.map(({ rule, location }) => ({ rule, location }))).toEqual([
    { rule: 'missing-trust', location: place(documents, 'prod.yaml', '{AWS: "777788889999"}') },
  ]);
});

test('a session of a role that a role assumes lasts an hour at most', () => {
  const { report } = check({
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': prod(trusting(TOOLS)),
    'tools.yaml': tools,
    '.aws/config': config('duration_seconds = 7200'),
  });
  expect(report.findings.map(({ rule, message }) => [rule, message])).toEqual([
    [
      'condition-never-met',
      'the profile prod cannot assume role/deploy: duration_seconds is 7200, and a session that is opened from a role’s session lasts 3600 at most',
    ],
  ]);
});

test('profiles whose role nobody declares, and files that are no AWS configuration', () => {
  const { report } = check({
    '.aws/config': lines(`
      [default]
      region = eu-west-1
      [profile a]
      role_arn = arn:aws:iam::111122223333:role/a
      source_profile = default
    `),
    'aws-config.ini': '[section]\nkey = value\n',
  });
  expect(report.findings).toEqual([]);
  expect(report.diagnostics).toEqual([]);
  expect(report.assumptions.map(({ role, decision }) => [role, decision])).toEqual([
    ['arn:aws:iam::111122223333:role/a', 'unknown'],
  ]);
});
