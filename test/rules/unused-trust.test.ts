import { ACCOUNTS, CONFIGURATION, role, template } from '../support/documents.ts';
import { ruleCases } from './rule-cases.ts';

const ON = `${ACCOUNTS}rules: {unused-trust: notice, open-trust: off}\n`;
const AUDIT = 'arn:aws:iam::444455556666:role/audit';
const trusting = (principal: string) =>
  template(
    role('Audit', {
      name: 'audit',
      trust: `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole}`,
    }),
  );
const grants = `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${AUDIT}"}`;

ruleCases('unused-trust', {
  bad: [
    {
      name: 'an account of which nobody is granted the role',
      documents: {
        [CONFIGURATION]: ON,
        'tools.yaml': template(role('Ci', { name: 'ci' })),
        'prod.yaml': trusting('111122223333'),
      },
      findings: [{ says: ['111122223333', 'role/audit'], at: ['prod.yaml', '111122223333'], severity: 'notice' }],
    },
  ],
  good: [
    {
      name: 'an account of which somebody is',
      documents: {
        [CONFIGURATION]: ON,
        'tools.yaml': template(role('Ci', { name: 'ci', grants })),
        'prod.yaml': trusting('arn:aws:iam::111122223333:root'),
      },
      decided: [['arn:aws:iam::111122223333:role/ci', AUDIT, 'allowed']],
    },
    {
      name: 'an account that is none of ours',
      documents: {
        [CONFIGURATION]: `${ON.replace('open-trust: off', 'open-trust: off, confused-deputy: off')}`,
        'tools.yaml': template(role('Ci', { name: 'ci', grants })),
        'prod.yaml': trusting('arn:aws:iam::777788889999:root').replace(
          'Action: sts:AssumeRole}',
          'Action: sts:AssumeRole}\n          - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/ci"}, Action: sts:AssumeRole}',
        ),
      },
      decided: [['arn:aws:iam::111122223333:role/ci', AUDIT, 'allowed']],
    },
  ],
});
