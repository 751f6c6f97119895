import { ACCOUNTS, CONFIGURATION, json, policy, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GRANTS = 'grants sts:AssumeRole on this role';
const TRUSTED = 'trusts this principal';

const deployer = (action: string) =>
  template(role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: ${action}, Resource: "${PROD}"}` }));
const prod = (action: string, principal = `AWS: "${DEPLOYER}"`) =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `
        - Effect: Allow
          Principal: {${principal}}
          Action: ${action}
      `,
    }),
  );
const base = { [CONFIGURATION]: ACCOUNTS };
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };

const bad: readonly BadCase[] = [
  {
    name: 'a misspelt action of a trust policy, with the denial that it causes, and mends it',
    documents: { ...base, 'tools.yaml': deployer('sts:AssumeRole'), 'prod.yaml': prod('sts:AsumeRole') },
    findings: [
      {
        ...call,
        says: [
          'there is no action sts:AsumeRole (in the trust policy of ProdDeploy): did you mean sts:AssumeRole?',
          'Because of it, role/deployer cannot assume role/prod-deploy',
        ],
        at: ['prod.yaml', 'sts:AsumeRole'],
        related: [['tools.yaml', PROD, GRANTS]],
        fix: '            Action: sts:AssumeRole',
      },
    ],
  },
  {
    name: 'a misspelt action of a grant, among others',
    documents: {
      ...base,
      'tools.yaml': deployer('[s3:ListBucket, "sts:AssumeRoles"]'),
      'prod.yaml': prod('sts:AssumeRole'),
    },
    findings: [
      {
        ...call,
        says: 'there is no action sts:AssumeRoles (in the inline policy own of Deployer): did you mean sts:AssumeRole?',
        at: ['tools.yaml', 'sts:AssumeRoles'],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
        fix: `              - {Effect: Allow, Action: [s3:ListBucket, "sts:AssumeRole"], Resource: "${PROD}"}`,
      },
    ],
  },
  {
    name: 'an action without its service',
    documents: { ...base, 'prod.yaml': prod('AssumeRole', 'Service: ec2.amazonaws.com') },
    findings: [
      {
        says: 'there is no action AssumeRole (in the trust policy of ProdDeploy): did you mean sts:AssumeRole?',
        at: ['prod.yaml', 'Action: «AssumeRole»'],
        fix: '            Action: sts:AssumeRole',
      },
    ],
  },
  {
    name: 'an action of another service that only STS has',
    documents: { ...base, 'tools.yaml': deployer('iam:AssumeRole') },
    findings: [
      {
        says: 'there is no action iam:AssumeRole (in the inline policy own of Deployer): did you mean sts:AssumeRole?',
        at: ['tools.yaml', 'iam:AssumeRole'],
      },
    ],
  },
  {
    name: 'sts:TagSessions of a JSON trust policy, which IAM Roles Anywhere needs in each call',
    documents: {
      ...base,
      'prod.json': json({
        Resources: {
          Anywhere: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'anywhere',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { Service: ['rolesanywhere.amazonaws.com'] },
                    Action: ['sts:AssumeRole', 'sts:TagSessions', 'sts:SetSourceIdentity'],
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
        says: 'there is no action sts:TagSessions (in the trust policy of Anywhere): did you mean sts:TagSession?',
        principal: 'rolesanywhere.amazonaws.com',
        role: 'arn:aws:iam::444455556666:role/anywhere',
        action: 'sts:TagSession',
        at: ['prod.json', 'sts:TagSessions'],
        related: [['prod.json', 'rolesanywhere.amazonaws.com', TRUSTED]],
        fix: '                "sts:TagSession",',
      },
    ],
  },
  {
    name: 'a misspelt Deny, in an SCP of the configuration',
    documents: {
      [CONFIGURATION]: ACCOUNTS.replace('"111122223333",', '"111122223333", scps: [scp/guard.json],'),
      'scp/guard.json': policy(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'sts:AssumRole', Resource: 'arn:aws:iam::*:role/admin' },
      ),
      'tools.yaml': deployer('sts:AssumeRole'),
      'prod.yaml': prod('sts:AssumeRole'),
    },
    findings: [
      {
        says: 'there is no action sts:AssumRole (in the SCP scp/guard.json): did you mean sts:AssumeRole?',
        at: ['scp/guard.json', 'sts:AssumRole'],
      },
    ],
  },
  {
    name: 'a bare policy document that nothing says the owner of',
    documents: {
      'iam/app-trust.json': policy({ Effect: 'Allow', Principal: { AWS: DEPLOYER }, Action: 'sts:AsumeRole' }),
    },
    findings: [
      {
        says: 'there is no action sts:AsumeRole (in the trust policy iam/app-trust.json): did you mean sts:AssumeRole?',
        at: ['iam/app-trust.json', 'sts:AsumeRole'],
        fix: '      "Action": "sts:AssumeRole"',
      },
    ],
  },
  {
    name: 'a misspelt service',
    documents: {
      ...base,
      'prod.yaml': prod('ts:AssumeRoleWithSAML', 'Federated: "arn:aws:iam::444455556666:saml-provider/corp"'),
    },
    findings: [
      {
        says: 'there is no action ts:AssumeRoleWithSAML (in the trust policy of ProdDeploy): did you mean sts:AssumeRoleWithSAML?',
        at: ['prod.yaml', 'ts:AssumeRoleWithSAML'],
      },
    ],
  },
  {
    name: 'a NotAction of a managed policy that nobody has attached, in a dump',
    documents: {
      'dump.json': json({
        UserDetailList: [],
        RoleDetailList: [],
        Policies: [
          {
            PolicyName: 'everything-else',
            Arn: 'arn:aws:iam::111122223333:policy/everything-else',
            PolicyVersionList: [
              {
                IsDefaultVersion: true,
                Document: { Statement: [{ Effect: 'Allow', NotAction: ['iam:*', 'sts:AssumeRol'], Resource: '*' }] },
              },
            ],
          },
        ],
      }),
    },
    findings: [
      {
        says: 'there is no action sts:AssumeRol (in the managed policy everything-else): did you mean sts:AssumeRole?',
        at: ['dump.json', 'sts:AssumeRol'],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'actions in any case',
    documents: { ...base, 'tools.yaml': deployer('STS:assumerole'), 'prod.yaml': prod('sts:ASSUMEROLE') },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'patterns, also those that cover nothing of STS',
    documents: {
      ...base,
      'tools.yaml': deployer('["sts:Assume*", "sts:?agSession", "sts:Asume*", "*"]'),
      'prod.yaml': prod('["sts:*", "sts:AssumeRole"]'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'other actions of STS',
    documents: {
      ...base,
      'tools.yaml': deployer(
        '[sts:AssumeRole, sts:AssumeRoot, sts:GetCallerIdentity, sts:DecodeAuthorizationMessage, sts:GetWebIdentityToken, sts:SetContext]',
      ),
      'prod.yaml': prod('[sts:AssumeRole, sts:TagSession]'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'actions of services with a like name',
    documents: {
      ...base,
      'tools.yaml': deployer(
        '[sts:AssumeRole, "sns:TagResource", "sqs:TagQueue", "ses:SetIdentityNotificationTopic", "iam:PassRole", "states:StartExecution", "ssm:StartSession", "sso:TagResource"]',
      ),
      'prod.yaml': prod('sts:AssumeRole'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'an action that a parameter without a value gives',
    documents: {
      ...base,
      'tools.yaml': `Parameters: {Action: {Type: String}}\n${deployer('[!Ref Action, !Sub "sts:${Action}"]')}`,
      'prod.yaml': prod('sts:AssumeRole'),
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
];

ruleCases('unknown-action', { bad, good });
