import { ACCOUNTS, CONFIGURATION, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const grant = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
);
const prod = (trust: string) => template(role('ProdDeploy', { name: 'prod-deploy', trust }));
const to = (principal: string, condition = '') =>
  `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole${condition === '' ? '' : `, Condition: {${condition}}`}}`;

function open(name: string, trust: string, marker: string, says: string, others: readonly string[] = []): BadCase {
  return {
    name,
    others,
    documents: { [CONFIGURATION]: ACCOUNTS, 'prod.yaml': prod(trust), 'tools.yaml': grant },
    findings: [{ severity: 'warning', says, at: ['prod.yaml', marker], fix: false }],
  };
}

function narrowed(name: string, trust: string, decision: string): GoodCase {
  return {
    name,
    documents: { [CONFIGURATION]: ACCOUNTS, 'prod.yaml': prod(trust), 'tools.yaml': grant },
    decided: [[DEPLOYER, PROD, decision]],
  };
}

const bad: readonly BadCase[] = [
  open('everybody', to('*'), 'AWS: "«*»"', 'anyone, in any AWS account, may assume role/prod-deploy'),
  open(
    'everybody with a second factor',
    to('*', 'Bool: {aws:MultiFactorAuthPresent: "true"}'),
    'AWS: "«*»"',
    'anyone',
    ['condition-never-met'],
  ),
  open(
    'everybody of any organization',
    to('*', 'StringLike: {aws:PrincipalOrgID: "*"}'),
    'AWS: "«*»"',
    'no condition narrows it',
    ['unresolved-value'],
  ),
  open(
    'everybody who says nothing of an external id',
    to('*', 'StringEqualsIfExists: {sts:ExternalId: abcdef}'),
    'AWS: "«*»"',
    'anyone',
  ),
  {
    ...open(
      'a whole account that is none of the declared ones',
      `${to('arn:aws:iam::777788889999:root')}\n${to(DEPLOYER)}`,
      'arn:aws:iam::777788889999:root',
      'any principal of account 777788889999, which is none of the declared accounts, may assume role/prod-deploy',
    ),
  },
];

const good: readonly GoodCase[] = [
  narrowed('a declared account', to('111122223333'), 'allowed'),
  narrowed('everybody with an external id', to('*', 'StringEquals: {sts:ExternalId: abcdef}'), 'conditional'),
  narrowed('everybody of one account', to('*', 'StringEquals: {aws:PrincipalAccount: "111122223333"}'), 'allowed'),
  narrowed(
    'everybody, but for a Deny that keeps others out',
    `${to('*')}\n- {Effect: Deny, Principal: {AWS: "*"}, Action: sts:AssumeRole, Condition: {StringNotEquals: {aws:PrincipalAccount: "111122223333"}}}`,
    'allowed',
  ),
  {
    name: 'another account, where nothing says which accounts are one’s own',
    documents: { 'stack.yaml': prod(`${to('777788889999')}\n${to('arn:aws:iam::111122223333:user/anna')}`) },
    decided: [['arn:aws:iam::111122223333:user/anna', 'arn:aws:iam::${AWS::AccountId}:role/prod-deploy', 'unknown']],
  },
];

ruleCases('open-trust', { bad, good });
