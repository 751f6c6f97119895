import { ACCOUNTS, CONFIGURATION, policy, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GRANT = `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${PROD}}`;
const TRUST = `- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`;
const call = { principal: DEPLOYER, role: PROD, action: 'sts:AssumeRole' };
const related = [
  ['tools.yaml', PROD, 'grants sts:AssumeRole on this role'],
  ['prod.yaml', DEPLOYER, 'trusts this principal'],
] as const;

const organizations = (caller: string, rest = '') => `
accounts:
  tools: {id: "111122223333", organization: ${caller}, paths: ["tools*"]}
  prod: {id: "444455556666", organization: o-exampleorgid, paths: ["prod*"], rcps: [rcp/perimeter.json]${rest}}
`;
const perimeter = policy({
  Effect: 'Deny',
  Principal: '*',
  Action: 'sts:AssumeRole',
  Resource: '*',
  Condition: {
    StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});
const documents = {
  [CONFIGURATION]: organizations('o-otherorgid'),
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants: GRANT })),
  'prod.yaml': template(role('ProdDeploy', { name: 'prod-deploy', trust: TRUST })),
  'rcp/perimeter.json': perimeter,
};

const bad: readonly BadCase[] = [
  {
    name: 'an RCP above the role’s account that keeps other organizations out',
    documents,
    findings: [
      {
        ...call,
        says: 'the RCP rcp/perimeter.json denies',
        at: [
          'rcp/perimeter.json',
          '{ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*", "Condition": { "StringNotEqualsIfExists": { "aws:PrincipalOrgID": "o-exampleorgid" }, "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } } }',
        ],
        related,
      },
    ],
  },
  {
    name: 'an RCP that nobody may assume roles under, on one of two levels',
    documents: {
      ...documents,
      [CONFIGURATION]: organizations('o-exampleorgid').replace(
        'rcp/perimeter.json',
        'rcp/perimeter.json, rcp/frozen.json',
      ),
      'rcp/frozen.json': '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}]}',
    },
    findings: [
      {
        ...call,
        says: 'the RCP rcp/frozen.json denies',
        at: ['rcp/frozen.json', '{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Resource": "*"}'],
        related,
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a caller of the same organization',
    documents: { ...documents, [CONFIGURATION]: organizations('o-exampleorgid') },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a role of the management account, to which RCPs do not apply',
    documents: { ...documents, [CONFIGURATION]: organizations('o-otherorgid', ', management: true') },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'a Deny in the trust policy, which is none of an RCP',
    documents: {
      ...documents,
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': template(
        role('ProdDeploy', {
          name: 'prod-deploy',
          trust: `${TRUST}\n- {Effect: Deny, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
        }),
      ),
    },
    others: ['explicit-deny'],
    decided: [[DEPLOYER, PROD, 'denied']],
  },
];

ruleCases('blocked-by-rcp', { bad, good });
