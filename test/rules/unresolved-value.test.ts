import { ACCOUNTS, CONFIGURATION, json, lines, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const notice = { severity: 'notice' };

const deployer = (resource = `"${PROD}"`) =>
  template(
    role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${resource}}` }),
  );
const prod = (principal: string, rest = '', more = '') =>
  template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {AWS: ${principal}}, Action: sts:AssumeRole${rest}}\n${more}`,
    }),
  );
const withParameter = (name: string, declaration: string, rest: string) =>
  `Parameters: {${name}: {${declaration}}}\n${rest}`;
const base = { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': deployer() };

const bad: readonly BadCase[] = [
  {
    name: 'a parameter without a value, at what declares the assumption',
    documents: {
      ...base,
      'prod.yaml': withParameter(
        'DeployerName',
        'Type: String',
        prod('!Sub "arn:aws:iam::111122223333:role/${DeployerName}"'),
      ),
    },
    findings: [
      {
        ...notice,
        says: ['whether role/${DeployerName} can assume role/prod-deploy', 'a value for the parameter DeployerName'],
        at: ['prod.yaml', 'arn:aws:iam::111122223333:role/${DeployerName}'],
        related: [['tools.yaml', PROD, 'role/deployer on role/prod-deploy']],
      },
    ],
  },
  {
    name: 'a value that nobody exports, once for all that wait for it, in JSON',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.json': json({
        Resources: {
          Deployer: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'deployer',
              AssumeRolePolicyDocument: { Statement: [] },
              Policies: [
                {
                  PolicyName: 'reach',
                  PolicyDocument: {
                    Statement: {
                      Effect: 'Allow',
                      Action: 'sts:AssumeRole',
                      Resource: [{ 'Fn::ImportValue': 'prod-deploy-arn' }],
                    },
                  },
                },
              ],
            },
          },
        },
      }),
      'prod.yaml': prod(`"${DEPLOYER}"`),
    },
    findings: [
      {
        ...notice,
        says: [
          'role/deployer can assume role/prod-deploy',
          'the export prod-deploy-arn (imports in the configuration)',
        ],
        at: ['prod.yaml', DEPLOYER],
        related: [['tools.json', '{ "Fn::ImportValue": "prod-deploy-arn" }', 'role/deployer on ${prod-deploy-arn}']],
      },
    ],
  },
  {
    name: 'the account of a template that no entry claims',
    documents: {
      'stack.yaml': template(
        role('Deployer', {
          name: 'deployer',
          grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}`,
        }),
        role('ProdDeploy', {
          name: 'prod-deploy',
          trust: `- {Effect: Allow, Principal: {AWS: !GetAtt Deployer.Arn}, Action: sts:AssumeRole}`,
        }),
      ),
    },
    findings: [
      {
        ...notice,
        says: 'the account that the documents are deployed to (--account, or accounts in the configuration)',
        at: ['stack.yaml', PROD],
      },
    ],
  },
  {
    name: 'the organization of an account that the configuration leaves out',
    documents: {
      ...base,
      'prod.yaml': prod('"*"', ', Condition: {StringEquals: {aws:PrincipalOrgID: o-exampleorgid}}'),
    },
    findings: [
      {
        ...notice,
        says: 'the organization of account 111122223333 (accounts.*.organization in the configuration)',
        at: ['tools.yaml', PROD],
      },
    ],
  },
  {
    name: 'a condition of the template that cannot be decided',
    documents: {
      ...base,
      'prod.yaml': `Parameters: {Stage: {Type: String}}
Conditions: {IsLive: !Equals [!Ref Stage, live]}
${prod(`!If [IsLive, "${DEPLOYER}", "arn:aws:iam::111122223333:role/nobody"]`)}`,
    },
    findings: [
      {
        ...notice,
        says: 'whether role/deployer can assume role/prod-deploy depends on whether',
        at: ['prod.yaml', `!If [IsLive, "«${DEPLOYER}»"`],
      },
    ],
  },
  {
    name: 'an expected call on a role that no document declares, at the expectation',
    documents: {
      'tools.yaml': deployer(),
      [CONFIGURATION]: `${ACCOUNTS}${lines(`
        expect:
          - {name: reaches prod, principal: "${DEPLOYER}", role: "${PROD}"}
      `)}`,
    },
    findings: [
      {
        ...notice,
        says: ['whether role/deployer can assume role/prod-deploy', `the role ${PROD}, which no document declares`],
        at: [CONFIGURATION, 'reaches prod'],
      },
    ],
  },
  {
    name: 'a parameter of the Systems Manager Parameter Store',
    documents: {
      ...base,
      'prod.yaml': withParameter(
        'Trusted',
        'Type: "AWS::SSM::Parameter::Value<String>", Default: /iam/deployer',
        prod('!Ref Trusted'),
      ),
    },
    findings: [
      {
        ...notice,
        says: 'the value of the parameter Trusted (SSM parameter /iam/deployer)',
        at: ['prod.yaml', '!Ref «Trusted»'],
        related: [['tools.yaml', PROD, 'role/deployer on role/prod-deploy']],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a parameter with a default',
    documents: {
      ...base,
      'prod.yaml': withParameter('Trusted', `Type: String, Default: "${DEPLOYER}"`, prod('!Ref Trusted')),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a parameter whose value the configuration gives',
    documents: {
      ...base,
      [CONFIGURATION]: ACCOUNTS.replace('"444455556666",', `"444455556666", parameters: {Trusted: "${DEPLOYER}"},`),
      'prod.yaml': withParameter('Trusted', 'Type: String', prod('!Ref Trusted')),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a parameter file',
    documents: {
      ...base,
      [CONFIGURATION]: ACCOUNTS.replace('"444455556666",', '"444455556666", parameter-files: [live.params.json],'),
      'live.params.json': json([{ ParameterKey: 'Trusted', ParameterValue: DEPLOYER }]),
      'prod.yaml': withParameter('Trusted', 'Type: String', prod('!Ref Trusted')),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'an imported value that the configuration gives',
    documents: {
      [CONFIGURATION]: `${ACCOUNTS}imports: {prod-deploy-arn: "${PROD}"}\n`,
      'tools.yaml': deployer('!ImportValue prod-deploy-arn'),
      'prod.yaml': prod(`"${DEPLOYER}"`),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'an unknown that does not matter: none of its values changes the decision',
    documents: {
      ...base,
      'prod.yaml': withParameter(
        'Barred',
        'Type: String, AllowedValues: [runner, auditor]',
        prod(
          `"${DEPLOYER}"`,
          '',
          '- {Effect: Deny, Principal: {AWS: !Sub "arn:aws:iam::111122223333:role/${Barred}"}, Action: "sts:*"}',
        ),
      ),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a role that no document declares, and that nobody expects to work',
    documents: base,
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
];

ruleCases('unresolved-value', { bad, good });
