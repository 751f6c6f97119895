import { CONFIGURATION, role, template } from '../support/documents.ts';
import { ruleCases } from './rule-cases.ts';

const ON = 'rules: {long-session: warning}\n';
const options = ['--account', '111122223333'];
const trust = '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/ci"}, Action: sts:AssumeRole}';
const roles = (more?: string) =>
  template(
    role('Ci', { name: 'ci' }),
    role('Deploy', { name: 'deploy', trust, ...(more === undefined ? {} : { more }) }),
  );
const decided = [['arn:aws:iam::111122223333:role/ci', 'arn:aws:iam::111122223333:role/deploy', 'allowed']] as const;

ruleCases('long-session', {
  bad: [
    {
      name: 'more than an hour, where nothing else is wanted',
      documents: { [CONFIGURATION]: ON, 'roles.yaml': roles('MaxSessionDuration: 7200') },
      options,
      findings: [{ says: ['role/deploy', '7200', '3600'], at: ['roles.yaml', '7200'], severity: 'warning' }],
    },
  ],
  good: [
    {
      name: 'what the configuration still wants',
      documents: {
        [CONFIGURATION]: `${ON}conventions: {longest-session: 7200}\n`,
        'roles.yaml': roles('MaxSessionDuration: 7200'),
      },
      options,
      decided,
    },
    { name: 'AWS’s default', documents: { [CONFIGURATION]: ON, 'roles.yaml': roles() }, options, decided },
  ],
});
