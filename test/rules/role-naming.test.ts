import { CONFIGURATION, lines, role, template } from '../support/documents.ts';
import { ruleCases } from './rule-cases.ts';

const configuration = (patterns: string) =>
  lines(`
    accounts:
      prod: {id: "111122223333", paths: ["*.yaml"]}
    conventions: {role-names: [${patterns}]}
    rules: {role-naming: warning}
  `);
const grants = '- {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::111122223333:role/prod-deploy"}';
const trust = '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/ci"}, Action: sts:AssumeRole}';
const roles = template(role('Ci', { name: 'ci', grants }), role('Deploy', { name: 'prod-deploy', trust }));
const decided = [
  ['arn:aws:iam::111122223333:role/ci', 'arn:aws:iam::111122223333:role/prod-deploy', 'allowed'],
] as const;

ruleCases('role-naming', {
  bad: [
    {
      name: 'a name that fits no pattern',
      documents: { [CONFIGURATION]: configuration('prod-*, dev-*'), 'roles.yaml': roles },
      findings: [{ says: ['role/ci', 'prod-*, dev-*'], at: ['roles.yaml', '«Ci»: Type'], severity: 'warning' }],
    },
  ],
  good: [
    {
      name: 'names that fit one of them, and one that AWS generates',
      documents: {
        [CONFIGURATION]: configuration('prod-*, ci'),
        'roles.yaml': `${roles}${template(role('Generated', {})).split('\n').slice(2).join('\n')}`,
      },
      decided,
    },
    {
      name: 'anything, where no pattern is given',
      documents: { [CONFIGURATION]: 'rules: {role-naming: warning}\n', 'roles.yaml': roles },
      options: ['--account', '111122223333'],
      decided,
    },
    {
      name: 'anything, until it is switched on',
      documents: { [CONFIGURATION]: 'conventions: {role-names: [x-*]}\n', 'roles.yaml': roles },
      options: ['--account', '111122223333'],
      decided,
    },
  ],
});
