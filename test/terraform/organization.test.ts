import { describe, expect, test } from 'vitest';
import { CONFIGURATION, check, type Documents, lines } from '../support/documents.ts';

const CONFIGURED = lines(`
  accounts:
    prod:
      id: "444455556666"
      organizational-unit: o-exampleorgid/r-ab12/ou-ab12-11111111/
      paths: ["prod/**"]
    tools: {id: "111122223333", paths: ["tools/**"]}
    root: {id: "777788889999", paths: ["org/**"], management: true}
`);

const trust = (principal: string, more = '') =>
  `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = ${principal}${more} }] })`;
const roles = (provider = '') => `
resource "aws_iam_role" "caller" {
  name = "caller"${provider}
  assume_role_policy = ${trust('{ Service = "ec2.amazonaws.com" }')}
}
resource "aws_iam_role" "target" {
  name = "target"${provider}
  assume_role_policy = ${trust('{ AWS = aws_iam_role.caller.arn }')}
}
`;
const DENY = `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "sts:AssumeRole", Resource = "*" }] })`;

function scp(target: string, content = DENY, more = ''): string {
  return `
resource "aws_organizations_policy" "no_assuming" {
  name    = "no-assuming"
  content = ${content}
  ${more}
}
resource "aws_organizations_policy_attachment" "it" {
  policy_id = aws_organizations_policy.no_assuming.id
  target_id = ${target}
}
`;
}

function decisionOf(documents: Documents, principal = '/caller') {
  const { report } = check({ [CONFIGURATION]: CONFIGURED, ...documents });
  expect(report.diagnostics).toEqual([]);
  return report.assumptions.find((one) => one.principal.includes(principal))?.decision;
}

describe('an SCP that a module attaches', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['to the account denies there', '"444455556666"', 'denied'],
    ['to a unit above it denies there', 'local.unit', 'denied'],
    ['to the root denies there', '"r-ab12"', 'denied'],
    ['to another account denies nothing', '"111122223333"', 'allowed'],
    ['to a unit that nobody knows denies nothing', 'var.unit', 'allowed'],
  ];
  for (const [name, target, decision] of cases)
    test(name, () => {
      const org = `locals { unit = "ou-ab12-11111111" }\nvariable "unit" {}\n${scp(target)}`;
      expect(decisionOf({ 'org/main.tf': org, 'prod/main.tf': roles() })).toBe(decision);
    });

  const created = `
resource "aws_organizations_organization" "org" {
  feature_set = "ALL"
}
resource "aws_organizations_organizational_unit" "workloads" {
  name      = "workloads"
  parent_id = aws_organizations_organization.org.roots[0].id
}
resource "aws_organizations_organizational_unit" "live" {
  name      = "live"
  parent_id = aws_organizations_organizational_unit.workloads.id
}
resource "aws_organizations_account" "live" {
  name      = "live"
  email     = "live@example.com"
  parent_id = aws_organizations_organizational_unit.live.id
}
provider "aws" {
  alias = "live"
  assume_role {
    role_arn = "arn:aws:iam::\${aws_organizations_account.live.id}:role/OrganizationAccountAccessRole"
  }
}
${roles('\n  provider = aws.live')}`;
  for (const [target, decision] of [
    ['aws_organizations_account.live.id', 'denied'],
    ['aws_organizations_organizational_unit.live.id', 'denied'],
    ['aws_organizations_organizational_unit.workloads.id', 'denied'],
    ['aws_organizations_organization.org.roots[0].id', 'denied'],
    ['"ou-ab12-22222222"', 'allowed'],
  ] as const)
    test(`to ${target} holds for an account that the module creates`, () => {
      expect(decisionOf({ 'org/main.tf': created + scp(target) })).toBe(decision);
    });

  test('of a data source’s document denies as well, at the statement', () => {
    const document = `
data "aws_iam_policy_document" "deny" {
  statement {
    effect    = "Deny"
    actions   = ["sts:*"]
    resources = ["*"]
  }
}
${scp('"444455556666"', 'data.aws_iam_policy_document.deny.json')}`;
    const { report } = check({
      [CONFIGURATION]: CONFIGURED,
      'org/main.tf': document,
      'prod/main.tf': roles(),
    });
    expect(report.findings.map(({ rule, location }) => `${rule} ${location.path}:${location.startLine}`)).toEqual([
      'explicit-deny org/main.tf:3',
    ]);
  });
});

