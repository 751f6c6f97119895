import { expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, check, json, policy, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const ANNA = 'arn:aws:iam::111122223333:user/anna';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const TRUSTED = 'trusts this principal';
const GRANTS = 'grants sts:AssumeRole on this role';
const GRANT = `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}`;
const TRUST = `- {Effect: Allow, Principal: {AWS: ["${DEPLOYER}", "${ANNA}"]}, Action: sts:AssumeRole}`;
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };
const both = [
  ['tools.yaml', PROD, GRANTS],
  ['prod.yaml', DEPLOYER, TRUSTED],
] as const;

const deployer = (denies = '', more?: string) =>
  template(
    role('Deployer', { name: 'deployer', grants: `${GRANT}\n${denies}`, ...(more === undefined ? {} : { more }) }),
  );
const prod = (denies = '') =>
  template(role('ProdDeploy', { name: 'prod-deploy', trust: `${TRUST.replace(`, "${ANNA}"`, '')}\n${denies}` }));
const documents = { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': deployer(), 'prod.yaml': prod() };
const withAccount = (account: string, settings: string) =>
  ACCOUNTS.replace(`id: "${account}",`, `id: "${account}", ${settings},`);

const annaInGroup = (deny: string) =>
  template(
    user('Anna', { grants: GRANT, more: 'Groups: [!Ref Contractors]' }),
    `
    Contractors:
      Type: AWS::IAM::Group
      Properties:
        GroupName: contractors
    `,
    `
    NoAssuming:
      Type: AWS::IAM::ManagedPolicy
      Properties:
        Groups: [!Ref Contractors]
        PolicyDocument:
          Version: "2012-10-17"
          Statement:
            ${deny}
    `,
  );

const bad: readonly BadCase[] = [
  {
    name: 'a Deny in the trust policy that names the caller',
    documents: {
      ...documents,
      'prod.yaml': prod('- {Effect: Deny, Principal: {AWS: "111122223333"}, Action: "sts:*"}'),
    },
    findings: [
      {
        ...call,
        says: 'role/deployer cannot assume role/prod-deploy: the trust policy denies',
        at: ['prod.yaml', '{Effect: Deny, Principal: {AWS: "111122223333"}, Action: "sts:*"}'],
        related: both,
      },
    ],
  },
  {
    name: 'a Deny with NotResource beside the grant',
    documents: {
      ...documents,
      'tools.yaml': deployer(
        '- {Effect: Deny, Action: [sts:AssumeRole], NotResource: "arn:aws:iam::111122223333:role/*"}',
      ),
    },
    findings: [
      {
        ...call,
        says: 'the inline policy own of Deployer denies',
        at: ['tools.yaml', '{Effect: Deny, Action: [sts:AssumeRole], NotResource: "arn:aws:iam::111122223333:role/*"}'],
        related: both,
      },
    ],
  },
  {
    name: 'a Deny with NotAction, attached from outside by AWS::IAM::Policy',
    documents: {
      ...documents,
      'tools-guard.yaml': template(`
        Guard:
          Type: AWS::IAM::Policy
          Properties:
            PolicyName: guard
            Roles: [deployer]
            PolicyDocument:
              Version: "2012-10-17"
              Statement: {Effect: Deny, NotAction: ["s3:*", "ssm:*"], Resource: "*"}
      `),
    },
    findings: [
      {
        ...call,
        says: 'the policy Guard denies',
        at: ['tools-guard.yaml', '{Effect: Deny, NotAction: ["s3:*", "ssm:*"], Resource: "*"}'],
        related: both,
      },
    ],
  },
  {
    name: 'a Deny through a group, by a managed policy that is attached to it',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': annaInGroup('- {Effect: Deny, Action: sts:Assume*, Resource: "*"}'),
      'prod.yaml': prod().replace(DEPLOYER, ANNA),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'user/anna cannot assume role/prod-deploy: the managed policy NoAssuming denies',
        at: ['tools.yaml', '{Effect: Deny, Action: sts:Assume*, Resource: "*"}'],
        related: [
          ['tools.yaml', PROD, GRANTS],
          ['prod.yaml', ANNA, TRUSTED],
        ],
      },
    ],
  },
  {
    name: 'a Deny in the permissions boundary',
    documents: {
      ...documents,
      'tools.yaml': `${deployer('', 'PermissionsBoundary: !Ref Edge')}${template(`
        Edge:
          Type: AWS::IAM::ManagedPolicy
          Properties:
            PolicyDocument:
              Version: "2012-10-17"
              Statement:
                - {Effect: Allow, Action: "*", Resource: "*"}
                - {Effect: Deny, Action: sts:AssumeRole, Resource: "arn:aws:iam::*:role/prod-*"}
      `)
        .split('Resources:\n')
        .at(1)}`,
    },
    findings: [
      {
        ...call,
        says: 'the managed policy Edge denies',
        at: ['tools.yaml', '{Effect: Deny, Action: sts:AssumeRole, Resource: "arn:aws:iam::*:role/prod-*"}'],
        related: both,
      },
    ],
  },
  {
    name: 'a Deny in an SCP above the caller’s account',
    documents: {
      ...documents,
      [CONFIGURATION]: withAccount('111122223333', 'scps: [["scp/full.json", "scp/guard.json"]]'),
      'scp/full.json': policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
      'scp/guard.json':
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}]}',
    },
    findings: [
      {
        ...call,
        says: 'the SCP scp/guard.json denies',
        at: ['scp/guard.json', '{"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}'],
        related: both,
      },
    ],
  },
  {
    name: 'the AWS managed policy AWSDenyAll, which has no text among the documents',
    documents: {
      ...documents,
      'tools.yaml': deployer('', 'ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSDenyAll"]'),
    },
    findings: [
      { ...call, says: 'AWSDenyAll', at: ['tools.yaml', 'arn:aws:iam::aws:policy/AWSDenyAll'], related: both },
    ],
  },
  {
    name: 'a Deny in a dump, for a user of it',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prod().replace(DEPLOYER, ANNA),
      'dump.json': json({
        UserDetailList: [
          {
            UserName: 'anna',
            Arn: ANNA,
            GroupList: ['admins'],
            UserPolicyList: [
              {
                PolicyName: 'locked',
                PolicyDocument: { Statement: [{ Effect: 'Deny', Action: ['sts:*'], Resource: ['*'] }] },
              },
            ],
          },
        ],
        GroupDetailList: [
          {
            GroupName: 'admins',
            Arn: 'arn:aws:iam::111122223333:group/admins',
            AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
          },
        ],
        RoleDetailList: [],
        Policies: [],
      }),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'the inline policy locked of anna denies',
        at: ['dump.json', '{ "Effect": "Deny", "Action": [ "sts:*" ], "Resource": [ "*" ] }'],
        related: [['prod.yaml', ANNA, TRUSTED]],
      },
    ],
  },
  {
    name: 'a Deny for callers without a tag that this user lacks',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': annaInGroup(
        '- {Effect: Deny, Action: "sts:*", Resource: "*", Condition: {StringNotEquals: {"aws:PrincipalTag/cleared": "yes"}}}',
      ),
      'prod.yaml': prod().replace(DEPLOYER, ANNA),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'denies',
        at: [
          'tools.yaml',
          '{Effect: Deny, Action: "sts:*", Resource: "*", Condition: {StringNotEquals: {"aws:PrincipalTag/cleared": "yes"}}}',
        ],
        related: [
          ['tools.yaml', PROD, GRANTS],
          ['prod.yaml', ANNA, TRUSTED],
        ],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a Deny on another role, or of another action',
    documents: {
      ...documents,
      'tools.yaml': deployer(`
- {Effect: Deny, Action: sts:AssumeRole, Resource: "arn:aws:iam::444455556666:role/admin-*"}
- {Effect: Deny, Action: sts:AssumeRoleWithSAML, Resource: "*"}
- {Effect: Deny, NotAction: "sts:*", Resource: "*"}
      `),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a Deny for another principal',
    documents: {
      ...documents,
      'prod.yaml': prod('- {Effect: Deny, Principal: {AWS: "arn:aws:iam::111122223333:role/intern"}, Action: "sts:*"}'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a Deny for callers without MFA: a user can bring it',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': annaInGroup(
        '- {Effect: Deny, Action: "sts:*", Resource: "*", Condition: {BoolIfExists: {"aws:MultiFactorAuthPresent": "false"}}}',
      ),
      'prod.yaml': prod().replace(DEPLOYER, ANNA),
    },
    decided: [[ANNA, PROD, 'conditional']],
  },
  {
    name: 'a Deny in a group that the user is not in',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': annaInGroup('- {Effect: Deny, Action: "*", Resource: "*"}').replace(
        'Groups: [!Ref Contractors]\n  Contractors',
        'Path: /\n  Contractors',
      ),
      'prod.yaml': prod().replace(DEPLOYER, ANNA),
    },
    decided: [[ANNA, PROD, 'allowed']],
  },
  {
    name: 'an SCP above the management account, which does not apply there',
    documents: {
      ...documents,
      [CONFIGURATION]: withAccount('111122223333', 'management: true, scps: [scp/guard.json]'),
      'scp/guard.json': policy({ Effect: 'Deny', Action: '*', Resource: '*' }),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a Deny whose resource a parameter gives',
    documents: {
      ...documents,
      'tools.yaml': `Parameters: {Locked: {Type: String}}\n${deployer(
        '- {Effect: Deny, Action: "sts:*", Resource: !Ref Locked}',
      )}`,
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a resource whose condition switches the Deny off',
    documents: {
      ...documents,
      'tools.yaml': `Conditions: {Locked: !Equals [a, b]}\n${deployer(
        '- !If [Locked, {Effect: Deny, Action: "sts:*", Resource: "*"}, !Ref AWS::NoValue]',
      )}`,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
];

ruleCases('explicit-deny', { bad, good });

test('the message names the policy once', () => {
  const { report } = check({ ...documents, 'tools.yaml': deployer('- {Effect: Deny, Action: "*", Resource: "*"}') });
  expect(report.findings.map(({ message }) => message.split('inline policy own').length - 1)).toEqual([1]);
});
