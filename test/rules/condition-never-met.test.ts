import { ACCOUNTS, CONFIGURATION, json, lines, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const SAML = 'arn:aws:iam::444455556666:saml-provider/corp';
const TRUSTED = 'trusts this principal';
const GRANTS = 'grants sts:AssumeRole on this role';
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };
const web = { principal: GITHUB, role: PROD, action: 'sts:AssumeRoleWithWebIdentity' };

const grants = (condition: string) => `
  - Effect: Allow
    Action: sts:AssumeRole
    Resource: ${PROD}
${condition === '' ? '' : `    Condition: ${condition}`}`;
const deployer = (condition = '') => template(role('Deployer', { name: 'deployer', grants: grants(condition) }));
const prod = (principal: string, action: string, condition: string) =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `
- Effect: Allow
  Principal: {${principal}}
  Action: ${action}
  Condition:
${lines(condition).replace(/^/gm, '    ').trimEnd()}`,
    }),
  );
const byRole = (condition: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': deployer(),
  'prod.yaml': prod(`AWS: ${DEPLOYER}`, 'sts:AssumeRole', condition),
});
const byGithub = (condition: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': prod(`Federated: ${GITHUB}`, 'sts:AssumeRoleWithWebIdentity', condition),
});
const both = [
  ['tools.yaml', PROD, GRANTS],
  ['prod.yaml', DEPLOYER, TRUSTED],
] as const;
const byToken = [['prod.yaml', GITHUB, TRUSTED]] as const;

