import { expect, test } from 'vitest';
import { check, place, role, template } from '../support/documents.ts';

const LAMBDA = 'lambda.amazonaws.com';
const trusting = (service: string) => `- {Effect: Allow, Principal: {Service: ${service}}, Action: sts:AssumeRole}`;

test('a Lambda function hands its role to Lambda, which the role must trust', () => {
  const functionOf = (value: string) => `Fn:\n  Type: AWS::Lambda::Function\n  Properties:\n    Role: ${value}\n`;
  const documents = {
    'good.yaml': template(functionOf('!GetAtt Good.Arn'), role('Good', { name: 'good', trust: trusting(LAMBDA) })),
    'bad.yaml': template(
      functionOf('!Sub arn:aws:iam::${AWS::AccountId}:role/bad'),
      role('Bad', { name: 'bad', trust: trusting('ec2.amazonaws.com') }),
    ),
  };
  const { report } = check(documents);
  const decided = report.assumptions.filter(({ principal }) => principal === LAMBDA);
  expect(decided.map(({ role, decision }) => [role.split('/').at(-1), decision])).toEqual([
    ['bad', 'denied'],
    ['good', 'allowed'],
  ]);
  expect(report.findings.map(({ location }) => location)).toEqual([place(documents, 'bad.yaml', 'ec2.amazonaws.com')]);
  expect(report.findings[0]?.related).toEqual([
    {
      location: place(documents, 'bad.yaml', 'arn:aws:iam::${AWS::AccountId}:role/bad'),
      message: `hands this role to ${LAMBDA}`,
    },
  ]);
});
