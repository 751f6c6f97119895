import { ACCOUNTS, CONFIGURATION, json, lines, policy, role, template, user } from '../support/documents.ts';
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

const prod = (principal: string) =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {AWS: ${principal}}, Action: sts:AssumeRole}`,
    }),
  );
const bounded = (boundary: string, ...statements: readonly string[]) =>
  template(
    role('Deployer', { name: 'deployer', grants: GRANT, more: `PermissionsBoundary: ${boundary}` }),
    edge(...statements),
  );
const edge = (...statements: readonly string[]) => `
Edge:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    ManagedPolicyName: edge
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
${statements.map((one) => `        - ${one}\n`).join('')}`;
const S3_ONLY = '{Effect: Allow, Action: ["s3:*", "ec2:Describe*"], Resource: "*"}';
const base = { [CONFIGURATION]: ACCOUNTS, 'prod.yaml': prod(DEPLOYER) };
const GAP = 'no statement that allows sts:AssumeRole on this role';

const bad: readonly BadCase[] = [
  {
    name: 'a boundary of the same template that says nothing of STS',
    documents: { ...base, 'tools.yaml': bounded('!Ref Edge', S3_ONLY) },
    findings: [
      {
        ...call,
        says: ['role/deployer cannot assume role/prod-deploy', GAP],
        at: ['tools.yaml', '!Ref «Edge»'],
        related: both,
      },
    ],
  },
  {
    name: 'the same in Terraform',
    documents: {
      ...base,
      [CONFIGURATION]: ACCOUNTS.replace('"tools*"', '"tools/**"'),
      'tools/main.tf': lines(`
        resource "aws_iam_policy" "edge" {
          name   = "edge"
          policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
        }
        resource "aws_iam_role" "deployer" {
          name                 = "deployer"
          permissions_boundary = aws_iam_policy.edge.arn
          assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
          inline_policy {
            name   = "own"
            policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "${PROD}" }] })
          }
        }
      `),
    },
    findings: [
      {
        ...call,
        says: GAP,
        at: ['tools/main.tf', 'permissions_boundary'],
        related: [
          ['tools/main.tf', PROD, GRANTS],
          ['prod.yaml', DEPLOYER, TRUSTED],
        ],
        fix: `  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }, { Effect = "Allow", Action = "sts:AssumeRole", Resource = "${PROD}" }] })`,
      },
    ],
  },
  {
    name: 'a boundary without a statement about STS: the message says that it is the boundary',
    documents: { ...base, 'tools.yaml': bounded('!Ref Edge', S3_ONLY) },
    findings: [{ ...call, says: 'boundary', at: ['tools.yaml', '!Ref «Edge»'], related: both }],
  },
  {
    name: 'an AWS managed policy as the boundary',
    documents: { ...base, 'tools.yaml': bounded('"arn:aws:iam::aws:policy/ReadOnlyAccess"', S3_ONLY) },
    findings: [{ ...call, says: GAP, at: ['tools.yaml', 'arn:aws:iam::aws:policy/ReadOnlyAccess'], related: both }],
  },
  {
    name: 'a boundary that allows it on other roles, named by its ARN from another template',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', {
          name: 'deployer',
          grants: GRANT,
          more: 'PermissionsBoundary: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/edge"',
        }),
      ),
      'tools-edge.yaml': template(
        edge(S3_ONLY, '{Effect: Allow, Action: sts:AssumeRole, Resource: ["arn:aws:iam::444455556666:role/dev-*"]}'),
      ),
    },
    findings: [
      {
        ...call,
        says: 'the permissions boundary allows it on arn:aws:iam::444455556666:role/dev-*',
        at: ['tools-edge.yaml', 'arn:aws:iam::444455556666:role/dev-*'],
        related: both,
      },
    ],
  },
  {
    name: 'a boundary whose list of roles is in a statement of one line: the fix adds the missing one',
    documents: {
      ...base,
      'tools.yaml': template(
        role('Deployer', {
          name: 'deployer',
          grants: GRANT,
          more: 'PermissionsBoundary: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/edge"',
        }),
      ),
      'tools-edge.yaml': template(
        edge(S3_ONLY, '{Effect: Allow, Action: sts:AssumeRole, Resource: ["arn:aws:iam::444455556666:role/dev-*"]}'),
      ),
    },
    findings: [
      {
        ...call,
        says: 'the permissions boundary allows it on arn:aws:iam::444455556666:role/dev-*',
        at: ['tools-edge.yaml', 'arn:aws:iam::444455556666:role/dev-*'],
        related: both,
        fix: `          - {Effect: Allow, Action: sts:AssumeRole, Resource: ["arn:aws:iam::444455556666:role/dev-*", "${PROD}"]}`,
      },
    ],
  },
  {
    name: 'a boundary that leaves out STS by NotAction, in JSON with long intrinsics',
    documents: {
      ...base,
      'tools.json': json({
        Resources: {
          Edge: {
            Type: 'AWS::IAM::ManagedPolicy',
            Properties: {
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: { Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' },
              },
            },
          },
          Deployer: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: { 'Fn::Join': ['', ['deploy', 'er']] },
              PermissionsBoundary: { Ref: 'Edge' },
              AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
              ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' }],
            },
          },
        },
      }),
    },
    findings: [
      {
        ...call,
        says: 'the permissions boundary leaves out iam:*, sts:*',
        at: ['tools.json', 'sts:*'],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
      },
    ],
  },
  {
    name: 'a role of the same account that names the bounded role: the boundary counts all the same',
    documents: {
      'stack.yaml': template(
        role('Deployer', { name: 'deployer', more: 'PermissionsBoundary: !Ref Edge' }),
        edge(S3_ONLY),
        role('Deploy', {
          name: 'deploy',
          trust: '- {Effect: Allow, Principal: {AWS: !GetAtt Deployer.Arn}, Action: sts:AssumeRole}',
        }),
      ),
    },
    findings: [
      {
        principal: 'arn:aws:iam::${AWS::AccountId}:role/deployer',
        role: 'arn:aws:iam::${AWS::AccountId}:role/deploy',
        action: 'sts:AssumeRole',
        says: 'role/deployer cannot assume role/deploy',
        at: ['stack.yaml', '!Ref «Edge»'],
        related: [['stack.yaml', '!GetAtt «Deployer.Arn»', TRUSTED]],
      },
    ],
  },
  {
    name: 'a user of a dump, whose boundary is in the dump',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prod(ANNA),
      'dump.json': json({
        UserDetailList: [
          {
            UserName: 'anna',
            Arn: ANNA,
            AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
            PermissionsBoundary: {
              PermissionsBoundaryType: 'Policy',
              PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/edge',
            },
          },
        ],
        RoleDetailList: [],
        Policies: [
          {
            PolicyName: 'edge',
            Arn: 'arn:aws:iam::111122223333:policy/edge',
            DefaultVersionId: 'v2',
            PolicyVersionList: [
              {
                VersionId: 'v1',
                IsDefaultVersion: false,
                Document: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
              },
              {
                VersionId: 'v2',
                IsDefaultVersion: true,
                Document: {
                  Statement: [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }],
                },
              },
            ],
          },
        ],
      }),
    },
    findings: [
      {
        ...call,
        principal: ANNA,
        says: 'the permissions boundary allows sts:GetCallerIdentity, not sts:AssumeRole',
        at: ['dump.json', 'sts:GetCallerIdentity'],
        related: [['prod.yaml', ANNA, TRUSTED]],
      },
    ],
  },
  {
    name: 'a bare policy document that the configuration calls the boundary of the role',
    documents: {
      [CONFIGURATION]: `${ACCOUNTS}${lines(`
        documents:
          - {path: "boundaries/{name}.json", as: boundary, of: "arn:aws:iam::111122223333:role/{name}"}
      `)}`,
      'prod.yaml': prod(DEPLOYER),
      'tools.yaml': template(role('Deployer', { name: 'deployer', grants: GRANT })),
      'boundaries/deployer.json': policy({ Effect: 'Allow', Action: ['sts:TagSession'], Resource: '*' }),
    },
    findings: [
      {
        ...call,
        says: 'the permissions boundary allows sts:TagSession, not sts:AssumeRole',
        at: ['boundaries/deployer.json', '[ "sts:TagSession" ]'],
        related: both,
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a boundary that allows STS',
    documents: {
      ...base,
      'tools.yaml': bounded('!Ref Edge', S3_ONLY, '{Effect: Allow, Action: "sts:*", Resource: "*"}'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'PowerUserAccess as the boundary: it leaves out IAM alone',
    documents: { ...base, 'tools.yaml': bounded('arn:aws:iam::aws:policy/PowerUserAccess', S3_ONLY) },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'the boundary of the role that is assumed',
    documents: {
      ...base,
      'prod.yaml': `${prod(DEPLOYER)}      PermissionsBoundary: arn:aws:iam::aws:policy/ReadOnlyAccess\n`,
      'tools.yaml': template(role('Deployer', { name: 'deployer', grants: GRANT })),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a boundary that no document declares',
    documents: { ...base, 'tools.yaml': bounded('arn:aws:iam::111122223333:policy/edge-of-the-platform', S3_ONLY) },
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a boundary that a parameter without a value gives',
    documents: {
      ...base,
      'tools.yaml': `Parameters: {Boundary: {Type: String}}\n${template(
        role('Deployer', { name: 'deployer', grants: GRANT, more: 'PermissionsBoundary: !Ref Boundary' }),
      )}`,
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a boundary that is switched off by AWS::NoValue',
    documents: {
      ...base,
      'tools.yaml': `Parameters: {Bounded: {Type: String, Default: "no"}}
Conditions: {IsBounded: !Equals [!Ref Bounded, "yes"]}
${bounded('!If [IsBounded, !Ref Edge, !Ref "AWS::NoValue"]', S3_ONLY)}`,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a user that a role of the same account names: AWS’s pages disagree on whether its boundary counts',
    documents: {
      'stack.yaml': template(
        user('Anna', { more: 'PermissionsBoundary: arn:aws:iam::aws:policy/ReadOnlyAccess' }),
        role('Deploy', {
          name: 'deploy',
          trust: '- {Effect: Allow, Principal: {AWS: !GetAtt Anna.Arn}, Action: sts:AssumeRole}',
        }),
      ),
    },
    decided: [
      ['arn:aws:iam::${AWS::AccountId}:user/anna', 'arn:aws:iam::${AWS::AccountId}:role/deploy', 'conditional'],
    ],
  },
];

ruleCases('blocked-by-boundary', { bad, good });
