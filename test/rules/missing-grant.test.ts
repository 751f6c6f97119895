import { ACCOUNTS, CONFIGURATION, json, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const ANNA = 'arn:aws:iam::111122223333:user/anna';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GRANTS_IT = `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}`;
const TRUSTED = 'trusts this principal';
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };

const prodTrusting = (principal: string, more?: string) =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole}`,
      ...(more === undefined ? {} : { more }),
    }),
  );
const base = { [CONFIGURATION]: ACCOUNTS, 'prod.yaml': prodTrusting(DEPLOYER) };

const bad: readonly BadCase[] = [
  {
    name: 'a caller from another account without any policy, at the caller itself',
    documents: { ...base, 'tools.yaml': template(role('Deployer', { name: 'deployer' })) },
    findings: [
      {
        ...call,
        says: 'role/deployer cannot assume role/prod-deploy: no identity policy at all',
        at: ['tools.yaml', 'Deployer'],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
      },
    ],
  },
  {
    name: 'a grant in a managed policy that nobody has',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', { name: 'deployer' }),
        `Deploying:\n  Type: AWS::IAM::ManagedPolicy\n  Properties:\n    PolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}]}\n`,
      ),
    },
    findings: [
      {
        ...call,
        says: 'the managed policy Deploying would allow it, but it is attached to nobody',
        at: ['tools.yaml', '«Deployer»: Type'],
        related: [
          ['prod.yaml', DEPLOYER, TRUSTED],
          [
            'tools.yaml',
            `{Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}`,
            'the managed policy Deploying would allow it, but it is attached to nobody',
          ],
        ],
      },
    ],
  },
  {
    name: 'a grant on a role whose name is one letter off, and mends it',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', { name: 'deployer', grants: GRANTS_IT.replace('prod-deploy', 'prd-deploy') }),
      ),
    },
    findings: [
      {
        ...call,
        says: 'the identity policy allows it on arn:aws:iam::444455556666:role/prd-deploy',
        at: ['tools.yaml', 'arn:aws:iam::444455556666:role/prd-deploy'],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
        fix: `              - {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}`,
      },
    ],
  },
  {
    name: 'a grant that leaves out the path of the role',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prodTrusting(DEPLOYER, 'Path: /ci/'),
      'tools.yaml': template(role('Deployer', { name: 'deployer', grants: GRANTS_IT })),
    },
    findings: [
      {
        ...call,
        role: 'arn:aws:iam::444455556666:role/ci/prod-deploy',
        says: ['cannot assume role/ci/prod-deploy', `allows it on ${PROD}`],
        at: ['tools.yaml', PROD],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
        fix: '              - {Effect: Allow, Action: sts:AssumeRole, Resource: arn:aws:iam::444455556666:role/ci/prod-deploy}',
      },
    ],
  },
  {
    name: 'a list of other roles, in JSON with long intrinsics and a policy attached from outside',
    documents: {
      ...base,
      'tools.json': json({
        Parameters: { Prod: { Type: 'String', Default: '444455556666' } },
        Resources: {
          Deployer: {
            Type: 'AWS::IAM::Role',
            Properties: { RoleName: 'deployer', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
          },
          Reach: {
            Type: 'AWS::IAM::Policy',
            Properties: {
              PolicyName: 'reach',
              Roles: [{ Ref: 'Deployer' }],
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: {
                  Effect: 'Allow',
                  Action: ['sts:AssumeRole', 'sts:TagSession'],
                  Resource: [
                    { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${Prod}:role/read-only-auditor' },
                    { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'Prod' }, ':role/billing-exports']] },
                  ],
                },
              },
            },
          },
        },
      }),
    },
    findings: [
      {
        ...call,
        says: [
          'allows it on arn:aws:iam::444455556666:role/read-only-auditor, arn:aws:iam::444455556666:role/billing-exports',
        ],
        at: [
          'tools.json',
          '[ { "Fn::Sub": "arn:${AWS::Partition}:iam::${Prod}:role/read-only-auditor" }, { "Fn::Join": [ "", [ "arn:aws:iam::", { "Ref": "Prod" }, ":role/billing-exports" ] ] } ]',
        ],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
      },
    ],
  },
  {
    name: 'a user whose group is granted another role of the account',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prodTrusting(ANNA),
      'tools.yaml': template(
        user('Anna', {}),
        `
        Deployers:
          Type: AWS::IAM::Group
          Properties:
            GroupName: deployers
            Policies:
              - PolicyName: reach
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    Effect: Allow
                    Action: sts:AssumeRole
                    Resource: arn:aws:iam::444455556666:role/prod-deployer
        `,
        `
        Membership:
          Type: AWS::IAM::UserToGroupAddition
          Properties:
            GroupName: !Ref Deployers
            Users: [!Ref Anna]
        `,
      ),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'user/anna cannot assume role/prod-deploy',
        at: ['tools.yaml', 'arn:aws:iam::444455556666:role/prod-deployer'],
        related: [['prod.yaml', ANNA, TRUSTED]],
        fix: `              Resource: ${PROD}`,
      },
    ],
  },
  {
    name: 'a grant of sts:TagSession alone',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', { name: 'deployer', grants: GRANTS_IT.replace('sts:AssumeRole', 'sts:TagSession') }),
      ),
    },
    findings: [
      {
        ...call,
        says: 'the identity policy allows sts:TagSession, not sts:AssumeRole',
        at: ['tools.yaml', 'sts:TagSession'],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
      },
    ],
  },
  {
    name: 'a condition on a tag that the user does not have',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prodTrusting(ANNA),
      'tools.yaml': template(
        user('Anna', {
          grants: `
            - Effect: Allow
              Action: sts:AssumeRole
              Resource: ${PROD}
              Condition: {StringEquals: {aws:PrincipalTag/team: delivery}}
          `,
          more: 'Tags: [{Key: team, Value: support}]',
        }),
      ),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'asks for aws:PrincipalTag/team StringEquals delivery, and the call has support',
        at: ['tools.yaml', 'delivery'],
        related: [
          ['prod.yaml', ANNA, TRUSTED],
          ['tools.yaml', PROD, 'grants sts:AssumeRole on this role'],
        ],
      },
    ],
  },
  {
    name: 'a user of a dump, trusted by its full ARN',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prodTrusting(ANNA),
      'dump.json': json({
        UserDetailList: [
          {
            Path: '/',
            UserName: 'anna',
            UserId: 'AIDAEXAMPLEUSERID1234',
            Arn: ANNA,
            UserPolicyList: [],
            GroupList: [],
            AttachedManagedPolicies: [
              { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
            ],
          },
        ],
        GroupDetailList: [],
        RoleDetailList: [],
        Policies: [],
      }),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'no identity policy allows sts:AssumeRole on this role',
        at: ['dump.json', '"UserName": "«anna»"'],
        related: [['prod.yaml', ANNA, TRUSTED]],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a grant on the role itself',
    documents: { ...base, 'tools.yaml': template(role('Deployer', { name: 'deployer', grants: GRANTS_IT })) },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a grant on a pattern, in a list',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', {
          name: 'deployer',
          grants: '- {Effect: Allow, Action: [s3:GetObject, "sts:Assume*"], Resource: ["arn:aws:iam::*:role/prod-*"]}',
        }),
      ),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'an AWS managed policy that allows everything',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', {
          name: 'deployer',
          more: 'ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]',
        }),
      ),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a role of the same account that names the caller: the trust policy suffices',
    documents: {
      'stack.yaml': template(
        role('Deployer', {}),
        role('Deploy', {
          trust: '- {Effect: Allow, Principal: {AWS: !GetAtt Deployer.Arn}, Action: sts:AssumeRole}',
        }),
      ),
    },
    decided: [
      ['arn:aws:iam::${AWS::AccountId}:role/${Deployer}', 'arn:aws:iam::${AWS::AccountId}:role/${Deploy}', 'allowed'],
    ],
  },
  {
    name: 'a grant by AWS::IAM::RolePolicy in another template of the account',
    documents: {
      ...base,
      'tools.yaml': template(role('Deployer', { name: 'deployer' })),
      'tools-grants.yaml': template(`
        Reach:
          Type: AWS::IAM::RolePolicy
          Properties:
            PolicyName: reach
            RoleName: deployer
            PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "sts:*", Resource: "arn:aws:iam::444455556666:role/prod-*"}]}
      `),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a managed policy that no document declares: it may allow it',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', {
          name: 'deployer',
          more: 'ManagedPolicyArns: [arn:aws:iam::111122223333:policy/reach-prod]',
        }),
      ),
    },
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a caller that no document declares',
    documents: base,
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a resource that a parameter without a value gives',
    documents: {
      ...base,
      'tools.yaml': `Parameters: {Stage: {Type: String}}\n${template(
        role('Deployer', {
          name: 'deployer',
          grants:
            '- {Effect: Allow, Action: sts:AssumeRole, Resource: !Sub "arn:aws:iam::444455556666:role/${Stage}-deploy"}',
        }),
      )}`,
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a grant beside a Deny: that is told as one',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', {
          name: 'deployer',
          grants: `
            ${GRANTS_IT}
            - {Effect: Deny, Action: sts:*, Resource: "*"}
          `,
        }),
      ),
    },
    others: ['explicit-deny'],
    decided: [[DEPLOYER, PROD, 'denied']],
  },
];

ruleCases('missing-grant', { bad, good });
