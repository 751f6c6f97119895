import { describe, expect, test } from 'vitest';
import { check, type Documents, json, place, role, template } from '../support/documents.ts';

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

describe('a build runs cdk deploy', () => {
  const trusted = bootstrap('cloudformation.amazonaws.com');
  const build = (buildspec: string, grants?: string) =>
    template(
      `Build:\n  Type: AWS::CodeBuild::Project\n  Properties:\n    ServiceRole: !GetAtt BuildRole.Arn\n    Source:\n      Type: CODEPIPELINE\n${buildspec}`,
      role('BuildRole', {
        name: 'build',
        trust: trusting('{Service: codebuild.amazonaws.com}'),
        ...(grants === undefined ? {} : { grants }),
      }),
    );
  const inline = (command: string) =>
    `      BuildSpec: |\n        version: 0.2\n        phases:\n          build: {commands: [npm ci, ${command}]}\n`;
  const granted = (resource: string) => `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${resource}"}`;
  const BUILD = 'arn:aws:iam::111122223333:role/build';
  const decided = (documents: Documents) =>
    check(documents, ...options)
      .report.assumptions.filter(({ principal }) => principal === BUILD)
      .map(({ role: to, decision }) => [to, decision]);
  const synthesized = { 'bootstrap.yaml': trusted, 'cdk.out/manifest.json': manifest('aws') };

  test('without a grant on the role of the bootstrap: a warning, at the role and at the command', () => {
    const documents = { ...synthesized, 'build.yaml': build(inline('npx cdk deploy --all')) };
    const { report } = check(documents, ...options);
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      { rule: 'missing-grant', severity: 'warning', location: place(documents, 'build.yaml', '«BuildRole»: Type') },
    ]);
    expect(report.findings[0]?.related).toEqual([
      {
        location: place(documents, 'build.yaml', 'cdk deploy --all]}'),
        message: 'is assumed by the build Build, which runs cdk deploy',
      },
    ]);
  });

  test('with a grant on it', () => {
    const documents = {
      ...synthesized,
      'build.yaml': build(inline('npx cdk deploy --all'), granted('arn:aws:iam::*:role/cdk-hnb659fds-*')),
    };
    expect(decided(documents)).toEqual([[arn('deploy-role'), 'allowed']]);
    expect(check(documents, ...options).report.findings.filter(({ severity }) => severity !== 'notice')).toEqual([]);
  });

  test('as its file says', () => {
    const file = (command: string) => ({
      ...synthesized,
      'build.yaml': build('      BuildSpec: ci/buildspec.yml\n'),
      'ci/buildspec.yml': `version: 0.2\nphases:\n  build:\n    commands:\n      - ${command}\n`,
    });
    const documents = file('cdk -a cdk.out deploy App');
    expect(decided(documents)).toEqual([[arn('deploy-role'), 'denied']]);
    expect(check(documents, ...options).report.findings[0]?.related[0]?.location).toEqual(
      place(documents, 'ci/buildspec.yml', 'cdk -a cdk.out deploy App'),
    );
    for (const other of ['cdk synth', 'cdk deploy --profile prod', 'make deploy'])
      expect(decided(file(other))).toEqual([]);
  });

  test('of what nobody has synthesized: which roles it assumes is not known', () => {
    const { report } = check({ 'build.yaml': build(inline('cdk deploy')) }, ...options);
    expect(report.findings).toEqual([]);
    expect(report.assumptions.map(({ principal, role: to, decision }) => [principal, to, decision])).toContainEqual([
      BUILD,
      '${bootstrap role}',
      'unknown',
    ]);
  });

  test('in Terraform', () => {
    const module = (policy: string) => `
      resource "aws_iam_role" "build" {
        name               = "build"
        assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codebuild.amazonaws.com" } }] })
      }
      resource "aws_iam_role_policy" "build" {
        role   = aws_iam_role.build.id
        policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "${policy}", Resource = "*" }] })
      }
      resource "aws_codebuild_project" "build" {
        name         = "build"
        service_role = aws_iam_role.build.arn
        source {
          type      = "CODEPIPELINE"
          buildspec = <<-EOT
            phases:
              build:
                commands: [cdk deploy]
          EOT
        }
      }
    `;
    expect(decided({ ...synthesized, 'main.tf': module('logs:*') })).toEqual([[arn('deploy-role'), 'denied']]);
    expect(decided({ ...synthesized, 'main.tf': module('sts:AssumeRole') })).toEqual([[arn('deploy-role'), 'allowed']]);
  });
});
