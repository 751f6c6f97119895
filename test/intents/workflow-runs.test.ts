import { describe, expect, test } from 'vitest';
import { check, role, template } from '../support/documents.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const OPTIONS = ['--repository', 'octo-org/app', '--account', '111122223333'];

/** What is decided of the jobs of one workflow that assume a role which trusts these subjects. */
function decided(on: string, job: string, subjects: readonly string[], issuer = ISSUER) {
  const roles = template(
    role('Deploy', {
      name: 'deploy',
      trust: `
        - Effect: Allow
          Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/${issuer}"}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {StringLike: {"${issuer}:sub": ${JSON.stringify(subjects)}}}
      `,
    }),
  );
  const workflow = `on: ${on}\npermissions: {id-token: write}\njobs:\n  j:\n    runs-on: ubuntu-latest\n${job === '' ? '' : `    ${job}\n`}    steps:\n      - uses: aws-actions/configure-aws-credentials@v6\n        with: {role-to-assume: "arn:aws:iam::111122223333:role/deploy"}\n`;
  const configuration = `workflows: {issuer: ${issuer}, default-branch: main}\n`;
  const { report } = check(
    {
      'roles.yaml': roles,
      '.github/workflows/w.yml': workflow,
      '.github/assume-role-check.yml': configuration,
    },
    ...OPTIONS,
  );
  const decisions = report.assumptions
    .filter(({ declaredBy }) => declaredBy.some(({ kind }) => kind === 'workflow'))
    .map(({ decision }) => decision);
  return { decisions, errors: report.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule) };
}

const ref = (name: string) => `repo:octo-org/app:ref:refs/${name}`;
const environment = (name: string) => `repo:octo-org/app:environment:${name}`;

describe('a run that its event starts', () => {
  test.each([
    ['merge_group', ref('heads/gh-readonly-queue/main/*'), ref('heads/main'), 'conditional'],
    ['{workflow_run: {workflows: [CI]}}', ref('heads/main'), ref('heads/dev'), 'allowed'],
    ['{schedule: [{cron: "0 0 * * *"}]}', ref('heads/main'), 'repo:octo-org/app:pull_request', 'allowed'],
    ['{pull_request: {types: [closed]}}', 'repo:octo-org/app:pull_request', ref('heads/main'), 'allowed'],
    ['{push: {tags: ["v*", "!v*-rc*"]}}', ref('tags/v*'), ref('heads/*'), 'allowed'],
    ['{push: {branches: ["release/**"]}}', ref('heads/release/*'), ref('heads/main'), 'allowed'],
    ['{push: {branches: ["**", "!main"]}}', ref('heads/*'), ref('tags/*'), 'allowed'],
    ['{release: {types: [published]}}', ref('tags/*'), ref('heads/*'), 'allowed'],
    // GitHub documents no subject of it: either will do.
    ['{pull_request_target: {branches: [main]}}', 'repo:octo-org/app:pull_request', ref('tags/*'), 'allowed'],
  ])('%s', (on, good, bad, decision) => {
    expect(decided(on, '', [good])).toEqual({ decisions: [decision], errors: [] });
    expect(decided(on, '', [bad])).toEqual({ decisions: ['denied'], errors: ['workflow-not-trusted'] });
  });
});

describe('the environment of a job', () => {
  const MAIN = '{push: {branches: [main, dev]}}';
  test.each([
    [
      'of an expression',
      `environment: \${{ github.ref_name == 'main' && 'production' || 'dev' }}`,
      ['production', 'dev'],
    ],
    [
      'of a matrix',
      `strategy: {matrix: {region: [eu, us]}}\n    environment: {name: "\${{ matrix.region }}"}`,
      ['eu', 'us'],
    ],
    [
      'of a matrix that only includes',
      `strategy: {matrix: {include: [{e: a}, {e: b}]}}\n    environment: \${{ matrix.e }}`,
      ['a', 'b'],
    ],
    [
      'of a matrix that includes more',
      `strategy: {matrix: {e: [a], include: [{e: a, x: 1}, {e: b}]}}\n    environment: \${{ matrix.e }}`,
      ['a', 'b'],
    ],
  ])('%s', (_, job, names) => {
    const on = job.includes('matrix') ? MAIN.replace(', dev', '') : MAIN;
    const all = decided(on, job, names.map(environment));
    expect(all).toEqual({ decisions: names.map(() => 'allowed'), errors: [] });
    const one = decided(on, job, [environment(names[0] ?? '')]);
    expect(one.decisions.toSorted()).toEqual(['allowed', 'denied']);
  });
});

test('the issuer of an enterprise has the same subjects', () => {
  const enterprise = 'token.actions.octocorp.ghe.com';
  expect(decided('{push: {branches: [main]}}', '', [ref('heads/main')], enterprise)).toEqual({
    decisions: ['allowed'],
    errors: [],
  });
  expect(decided('{push: {branches: [main]}}', '', [ref('heads/dev')], enterprise)).toEqual({
    decisions: ['denied'],
    errors: ['workflow-not-trusted'],
  });
});
