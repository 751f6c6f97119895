import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check, place } from '../support/documents.ts';

const text = (path: string): string => readFileSync(new URL(`./agents/${path}`, import.meta.url), 'utf8');
const SOURCES = { 'main.tf': text('main.tf'), 'modules/target/main.tf': text('modules/target/main.tf') };
const PLAN = text('plan.json');

test('a plan with its source finds the same, at the text that a person edits', () => {
  const alone = check({ 'plan.json': PLAN }).report;
  const { report } = check({ ...SOURCES, 'plan.json': PLAN });
  const short = (all: typeof report.assumptions) =>
    all.map(({ principal, role, decision }) => `${principal} ${role} ${decision}`).sort();
  expect(short(report.assumptions)).toEqual(short(alone.assumptions));
  const found = report.findings.find(({ rule }) => rule === 'missing-grant');
  expect(found?.location).toEqual(place(SOURCES, 'main.tf', 'resource "aws_iam_role" "«runner»"'));
  expect(report.findings.map(({ location }) => location.path)).not.toContain('plan.json');
});

test('a plan is read with its source wherever it stands, and nothing is counted twice', () => {
  const documents = {
    'infra/main.tf': SOURCES['main.tf'],
    'infra/modules/target/main.tf': SOURCES['modules/target/main.tf'],
  };
  const { report } = check({ ...documents, 'out/plan.json': PLAN });
  expect(report.findings.map(({ location }) => location.path)).not.toContain('out/plan.json');
  expect(report.assumptions.filter(({ principal }) => principal === 'lambda.amazonaws.com')).toHaveLength(1);
});

test('the same is found from the source alone', () => {
  const { report } = check(SOURCES);
  expect(report.findings.map(({ rule, role }) => `${rule} ${role?.replace(/^.*:/, '')}`).sort()).toEqual([
    'missing-grant role/green',
    'missing-trust role/green',
    'principal-not-found role/reader',
  ]);
});

const UNKNOWN = `
resource "aws_iam_role" "caller" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "target" {
  name = "target"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.caller.arn } },
      { Effect = "Allow", Action = "sts:AsumeRole", Principal = { AWS = "*" } },
    ]
  })
}
`;

test('of a policy that the plan does not know at all the source tells all', () => {
  const change = (name: string, after: object, unknown: object) => ({
    address: `aws_iam_role.${name}`,
    mode: 'managed',
    type: 'aws_iam_role',
    name,
    change: { actions: ['create'], before: null, after, after_unknown: unknown },
  });
  const block = (name: string, expressions: object) => ({
    address: `aws_iam_role.${name}`,
    mode: 'managed',
    type: 'aws_iam_role',
    name,
    provider_config_key: 'aws',
    expressions,
  });
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } };
  const plan = {
    format_version: '1.2',
    planned_values: {},
    resource_changes: [
      change(
        'caller',
        { assume_role_policy: JSON.stringify({ Statement: [trust], Version: '2012-10-17' }) },
        { arn: true, name: true },
      ),
      change('target', { name: 'target' }, { arn: true, assume_role_policy: true }),
    ],
    configuration: {
      root_module: {
        resources: [
          block('caller', { assume_role_policy: {} }),
          block('target', {
            assume_role_policy: { references: ['aws_iam_role.caller.arn', 'aws_iam_role.caller'] },
            name: { constant_value: 'target' },
          }),
        ],
      },
    },
  };
  const documents = { 'main.tf': UNKNOWN, 'plan.json': JSON.stringify(plan) };
  const { report } = check(documents);
  const [typo] = report.findings;
  expect(typo?.rule).toBe('unknown-action');
  expect(typo?.location).toEqual(place(documents, 'main.tf', 'sts:AsumeRole'));
  expect(
    report.assumptions.map(({ principal, decision }) => `${principal.replace(/^.*:/, '')} ${decision}`).sort(),
  ).toEqual(['ec2.amazonaws.com allowed', 'role/${aws_iam_role.caller} allowed']);
});

test("an OpenID Connect provider's URL is what IAM keeps of it, without its scheme", () => {
  const { report } = check({
    'main.tf': `
      resource "aws_iam_openid_connect_provider" "gitlab" {
        url            = "https://gitlab.com"
        client_id_list = ["https://gitlab.com"]
      }
      resource "aws_iam_role" "deploy" {
        name = "deploy"
        assume_role_policy = jsonencode({
          Version = "2012-10-17"
          Statement = [{
            Effect    = "Allow"
            Action    = "sts:AssumeRoleWithWebIdentity"
            Principal = { Federated = aws_iam_openid_connect_provider.gitlab.arn }
            Condition = { StringEquals = { "\${aws_iam_openid_connect_provider.gitlab.url}:sub" = "project_path:a/b:ref_type:branch:ref:main" } }
          }]
        })
      }
    `,
  });
  expect(report.findings).toEqual([]);
  expect(report.assumptions.map(({ principal, decision }) => `${principal.replace(/^.*:/, '')} ${decision}`)).toEqual([
    'oidc-provider/gitlab.com conditional',
  ]);
});

test('a principal that nobody knows may be a user with MFA', () => {
  const { report } = check({
    'main.tf': `
      data "aws_caller_identity" "current" {}
      resource "aws_iam_role" "admin" {
        name = "admin"
        assume_role_policy = jsonencode({
          Version = "2012-10-17"
          Statement = [{
            Effect    = "Allow"
            Action    = "sts:AssumeRole"
            Principal = { AWS = data.aws_caller_identity.current.arn }
            Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
          }]
        })
      }
    `,
  });
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
