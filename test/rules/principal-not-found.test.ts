import { ACCOUNTS, CONFIGURATION, json, role, template, user } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const IN_TOOLS = 'arn:aws:iam::111122223333:';
const TARGET = `${IN_TOOLS}role/target`;

const trusting = (principal: string) =>
  role('Target', {
    name: 'target',
    trust: `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole}`,
  });

/** A trust policy that names nobody, beside the principal that there is. */
function misnamed(principal: string, says: string, meant: string, declared: string, declaredAs: string): BadCase {
  return {
    name: `${principal}: ${says}`,
    documents: { [CONFIGURATION]: ACCOUNTS, 'tools.yaml': template(declared, trusting(principal)) },
    findings: [
      {
        severity: 'warning',
        principal,
        role: TARGET,
        action: 'sts:AssumeRole',
        decision: 'unknown',
        says: [`the trust policy of role/target names ${principal}`, says, `did you mean ${meant}?`],
        at: ['tools.yaml', principal],
        related: [
          ['tools.yaml', `«${declaredAs}»: Type`, `the ${meant.includes(':user/') ? 'user' : 'role'} that is declared`],
        ],
        fix: `          - {Effect: Allow, Principal: {AWS: "${meant}"}, Action: sts:AssumeRole}`,
      },
    ],
  };
}

const master = role('Master', { name: 'master', more: 'Path: /bosh/' });

const bad: readonly BadCase[] = [
  misnamed(`${IN_TOOLS}role/master`, 'role/master is not there', `${IN_TOOLS}role/bosh/master`, master, 'Master'),
  misnamed(
    `${IN_TOOLS}role/bosh/Master`,
    'role/bosh/Master is not there',
    `${IN_TOOLS}role/bosh/master`,
    master,
    'Master',
  ),
  misnamed(`${IN_TOOLS}user/Anna`, 'user/Anna is not there', `${IN_TOOLS}user/anna`, user('Anna', {}), 'Anna'),
  misnamed(
    `${IN_TOOLS}role/pipelime-runner`,
    'no document declares role/pipelime-runner',
    `${IN_TOOLS}role/pipeline-runner`,
    role('Runner', { name: 'pipeline-runner' }),
    'Runner',
  ),
  {
    name: 'the path of the template’s own role left out, where the account is not known',
    documents: { 'tools.yaml': template(master, trusting(`${IN_TOOLS}role/master`)) },
    findings: [
      {
        severity: 'warning',
        principal: `${IN_TOOLS}role/master`,
        role: 'arn:aws:iam::${AWS::AccountId}:role/target',
        action: 'sts:AssumeRole',
        decision: 'unknown',
        says: 'the role of that name is role/bosh/master',
        at: ['tools.yaml', `${IN_TOOLS}role/master`],
        related: [['tools.yaml', '«Master»: Type', 'the role that is declared']],
      },
    ],
  },
  {
    name: 'a role that a dump of the account does not have',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'dump.json': json({
        UserDetailList: [{ UserName: 'anna', Arn: `${IN_TOOLS}user/anna` }],
        GroupDetailList: [],
        Policies: [],
        RoleDetailList: [
          {
            RoleName: 'other',
            Arn: `${IN_TOOLS}role/other`,
            AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
          },
        ],
      }),
      'tools.yaml': template(trusting(`${IN_TOOLS}role/retired`)),
    },
    findings: [
      {
        severity: 'warning',
        principal: `${IN_TOOLS}role/retired`,
        role: TARGET,
        action: 'sts:AssumeRole',
        decision: 'unknown',
        says: 'account 111122223333 has no role/retired',
        at: ['tools.yaml', `${IN_TOOLS}role/retired`],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a role with its path, and one that no document declares',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': template(
        master,
        trusting(`${IN_TOOLS}role/bosh/master", "${IN_TOOLS}role/operator`)
          .replace('AWS: "', 'AWS: ["')
          .replace('operator"', 'operator"]'),
      ),
    },
    decided: [
      [`${IN_TOOLS}role/bosh/master`, TARGET, 'allowed'],
      [`${IN_TOOLS}role/operator`, TARGET, 'unknown'],
    ],
  },
  {
    name: 'a role of that name in another account, whose path is another',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': template(master, trusting('arn:aws:iam::777788889999:role/master')),
    },
    others: ['confused-deputy'],
    decided: [['arn:aws:iam::777788889999:role/master', TARGET, 'unknown']],
  },
];

ruleCases('principal-not-found', { bad, good });
