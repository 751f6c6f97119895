import { ACCOUNTS, CONFIGURATION, json, policy, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const ANNA = 'arn:aws:iam::111122223333:user/anna';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const TRUSTED = 'trusts this principal';
const GRANTS = 'grants sts:AssumeRole on this role';
const GRANT = `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}`;
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };
const both = [
  ['tools.yaml', PROD, GRANTS],
  ['prod.yaml', DEPLOYER, TRUSTED],
] as const;
const GAP = 'no statement that allows sts:AssumeRole on this role';

const FULL = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
const STORAGE = policy({ Effect: 'Allow', Action: ['s3:*', 'cloudwatch:*'], Resource: '*' });
const OWN_ACCOUNT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111122223333:role/*"}]}';
const accounts = (settings: string, account = '111122223333') =>
  ACCOUNTS.replace(`id: "${account}",`, `id: "${account}", ${settings},`);
const base = {
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants: GRANT })),
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {AWS: ${DEPLOYER}}, Action: sts:AssumeRole}`,
    }),
  ),
  'scp/full.json': FULL,
};

const bad: readonly BadCase[] = [
  {
    name: 'a level whose only SCP is an allow list without STS',
    documents: { ...base, [CONFIGURATION]: accounts('scps: [scp/storage.json]'), 'scp/storage.json': STORAGE },
    findings: [
      {
        ...call,
        says: ['role/deployer cannot assume role/prod-deploy', GAP],
        at: ['tools.yaml', 'Deployer'],
        related: both,
      },
    ],
  },
  {
    name: 'an SCP without a statement about STS: the message says that it is an SCP',
    documents: { ...base, [CONFIGURATION]: accounts('scps: [scp/storage.json]'), 'scp/storage.json': STORAGE },
    findings: [{ ...call, says: 'SCP', at: ['tools.yaml', 'Deployer'], related: both }],
  },
  {
    name: 'the second of two levels, although the first allows everything',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: [scp/full.json, scp/unit.json]'),
      'scp/unit.json': policy({ Effect: 'Allow', NotAction: ['sts:Assume*'], Resource: '*' }),
    },
    findings: [
      {
        ...call,
        says: 'the SCP leaves out sts:Assume*',
        at: ['scp/unit.json', 'sts:Assume*'],
        related: both,
      },
    ],
  },
  {
    name: 'an SCP that allows other calls of STS alone, in YAML',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: ["scp/*.yaml"]'),
      'scp/unit.yaml':
        'Version: "2012-10-17"\nStatement:\n  - Effect: Allow\n    Action: sts:GetCallerIdentity\n    Resource: "*"\n',
    },
    findings: [
      {
        ...call,
        says: 'the SCP allows sts:GetCallerIdentity, not sts:AssumeRole',
        at: ['scp/unit.yaml', 'sts:GetCallerIdentity'],
        related: both,
      },
    ],
  },
  {
    name: 'an SCP as describe-policy prints it, in its quoted text',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: [[scp/storage.json, scp/described.json]]'),
      'scp/storage.json': STORAGE,
      'scp/described.json': json({
        Policy: {
          PolicySummary: { Id: 'p-ab12cd34', Name: 'own-account', Type: 'SERVICE_CONTROL_POLICY' },
          Content: OWN_ACCOUNT,
        },
      }),
    },
    findings: [
      {
        ...call,
        says: 'the SCP allows it on arn:aws:iam::111122223333:role/*',
        at: ['scp/described.json', 'arn:aws:iam::111122223333:role/*'],
        related: both,
      },
    ],
  },
  {
    name: 'an SCP that leaves it out of everything and allows it in one account: the account is what is wrong',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: [scp/unit.json]'),
      'scp/unit.json': policy(
        { Effect: 'Allow', NotAction: 'sts:AssumeRole', Resource: '*' },
        { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::111122223333:role/*' },
      ),
    },
    findings: [
      {
        ...call,
        says: 'the SCP allows it on arn:aws:iam::111122223333:role/*',
        at: ['scp/unit.json', 'arn:aws:iam::111122223333:role/*'],
        related: both,
      },
    ],
  },
  {
    name: 'a role of the same account that names the caller: the SCP counts all the same',
    documents: {
      [CONFIGURATION]: accounts('scps: [scp/storage.json]'),
      'scp/storage.json': STORAGE,
      'tools.yaml': template(
        role('Deployer', { name: 'deployer' }),
        role('Deploy', {
          name: 'deploy',
          trust: '- {Effect: Allow, Principal: {AWS: !GetAtt Deployer.Arn}, Action: sts:AssumeRole}',
        }),
      ),
    },
    findings: [
      {
        ...call,
        role: 'arn:aws:iam::111122223333:role/deploy',
        says: GAP,
        at: ['tools.yaml', '«Deployer»: Type'],
        related: [['tools.yaml', '!GetAtt «Deployer.Arn»', TRUSTED]],
      },
    ],
  },
  {
    name: 'a user of a dump of the account',
    documents: {
      [CONFIGURATION]: accounts('scps: [scp/storage.json]'),
      'scp/storage.json': STORAGE,
      'prod.yaml': base['prod.yaml'].replace(DEPLOYER, ANNA),
      'dump.json': json({
        UserDetailList: [
          {
            UserName: 'anna',
            Arn: ANNA,
            AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
          },
        ],
        RoleDetailList: [],
      }),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'user/anna cannot assume role/prod-deploy',
        at: ['dump.json', '"UserName": "«anna»"'],
        related: [['prod.yaml', ANNA, TRUSTED]],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'every level allows it',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: [scp/full.json, scp/unit.json]'),
      'scp/unit.json': policy(
        { Effect: 'Allow', Action: ['sts:*', 's3:*'], Resource: '*' },
        { Effect: 'Deny', Action: 's3:DeleteBucket', Resource: '*' },
      ),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'one level with two SCPs, of which one allows it',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: [[scp/storage.json, scp/full.json]]'),
      'scp/storage.json': STORAGE,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'the management account',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('management: true, scps: [scp/storage.json]'),
      'scp/storage.json': STORAGE,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'the SCPs above the account of the role: those of the caller count',
    documents: {
      ...base,
      [CONFIGURATION]: accounts('scps: [scp/storage.json]', '444455556666'),
      'scp/storage.json': STORAGE,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a service and a token, which no SCP limits',
    others: ['oidc-subject-not-restricted'],
    documents: {
      [CONFIGURATION]: accounts('scps: [scp/storage.json]'),
      'scp/storage.json': STORAGE,
      'tools.yaml': template(
        role('Job', {
          name: 'job',
          trust: `
            - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
            - {Effect: Allow, Principal: {Federated: cognito-identity.amazonaws.com}, Action: sts:AssumeRoleWithWebIdentity}
          `,
        }),
      ),
    },
    decided: [
      ['lambda.amazonaws.com', 'arn:aws:iam::111122223333:role/job', 'allowed'],
      ['cognito-identity.amazonaws.com', 'arn:aws:iam::111122223333:role/job', 'allowed'],
    ],
  },
  {
    name: 'an account of which no SCP is given',
    documents: {
      ...base,
      [CONFIGURATION]: ACCOUNTS,
      'tools-more.yaml': template(user('Anna', { grants: GRANT })),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
    others: ['missing-trust'],
  },
];

ruleCases('blocked-by-scp', { bad, good });
