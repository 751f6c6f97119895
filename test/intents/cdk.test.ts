import { expect, test } from 'vitest';
import { check, json, place, role, template } from '../support/documents.ts';

const arn = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/cdk-hnb659fds-${name}`;
const trusting = (principal: string) => `- {Effect: Allow, Principal: ${principal}, Action: sts:AssumeRole}`;

/** The roles of a bootstrapped account. */
const bootstrap = (execution: string, deploy = '{AWS: "111122223333"}') =>
  template(
    role('Deploy', { name: 'cdk-hnb659fds-deploy-role', trust: trusting(deploy) }),
    role('Execute', { name: 'cdk-hnb659fds-cfn-exec-role', trust: trusting(`{Service: ${execution}}`) }),
  );
const manifest = (partition: string) =>
  json({
    version: '36.0.0',
    artifacts: {
      App: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://111122223333/eu-west-1',
        properties: {
          templateFile: 'App.template.json',
          assumeRoleArn: arn('deploy-role').replace('aws', partition),
          cloudFormationExecutionRoleArn: arn('cfn-exec-role'),
        },
      },
    },
  });
const options = ['--account', '111122223333'];

test('CloudFormation works with a role of a CDK stack, which must trust it', () => {
  const documents = { 'bootstrap.yaml': bootstrap('lambda.amazonaws.com'), 'cdk.out/manifest.json': manifest('aws') };
  const { report } = check(documents, ...options);
  expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
    {
      rule: 'service-not-trusted',
      severity: 'error',
      location: place(documents, 'bootstrap.yaml', 'lambda.amazonaws.com'),
    },
  ]);
  expect(report.findings[0]?.related).toEqual([
    {
      location: place(documents, 'cdk.out/manifest.json', arn('cfn-exec-role')),
      message: 'hands this role to cloudformation.amazonaws.com',
    },
  ]);
});

test('whoever deploys a CDK stack assumes the role of its bootstrap', () => {
  const documents = {
    'bootstrap.yaml': bootstrap('cloudformation.amazonaws.com'),
    'cdk.out/manifest.json': manifest('${AWS::Partition}'),
    'cdk.out/App.assets.json': json({
      version: '36.0.0',
      files: { abc: { destinations: { here: { assumeRoleArn: arn('file-publishing-role', '444455556666') } } } },
    }),
  };
  const { report } = check(documents, ...options);
  expect([report.findings, report.diagnostics]).toEqual([[], []]);
  expect(report.assumptions.map(({ principal, role: to, decision }) => [principal, to, decision])).toEqual(
    expect.arrayContaining([
      ['${deployer}', arn('deploy-role'), 'unknown'],
      ['cloudformation.amazonaws.com', arn('cfn-exec-role'), 'allowed'],
      ['${deployer}', arn('file-publishing-role', '444455556666'), 'unknown'],
    ]),
  );
});

test('a deploy role that trusts services only is assumed by nobody who deploys', () => {
  const documents = {
    'bootstrap.yaml': bootstrap('cloudformation.amazonaws.com', '{Service: codebuild.amazonaws.com}'),
    'cdk.out/manifest.json': manifest('aws'),
  };
  const { report } = check(documents, ...options);
  expect(report.findings.map(({ rule }) => rule)).toEqual(['missing-trust']);
});
