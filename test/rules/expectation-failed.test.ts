import { ACCOUNTS, CONFIGURATION, json, lines, policy, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };

const expecting = (entry: string) => `${ACCOUNTS}expect:\n${lines(entry).replace(/^(?=.)/gm, '  ')}`;
const prod = (principal: string, condition = '', action = 'sts:AssumeRole') =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {${principal}}, Action: ${action}${condition}}`,
    }),
  );
const reaching = template(
  role('Deployer', {
    name: 'deployer',
    grants: '- {Effect: Allow, Action: "sts:*", Resource: "arn:aws:iam::*:role/*prod*"}',
  }),
);
const base = { 'tools.yaml': reaching, 'prod.yaml': prod('AWS: "111122223333"') };
const plain = `
  - principal: ${DEPLOYER}
    role: ${PROD}
`;

const bad: readonly BadCase[] = [
  {
    name: 'a call that should work and does not, at the name of the entry',
    documents: {
      ...base,
      'prod.yaml': prod('AWS: "arn:aws:iam::111122223333:role/deployment"'),
      [CONFIGURATION]: expecting(`
        - name: deployer reaches prod
          principal: ${DEPLOYER}
          role: ${PROD}
      `),
    },
    findings: [
      {
        ...call,
        says: [
          'deployer reaches prod: role/deployer on role/prod-deploy is denied, but allowed is expected',
          'the trust policy names arn:aws:iam::111122223333:role/deployment',
        ],
        at: [CONFIGURATION, 'deployer reaches prod'],
        related: [
          [
            'prod.yaml',
            'arn:aws:iam::111122223333:role/deployment',
            'the trust policy names arn:aws:iam::111122223333:role/deployment',
          ],
        ],
        fix: `          - {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
      },
    ],
  },
  {
    name: 'a call that should not work and does, at the principal where the entry has no name',
    documents: { ...base, [CONFIGURATION]: expecting(`${plain}    decision: denied`) },
    findings: [
      {
        ...call,
        decision: 'allowed',
        says: 'role/deployer on role/prod-deploy is allowed, but denied is expected',
        at: [CONFIGURATION, `principal: «${DEPLOYER}»`],
      },
    ],
  },
  {
    name: 'an external id that the entry leaves out',
    documents: {
      ...base,
      'prod.yaml': prod('AWS: "111122223333"', ', Condition: {StringEquals: {sts:ExternalId: quarterly-audit}}'),
      [CONFIGURATION]: expecting(plain),
    },
    findings: [
      {
        ...call,
        says: ['is denied, but allowed is expected', 'asks for sts:ExternalId StringEquals quarterly-audit'],
        at: [CONFIGURATION, DEPLOYER],
        related: [
          [
            'prod.yaml',
            'quarterly-audit',
            'the trust policy asks for sts:ExternalId StringEquals quarterly-audit, and the context that is given does not list that key',
          ],
        ],
      },
    ],
  },
  {
    name: 'a key that the entry calls unknown: it depends on it',
    documents: {
      ...base,
      'prod.yaml': prod('AWS: "111122223333"', ', Condition: {IpAddress: {aws:SourceIp: 203.0.113.0/24}}'),
      [CONFIGURATION]: expecting(`${plain}    unknown: [aws:SourceIp]`),
    },
    findings: [
      {
        ...call,
        decision: 'conditional',
        says: 'is conditional, but allowed is expected: it depends on aws:SourceIp',
        at: [CONFIGURATION, DEPLOYER],
      },
    ],
  },
  {
    name: 'a session policy of the caller that does not allow it',
    documents: {
      ...base,
      'session.json': policy({ Effect: 'Allow', Action: ['sts:TagSession'], Resource: '*' }),
      [CONFIGURATION]: expecting(`
        - name: the pipeline’s session
          principal: arn:aws:sts::111122223333:assumed-role/deployer/pipeline
          role: ${PROD}
          session-policy: session.json
      `),
    },
    findings: [
      {
        ...call,
        principal: 'arn:aws:sts::111122223333:assumed-role/deployer/pipeline',
        says: 'is denied, but allowed is expected: the session policy allows sts:TagSession, not sts:AssumeRole',
        at: [CONFIGURATION, 'the pipeline’s session'],
        related: [
          ['session.json', '[ "sts:TagSession" ]', 'the session policy allows sts:TagSession, not sts:AssumeRole'],
        ],
      },
    ],
  },
  {
    name: 'a token of another branch, for a role in JSON',
    documents: {
      'prod.json': json({
        Resources: {
          ProdDeploy: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'prod-deploy',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: {
                  Effect: 'Allow',
                  Principal: {
                    Federated: {
                      'Fn::Join': [
                        '',
                        [
                          'arn:aws:iam::',
                          { Ref: 'AWS::AccountId' },
                          ':oidc-provider/token.actions.githubusercontent.com',
                        ],
                      ],
                    },
                  },
                  Action: 'sts:AssumeRoleWithWebIdentity',
                  Condition: {
                    StringLike: {
                      'token.actions.githubusercontent.com:sub': ['repo:example/app:ref:refs/heads/release/*'],
                    },
                  },
                },
              },
            },
          },
        },
      }),
      [CONFIGURATION]: expecting(`
        - name: main deploys
          principal: ${GITHUB}
          role: ${PROD}
          context:
            token.actions.githubusercontent.com:aud: sts.amazonaws.com
            token.actions.githubusercontent.com:sub: repo:example/app:ref:refs/heads/main
      `),
    },
    findings: [
      {
        principal: GITHUB,
        role: PROD,
        action: 'sts:AssumeRoleWithWebIdentity',
        says: [
          'main deploys: oidc-provider/token.actions.githubusercontent.com on role/prod-deploy is denied',
          'and the call has repo:example/app:ref:refs/heads/main',
        ],
        at: [CONFIGURATION, 'main deploys'],
        related: [
          [
            'prod.json',
            'repo:example/app:ref:refs/heads/release/*',
            'the trust policy asks for token.actions.githubusercontent.com:sub StringLike repo:example/app:ref:refs/heads/release/*, and the call has repo:example/app:ref:refs/heads/main',
          ],
        ],
      },
    ],
  },
  {
    name: 'tags that only one side allows',
    documents: {
      ...base,
      [CONFIGURATION]: expecting(`${plain}    context: {aws:RequestTag/team: delivery, aws:TagKeys: [team]}`),
    },
    findings: [
      {
        ...call,
        action: 'sts:TagSession',
        says: 'the trust policy allows sts:AssumeRole, not sts:TagSession',
        at: [CONFIGURATION, DEPLOYER],
        related: [['prod.yaml', 'sts:AssumeRole', 'the trust policy allows sts:AssumeRole, not sts:TagSession']],
      },
    ],
  },
  {
    name: 'an SCP that denies, and two entries of which one fails',
    documents: {
      ...base,
      'scp.json':
        '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}]}',
      [CONFIGURATION]: expecting(`
        - {name: fails, principal: "${DEPLOYER}", role: "${PROD}"}
        - {name: holds, principal: "${DEPLOYER}", role: "${PROD}", decision: denied}
      `).replace('"111122223333",', '"111122223333", scps: [scp.json],'),
    },
    findings: [
      {
        ...call,
        says: 'fails: role/deployer on role/prod-deploy is denied',
        at: [CONFIGURATION, 'fails'],
        related: [
          ['scp.json', '{"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}', 'the SCP scp.json denies it'],
        ],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a call that is expected to work and does',
    documents: { ...base, [CONFIGURATION]: expecting(plain) },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a call that is expected not to work and does not',
    documents: {
      ...base,
      [CONFIGURATION]: expecting(`
        - principal: arn:aws:iam::111122223333:user/anna
          role: ${PROD}
          decision: denied
      `),
      'tools-users.yaml': template(user('Anna', {})),
    },
    decided: [['arn:aws:iam::111122223333:user/anna', PROD, 'denied']],
  },
  {
    name: 'a context that the trust policy asks for',
    documents: {
      ...base,
      'prod.yaml': prod(
        'AWS: "111122223333"',
        ', Condition: {StringEquals: {sts:ExternalId: quarterly-audit}, Bool: {aws:MultiFactorAuthPresent: true}}',
      ),
      [CONFIGURATION]: expecting(
        `${plain}    context: {sts:ExternalId: quarterly-audit, aws:MultiFactorAuthPresent: "true"}`,
      ),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a role that no document declares: that is unknown, and told as such',
    documents: { 'tools.yaml': reaching, [CONFIGURATION]: expecting(plain) },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'a service by its name',
    documents: {
      ...base,
      'prod.yaml': prod(
        'Service: lambda.amazonaws.com',
        ', Condition: {StringEquals: {aws:SourceAccount: "444455556666"}}',
      ),
      [CONFIGURATION]: expecting(`
        - {principal: lambda.amazonaws.com, role: "${PROD}", context: {aws:SourceAccount: "444455556666"}}
        - {principal: lambda.amazonaws.com, role: "${PROD}", context: {aws:SourceAccount: null}, decision: denied}
      `),
    },
    decided: [
      ['lambda.amazonaws.com', PROD, 'allowed'],
      ['lambda.amazonaws.com', PROD, 'denied'],
    ],
  },
];

ruleCases('expectation-failed', { bad, good });
