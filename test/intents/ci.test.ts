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

describe('a GitLab job that stands in several places', () => {
  const trusted = trusting('gitlab.com', '{StringEquals: {"gitlab.com:aud": "aws"}}');
  const CALL =
    'aws sts assume-role-with-web-identity --role-arn $ROLE --role-session-name ci --web-identity-token $AWS_TOKEN';
  const audiences = (files: Documents) => {
    const { report } = check({ 'roles.yaml': trusted, ...files }, '--account', '111122223333');
    expect(report.diagnostics).toEqual([]);
    return report.assumptions
      .filter(({ declaredBy }) => declaredBy.some(({ kind }) => kind === 'workflow'))
      .map(({ role: arn, decision }) => [arn, decision]);
  };
  const refused = [[DEPLOY, 'denied']];
  const works = [[DEPLOY, 'allowed']];
  const open = [[DEPLOY, 'unknown']];

  const parts = {
    '.gitlab-ci.yml': lines(`
      include:
        - local: /ci/*.yml
        - project: octo-org/ci
          file: /base.yml
        - component: gitlab.com/octo-org/aws@1
      variables: {ROLE: "${DEPLOY}"}
      deploy:
        extends: .aws
        script: [make deploy]
    `),
    'ci/aws.yml': lines(`
      include: ci/tokens.yml
      .aws:
        extends: .token
        before_script:
          - ${CALL}
    `),
    'ci/tokens.yml': '.token:\n  id_tokens: {AWS_TOKEN: {aud: sts}}\n',
  };

  test('in files that it includes: the call is told where it stands', () => {
    const documents = { 'roles.yaml': trusted, ...parts };
    const { errors, diagnostics } = checked(documents);
    expect(diagnostics).toEqual([]);
    expect(errors.map(({ rule, location }) => ({ rule, location }))).toEqual([
      { rule: 'workflow-not-trusted', location: place(documents, 'roles.yaml', 'aud": "«aws»"') },
    ]);
    expect(errors[0]?.related[0]).toEqual({
      location: place(documents, 'ci/aws.yml', '--role-arn «$ROLE»'),
      message: 'the GitLab job deploy assumes it with its token',
    });
    expect(audiences({ ...parts, 'ci/tokens.yml': '.token: {id_tokens: {AWS_TOKEN: {aud: aws}}}\n' })).toEqual(works);
  });

  test('where the file that includes another one wins', () => {
    const main = `${parts['.gitlab-ci.yml']}.token: {id_tokens: {AWS_TOKEN: {aud: aws}}}\n`;
    expect(audiences({ ...parts, '.gitlab-ci.yml': main })).toEqual(works);
  });

  test('in files that include each other, or are broken', () => {
    expect(audiences({ ...parts, 'ci/tokens.yml': `include: /ci/aws.yml\n${parts['ci/tokens.yml']}` })).toEqual(
      refused,
    );
    const { report } = check({ 'roles.yaml': trusted, ...parts, 'ci/tokens.yml': '.token: {id_tokens: [role\n' });
    expect(report.diagnostics.length).toBeGreaterThan(0);
  });

  const job = (text: string, more = '') =>
    audiences({
      '.gitlab-ci.yml': `${lines(`
        variables: {ROLE: "${DEPLOY}"}
        .aws:
          id_tokens: {AWS_TOKEN: {aud: sts}}
          script:
            - ${CALL}
        .other:
          variables: {ROLE: "arn:aws:iam::111122223333:role/other"}
        deploy:
      `)}${lines(text).replace(/^(?=.)/gm, '  ')}${lines(more)}`,
    });

  test.each([
    ['by references', 'id_tokens: !reference [.aws, id_tokens]\nscript: [echo, !reference [.aws, script]]'],
    ['by a reference to one token', 'id_tokens: {AWS_TOKEN: !reference [.aws, id_tokens, AWS_TOKEN]}\nextends: .aws'],
    ['by what it extends, with a token more', 'extends: .aws\nid_tokens: {OTHER: {aud: other}}'],
    ['by an anchor', `<<: &aws {id_tokens: {AWS_TOKEN: {aud: sts}}, script: ["${CALL}"]}`],
  ])('%s', (_, text) => {
    expect(job(text)).toEqual(refused);
  });

  test('by what all jobs have by default, unless it leaves that out', () => {
    const byDefault = 'default: {id_tokens: {AWS_TOKEN: {aud: sts}}}';
    const script = `script: ["${CALL}"]`;
    expect(job(script, byDefault)).toEqual(refused);
    expect(job(`${script}\nid_tokens: {AWS_TOKEN: {aud: aws}}`, byDefault)).toEqual(works);
    expect(job(`${script}\ninherit: {default: false}`, byDefault)).toEqual(open);
  });

  test('with a role whose name is made of variables', () => {
    const own = 'variables: {ROLE: "arn:aws:iam::${ACCOUNT}:role/$NAME", ACCOUNT: "111122223333", NAME: deploy}';
    expect(job(`extends: .aws\n${own}`)).toEqual(refused);
    const circle = 'variables: {ROLE: "arn:aws:iam::111122223333:role/$A", A: "$B", B: "$A$A"}';
    expect(job(`extends: .aws\n${circle}`).filter(([arn]) => arn === DEPLOY)).toEqual([]);
  });

  test('with a role that a rule or a matrix chooses', () => {
    const elsewhere = (text: string) => job(text).filter(([arn]) => arn === DEPLOY);
    expect(elsewhere('extends: [.aws, .other]')).toEqual([]);
    expect(elsewhere('extends: .aws\nrules: [{if: $A, variables: {ROLE: x}}]')).toEqual([]);
    expect(elsewhere('extends: .aws\nparallel: {matrix: [{ROLE: [x, y]}]}')).toEqual([]);
  });

  test('with references that stand for more than anybody reads', () => {
    const wide = (of: string) => `[${Array.from({ length: 60 }, () => `!reference [${of}, script]`).join(', ')}]`;
    const bomb = Array.from({ length: 9 }, (_, index) => `.j${index}: {script: ${wide(`.j${index + 1}`)}}`).join('\n');
    expect(job('script: [!reference [.j0, script]]', `${bomb}\n.j9: {script: ["${CALL}"]}`)).toEqual(open);
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

describe('a Buildkite step', () => {
  const HOST = 'agent.buildkite.com';
  const trust = (condition: string, actions = 'sts:AssumeRoleWithWebIdentity') =>
    trusting(HOST, condition).replace('Action: sts:AssumeRoleWithWebIdentity', `Action: ${actions}`);
  const plugin = (more = '') =>
    lines(`
      env: {ROLE: "${DEPLOY}"}
      steps:
        - group: release
          steps:
            - label: deploy
              command: make deploy
              plugins:
                - aws-assume-role-with-web-identity#v1.4.0: {role-arn: $ROLE${more}}
                - docker#v5.0.0
    `);
  const script = (options: string) =>
    lines(`
      - label: deploy
        command: |
          TOKEN=$(buildkite-agent oidc request-token ${options})
          aws sts assume-role-with-web-identity --role-arn ${DEPLOY} --role-session-name ci --web-identity-token $TOKEN
    `);
  const found = (roles: string, pipeline: string) => {
    const documents = { 'roles.yaml': roles, '.buildkite/pipeline.yml': pipeline };
    const { errors, diagnostics } = checked(documents);
    expect(diagnostics).toEqual([]);
    return { documents, errors };
  };
  const ORGANIZATION = `StringLike: {"${HOST}:sub": "organization:octo-org:pipeline:app:*"}`;

  test('asks by its plugin for an audience that is not trusted', () => {
    const { documents, errors } = found(
      trust(`{StringEquals: {"${HOST}:aud": "https://buildkite.com/octo-org"}, ${ORGANIZATION}}`),
      plugin(),
    );
    expect(errors.map(({ rule, location }) => ({ rule, location }))).toEqual([
      { rule: 'workflow-not-trusted', location: place(documents, 'roles.yaml', 'https://buildkite.com/octo-org') },
    ]);
    expect(errors[0]?.related[0]).toEqual({
      location: place(documents, '.buildkite/pipeline.yml', 'role-arn: «$ROLE»'),
      message: 'the Buildkite job deploy assumes it with its token',
    });
    expect(
      found(trust(`{StringEquals: {"${HOST}:aud": sts.amazonaws.com}, ${ORGANIZATION}}`), plugin()).errors,
    ).toEqual([]);
  });

  test('passes claims of its token on as tags, which the trust policy must allow', () => {
    const tags = ', session-tags: [organization_slug]';
    expect(found(trust(`{${ORGANIZATION}}`), plugin(tags)).errors.map(({ rule }) => rule)).toEqual([
      'missing-tag-session',
    ]);
    const both = trust(`{${ORGANIZATION}}`, '[sts:AssumeRoleWithWebIdentity, sts:TagSession]');
    expect(found(both, plugin(tags)).errors).toEqual([]);
  });

  test('asks its agent for a token', () => {
    const aws = trust(`{StringEquals: {"${HOST}:aud": sts.amazonaws.com}, ${ORGANIZATION}}`);
    expect(found(aws, script('--audience aws')).errors.map(({ rule }) => rule)).toEqual(['workflow-not-trusted']);
    for (const options of ['--audience sts.amazonaws.com', '--audience "$AUDIENCE"', '--lifetime 60'])
      expect(found(aws, script(options)).errors).toEqual([]);
  });

  test('stands beside templates, which are read as such', () => {
    const roles = trust(`{${ORGANIZATION}}`);
    const { report } = check({ '.buildkite/stack.yaml': roles }, '--account', '111122223333');
    expect(report.summary.roles).toBe(1);
  });

  test('chooses its subject itself', () => {
    const byId = trust(`{StringEquals: {"${HOST}:sub": "0184990a-4782-42b5-afc1-16715b10b1b0"}}`);
    expect(found(byId, script('--subject-claim pipeline_id')).errors).toEqual([]);
    expect(found(byId, plugin()).errors.map(({ rule }) => rule)).toEqual(['workflow-not-trusted']);
  });
});

describe('a subject that no token of its issuer has', () => {
  const CIRCLE = 'oidc.circleci.com/org/11111111-2222-3333-4444-555555555555';
  const BITBUCKET = 'api.bitbucket.org/2.0/workspaces/octo/pipelines-config/identity/oidc';
  test.each([
    [
      'app.terraform.io',
      'organization:octo:workspace:prod:run_phase:*',
      'organization:octo:project:*:workspace:prod:*',
    ],
    ['app.terraform.io', 'organization:octo:project:main:workspace:prod', 'organization:octo:project:p:stack:s:*'],
    [CIRCLE, 'project/1111/user/*', 'org/*/project/1111/user/*'],
    [BITBUCKET, '1d397906-81bf-459e-9a8d-eae79c0bc5f3:*', '{1d397906-81bf-459e-9a8d-eae79c0bc5f3}*'],
  ])('%s: %s', (host, never, good) => {
    const asking = (value: string) => trusting(host, `{StringLike: {"${host}:sub": "${value}"}}`);
    const documents = { 'roles.yaml': asking(never) };
    const { errors } = checked(documents);
    expect(errors.map(({ rule, location }) => ({ rule, location }))).toEqual([
      { rule: 'condition-never-met', location: place(documents, 'roles.yaml', `sub": "«${never}»`) },
    ]);
    expect(checked({ 'roles.yaml': asking(good) }).errors).toEqual([]);
  });

  test('what a system lets its users choose is not known', () => {
    for (const host of ['agent.buildkite.com', 'git.example.com'])
      expect(checked({ 'roles.yaml': trusting(host, `{StringEquals: {"${host}:sub": "abc"}}`) }).errors).toEqual([]);
  });
});
