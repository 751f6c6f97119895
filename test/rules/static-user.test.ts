import { CONFIGURATION, role, template, user } from '../support/documents.ts';
import { ruleCases } from './rule-cases.ts';

const ON = 'rules: {static-user: warning}\n';
const options = ['--account', '111122223333'];
const trust = (name: string) =>
  `- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:${name}"}, Action: sts:AssumeRole}`;

ruleCases('static-user', {
  bad: [
    {
      name: 'a user',
      documents: {
        [CONFIGURATION]: ON,
        'roles.yaml': template(user('Bot', {}), role('Deploy', { name: 'deploy', trust: trust('user/bot') })),
      },
      options,
      findings: [{ says: 'user/bot', at: ['roles.yaml', '«Bot»: Type'], severity: 'warning' }],
    },
  ],
  good: [
    {
      name: 'a role',
      documents: {
        [CONFIGURATION]: ON,
        'roles.yaml': template(
          role('Bot', { name: 'bot' }),
          role('Deploy', { name: 'deploy', trust: trust('role/bot') }),
        ),
      },
      options,
      decided: [['arn:aws:iam::111122223333:role/bot', 'arn:aws:iam::111122223333:role/deploy', 'allowed']],
    },
  ],
});
