import { expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, check, json, lines, policy, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const DEPLOYMENT = 'arn:aws:iam::111122223333:role/deployment';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GRANTS = 'grants sts:AssumeRole on this role';
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };

const deployer = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}` }),
);
const base = { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': deployer };
const granted = [['tools.yaml', PROD, GRANTS]] as const;
const prod = (trust: string, more?: string) =>
  template(role('ProdDeploy', { name: 'prod-deploy', trust, ...(more === undefined ? {} : { more }) }));
const allowing = (principal: string, rest = '') =>
  prod(`- {Effect: Allow, Principal: {${principal}}, Action: sts:AssumeRole${rest}}`);

const generatedNames = json({
  Resources: {
    Agent: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'assume',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: { 'Fn::GetAtt': ['Target', 'Arn'] } }],
            },
          },
        ],
      },
    },
    Runner: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
    Target: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::GetAtt': 'Runner.Arn' } },
            Action: 'sts:AssumeRole',
          },
        },
      },
    },
  },
});

const bad: readonly BadCase[] = [
  {
    name: 'a trust policy that names a role of a like name, and mends it',
    documents: {
      ...base,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal:
            AWS: ${DEPLOYMENT}
          Action: sts:AssumeRole
      `),
    },
    findings: [
      {
        ...call,
        says: `role/deployer cannot assume role/prod-deploy: the trust policy names ${DEPLOYMENT}`,
        at: ['prod.yaml', DEPLOYMENT],
        related: granted,
        fix: `              AWS: ${DEPLOYER}`,
      },
    ],
  },
  {
    name: 'a list of others, and adds the caller to it',
    documents: {
      ...base,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal:
            AWS:
              - arn:aws:iam::111122223333:role/nightly-backup
              - arn:aws:iam::111122223333:user/breakglass
          Action: sts:AssumeRole
      `),
    },
    findings: [
      {
        ...call,
        says: 'names arn:aws:iam::111122223333:role/nightly-backup, arn:aws:iam::111122223333:user/breakglass',
        at: [
          'prod.yaml',
          'AWS: - arn:aws:iam::111122223333:role/nightly-backup - arn:aws:iam::111122223333:user/breakglass',
        ],
        related: granted,
        fix: `                - arn:aws:iam::111122223333:user/breakglass\n                - ${DEPLOYER}`,
      },
    ],
  },
  {
    name: 'another account than the caller’s',
    documents: { ...base, 'prod.yaml': allowing('AWS: "111122223334"') },
    findings: [
      {
        ...call,
        says: 'the trust policy names 111122223334',
        at: ['prod.yaml', 'Principal: «{AWS: "111122223334"}»'],
        related: granted,
      },
    ],
  },
  {
    name: 'a name in another case',
    documents: { ...base, 'prod.yaml': allowing('AWS: "arn:aws:iam::111122223333:role/Deployer"') },
    findings: [
      {
        ...call,
        says: 'names arn:aws:iam::111122223333:role/Deployer',
        at: ['prod.yaml', 'arn:aws:iam::111122223333:role/Deployer'],
        related: granted,
        fix: `          - {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
      },
    ],
  },
  {
    name: 'an ARN without the path of the caller',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': deployer.replace('RoleName: deployer\n', 'RoleName: deployer\n      Path: /ci/\n'),
      'prod.yaml': allowing(`AWS: ${DEPLOYER}`),
    },
    findings: [
      {
        ...call,
        principal: 'arn:aws:iam::111122223333:role/ci/deployer',
        says: ['role/ci/deployer cannot assume role/prod-deploy', `names ${DEPLOYER}`],
        at: ['prod.yaml', DEPLOYER],
        related: granted,
        fix: '          - {Effect: Allow, Principal: {AWS: arn:aws:iam::111122223333:role/ci/deployer}, Action: sts:AssumeRole}',
      },
    ],
  },
  {
    name: 'another resource of the template, in JSON, both names generated',
    documents: { 'stack.json': generatedNames },
    options: ['--account', '111122223333'],
    findings: [
      {
        principal: 'arn:aws:iam::111122223333:role/${Agent}',
        role: 'arn:aws:iam::111122223333:role/${Target}',
        action: 'sts:AssumeRole',
        says: 'role/${Agent} cannot assume role/${Target}: the trust policy names arn:aws:iam::111122223333:role/${Runner}',
        at: ['stack.json', '"AWS": «{ "Fn::GetAtt": "Runner.Arn" }»'],
        related: [['stack.json', '"Resource": «{ "Fn::GetAtt": [ "Target", "Arn" ] }»', GRANTS]],
      },
    ],
  },
  {
    name: 'another resource of the template, in JSON, both names generated, in an account that nothing names',
    documents: { 'stack.json': generatedNames },
    findings: [
      {
        principal: 'arn:aws:iam::${AWS::AccountId}:role/${Agent}',
        role: 'arn:aws:iam::${AWS::AccountId}:role/${Target}',
        action: 'sts:AssumeRole',
        says: 'role/${Agent} cannot assume role/${Target}: the trust policy names arn:aws:iam::${AWS::AccountId}:role/${Runner}',
        at: ['stack.json', '"AWS": «{ "Fn::GetAtt": "Runner.Arn" }»'],
        related: [['stack.json', '"Resource": «{ "Fn::GetAtt": [ "Target", "Arn" ] }»', GRANTS]],
      },
    ],
  },
  {
    name: 'a service alone',
    documents: { ...base, 'prod.yaml': allowing('Service: [lambda.amazonaws.com, ec2.amazonaws.com]') },
    findings: [
      {
        ...call,
        says: 'names lambda.amazonaws.com, ec2.amazonaws.com',
        at: ['prod.yaml', '{Service: [lambda.amazonaws.com, ec2.amazonaws.com]}'],
        related: granted,
        fix: `          - {Effect: Allow, Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com], AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
      },
    ],
  },
  {
    name: 'a trust policy that only denies',
    documents: {
      ...base,
      'prod.yaml': prod('- {Effect: Deny, Principal: {AWS: "111122223399"}, Action: sts:AssumeRole}'),
    },
    findings: [
      {
        ...call,
        says: 'the trust policy has no statement that names the caller',
        at: [
          'prod.yaml',
          'Version: "2012-10-17" Statement: - {Effect: Deny, Principal: {AWS: "111122223399"}, Action: sts:AssumeRole}',
        ],
        related: granted,
      },
    ],
  },
  {
    name: 'an account narrowed to another role by aws:PrincipalArn',
    documents: {
      ...base,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal: {AWS: "arn:aws:iam::111122223333:root"}
          Action: sts:AssumeRole
          Condition:
            ArnLike:
              aws:PrincipalArn: arn:aws:iam::111122223333:role/ci/*
      `),
    },
    findings: [
      {
        ...call,
        says: `asks for aws:PrincipalArn ArnLike arn:aws:iam::111122223333:role/ci/*, and the call has ${DEPLOYER}`,
        at: ['prod.yaml', 'arn:aws:iam::111122223333:role/ci/*'],
        related: granted,
      },
    ],
  },
  {
    name: 'an organization that the caller’s account is not in',
    documents: {
      ...base,
      [CONFIGURATION]: ACCOUNTS.replace('"111122223333",', '"111122223333", organization: o-exampleorgid,'),
      'prod.yaml': allowing('AWS: "*"', ', Condition: {StringEquals: {aws:PrincipalOrgID: o-otherorgid}}'),
    },
    findings: [
      {
        ...call,
        says: 'asks for aws:PrincipalOrgID StringEquals o-otherorgid, and the call has o-exampleorgid',
        at: ['prod.yaml', 'o-otherorgid'],
        related: granted,
      },
    ],
  },
  {
    name: 'a role of a dump, whose document is URL-encoded as the API gives it',
    documents: {
      ...base,
      'dump.json': json({
        UserDetailList: [],
        RoleDetailList: [
          {
            Path: '/',
            RoleName: 'prod-deploy',
            RoleId: 'AROAEXAMPLEROLEID1234',
            Arn: PROD,
            AssumeRolePolicyDocument: encodeURIComponent(
              policy({ Effect: 'Allow', Principal: { AWS: DEPLOYMENT }, Action: 'sts:AssumeRole' }),
            ),
            RolePolicyList: [],
            AttachedManagedPolicies: [],
          },
        ],
      }),
    },
    findings: [
      {
        ...call,
        says: `names ${DEPLOYMENT}`,
        at: [
          'dump.json',
          encodeURIComponent(policy({ Effect: 'Allow', Principal: { AWS: DEPLOYMENT }, Action: 'sts:AssumeRole' })),
        ],
        related: granted,
      },
    ],
  },
  {
    name: 'a bare policy document whose owner the configuration names',
    documents: {
      'tools.yaml': deployer,
      [CONFIGURATION]: `${ACCOUNTS}${lines(`
        documents:
          - {path: "iam/{name}/trust.json", as: trust, of: "arn:aws:iam::444455556666:role/{name}"}
      `)}`,
      'iam/prod-deploy/trust.json': policy({
        Effect: 'Allow',
        Principal: { AWS: [DEPLOYMENT] },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      }),
    },
    findings: [
      {
        ...call,
        says: `names ${DEPLOYMENT}`,
        at: ['iam/prod-deploy/trust.json', DEPLOYMENT],
        related: granted,
        fix: `          "${DEPLOYER}"`,
      },
    ],
  },
  {
    name: 'a role that is granted itself, but does not trust itself',
    documents: {
      'stack.yaml': template(
        role('Worker', {
          name: 'worker',
          grants:
            '- {Effect: Allow, Action: sts:AssumeRole, Resource: !Sub "arn:aws:iam::${AWS::AccountId}:role/worker"}',
        }),
      ),
    },
    options: ['--account', '111122223333'],
    findings: [
      {
        principal: 'arn:aws:iam::111122223333:role/worker',
        role: 'arn:aws:iam::111122223333:role/worker',
        action: 'sts:AssumeRole',
        says: 'role/worker cannot assume role/worker: the trust policy names ec2.amazonaws.com',
        at: ['stack.yaml', '{Service: ec2.amazonaws.com}'],
        related: [['stack.yaml', 'arn:aws:iam::${AWS::AccountId}:role/worker', GRANTS]],
      },
    ],
  },
  {
    name: 'a long list of others: they are counted, and the nearest is named',
    documents: {
      ...base,
      'prod.yaml': allowing(
        `AWS: [${['audit', 'backup', 'deploy', 'reader'].map((name) => `arn:aws:iam::111122223333:role/${name}`)}]`,
      ),
    },
    findings: [
      {
        ...call,
        says: `the trust policy names 4 principals, none of them ${DEPLOYER}; the nearest is arn:aws:iam::111122223333:role/deploy`,
        at: ['prod.yaml', 'arn:aws:iam::111122223333:role/deploy'],
        related: granted,
      },
    ],
  },
  {
    name: 'two callers that the same trust policy leaves out, each on its own',
    documents: {
      ...base,
      'tools-more.yaml': template(
        user('Anna', { grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
      ),
      'prod.yaml': allowing('AWS: arn:aws:iam::111122223333:role/nightly-backup'),
    },
    findings: [
      {
        ...call,
        says: 'role/deployer cannot assume role/prod-deploy',
        at: ['prod.yaml', '{AWS: arn:aws:iam::111122223333:role/nightly-backup}'],
        related: granted,
      },
      {
        ...call,
        principal: 'arn:aws:iam::111122223333:user/anna',
        says: 'user/anna cannot assume role/prod-deploy',
        at: ['prod.yaml', '{AWS: arn:aws:iam::111122223333:role/nightly-backup}'],
        related: [['tools-more.yaml', PROD, GRANTS]],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a trust policy that names the caller',
    documents: { ...base, 'prod.yaml': allowing(`AWS: ${DEPLOYER}`) },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'the caller’s account, by its number without quotes',
    documents: { ...base, 'prod.yaml': allowing('AWS: [444455556666, 111122223333]') },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'anyone of the caller’s organization',
    documents: {
      ...base,
      [CONFIGURATION]: ACCOUNTS.replace('"111122223333",', '"111122223333", organization: o-exampleorgid,'),
      'prod.yaml': allowing('AWS: "*"', ', Condition: {StringEquals: {aws:PrincipalOrgID: [o-a, o-exampleorgid]}}'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'an account that a mapping gives',
    documents: {
      ...base,
      'prod.yaml': `Mappings: {Accounts: {tools: {id: "111122223333"}}}\n${allowing(
        'AWS: !Join [":", ["arn:aws:iam:", !FindInMap [Accounts, tools, id], root]]',
      )}`,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a grant on a role that no document declares',
    documents: base,
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a principal that a parameter without a value gives',
    documents: {
      ...base,
      'prod.yaml': `Parameters: {DeployerArn: {Type: String}}\n${allowing('AWS: !Ref DeployerArn')}`,
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'an external id that the caller can bring',
    documents: {
      ...base,
      'prod.yaml': allowing('AWS: "111122223333"', ', Condition: {StringEquals: {sts:ExternalId: quarterly-audit}}'),
    },
    decided: [[DEPLOYER, PROD, 'conditional']],
  },
  {
    name: 'a trust policy in a dump that the template beside it replaces',
    documents: {
      ...base,
      'prod.yaml': allowing(`AWS: ${DEPLOYER}`),
      'dump.json': json({
        UserDetailList: [],
        RoleDetailList: [
          {
            RoleName: 'prod-deploy',
            Arn: PROD,
            AssumeRolePolicyDocument: { Statement: [] },
            RolePolicyList: [],
            AttachedManagedPolicies: [],
          },
        ],
      }),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
];

ruleCases('missing-trust', { bad, good });

test('a rejected statement is told in one sentence', () => {
  const notAllowed = `- {Effect: allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`;
  const { report } = check({ ...base, 'prod.yaml': prod(notAllowed) });
  expect(report.findings.map(({ message }) => message.includes('the trust policy AWS rejects'))).toEqual([false]);
});