const bad: readonly BadCase[] = [
  {
    name: 'a date that has passed',
    documents: byRole('DateLessThan: {aws:CurrentTime: "2026-10-31T23:59:59Z"}'),
    findings: [
      {
        ...call,
        says: [
          'role/deployer cannot assume role/prod-deploy: the trust policy asks for',
          'aws:CurrentTime DateLessThan 2026-10-31T23:59:59Z, and no call can have that',
        ],
        at: ['prod.yaml', '2026-10-31T23:59:59Z'],
        related: both,
      },
    ],
  },
  {
    name: 'a wildcard under StringEquals in the subject of a token',
    documents: byGithub(`
      StringEquals:
        token.actions.githubusercontent.com:aud: sts.amazonaws.com
        token.actions.githubusercontent.com:sub: "repo:example/app:*"
    `),
    findings: [
      {
        ...web,
        says: 'asks for token.actions.githubusercontent.com:sub StringEquals repo:example/app:*, and no call can have that',
        at: ['prod.yaml', 'repo:example/app:*'],
        related: byToken,
      },
    ],
  },
  {
    name: 'a list of subjects, each with a wildcard under StringEquals, in JSON with long intrinsics',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.json': json({
        Resources: {
          ProdDeploy: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'prod-deploy',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: {
                      Federated: {
                        'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com',
                      },
                    },
                    Action: ['sts:AssumeRoleWithWebIdentity'],
                    Condition: {
                      'ForAnyValue:StringEquals': {
                        'token.actions.githubusercontent.com:sub': ['repo:example/app:*', 'repo:example/web:*'],
                      },
                    },
                  },
                ],
              },
            },
          },
        },
      }),
    },
    findings: [
      {
        ...web,
        says: 'ForAnyValue:StringEquals repo:example/app:* or repo:example/web:*',
        at: ['prod.json', '[ "repo:example/app:*", "repo:example/web:*" ]'],
        related: [
          ['prod.json', 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com', TRUSTED],
        ],
      },
    ],
  },
  {
    name: 'two operators that contradict each other, at the statement',
    documents: byGithub(`
      StringEquals: {"token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"}
      StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/app:environment:*"}
    `),
    findings: [
      {
        ...web,
        says: 'cannot assume role/prod-deploy',
        at: [
          'prod.yaml',
          `Effect: Allow Principal: {Federated: ${GITHUB}} Action: sts:AssumeRoleWithWebIdentity Condition: StringEquals: {"token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"} StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/app:environment:*"}`,
        ],
        related: byToken,
      },
    ],
  },
  {
    name: 'an external id in a call that has no such key',
    documents: byGithub('StringEquals: {sts:ExternalId: quarterly-audit}'),
    findings: [
      {
        ...web,
        says: 'asks for sts:ExternalId StringEquals quarterly-audit, and the call never has that key',
        at: ['prod.yaml', 'quarterly-audit'],
        related: byToken,
      },
    ],
  },
  {
    name: 'MFA for a role, whose sessions never have it',
    documents: byRole('Bool: {aws:MultiFactorAuthPresent: true}'),
    findings: [
      {
        ...call,
        says: 'asks for aws:MultiFactorAuthPresent Bool true',
        at: ['prod.yaml', 'aws:MultiFactorAuthPresent: «true»'],
        related: both,
      },
    ],
  },
  {
    name: 'a user’s name for a role',
    documents: byRole('StringLike: {aws:username: [anna, "ops-*"]}'),
    findings: [
      {
        ...call,
        says: 'asks for aws:username StringLike anna or ops-*, and the call never has that key',
        at: ['prod.yaml', '[anna, "ops-*"]'],
        related: both,
      },
    ],
  },
  {
    name: 'a key that no call to assume a role has, in the caller’s own policy',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': deployer('{NumericLessThanEquals: {sts:DurationSeconds: 3600}}'),
      'prod.yaml': byRole('Bool: {aws:SecureTransport: true}')['prod.yaml'],
    },
    findings: [
      {
        ...call,
        says: 'the identity policy asks for sts:DurationSeconds NumericLessThanEquals 3600',
        at: ['tools.yaml', '3600'],
        related: both,
      },
    ],
  },
  {
    name: 'the source of a service in the trust of a role',
    documents: byRole('ArnLike: {aws:SourceArn: "arn:aws:codebuild:eu-west-1:111122223333:project/*"}'),
    findings: [
      {
        ...call,
        says: 'asks for aws:SourceArn ArnLike arn:aws:codebuild:eu-west-1:111122223333:project/*',
        at: ['prod.yaml', 'arn:aws:codebuild:eu-west-1:111122223333:project/*'],
        related: both,
      },
    ],
  },
  {
    name: 'a claim that STS does not hand to policies, and a key of another provider',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prod(
        `Federated: ${GITHUB}`,
        'sts:AssumeRoleWithWebIdentity',
        'StringEquals: {"token.actions.githubusercontent.com:event_name": push}',
      ),
      'prod-saml.yaml': prod(
        `Federated: ${SAML}`,
        'sts:AssumeRoleWithSAML',
        'StringEquals: {"gitlab.com:sub": "project_path:example/app"}',
      ).replaceAll('prod-deploy', 'prod-saml'),
    },
    findings: [
      {
        ...web,
        principal: SAML,
        role: 'arn:aws:iam::444455556666:role/prod-saml',
        action: 'sts:AssumeRoleWithSAML',
        says: 'asks for gitlab.com:sub StringEquals project_path:example/app, and the call never has that key',
        at: ['prod-saml.yaml', 'project_path:example/app'],
        related: [['prod-saml.yaml', SAML, TRUSTED]],
      },
      {
        ...web,
        says: 'asks for token.actions.githubusercontent.com:event_name StringEquals push, and the call never has that key',
        at: ['prod.yaml', 'push'],
        related: byToken,
      },
    ],
  },
  {
    name: 'a session name that nobody can give, since it holds a wildcard under StringEquals',
    documents: byRole('StringEquals: {sts:RoleSessionName: "ci-*"}'),
    findings: [
      {
        ...call,
        says: 'asks for sts:RoleSessionName StringEquals ci-*, and no call can have that',
        at: ['prod.yaml', 'ci-*'],
        related: both,
      },
    ],
  },
  {
    name: 'a date that is not one',
    documents: byRole('DateLessThan: {aws:CurrentTime: "31.12.2027"}'),
    findings: [
      {
        ...call,
        says: 'asks for aws:CurrentTime DateLessThan 31.12.2027',
        at: ['prod.yaml', '31.12.2027'],
        related: both,
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a date that is still to come',
    documents: byRole('DateLessThan: {aws:CurrentTime: "2027-01-31T00:00:00Z"}'),
    decided: [[DEPLOYER, PROD, 'conditional']],
  },
  {
    name: 'a wildcard under StringLike',
    documents: byGithub('StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/app:*"}'),
    decided: [[GITHUB, PROD, 'conditional']],
  },
  {
    name: 'a wildcard under StringEquals beside a value without one',
    documents: byGithub(
      'StringEquals: {"token.actions.githubusercontent.com:sub": ["repo:example/app:*", "repo:example/app:pull_request"]}',
    ),
    decided: [[GITHUB, PROD, 'conditional']],
  },
  {
    name: 'two operators on one key that some value meets',
    documents: byGithub(`
      StringEquals: {"token.actions.githubusercontent.com:sub": "repo:example/app:environment:prod"}
      StringLike: {"token.actions.githubusercontent.com:sub": "repo:example/app:environment:*"}
    `),
    decided: [[GITHUB, PROD, 'conditional']],
  },
  {
    name: 'a key that is never there, under an operator that takes that for yes',
    documents: byRole(`
      BoolIfExists: {aws:ViaAWSService: false}
      StringNotEquals: {aws:username: anna}
      StringEqualsIfExists: {aws:SourceAccount: "999988887777"}
      Null: {aws:SourceArn: true}
    `),
    decided: [[DEPLOYER, PROD, 'conditional']],
  },
  {
    name: 'MFA for a user, who can bring it',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': template(user('Anna', { grants: grants('') })),
      'prod.yaml': prod('AWS: "111122223333"', 'sts:AssumeRole', 'Bool: {aws:MultiFactorAuthPresent: true}'),
    },
    decided: [['arn:aws:iam::111122223333:user/anna', PROD, 'conditional']],
  },
  {
    name: 'a statement without the condition beside the one that can never apply',
    documents: {
      ...byRole('StringEquals: {aws:username: anna}'),
      'prod.yaml': `${byRole('StringEquals: {aws:username: anna}')['prod.yaml']}          - Effect: Allow
            Principal: {AWS: "111122223333"}
            Action: sts:AssumeRole
`,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a property of this caller that differs: other callers may have it',
    documents: byRole('StringEquals: {aws:PrincipalAccount: "111122223399"}'),
    others: ['missing-trust'],
    decided: [[DEPLOYER, PROD, 'denied']],
  },
  {
    name: 'a value that a parameter without a default gives',
    documents: {
      ...byRole('StringEquals: {aws:PrincipalArn: !Ref Allowed}'),
      'prod.yaml': `Parameters: {Allowed: {Type: String}}\n${byRole('StringEquals: {aws:PrincipalArn: !Ref Allowed}')['prod.yaml']}`,
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
];

ruleCases('condition-never-met', { bad, good });
