import { expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, check, json, policy, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GRANTS = 'grants sts:AssumeRole on this role';

const prod = (principal: string, action = 'sts:AssumeRole') =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `
        - Effect: Allow
          Principal: ${principal}
          Action: ${action}
      `,
    }),
  );
const trusting = (principal: string, action?: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': prod(principal, action),
});
const HEAD = 'the trust policy of ProdDeploy has an invalid principal';
const ECS_SCALING =
  'arn:aws:iam::111122223333:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService';
const grant = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
);

const bad: readonly BadCase[] = [
  {
    name: 'a group, with the call that does not work because of it',
    documents: { ...trusting('{AWS: "arn:aws:iam::111122223333:group/deployers"}'), 'tools.yaml': grant },
    findings: [
      {
        principal: DEPLOYER,
        role: PROD,
        action: 'sts:AssumeRole',
        says: [
          `${HEAD}: a group is not a principal: name its users, or the account`,
          'Because of it, role/deployer cannot assume role/prod-deploy',
        ],
        at: ['prod.yaml', 'arn:aws:iam::111122223333:group/deployers'],
        related: [['tools.yaml', PROD, GRANTS]],
      },
    ],
  },
  {
    name: 'a wildcard inside an ARN, beside a valid one',
    documents: {
      ...trusting(`{AWS: ["${DEPLOYER}", "arn:aws:iam::111122223333:role/ci-*"]}`),
      'tools.yaml': grant,
    },
    findings: [
      {
        says: [HEAD, 'AWS rejects a wildcard inside a principal’s ARN', 'aws:PrincipalArn'],
        at: ['prod.yaml', 'arn:aws:iam::111122223333:role/ci-*'],
        fix: false,
      },
    ],
  },
  {
    name: 'an account id with a digit too few',
    documents: trusting('{AWS: [11112222333, "arn:aws:iam::11112222333:root"]}'),
    findings: [
      {
        says: `${HEAD}: an account id has 12 digits, this one has 11`,
        at: ['prod.yaml', '[«11112222333»,'],
      },
      { says: 'an account id has 12 digits', at: ['prod.yaml', 'arn:aws:iam::11112222333:root'] },
    ],
  },
  {
    name: 'a bare star, and a bare service',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': prod('"*"'),
      'prod-job.yaml': prod('lambda.amazonaws.com').replaceAll('ProdDeploy', 'Job').replaceAll('prod-deploy', 'job'),
    },
    findings: [
      {
        says: 'a principal needs its type: {"Service": "lambda.amazonaws.com"}',
        at: ['prod-job.yaml', 'lambda.amazonaws.com'],
      },
      { says: 'AWS rejects "Principal": "*" in a trust policy', at: ['prod.yaml', 'Principal: "«*»"'] },
    ],
  },
  {
    name: 'a service that does not exist',
    documents: trusting('{Service: [lamda.amazonaws.com, ec2.amazonaws.com]}'),
    findings: [
      {
        says: 'there is no service lamda.amazonaws.com: did you mean lambda.amazonaws.com?',
        at: ['prod.yaml', 'lamda.amazonaws.com'],
      },
    ],
  },
  {
    name: 'a service that does not exist, with the fix',
    documents: trusting('{Service: [lamda.amazonaws.com, ec2.amazonaws.com]}'),
    findings: [
      {
        says: 'there is no service lamda.amazonaws.com: did you mean lambda.amazonaws.com?',
        at: ['prod.yaml', 'lamda.amazonaws.com'],
        fix: '            Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com]}',
      },
    ],
  },
  {
    name: 'types that are mixed up',
    documents: {
      ...trusting('{AWS: [ec2.amazonaws.com, "arn:aws:iam::444455556666:oidc-provider/gitlab.com"]}'),
    },
    findings: [
      { says: 'an AWS service is named under "Service"', at: ['prod.yaml', 'ec2.amazonaws.com'] },
      {
        says: 'an identity provider is named under "Federated"',
        at: ['prod.yaml', 'arn:aws:iam::444455556666:oidc-provider/gitlab.com'],
      },
    ],
  },
  {
    name: 'the unique id of a deleted principal, in a dump whose document is URL-encoded',
    documents: {
      'dump.json': json({
        UserDetailList: [],
        RoleDetailList: [
          {
            RoleName: 'prod-deploy',
            Arn: PROD,
            AssumeRolePolicyDocument: encodeURIComponent(
              policy({ Effect: 'Allow', Principal: { AWS: 'AROAEXAMPLEROLEID1234' }, Action: 'sts:AssumeRole' }),
            ),
          },
        ],
      }),
    },
    findings: [
      {
        says: 'the trust policy of prod-deploy has an invalid principal: this is the unique id of a principal that was deleted',
        at: [
          'dump.json',
          encodeURIComponent(
            policy({ Effect: 'Allow', Principal: { AWS: 'AROAEXAMPLEROLEID1234' }, Action: 'sts:AssumeRole' }),
          ),
        ],
      },
    ],
  },
  {
    name: 'an ARN in which somebody forgot Fn::Sub, in JSON',
    documents: {
      'stack.json': json({
        Resources: {
          ProdDeploy: {
            Type: 'AWS::IAM::Role',
            Properties: {
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: {
                  Effect: 'Allow',
                  Principal: { AWS: 'arn:aws:iam::${AWS::AccountId}:root' },
                  Action: 'sts:AssumeRole',
                },
              },
            },
          },
        },
      }),
    },
    findings: [
      {
        says: '${AWS::AccountId} is not replaced here',
        at: ['stack.json', 'arn:aws:iam::${AWS::AccountId}:root'],
      },
    ],
  },
  {
    name: 'a partition that the account is not in',
    documents: {
      [CONFIGURATION]: ACCOUNTS.replace('"444455556666",', '"444455556666", partition: aws-us-gov,'),
      'prod.yaml': prod(`{AWS: "${DEPLOYER}"}`),
    },
    findings: [
      {
        says: 'a role of partition aws-us-gov cannot be assumed from partition aws: did you mean arn:aws-us-gov:iam::111122223333:role/deployer?',
        at: ['prod.yaml', DEPLOYER],
      },
    ],
  },
  {
    name: 'an identity provider with the scheme of its URL, and one with a wildcard',
    documents: trusting(
      '{Federated: ["arn:aws:iam::444455556666:oidc-provider/https://token.actions.githubusercontent.com", "arn:aws:iam::444455556666:oidc-provider/*"]}',
      'sts:AssumeRoleWithWebIdentity',
    ),
    findings: [
      {
        says: 'a provider’s ARN has no https://: did you mean arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com?',
        at: ['prod.yaml', 'arn:aws:iam::444455556666:oidc-provider/https://token.actions.githubusercontent.com'],
      },
      { says: 'AWS rejects wildcards in it', at: ['prod.yaml', 'arn:aws:iam::444455556666:oidc-provider/*'] },
    ],
  },
  {
    name: 'a space at the end, and an sts ARN for a role, of a bare policy document',
    documents: {
      [CONFIGURATION]: `documents: [{path: trust.json, as: trust, of: "${PROD}"}]\n`,
      'trust.json': policy({
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::111122223333:user/anna ', 'arn:aws:sts::111122223333:role/deployer'] },
        Action: 'sts:AssumeRole',
      }),
    },
    findings: [
      {
        says: 'spaces around an ARN are part of it',
        at: ['trust.json', 'arn:aws:iam::111122223333:user/anna '],
        fix: '          "arn:aws:iam::111122223333:user/anna",',
      },
      {
        says: 'a role has an iam ARN: did you mean arn:aws:iam::111122223333:role/deployer?',
        at: ['trust.json', 'arn:aws:sts::111122223333:role/deployer'],
        fix: '          "arn:aws:iam::111122223333:role/deployer"',
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'every form of a principal that AWS takes',
    documents: {
      ...trusting(
        `{AWS: [111122223333, "arn:aws:iam::111122223333:root", "${DEPLOYER}", "arn:aws:iam::111122223333:user/team/anna", "arn:aws:sts::111122223333:assumed-role/deployer/ci", "*"], Service: [ecs-tasks.amazonaws.com, states.eu-west-1.amazonaws.com, some-new-service.amazonaws.com]}`,
      ),
      'tools.yaml': grant,
    },
    others: ['open-trust'],
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a service whose name is two letters longer than that of another',
    documents: trusting('{Service: mediapackagev2.amazonaws.com}'),
    decided: [['mediapackagev2.amazonaws.com', PROD, 'allowed']],
  },
  {
    name: 'the service-linked role of ECS auto scaling, in a dump',
    documents: {
      'dump.json': json({
        UserDetailList: [],
        RoleDetailList: [
          {
            Path: '/aws-service-role/ecs.application-autoscaling.amazonaws.com/',
            RoleName: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
            Arn: ECS_SCALING,
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'ecs.application-autoscaling.amazonaws.com' },
                  Action: 'sts:AssumeRole',
                },
              ],
            },
          },
        ],
      }),
    },
    decided: [['ecs.application-autoscaling.amazonaws.com', ECS_SCALING, 'allowed']],
  },
  {
    name: 'identity providers of every kind',
    others: ['oidc-subject-not-restricted', 'oidc-subject-not-restricted'],
    documents: trusting(
      '{Federated: [cognito-identity.amazonaws.com, accounts.google.com, "arn:aws:iam::444455556666:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"]}',
      'sts:AssumeRoleWithWebIdentity',
    ),
    decided: [['cognito-identity.amazonaws.com', PROD, 'allowed']],
  },
  {
    name: 'an account id with leading zeros, without quotes',
    documents: trusting('{AWS: 000011112222}'),
    others: ['open-trust'],
    decided: [],
  },
  {
    name: 'names that Fn::Sub fills in',
    documents: {
      'stack.yaml': prod(
        '{AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root", Service: !Sub "states.${AWS::Region}.amazonaws.com"}',
      ),
    },
    decided: [['states.${AWS::Region}.amazonaws.com', 'arn:aws:iam::${AWS::AccountId}:role/prod-deploy', 'allowed']],
  },
  {
    name: 'a wildcard in a resource: only principals are exact',
    documents: {
      ...trusting(`{AWS: "${DEPLOYER}"}`),
      'tools.yaml': grant.replace(PROD, 'arn:aws:iam::444455556666:role/prod-*'),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
];

ruleCases('invalid-principal', { bad, good });

test('an empty default in the place of a principal is a warning: a value is given when it is deployed', () => {
  const { report } = check({
    'template.yaml': `Parameters: {Trusted: {Type: String, Default: ""}}\n${template(
      role('Target', { trust: '- {Effect: Allow, Principal: {AWS: !Ref Trusted}, Action: sts:AssumeRole}' }),
    )}`,
  });
  expect(report.findings.map(({ rule, severity }) => [rule, severity])).toEqual([['invalid-principal', 'warning']]);
});
