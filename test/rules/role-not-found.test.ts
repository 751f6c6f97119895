import { ACCOUNTS, CONFIGURATION, json, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const IN_PROD = 'arn:aws:iam::444455556666:role/';
const ROOT = '- {Effect: Allow, Principal: {AWS: "111122223333"}, Action: sts:AssumeRole}';

const grant = (resource: string) =>
  template(
    role('Deployer', {
      name: 'deployer',
      grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${resource}"}`,
    }),
  );
const prod = (more?: string, name = 'prod-deploy') =>
  template(role('ProdDeploy', { name, trust: ROOT, ...(more === undefined ? {} : { more }) }));

/** A grant on a role that is not there beside the one that is. */
function misnamed(resource: string, says: string, meant: string, more?: string): BadCase {
  return {
    name: says,
    documents: { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': grant(resource), 'prod.yaml': prod(more) },
    findings: [
      {
        severity: 'warning',
        principal: DEPLOYER,
        role: resource,
        action: 'sts:AssumeRole',
        decision: 'unknown',
        says: [`role/deployer grants sts:AssumeRole on ${resource}`, says, `did you mean ${meant}?`],
        at: ['tools.yaml', resource],
        related: [['prod.yaml', 'ProdDeploy', 'the role that is declared']],
        fix: `              - {Effect: Allow, Action: sts:AssumeRole, Resource: "${meant}"}`,
      },
    ],
  };
}

/** What `aws iam get-account-authorization-details` shows of an account with one role. */
const dump = json({
  UserDetailList: [],
  GroupDetailList: [],
  Policies: [],
  RoleDetailList: [
    {
      RoleName: 'release',
      Path: '/',
      Arn: `${IN_PROD}release`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
      },
    },
  ],
});

const bad: readonly BadCase[] = [
  misnamed(
    `${IN_PROD}prod-deploy`,
    'the role of that name is role/release/prod-deploy',
    `${IN_PROD}release/prod-deploy`,
    'Path: /release/',
  ),
  misnamed(`${IN_PROD}team/prod-deploy`, 'the role of that name is role/prod-deploy', `${IN_PROD}prod-deploy`),
  misnamed(`${IN_PROD}Prod-Deploy`, 'the role of that name is role/prod-deploy', `${IN_PROD}prod-deploy`),
  misnamed(`${IN_PROD}prod-depoly`, 'no document declares role/prod-depoly', `${IN_PROD}prod-deploy`),
  misnamed(
    'arn:aws:iam::444455556667:role/prod-deploy',
    'account 444455556667 is not among the declared ones',
    `${IN_PROD}prod-deploy`,
  ),
  {
    name: 'a role that a dump of the account does not have',
    documents: { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': grant(`${IN_PROD}retired`), 'dump.json': dump },
    findings: [
      {
        severity: 'warning',
        principal: DEPLOYER,
        role: `${IN_PROD}retired`,
        action: 'sts:AssumeRole',
        decision: 'unknown',
        says: 'account 444455556666 has no role/retired',
        at: ['tools.yaml', `${IN_PROD}retired`],
      },
    ],
  },
  {
    name: 'a role that an expectation names and the account does not have',
    documents: {
      [CONFIGURATION]: `${ACCOUNTS}expect:\n  - {principal: "${DEPLOYER}", role: "${IN_PROD}retired"}\n`,
      'tools.yaml': grant('*'),
      'dump.json': dump,
    },
    others: ['broad-grant', 'unresolved-value'],
    findings: [
      {
        severity: 'warning',
        principal: DEPLOYER,
        role: `${IN_PROD}retired`,
        action: 'sts:AssumeRole',
        decision: 'unknown',
        says: 'account 444455556666 has no role/retired',
        at: [CONFIGURATION, DEPLOYER],
        fix: false,
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a role that no document declares, in an account that is not declared in full',
    documents: { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': grant(`${IN_PROD}backup`), 'prod.yaml': prod() },
    decided: [[DEPLOYER, `${IN_PROD}backup`, 'unknown']],
  },
  {
    name: 'a role of the same name in another account, as in a company that has it everywhere',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': grant('arn:aws:iam::777788889999:role/prod-deploy'),
      'prod.yaml': prod(),
    },
    decided: [[DEPLOYER, 'arn:aws:iam::777788889999:role/prod-deploy', 'unknown']],
  },
  {
    name: 'names that a number or their last letter tells apart',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': grant(`${IN_PROD}deployment-2`),
      'prod.yaml': prod(undefined, 'deployment-1'),
      'tools-b.yaml': grant(`${IN_PROD}deployments`)
        .replaceAll('eployer', 'eployer-b')
        .replace('Deployer-b', 'DeployerB'),
      'prod-b.yaml': prod(undefined, 'deployment'),
    },
    decided: [[DEPLOYER, `${IN_PROD}deployment-2`, 'unknown']],
  },
  {
    name: 'a role whose name AWS generates, which it may be',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': grant(`${IN_PROD}stack-ProdDeploy-1A2B3C4D5E6F`),
      'prod.yaml': template(role('ProdDeploy', { trust: ROOT })),
    },
    decided: [[DEPLOYER, `${IN_PROD}stack-ProdDeploy-1A2B3C4D5E6F`, 'unknown']],
  },
];

ruleCases('role-not-found', { bad, good });
