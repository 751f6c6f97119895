import { ACCOUNTS, CONFIGURATION, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const prod = template(
  role('ProdDeploy', {
    name: 'prod-deploy',
    trust: `- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
  }),
);
const documents = (grants: string, more?: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants, ...(more === undefined ? {} : { more }) })),
  'prod.yaml': prod,
});
const on = (resource: string, action = 'sts:AssumeRole', rest = '') =>
  `- {Effect: Allow, Action: "${action}", Resource: "${resource}"${rest}}`;

function broad(name: string, grants: string, marker: string, says: string): BadCase {
  return {
    name,
    documents: documents(grants),
    findings: [
      {
        severity: 'warning',
        says: `role/deployer may assume ${says} that trusts it`,
        at: ['tools.yaml', marker],
        fix: false,
      },
    ],
  };
}

function narrow(name: string, grants: string, decision = 'allowed'): GoodCase {
  return { name, documents: documents(grants), decided: [[DEPLOYER, PROD, decision]] };
}

const bad: readonly BadCase[] = [
  broad('every role', on('*'), 'Resource: "«*»"', 'every role'),
  broad(
    'every role of every account',
    on('arn:aws:iam::*:role/*', 'sts:Assume*'),
    'arn:aws:iam::*:role/*',
    'every role',
  ),
  broad(
    'every role of one account, beside a single one',
    `- {Effect: Allow, Action: [sts:AssumeRole, sts:TagSession], Resource: ["arn:aws:iam::444455556666:role/*", "${PROD}"]}`,
    'arn:aws:iam::444455556666:role/*',
    'every role of account 444455556666',
  ),
  {
    name: 'a managed policy that a user has',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': template(
        user('Anna', { more: 'ManagedPolicyArns: [!Ref Assume]' }),
        `
        Assume:
          Type: AWS::IAM::ManagedPolicy
          Properties:
            PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "sts:*", Resource: "*"}}
        `,
      ),
    },
    findings: [{ severity: 'warning', says: 'user/anna may assume every role', at: ['tools.yaml', 'Resource: "«*»"'] }],
  },
];

const good: readonly GoodCase[] = [
  narrow('one role', on(PROD)),
  narrow(
    'roles of a name, of a path, and one name in every account',
    `${on('arn:aws:iam::*:role/prod-deploy')}\n${on('arn:aws:iam::444455556666:role/ci/*')}\n${on('arn:aws:iam::444455556666:role/prod-*')}`,
  ),
  narrow('an administrator’s policy', on('*', '*')),
  narrow(
    'every role with a tag, which a condition asks for',
    on('*', 'sts:AssumeRole', ', Condition: {StringEquals: {aws:ResourceAccount: "444455556666"}}'),
  ),
  {
    name: 'a permissions boundary, which grants nothing',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': template(
        role('Deployer', { name: 'deployer', grants: on(PROD), more: 'PermissionsBoundary: !Ref Limit' }),
        `
        Limit:
          Type: AWS::IAM::ManagedPolicy
          Properties:
            PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "sts:AssumeRole", Resource: "*"}}
        `,
      ),
      'prod.yaml': prod,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
];

ruleCases('broad-grant', { bad, good });