test('an RCP that a module attaches denies, too', () => {
  const content = `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "sts:AssumeRole", Resource = "*" }] })`;
  const org = scp('"444455556666"', content, 'type = "RESOURCE_CONTROL_POLICY"');
  expect(decisionOf({ 'org/main.tf': org, 'prod/main.tf': roles() })).toBe('denied');
});

describe('a permission set', () => {
  const GRANT = `jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::444455556666:role/target" }] })`;
  const set = `
provider "aws" {
  region = "eu-west-1"
}
resource "aws_ssoadmin_permission_set" "admins" {
  name         = "Admins"
  instance_arn = "arn:aws:sso:::instance/ssoins-1111222233334444"
}
resource "aws_ssoadmin_account_assignment" "admins" {
  for_each           = toset(["group-a", "group-b"])
  instance_arn       = aws_ssoadmin_permission_set.admins.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.admins.arn
  principal_id       = each.key
  principal_type     = "GROUP"
  target_id          = "111122223333"
  target_type        = "AWS_ACCOUNT"
}
`;
  const inline = `
resource "aws_ssoadmin_permission_set_inline_policy" "admins" {
  instance_arn       = aws_ssoadmin_permission_set.admins.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.admins.arn
  inline_policy      = ${GRANT}
}
`;
  const target = `
resource "aws_iam_role" "target" {
  name               = "target"
  assume_role_policy = ${trust('{ AWS = "arn:aws:iam::111122223333:root" }', ', Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admins_*" } }')}
}
`;
  const decide = (org: string) => decisionOf({ 'org/main.tf': org, 'prod/main.tf': target }, 'AWSReservedSSO_Admins');

  test('is one role of each account that it is assigned to', () => {
    const { report } = check({ [CONFIGURATION]: CONFIGURED, 'org/main.tf': set + inline, 'prod/main.tf': target });
    const own = report.assumptions.filter(({ principal }) => principal.includes('AWSReservedSSO_Admins'));
    expect(own.map(({ principal, decision }) => [principal, decision])).toEqual([
      ['arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admins_…', 'allowed'],
    ]);
  });

  test('that is assigned nowhere is a role of an account that nobody names', () => {
    const unassigned = set.replace(/resource "aws_ssoadmin_account_assignment"[\s\S]*$/, '');
    expect(decide(unassigned + inline)).toBe('unknown');
  });

  test('has its boundary, and policies of the account itself by name', () => {
    const boundary = (of: string) => `
resource "aws_ssoadmin_permissions_boundary_attachment" "admins" {
  instance_arn       = aws_ssoadmin_permission_set.admins.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.admins.arn
  permissions_boundary {
    ${of}
  }
}
`;
    const own = 'customer_managed_policy_reference {\n      name = "assuming"\n      path = "/sso/"\n    }';
    const policy = `
resource "aws_iam_policy" "assuming" {
  name   = "assuming"
  path   = "/sso/"
  policy = ${GRANT}
}
`;
    const tools = { 'tools/main.tf': policy, 'prod/main.tf': target };
    const attached = `
resource "aws_ssoadmin_customer_managed_policy_attachment" "admins" {
  instance_arn       = aws_ssoadmin_permission_set.admins.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.admins.arn
  ${own}
}
`;
    const deciding = (org: string) => decisionOf({ ...tools, 'org/main.tf': org }, 'AWSReservedSSO_Admins');
    expect(deciding(set + attached)).toBe('allowed');
    expect(deciding(set + attached + boundary(own))).toBe('allowed');
    expect(deciding(set + attached + boundary('managed_policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"'))).toBe(
      'denied',
    );
  });

  test('of the Cloud Control provider holds its policies itself', () => {
    const awscc = `
provider "awscc" {
  region = "us-east-1"
}
resource "awscc_sso_permission_set" "admins" {
  name          = "Admins"
  instance_arn  = "arn:aws:sso:::instance/ssoins-1111222233334444"
  inline_policy = ${GRANT}
}
resource "awscc_sso_assignment" "admins" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1111222233334444"
  permission_set_arn = awscc_sso_permission_set.admins.permission_set_arn
  principal_id       = "group-a"
  principal_type     = "GROUP"
  target_id          = "111122223333"
  target_type        = "AWS_ACCOUNT"
}
`;
    const loose = target.replace('eu-west-1/', '');
    expect(decisionOf({ 'org/main.tf': awscc, 'prod/main.tf': loose }, 'AWSReservedSSO_Admins')).toBe('allowed');
  });
});
