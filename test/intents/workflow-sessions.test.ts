import { describe, expect, test } from 'vitest';
import { check, type Documents, lines, place, role, template } from '../support/documents.ts';

const PATH = '.github/workflows/deploy.yml';
const OPTIONS = ['--repository', 'octo-org/app', '--account', '111122223333'];
const HUB = 'arn:aws:iam::111122223333:role/hub';
const SPOKE = 'arn:aws:iam::111122223333:role/spoke';
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';

const roles = (condition: string, more = '') =>
  template(
    role('Hub', {
      name: 'hub',
      trust: lines(`
        - Effect: Allow
          Principal: {Federated: ${PROVIDER}}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {StringEquals: {"token.actions.githubusercontent.com:sub": "repo:octo-org/app:ref:refs/heads/main"}}
      `),
      grants: '- {Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Resource: "*"}',
    }),
    role('Spoke', {
      name: 'spoke',
      trust: `- {Effect: Allow, Principal: {AWS: "111122223333"}, Action: [sts:AssumeRole, sts:TagSession]${condition}}`,
    }),
    ...(more === '' ? [] : [more]),
  );

/** A job that assumes the hub, and with its credentials the spoke. */
function workflow(first: string, second: string): string {
  const action = (inputs: string) =>
    `      - uses: aws-actions/configure-aws-credentials@v6\n        with:\n${lines(inputs).replace(/^(?=.)/gm, '          ')}`;
  return [
    'on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n',
    action(`role-to-assume: ${HUB}\n${first}`),
    second.startsWith('- ') ? second.replace(/^(?=.)/gm, '      ') : action(`role-to-assume: ${SPOKE}\n${second}`),
  ].join('');
}

const documentsOf = (first: string, second: string, condition = '', more = ''): Documents => ({
  'roles.yaml': roles(condition, more),
  [PATH]: workflow(first, second),
});

function decided(documents: Documents): Readonly<Record<string, string>> {
  const { report } = check(documents, ...OPTIONS);
  return Object.fromEntries(
    report.assumptions
      .filter(({ principal, role: arn }) => arn === HUB || principal === HUB)
      .map(({ role: arn, decision }) => [arn.split('/').at(-1) ?? '', decision]),
  );
}

const CHAINED = 'role-chaining: true';
const S3 = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

describe('managed policies limit a session', () => {
  test('to less than the next role needs, which is told at the next role with the policy', () => {
    const documents = documentsOf(`managed-session-policies: ${S3}`, CHAINED);
    const { report } = check(documents, ...OPTIONS);
    const [error] = report.findings.filter(({ severity }) => severity === 'error');
    expect(error).toMatchObject({ rule: 'missing-grant', principal: HUB, role: SPOKE });
    expect(error?.message).toContain('session policy');
    expect([error?.location, ...(error?.related ?? []).map(({ location }) => location)]).toContainEqual(
      place(documents, PATH, SPOKE),
    );
  });

  test.each([
    [
      'one that allows it beside',
      `managed-session-policies: |\n  ${S3}\n  arn:aws:iam::aws:policy/AdministratorAccess`,
    ],
    [
      'an inline one that allows it beside',
      `managed-session-policies: ${S3}\ninline-session-policy: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]}'`,
    ],
    ['one of the documents that allows it', 'managed-session-policies: arn:aws:iam::111122223333:policy/own'],
  ])('%s', (_, first) => {
    const own =
      'Own:\n  Type: AWS::IAM::ManagedPolicy\n  Properties:\n    ManagedPolicyName: own\n    PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sts:*", Resource: "*"}]}\n';
    expect(decided(documentsOf(first, CHAINED, '', own))).toEqual({ hub: 'allowed', spoke: 'allowed' });
  });

  test('one that no document declares leaves it open', () => {
    const first = 'managed-session-policies: arn:aws:iam::111122223333:policy/elsewhere';
    expect(decided(documentsOf(first, CHAINED))).toEqual({ hub: 'allowed', spoke: 'unknown' });
  });
});

