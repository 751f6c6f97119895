import { ACCOUNTS, CONFIGURATION, json, policy, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const SAML = 'arn:aws:iam::444455556666:saml-provider/corp';
const TRUSTED = 'trusts this principal';
const GRANTS = 'grants sts:AssumeRole on this role';

const trusting = (principal: string, action: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {${principal}}, Action: ${action}}`,
    }),
  ),
});
const grant = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}` }),
);
const COGNITO = policy({
  Effect: 'Allow',
  Principal: { Federated: 'cognito-identity.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const web = { principal: GITHUB, role: PROD, action: 'sts:AssumeRoleWithWebIdentity' };

const bad: readonly BadCase[] = [
  {
    name: 'sts:AssumeRole for a token of GitHub Actions',
    documents: trusting(`Federated: "${GITHUB}"`, 'sts:AssumeRole'),
    findings: [
      {
        ...web,
        says: 'the trust policy allows sts:AssumeRole, not sts:AssumeRoleWithWebIdentity',
        at: ['prod.yaml', 'Action: «sts:AssumeRole»'],
        related: [['prod.yaml', GITHUB, TRUSTED]],
      },
    ],
  },
  {
    name: 'sts:AssumeRoleWithWebIdentity for a SAML provider, in JSON with a resource of the template',
    documents: {
      'stack.json': json({
        Resources: {
          Corp: { Type: 'AWS::IAM::SAMLProvider', Properties: { Name: 'corp', SamlMetadataDocument: '<xml/>' } },
          Console: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'console',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { Federated: [{ Ref: 'Corp' }] },
                    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
                    Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
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
        principal: 'arn:aws:iam::${AWS::AccountId}:saml-provider/corp',
        role: 'arn:aws:iam::${AWS::AccountId}:role/console',
        action: 'sts:AssumeRoleWithSAML',
        says: 'allows sts:AssumeRoleWithWebIdentity, sts:TagSession, not sts:AssumeRoleWithSAML',
        at: ['stack.json', '[ "sts:AssumeRoleWithWebIdentity", "sts:TagSession" ]'],
        related: [['stack.json', '{ "Ref": "Corp" }', TRUSTED]],
      },
    ],
  },
  {
    name: 'sts:AssumeRoleWithSAML for a role, told once although grant and trust declare it',
    documents: { ...trusting(`AWS: ${DEPLOYER}`, '[sts:AssumeRoleWithSAML]'), 'tools.yaml': grant },
    findings: [
      {
        principal: DEPLOYER,
        role: PROD,
        action: 'sts:AssumeRole',
        says: 'role/deployer cannot assume role/prod-deploy: the trust policy allows sts:AssumeRoleWithSAML, not sts:AssumeRole',
        at: ['prod.yaml', '[sts:AssumeRoleWithSAML]'],
        related: [
          ['tools.yaml', PROD, GRANTS],
          ['prod.yaml', DEPLOYER, TRUSTED],
        ],
      },
    ],
  },
  {
    name: 'sts:AssumeRoleWithWebIdentity for a service',
    documents: trusting('Service: ecs-tasks.amazonaws.com', 'sts:AssumeRoleWithWebIdentity'),
    findings: [
      {
        principal: 'ecs-tasks.amazonaws.com',
        role: PROD,
        action: 'sts:AssumeRole',
        says: 'allows sts:AssumeRoleWithWebIdentity, not sts:AssumeRole',
        at: ['prod.yaml', 'sts:AssumeRoleWithWebIdentity'],
        related: [['prod.yaml', 'ecs-tasks.amazonaws.com', TRUSTED]],
      },
    ],
  },
  {
    name: 'a role as create-role takes it, which trusts Cognito by sts:AssumeRole',
    documents: {
      'role.json': json({
        RoleName: 'visitor',
        AssumeRolePolicyDocument: COGNITO,
      }),
    },
    options: ['--account', '444455556666'],
    findings: [
      {
        principal: 'cognito-identity.amazonaws.com',
        role: 'arn:aws:iam::444455556666:role/visitor',
        action: 'sts:AssumeRoleWithWebIdentity',
        says: 'allows sts:AssumeRole, not sts:AssumeRoleWithWebIdentity',
        at: ['role.json', 'sts:AssumeRole'],
        related: [['role.json', 'cognito-identity.amazonaws.com', TRUSTED]],
      },
    ],
  },
  {
    name: 'an action in lower case: IAM reads it in any',
    documents: trusting(`Federated: "${GITHUB}"`, 'sts:assumerole'),
    findings: [
      {
        ...web,
        says: 'the trust policy allows sts:assumerole, not sts:AssumeRoleWithWebIdentity',
        at: ['prod.yaml', 'sts:assumerole'],
        related: [['prod.yaml', GITHUB, TRUSTED]],
      },
    ],
  },
  {
    name: 'a pattern that covers the other actions alone',
    documents: trusting(`AWS: ${DEPLOYER}`, 'sts:AssumeRoleWith*'),
    findings: [
      {
        principal: DEPLOYER,
        role: PROD,
        action: 'sts:AssumeRole',
        says: 'allows sts:AssumeRoleWith*, not sts:AssumeRole',
        at: ['prod.yaml', 'sts:AssumeRoleWith*'],
        related: [['prod.yaml', DEPLOYER, TRUSTED]],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'each kind of principal with its own action',
    others: ['oidc-subject-not-restricted'],
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': grant,
      'prod.yaml': template(
        role('ProdDeploy', {
          name: 'prod-deploy',
          trust: `
            - {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}
            - {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
            - {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRoleWithWebIdentity}
            - {Effect: Allow, Principal: {Federated: "${SAML}"}, Action: [sts:AssumeRoleWithSAML, sts:TagSession]}
          `,
        }),
      ),
    },
    decided: [
      [DEPLOYER, PROD, 'allowed'],
      ['ecs-tasks.amazonaws.com', PROD, 'allowed'],
      [GITHUB, PROD, 'allowed'],
      [SAML, PROD, 'allowed'],
    ],
  },
  {
    name: 'patterns and lower case',
    others: ['oidc-subject-not-restricted'],
    documents: trusting(`Federated: ["${GITHUB}", "${SAML}"]`, '["sts:assumerolewith*"]'),
    decided: [
      [GITHUB, PROD, 'allowed'],
      [SAML, PROD, 'allowed'],
    ],
  },
  {
    name: 'the right action in a second statement',
    others: ['oidc-subject-not-restricted'],
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': template(
        role('ProdDeploy', {
          name: 'prod-deploy',
          trust: `
            - {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRole}
            - {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRoleWithWebIdentity}
          `,
        }),
      ),
    },
    decided: [[GITHUB, PROD, 'allowed']],
  },
  {
    name: 'a statement that adds sts:TagSession alone declares nothing',
    documents: trusting(`Federated: "${GITHUB}"`, 'sts:TagSession'),
    decided: [],
  },
  {
    name: 'an action that a parameter without a value gives',
    documents: {
      ...trusting(`Federated: "${GITHUB}"`, '!Ref Action'),
      'prod.yaml': `Parameters: {Action: {Type: String}}\n${trusting(`Federated: "${GITHUB}"`, '!Ref Action')['prod.yaml']}`,
    },
    others: ['unresolved-value'],
    decided: [[GITHUB, PROD, 'unknown']],
  },
];

ruleCases('wrong-assume-action', { bad, good });
