import { expect, test } from 'vitest';
import { check, type Documents, place } from '../support/documents.ts';

const ROLES = `
locals {
  ci = "arn:aws:iam::111122223333:role/ci"
}
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}
data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
resource "aws_iam_role_policy" "ci" {
  role   = aws_iam_role.ci.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.deploy.arn }]
  })
}
`;

const DEPLOY = `
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
`;

function errors(documents: Documents, ...options: readonly string[]) {
  return check(documents, '--account', '111122223333', ...options).report.findings.filter(
    ({ severity }) => severity === 'error',
  );
}

test('a trust that leaves the caller out is found from the source alone', () => {
  const documents = { 'main.tf': ROLES, 'deploy.tf': DEPLOY };
  const [finding, ...more] = errors(documents);
  expect(more).toEqual([]);
  expect(finding?.rule).toBe('missing-trust');
  expect(finding?.principal).toBe('arn:aws:iam::111122223333:role/ci');
  expect(finding?.role).toBe('arn:aws:iam::111122223333:role/deploy');
});

test('and is none where the caller is trusted through a local', () => {
  const trusted = DEPLOY.replace('Service = "ec2.amazonaws.com"', 'AWS = local.ci');
  expect(errors({ 'main.tf': ROLES, 'deploy.tf': trusted })).toEqual([]);
});

test('a comment on the line above says to leave a finding out', () => {
  const documents = { 'main.tf': ROLES, 'deploy.tf': DEPLOY };
  const [finding] = errors(documents);
  const path = finding?.location.path ?? '';
  const lines = (path === 'main.tf' ? ROLES : DEPLOY).split('\n');
  const line = (finding?.location.startLine ?? 1) - 1;
  lines.splice(line, 0, '  # assume-role-check: ignore[missing-trust] trusted by hand');
  expect(errors({ ...documents, [path]: lines.join('\n') })).toEqual([]);
});

test('whoever calls Terraform may be a user with MFA', () => {
  const documents = {
    'main.tf': `
data "aws_caller_identity" "current" {}
resource "aws_iam_role" "admin" {
  name               = "admin"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = data.aws_caller_identity.current.arn }
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" }, StringLike = { "aws:username" = "*" } }
    }]
  })
}
`,
  };
  expect(errors(documents)).toEqual([]);
});

test('a slip in the syntax is told where it is, and the rest is read', () => {
  const documents = {
    'main.tf': ROLES,
    'deploy.tf': DEPLOY,
    'broken.tf': 'resource "aws_iam_role" "x" {\n  name = \n}\n',
  };
  const { report } = check(documents, '--account', '111122223333');
  expect(report.diagnostics.map(({ message }) => message)).toEqual(['not valid HCL: a value is missing']);
  expect(report.findings.map(({ rule }) => rule)).toContain('missing-trust');
});

test('what Terragrunt gives is not the default', () => {
  const documents = {
    'modules/app/main.tf': `
variable "trusted" { default = "arn:aws:iam::999:root" }
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = var.trusted } }]
  })
}
`,
  };
  const wrong = errors(documents);
  expect(wrong.map(({ rule, location }) => [rule, location])).toEqual([
    ['invalid-principal', place(documents, 'modules/app/main.tf', 'arn:aws:iam::999:root')],
  ]);
  const unit = `
include "root" {
  path = find_in_parent_folders()
}
terraform {
  source = "../../modules//app"
}
inputs = {
  trusted = dependency.other.outputs.arn
}
`;
  expect(errors({ ...documents, 'live/app/terragrunt.hcl': unit })).toEqual([]);
});

test('a policy text that is no JSON is told, since the provider refuses it', () => {
  const documents = {
    'main.tf': `
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"},}
    }
  EOT
}
`,
  };
  const { diagnostics } = check(documents).report;
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'the trust policy of aws_iam_role.app is not valid JSON: property name expected, in line 3 of its text',
  ]);
});

test.each([
  ['a file', 'é\n', 'role/edd3a863872a0423'],
  ['a file with a byte order mark, of which the text is not all', '\ufeffé\n', 'role/${filesha256}'],
])('hashes the bytes of %s', (_, text, name) => {
  const documents = {
    'main.tf': `
resource "aws_iam_role" "it" {
  name               = substr(filesha256("\${path.module}/it.txt"), 0, 16)
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}
`,
    'it.txt': text,
  };
  const { report } = check(documents, '--account', '111122223333');
  expect(report.assumptions.map(({ role }) => role)).toEqual([`arn:aws:iam::111122223333:${name}`]);
});

/** What is decided of roles whose names hang on a condition that nobody decides. */
function undecided(trusted: string) {
  const role = (name: string, value: string, principal: string) => `
resource "aws_iam_role" "${name}" {
  name               = ${value}
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { ${principal} } }]
  })
}
resource "aws_iam_role_policy" "${name}" {
  role   = aws_iam_role.${name}.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.target.arn }]
  })
}`;
  const documents = {
    'main.tf': [
      'variable "prod" { type = bool }',
      role('a', 'var.prod ? "a-live" : "a-test"', 'Service = "ec2.amazonaws.com"'),
      role('b', 'var.prod ? "b-live" : "b-test"', 'Service = "ec2.amazonaws.com"'),
      role('target', '"target-${var.prod ? "live" : "test"}"', `AWS = ${trusted}`),
    ].join('\n'),
  };
  const { report } = check(documents, '--account', '111122223333');
  const name = (arn: string): string => arn.replace('arn:aws:iam::111122223333:role/', '');
  const calls = report.assumptions.filter(
    ({ principal, role }) => /role\/[ab]-/.test(principal) && role.includes('target'),
  );
  return calls.map((one) => `${name(one.principal)} ${name(one.role)} ${one.decision}`).sort();
}

test('a role stands under each name that an undecided condition gives it', () => {
  expect(undecided('"arn:aws:iam::111122223333:root"')).toEqual([
    'a-live target-live allowed',
    'a-test target-test allowed',
    'b-live target-live allowed',
    'b-test target-test allowed',
  ]);
});

test('and is not another one whose name hangs on the same condition', () => {
  expect(undecided('aws_iam_role.a.arn')).toEqual([
    'a-live target-live allowed',
    'a-test target-test allowed',
    'b-live target-live denied',
    'b-test target-test denied',
  ]);
});
