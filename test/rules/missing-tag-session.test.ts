import { ACCOUNTS, CONFIGURATION, json, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const PODS = 'pods.eks.amazonaws.com';
const ANYWHERE = 'rolesanywhere.amazonaws.com';
const APP = 'arn:aws:iam::444455556666:role/app';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const ANNA = 'arn:aws:iam::444455556666:user/anna';
const TRUSTED = 'trusts this principal';

const app = (trust: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': template(role('App', { name: 'app', trust })),
});
const allowing = (principal: string, action: string) =>
  `- {Effect: Allow, Principal: {${principal}}, Action: ${action}}`;
const deployer = (actions: string) =>
  template(role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: ${actions}, Resource: "${APP}"}` }));
const expecting = (principal: string, context: string) => `${ACCOUNTS}expect:
  - principal: ${principal}
    role: ${APP}
    context: {${context}}
`;
const TAGS = 'aws:RequestTag/team: delivery, aws:TagKeys: [team]';

const bad: readonly BadCase[] = [
  {
    name: 'EKS Pod Identity without sts:TagSession: it tags every session',
    documents: app(allowing(`Service: ${PODS}`, 'sts:AssumeRole')),
    findings: [
      {
        principal: PODS,
        role: APP,
        action: 'sts:TagSession',
        says: ['cannot assume role/app', 'sts:TagSession'],
        at: ['prod.yaml', 'Action: «sts:AssumeRole»'],
        related: [['prod.yaml', PODS, TRUSTED]],
      },
    ],
  },
  {
    name: 'EKS Pod Identity whose sts:TagSession is for another service, in JSON',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.json': json({
        Resources: {
          App: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'app',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  { Effect: 'Allow', Principal: { Service: PODS }, Action: ['sts:AssumeRole'] },
                  { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: ['sts:TagSession'] },
                ],
              },
            },
          },
        },
      }),
    },
    findings: [
      {
        principal: PODS,
        role: APP,
        action: 'sts:TagSession',
        says: 'sts:TagSession',
        at: ['prod.json', '[ "sts:AssumeRole" ]'],
        related: [['prod.json', PODS, TRUSTED]],
      },
    ],
  },
  {
    name: 'IAM Roles Anywhere without sts:SetSourceIdentity: it sets one in every session',
    documents: app(allowing(`Service: ${ANYWHERE}`, '[sts:AssumeRole, sts:TagSession]')),
    findings: [
      {
        principal: ANYWHERE,
        role: APP,
        action: 'sts:SetSourceIdentity',
        says: 'sts:SetSourceIdentity',
        at: ['prod.yaml', '[sts:AssumeRole, sts:TagSession]'],
        related: [['prod.yaml', ANYWHERE, TRUSTED]],
      },
    ],
  },
  {
    name: 'EKS Pod Identity in a role of a dump',
    documents: {
      'dump.json': json({
        UserDetailList: [],
        RoleDetailList: [
          {
            RoleName: 'app',
            Arn: APP,
            AssumeRolePolicyDocument: {
              Statement: [{ Effect: 'Allow', Principal: { Service: [PODS] }, Action: 'sts:AssumeRole' }],
            },
          },
        ],
      }),
    },
    findings: [
      {
        principal: PODS,
        role: APP,
        action: 'sts:TagSession',
        says: 'sts:TagSession',
        at: ['dump.json', 'sts:AssumeRole'],
        related: [['dump.json', PODS, TRUSTED]],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'EKS Pod Identity with sts:TagSession, in a list or by a pattern',
    documents: {
      ...app(allowing(`Service: ${PODS}`, '[sts:AssumeRole, sts:TagSession]')),
      'prod-more.yaml': template(role('Job', { name: 'job', trust: allowing(`Service: ${PODS}`, '"sts:*"') })),
    },
    decided: [
      [PODS, APP, 'allowed'],
      [PODS, 'arn:aws:iam::444455556666:role/job', 'allowed'],
    ],
  },
  {
    name: 'sts:TagSession in a statement of its own',
    documents: app(`
${allowing(`Service: ${PODS}`, 'sts:AssumeRole')}
${allowing(`Service: ${PODS}`, 'sts:TagSession')}
    `),
    decided: [[PODS, APP, 'allowed']],
  },
  {
    name: 'a service that passes no tags',
    documents: app(allowing('Service: lambda.amazonaws.com', 'sts:AssumeRole')),
    decided: [['lambda.amazonaws.com', APP, 'allowed']],
  },
  {
    name: 'an expected call with tags that both sides allow',
    documents: {
      ...app(allowing(`AWS: "${DEPLOYER}"`, '[sts:AssumeRole, sts:TagSession]')),
      'tools.yaml': deployer('[sts:AssumeRole, sts:TagSession]'),
      [CONFIGURATION]: expecting(DEPLOYER, TAGS),
    },
    decided: [[DEPLOYER, APP, 'allowed']],
  },
  {
    name: 'an expected call with tags of a user that the trust policy of its account names: it suffices',
    documents: {
      ...app(allowing(`AWS: "${ANNA}"`, '[sts:AssumeRole, sts:TagSession]')),
      'prod-users.yaml': template(user('Anna', {})),
      [CONFIGURATION]: expecting(ANNA, TAGS),
    },
    decided: [[ANNA, APP, 'allowed']],
  },
  {
    name: 'an expected call with tags whose caller may not pass them: that is told of the expectation',
    documents: {
      ...app(allowing(`AWS: "${DEPLOYER}"`, '[sts:AssumeRole, sts:TagSession]')),
      'tools.yaml': deployer('sts:AssumeRole'),
      [CONFIGURATION]: expecting(DEPLOYER, TAGS),
    },
    others: ['expectation-failed'],
    decided: [
      [DEPLOYER, APP, 'allowed'],
      [DEPLOYER, APP, 'denied'],
    ],
  },
  {
    name: 'an expected call with a source identity that the role does not take: that is told of the expectation',
    documents: {
      ...app(allowing(`AWS: "${DEPLOYER}"`, '[sts:AssumeRole, sts:TagSession]')),
      'tools.yaml': deployer('"sts:*"'),
      [CONFIGURATION]: expecting(DEPLOYER, 'sts:SourceIdentity: anna'),
    },
    others: ['expectation-failed'],
    decided: [
      [DEPLOYER, APP, 'allowed'],
      [DEPLOYER, APP, 'denied'],
    ],
  },
];

ruleCases('missing-tag-session', { bad, good });
