import { role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const GITHUB = 'token.actions.githubusercontent.com';
const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';
const options = ['--account', '111122223333'];

const provider = (issuer: string) =>
  issuer.includes('.amazonaws.com') || issuer === 'accounts.google.com'
    ? issuer
    : `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const trusting = (issuer: string, condition: string, more = '') => ({
  'roles.yaml': template(
    role('Deploy', {
      name: 'deploy',
      trust: `
        - Effect: Allow
          Principal: {Federated: "${provider(issuer)}"}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: ${condition}
        ${more}
      `,
    }),
  ),
});
const github = (condition: string, more = '') => trusting(GITHUB, condition, more);
const sub = (operator: string, value: string, issuer = GITHUB) => `{${operator}: {"${issuer}:sub": ${value}}}`;

const bad: readonly BadCase[] = [
  {
    name: 'a trust in GitHub that asks for the audience alone',
    options,
    documents: github(`{StringEquals: {"${GITHUB}:aud": sts.amazonaws.com}}`),
    findings: [
      {
        says: ['admits every tenant of GitHub Actions', `no condition asks for ${GITHUB}:sub`, 'IAM refuses'],
        at: ['roles.yaml', provider(GITHUB)],
      },
    ],
  },
  ...[
    ['any repository', '"repo:*"'],
    ['anything', '"*"'],
    ['organizations whose name starts alike', '"repo:octo-org*"'],
    ['an organization behind a wildcard', '"repo:*/app:ref:refs/heads/main"'],
    ['a repository in whoever’s organization', '"*octo-org/app:*"'],
  ].map(
    ([name = '', value = '']): BadCase => ({
      name,
      options,
      documents: github(sub('StringLike', value)),
      findings: [
        {
          says: `${GITHUB}:sub may be ${value.slice(1, -1)}, which names none of them`,
          at: ['roles.yaml', value.slice(1, -1)],
        },
      ],
    }),
  ),
  {
    name: 'the one open value of a list',
    options,
    documents: github(sub('StringLike', '["repo:octo-org/app:*", "repo:*:environment:prod"]')),
    findings: [{ says: 'may be repo:*:environment:prod', at: ['roles.yaml', 'repo:*:environment:prod'] }],
  },
  {
    name: 'ForAllValues, as a warning: it also holds for a token without the claim',
    options,
    documents: github(sub("'ForAllValues:StringLike'", '"repo:octo-org/app:*"')),
    findings: [
      {
        severity: 'warning',
        says: 'ForAllValues:StringLike also holds for a token without',
        at: ['roles.yaml', `${GITHUB}:sub`],
      },
    ],
  },
  {
    name: 'IfExists, likewise',
    options,
    documents: github(sub('StringLikeIfExists', '"repo:octo-org/app:*"')),
    findings: [{ severity: 'warning', says: 'StringLikeIfExists also holds', at: ['roles.yaml', `${GITHUB}:sub`] }],
  },
  {
    name: 'a key that GitHub’s tokens do not have, under an operator that passes without it',
    options,
    documents: github(`{StringLikeIfExists: {"${GITHUB}:subject": "repo:octo-org/app:*"}}`),
    findings: [{ says: `no condition asks for ${GITHUB}:sub`, at: ['roles.yaml', provider(GITHUB)] }],
  },
  {
    name: 'what is not trusted, which leaves all others',
    options,
    documents: github(sub('StringNotLike', '"repo:acme/*"')),
    findings: [{ says: `no condition asks for ${GITHUB}:sub`, at: ['roles.yaml', provider(GITHUB)] }],
  },
  {
    name: 'GitLab.com by its audience alone',
    options,
    documents: trusting('gitlab.com', '{StringEquals: {"gitlab.com:aud": "https://gitlab.com"}}'),
    findings: [{ says: 'every tenant of GitLab.com', at: ['roles.yaml', 'https://gitlab.com'] }],
  },
  {
    name: 'any organization of HCP Terraform',
    options,
    documents: trusting('app.terraform.io', sub('StringLike', '"organization:*:workspace:prod:*"', 'app.terraform.io')),
    findings: [{ says: 'every tenant of HCP Terraform', at: ['roles.yaml', 'organization:*:workspace:prod:*'] }],
  },
  {
    name: 'any organization of Buildkite, by its audience alone',
    options,
    documents: trusting('agent.buildkite.com', '{StringEquals: {"agent.buildkite.com:aud": sts.amazonaws.com}}'),
    findings: [
      {
        says: ['every tenant of Buildkite', 'no condition asks for agent.buildkite.com:sub'],
        at: ['roles.yaml', provider('agent.buildkite.com')],
      },
    ],
  },
  {
    name: 'organizations of Buildkite whose name starts alike',
    options,
    documents: trusting('agent.buildkite.com', sub('StringLike', '"organization:octo*"', 'agent.buildkite.com')),
    findings: [{ says: 'every tenant of Buildkite', at: ['roles.yaml', 'organization:octo*'] }],
  },
  {
    name: 'any identity pool of Cognito',
    options,
    documents: trusting(
      'cognito-identity.amazonaws.com',
      '{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": authenticated}}',
    ),
    findings: [
      {
        says: 'no condition asks for cognito-identity.amazonaws.com:aud',
        at: ['roles.yaml', 'Federated: "«cognito-identity.amazonaws.com»"'],
      },
    ],
  },
];

const decided = (issuer: string) => [[provider(issuer), DEPLOY, 'conditional']] as const;
const good: readonly GoodCase[] = [
  ...[
    ['one repository', '"repo:octo-org/app:*"'],
    ['one organization', '"repo:octo-org/*"'],
    ['one repository by its ids', '"repo:octo-org@123456/app@456789:*"'],
    ['one owner of a customized subject', '"repository_owner:octo-org:*"'],
  ].map(
    ([name = '', value = '']): GoodCase => ({
      name,
      options,
      documents: github(sub('StringLike', value)),
      decided: decided(GITHUB),
    }),
  ),
  {
    name: 'an open subject beside the owner’s id',
    options,
    documents: github(
      `{StringLike: {"${GITHUB}:sub": "repo:*:ref:refs/heads/main"}, StringEquals: {"${GITHUB}:repository_owner_id": "123456"}}`,
    ),
    decided: decided(GITHUB),
  },
  {
    name: 'what a Deny takes away again',
    options,
    documents: github(
      `{StringEquals: {"${GITHUB}:aud": sts.amazonaws.com}}`,
      `- Effect: Deny
          Principal: {Federated: "${provider(GITHUB)}"}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {StringNotLike: {"${GITHUB}:sub": "repo:octo-org/*"}}`,
    ),
    decided: decided(GITHUB),
  },
  {
    name: 'the issuer of one’s own cluster or organization',
    options,
    documents: trusting(
      'oidc.circleci.com/org/0d1e2f3a',
      '{StringEquals: {"oidc.circleci.com/org/0d1e2f3a:aud": "0d1e2f3a"}}',
    ),
    decided: decided('oidc.circleci.com/org/0d1e2f3a'),
  },
  ...(
    [
      ['a pipeline of Buildkite', 'agent.buildkite.com', 'organization:octo-org:pipeline:app:*'],
      ['a workspace of HCP Terraform', 'app.terraform.io', 'organization:octo-org:project:*:workspace:prod:*'],
      [
        'a repository of Bitbucket',
        'api.bitbucket.org/2.0/workspaces/octo/pipelines-config/identity/oidc',
        '{1d397906-81bf-459e-9a8d-eae79c0bc5f3}:*',
      ],
    ] as const
  ).map(
    ([name, issuer, value]): GoodCase => ({
      name,
      options,
      documents: trusting(issuer, sub('StringLike', `"${value}"`, issuer)),
      decided: decided(issuer),
    }),
  ),
  {
    name: 'a pipeline of Buildkite by its id',
    options,
    documents: trusting('agent.buildkite.com', '{StringEquals: {"agent.buildkite.com:pipeline_id": "0184990a"}}'),
    decided: decided('agent.buildkite.com'),
  },
  {
    name: 'a group of GitLab.com',
    options,
    documents: trusting(
      'gitlab.com',
      sub('StringLike', '"project_path:octo-group/app:ref_type:branch:ref:*"', 'gitlab.com'),
    ),
    decided: decided('gitlab.com'),
  },
];

ruleCases('oidc-subject-not-restricted', { bad, good });
