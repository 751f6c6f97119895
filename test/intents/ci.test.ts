import { describe, expect, test } from 'vitest';
import { check, type Documents, lines, place, role, template } from '../support/documents.ts';

const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';
const provider = (host: string) => `arn:aws:iam::111122223333:oidc-provider/${host}`;
const trusting = (host: string, condition: string) =>
  template(
    role('Deploy', {
      name: 'deploy',
      trust: `
        - Effect: Allow
          Principal: {Federated: "${provider(host)}"}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: ${condition}
      `,
    }),
  );
const checked = (documents: Documents) => {
  const { report } = check(documents, '--account', '111122223333');
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  return { ...report, errors };
};

describe('a GitLab job', () => {
  const gitlab = (audience: string) =>
    lines(`
      variables: {ROLE: "${DEPLOY}"}
      .aws:
        id_tokens: {AWS_TOKEN: {aud: "${audience}"}}
        before_script:
          - >
            aws sts assume-role-with-web-identity --role-arn $ROLE
            --role-session-name ci --web-identity-token $AWS_TOKEN
      deploy:
        extends: .aws
        script: [!reference [.steps, script], make deploy]
      lint: {script: [make lint]}
    `);
  const trusted = trusting(
    'gitlab.com',
    '{StringEquals: {"gitlab.com:aud": "https://gitlab.com"}, StringLike: {"gitlab.com:sub": "project_path:octo-org/app:*"}}',
  );

  test('asks for another audience than the trust policy', () => {
    const documents = { 'roles.yaml': trusted, '.gitlab-ci.yml': gitlab('sts.amazonaws.com') };
    const { errors, diagnostics } = checked(documents);
    expect(diagnostics).toEqual([]);
    expect(errors.map(({ rule, location }) => ({ rule, location }))).toEqual([
      { rule: 'workflow-not-trusted', location: place(documents, 'roles.yaml', '«https://gitlab.com»') },
    ]);
    expect(errors[0]?.related[0]).toEqual({
      location: place(documents, '.gitlab-ci.yml', '--role-arn «$ROLE»'),
      message: 'the GitLab job deploy assumes it with its token',
    });
  });

  test('whose project nobody knows', () => {
    const { errors, assumptions } = checked({ 'roles.yaml': trusted, '.gitlab-ci.yml': gitlab('https://gitlab.com') });
    expect(errors).toEqual([]);
    expect(assumptions.map(({ role: arn, decision }) => [arn, decision])).toEqual([[DEPLOY, 'unknown']]);
  });

  test('by the variables of its environment, at a host of its own', () => {
    const { errors } = checked({
      'roles.yaml': trusting('git.example.com', '{StringEquals: {"git.example.com:aud": "sts.amazonaws.com"}}'),
      '.gitlab-ci.yml': lines(`
        deploy:
          id_tokens: {TOKEN: {aud: aws}}
          variables: {AWS_ROLE_ARN: "${DEPLOY}"}
          script:
            - echo $TOKEN > token && export AWS_WEB_IDENTITY_TOKEN_FILE=token
            - aws s3 ls
      `),
    });
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('and the call has aws')]);
  });
});

describe('a CircleCI job', () => {
  const circle = lines(`
    version: 2.1
    jobs:
      deploy:
        docker: [{image: cimg/base}]
        steps:
          - checkout
          - aws-cli/setup: {role_arn: "${DEPLOY}", region: eu-west-1}
  `);
  const ORGANIZATION = 'oidc.circleci.com/org/11111111-2222-3333-4444-555555555555';

  test('with a role that trusts another system', () => {
    const documents = {
      'roles.yaml': trusting('app.terraform.io', '{StringLike: {"app.terraform.io:sub": "organization:octo:*"}}'),
      '.circleci/config.yml': circle,
    };
    const { errors } = checked(documents);
    expect(errors.map(({ rule }) => rule)).toEqual(['workflow-not-trusted']);
    expect(errors[0]?.related).toContainEqual({
      location: place(documents, '.circleci/config.yml', DEPLOY),
      message: 'the CircleCI job deploy assumes it with its token',
    });
  });

  test('with a role that trusts an organization there', () => {
    const condition = `{StringLike: {"${ORGANIZATION}:sub": "org/11111111-2222-3333-4444-555555555555/project/*"}}`;
    const { errors } = checked({ 'roles.yaml': trusting(ORGANIZATION, condition), '.circleci/config.yml': circle });
    expect(errors).toEqual([]);
  });
});

describe('a Bitbucket step', () => {
  const bitbucket = (oidc: string) =>
    lines(`
      pipelines:
        default:
          - step:
              name: deploy
              ${oidc}
              script:
                - pipe: atlassian/aws-s3-deploy:1.6.0
                  variables: {AWS_OIDC_ROLE_ARN: "${DEPLOY}"}
    `);
  const other = trusting('app.terraform.io', '{StringLike: {"app.terraform.io:sub": "organization:octo:*"}}');

  test('with a role that trusts another system', () => {
    const { errors } = checked({ 'roles.yaml': other, 'bitbucket-pipelines.yml': bitbucket('oidc: true') });
    expect(errors.map(({ rule }) => rule)).toEqual(['workflow-not-trusted']);
  });

  test('without a token of its own', () => {
    const { errors } = checked({ 'roles.yaml': other, 'bitbucket-pipelines.yml': bitbucket('size: 2x') });
    expect(errors).toEqual([]);
  });
});
