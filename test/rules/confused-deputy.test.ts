import { ACCOUNTS, CONFIGURATION, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const VENDOR = 'arn:aws:iam::777788889999:role/collector';

const documents = (principal: string, condition = '') => ({
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: ${principal}, Action: sts:AssumeRole${condition === '' ? '' : `, Condition: {${condition}}`}}`,
    }),
  ),
});

const bad: readonly BadCase[] = [
  {
    name: 'a third party’s role without an external id',
    documents: documents(`{AWS: "${VENDOR}"}`),
    findings: [
      {
        severity: 'warning',
        says: 'role/prod-deploy trusts account 777788889999, which is none of the declared accounts, without sts:ExternalId',
        at: ['prod.yaml', VENDOR],
      },
    ],
  },
  {
    name: 'a third party’s account, narrowed to one of its roles',
    documents: documents('{AWS: "777788889999"}', `StringEquals: {aws:PrincipalArn: "${VENDOR}"}`),
    findings: [{ severity: 'warning', says: 'without sts:ExternalId', at: ['prod.yaml', 'AWS: "«777788889999»"'] }],
  },
  {
    name: 'services that say for whom they call, which nobody asks',
    documents: documents('{Service: [scheduler.amazonaws.com, lambda.amazonaws.com, fis.amazonaws.com]}'),
    findings: [
      {
        severity: 'warning',
        says: 'trusts scheduler.amazonaws.com whichever account it works for',
        at: ['prod.yaml', 'scheduler.amazonaws.com'],
      },
      {
        severity: 'warning',
        says: 'trusts fis.amazonaws.com whichever account it works for',
        at: ['prod.yaml', 'fis.amazonaws.com'],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a third party with an external id',
    documents: documents(`{AWS: "${VENDOR}"}`, 'StringEquals: {sts:ExternalId: customer-42}'),
    decided: [[VENDOR, PROD, 'unknown']],
  },
  {
    name: 'an account of one’s own organization that the configuration does not list',
    documents: documents(`{AWS: "${VENDOR}"}`, 'StringEquals: {aws:PrincipalOrgID: o-exampleorgid}'),
    decided: [[VENDOR, PROD, 'unknown']],
  },
  {
    name: 'a third party where nothing says which accounts are one’s own',
    documents: { 'prod.yaml': documents(`{AWS: "${VENDOR}"}`)['prod.yaml'] },
    decided: [[VENDOR, 'arn:aws:iam::${AWS::AccountId}:role/prod-deploy', 'unknown']],
  },
  {
    name: 'a service that is asked for its account, and one that supplies none',
    documents: {
      ...documents('{Service: scheduler.amazonaws.com}', 'StringEquals: {aws:SourceAccount: "444455556666"}'),
      'prod-b.yaml': template(role('Job', { name: 'job' })),
    },
    decided: [['ec2.amazonaws.com', 'arn:aws:iam::444455556666:role/job', 'allowed']],
  },
];

ruleCases('confused-deputy', { bad, good });