describe('the inputs that say with whose credentials a role is assumed', () => {
  test.each([
    ['role-chaining: True'],
    ['role-chaining: "${{ true }}"'],
    ['aws-access-key-id: "${{ false || \'\' }}"\nrole-chaining: true\nrole-skip-session-tagging: "TRUE"'],
  ])('%s', (second) => {
    expect(decided(documentsOf('audience: sts.amazonaws.com', second)).spoke).toBe('allowed');
  });

  test('a token where chaining is said no to, or to be empty', () => {
    for (const second of ['role-chaining: false', 'aws-access-key-id: "${{ vars.NONE && \'\' }}"']) {
      const { report } = check(documentsOf('audience: sts.amazonaws.com', second), ...OPTIONS);
      expect(report.assumptions.filter(({ principal, role: arn }) => principal === HUB && arn === SPOKE)).toEqual([]);
    }
  });

  test('a profile takes the credentials of one step, and leaves the others', () => {
    const other = lines(`
      - uses: aws-actions/configure-aws-credentials@v6
        with: {role-to-assume: "arn:aws:iam::444455556666:role/other", aws-profile: other}
      - uses: aws-actions/configure-aws-credentials@v6
        with: {role-to-assume: "${SPOKE}", role-chaining: true}
    `);
    expect(decided(documentsOf('audience: sts.amazonaws.com', other)).spoke).toBe('allowed');
  });

  test.each([
    ['aws --profile hub sts assume-role', 'allowed'],
    ['aws sts assume-role --profile hub', 'allowed'],
    ['aws sts assume-role --profile another', undefined],
  ])('%s', (call, decision) => {
    const script = `- run: ${call} --role-arn ${SPOKE} --role-session-name ci\n`;
    expect(decided(documentsOf('aws-profile: hub', script)).spoke).toBe(decision);
  });
});

test('what a script takes from its variables is not known', () => {
  const condition = ', Condition: {StringEquals: {"sts:ExternalId": "a1"}}';
  for (const [args, decision] of [
    ['--external-id a1', 'allowed'],
    ['--external-id b2', 'denied'],
    ['--external-id "$EXTERNAL"', 'unknown'],
    ['$MORE', 'conditional'],
  ])
    expect(
      decided(
        documentsOf(
          'audience: sts.amazonaws.com',
          `- run: aws sts assume-role --role-arn ${SPOKE} ${args} --role-session-name ci\n`,
          condition,
        ),
      ).spoke,
    ).toBe(decision);
});

describe('what the call says of the session', () => {
  const asks = (key: string, value: string) => `, Condition: {StringEquals: {"${key}": "${value}"}}`;
  test.each([
    ['the name that the action gives', 'role-chaining: true', asks('sts:RoleSessionName', 'GitHubActions'), 'allowed'],
    ['another name', 'role-chaining: true', asks('sts:RoleSessionName', 'deploy'), 'denied'],
    [
      'the name of the step',
      'role-chaining: true\nrole-session-name: deploy',
      asks('sts:RoleSessionName', 'deploy'),
      'allowed',
    ],
    [
      'a name that the run gives',
      'role-chaining: true\nrole-session-name: "run-${{ github.run_id }}"',
      asks('sts:RoleSessionName', 'run-1'),
      'conditional',
    ],
    ['an external id', 'role-chaining: true\nrole-external-id: a1', asks('sts:ExternalId', 'a1'), 'allowed'],
    ['another external id', 'role-chaining: true\nrole-external-id: a1', asks('sts:ExternalId', 'b2'), 'denied'],
    ['no external id', 'role-chaining: true', asks('sts:ExternalId', 'a1'), 'denied'],
    ['its own tags', 'role-chaining: true', asks('aws:RequestTag/Repository', 'octo-org/app'), 'allowed'],
    ['tags of another repository', 'role-chaining: true', asks('aws:RequestTag/Repository', 'octo-org/web'), 'denied'],
  ])('%s', (_, second, condition, decision) => {
    expect(decided(documentsOf('audience: sts.amazonaws.com', second, condition)).spoke).toBe(decision);
  });

  test('a name that a trust policy does not expect of a token is told at the condition', () => {
    const documents = {
      'roles.yaml': roles('').replace('StringEquals: {"token', 'StringEquals: {"sts:RoleSessionName": "ship", "token'),
      [PATH]: workflow('audience: sts.amazonaws.com', CHAINED),
    };
    const { report } = check(documents, ...OPTIONS);
    const [error] = report.findings.filter(({ severity }) => severity === 'error');
    expect(error).toMatchObject({
      rule: 'workflow-not-trusted',
      location: place(documents, 'roles.yaml', '"sts:RoleSessionName": "«ship»"'),
    });
  });
});
