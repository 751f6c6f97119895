import { CONFIGURATION, role, template } from '../support/documents.ts';
import { ruleCases } from './rule-cases.ts';

const ON = 'rules: {role-undocumented: notice}\n';
const options = ['--account', '111122223333'];
const trust = '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/ci"}, Action: sts:AssumeRole}';
const ci = role('Ci', { name: 'ci', more: 'Description: Builds and tests.' });
const decided = [['arn:aws:iam::111122223333:role/ci', 'arn:aws:iam::111122223333:role/deploy', 'allowed']] as const;

ruleCases('role-undocumented', {
  bad: [
    {
      name: 'a role that says nothing',
      documents: { [CONFIGURATION]: ON, 'roles.yaml': template(ci, role('Deploy', { name: 'deploy', trust })) },
      options,
      findings: [{ says: 'role/deploy', at: ['roles.yaml', '«Deploy»: Type'], severity: 'notice' }],
    },
    {
      name: 'the same in Terraform, where an empty text says nothing either',
      documents: {
        [CONFIGURATION]: ON,
        'main.tf':
          'resource "aws_iam_role" "app" {\n  name = "app"\n  description = ""\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })\n}\n',
      },
      options,
      findings: [{ says: 'role/app', at: ['main.tf', 'resource "aws_iam_role" "«app»"'], severity: 'notice' }],
    },
  ],
  good: [
    {
      name: 'a role with a description',
      documents: {
        [CONFIGURATION]: ON,
        'roles.yaml': template(ci, role('Deploy', { name: 'deploy', trust, more: 'Description: Deploys the shop.' })),
      },
      options,
      decided,
    },
    {
      name: 'anything, until it is switched on',
      documents: { 'roles.yaml': template(ci, role('Deploy', { name: 'deploy', trust })) },
      options,
      decided,
    },
  ],
});
