import { expect, test } from 'vitest';
import type { TerraformResource } from '../../src/documents/terraform/resource.ts';
import { at, plain, rootOf } from './roots.ts';

function outputs(texts: Readonly<Record<string, string>>, ...names: readonly string[]): readonly unknown[] {
  const { root } = rootOf(texts);
  return names.map((name) => plain(root.output(name)));
}

function addresses(texts: Readonly<Record<string, string>>): readonly string[] {
  return resources(texts).map(({ address, guard }) => (guard === true ? address : `${address} (perhaps)`));
}

function resources(texts: Readonly<Record<string, string>>): readonly TerraformResource[] {
  return rootOf(texts)
    .root.resources()
    .filter(({ guard }) => guard !== false);
}

test('variables have the values of tfvars files, later ones first, and then their defaults', () => {
  const texts = {
    'main.tf': `
variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { type = string }
variable "e" {
  type    = object({ name = string, tags = optional(map(string), { by = "default" }) })
  default = { name = 5, extra = true }
}
output "all" { value = [var.a, var.b, var.c, var.d, var.e] }
`,
    'terraform.tfvars': 'a = "tfvars"\nb = "tfvars"\n',
    'x.auto.tfvars': 'b = "auto"\n',
    'other.tfvars': 'c = "not read"\n',
    'y.auto.tfvars.json': '{"b": "auto json"}',
  };
  expect(outputs(texts, 'all')).toEqual([
    ['tfvars', 'auto json', 'default', '${var.d}', { name: '5', tags: { by: 'default' } }],
  ]);
});

test('count and for_each make instances, and references reach them', () => {
  const texts = {
    'main.tf': `
variable "create" { default = true }
resource "aws_iam_role" "one" { count = var.create ? 1 : 0 }
resource "aws_iam_role" "none" { count = var.create ? 0 : 1 }
resource "aws_iam_role" "each" {
  for_each = toset(["b", "a"])
  name     = "role-\${each.key}"
}
resource "aws_iam_role" "map" {
  for_each = { x = { path = "/x/" } }
  name     = each.key
  path     = each.value.path
}
output "all" {
  value = [aws_iam_role.one[0].arn, aws_iam_role.each["a"].name, [for r in aws_iam_role.each : r.name],
    aws_iam_role.map["x"].path, try(aws_iam_role.none[0].arn, "none"), one(aws_iam_role.none[*].arn) == null,
    values(aws_iam_role.each)[*].name]
}
`,
  };
  expect(addresses(texts)).toEqual([
    'aws_iam_role.one[0]',
    'aws_iam_role.each["a"]',
    'aws_iam_role.each["b"]',
    'aws_iam_role.map["x"]',
  ]);
  expect(outputs(texts, 'all')).toEqual([
    ['${aws_iam_role.one[0].arn}', 'role-a', ['role-a', 'role-b'], '/x/', 'none', true, ['role-a', 'role-b']],
  ]);
});

test('what cannot be counted is there perhaps', () => {
  const texts = {
    'main.tf': `
variable "create" { type = bool }
variable "names" { type = set(string) }
resource "aws_iam_role" "one" {
  count = var.create ? 1 : 0
  name  = "one"
}
resource "aws_iam_role" "each" {
  for_each = var.names
  name     = "role-\${each.key}"
}
output "name" { value = var.create ? aws_iam_role.one[0].name : "" }
output "first" { value = one(aws_iam_role.one[*].name) }
`,
  };
  expect(addresses(texts)).toEqual(['aws_iam_role.one[0] (perhaps)', 'aws_iam_role.each[*] (perhaps)']);
  expect(outputs(texts, 'name', 'first')).toEqual([
    { when: '${var.create}', yes: 'one', no: '' },
    { when: '${var.create}', yes: 'one', no: undefined },
  ]);
  const each = resources(texts)[1];
  expect(plain(each?.body)).toEqual({ name: 'role-${each.key}' });
});

test('dynamic blocks stand among the others', () => {
  const texts = {
    'main.tf': `
variable "more" { type = bool }
variable "ids" { type = list(string) }
data "aws_iam_policy_document" "d" {
  statement { sid = "first" }
  dynamic "statement" {
    for_each = { a = "x", b = "y" }
    iterator = it
    content {
      sid = "\${it.key}-\${it.value}"
      dynamic "principals" {
        for_each = [1, 2]
        content { type = principals.value }
      }
    }
  }
  dynamic "statement" {
    for_each = var.more ? ["more"] : []
    content { sid = statement.value }
  }
  dynamic "statement" {
    for_each = var.ids
    content { sid = statement.value }
  }
}
`,
  };
  const [document] = resources(texts);
  const statements = document?.body.members.find(({ name }) => name === 'statement')?.value;
  expect(plain(statements)).toEqual([
    { sid: 'first' },
    { sid: 'a-x', principals: [{ type: 1 }, { type: 2 }] },
    { sid: 'b-y', principals: [{ type: 1 }, { type: 2 }] },
    { when: '${var.more}', yes: { sid: 'more' }, no: undefined },
    { when: '${var.ids has items}', yes: { sid: '${each of var.ids}' }, no: undefined },
  ]);
});

test('modules are evaluated with their inputs, counted and keyed, and their providers reach the root', () => {
  const texts = {
    'main.tf': `
provider "aws" {}
provider "aws" {
  alias = "prod"
}
module "role" {
  for_each  = { app = "/app/", ci = "/ci/" }
  source    = "./modules/role"
  name      = each.key
  path      = each.value
  providers = { aws.target = aws.prod }
}
output "arns" { value = { for k, m in module.role : k => m.name } }
output "path" { value = module.role["app"].folder }
`,
    'modules/role/main.tf': `
variable "name" {}
variable "path" {}
module "inner" {
  source    = "../inner"
  name      = var.name
  providers = { aws = aws.target }
}
resource "aws_iam_role" "this" {
  name     = "\${var.name}-role"
  provider = aws.target
}
resource "aws_iam_role" "own" { name = "own" }
output "name" { value = aws_iam_role.this.name }
output "folder" { value = path.module }
`,
    'modules/inner/main.tf': 'variable "name" {}\nresource "aws_iam_user" "u" { name = var.name }\n',
  };
  expect(outputs(texts, 'arns', 'path')).toEqual([{ app: 'app-role', ci: 'ci-role' }, 'modules/role']);
  expect(resources(texts).map(({ address, provider, module }) => [address, provider, module])).toEqual([
    ['module.role["app"].aws_iam_role.this', 'aws.prod', 'module.role["app"]'],
    ['module.role["app"].aws_iam_role.own', 'aws', 'module.role["app"]'],
    ['module.role["app"].module.inner.aws_iam_user.u', 'aws.prod', 'module.role["app"].module.inner'],
    ['module.role["ci"].aws_iam_role.this', 'aws.prod', 'module.role["ci"]'],
    ['module.role["ci"].aws_iam_role.own', 'aws', 'module.role["ci"]'],
    ['module.role["ci"].module.inner.aws_iam_user.u', 'aws.prod', 'module.role["ci"].module.inner'],
  ]);
});

test('a module of a registry is open, unless terraform init has fetched it', () => {
  const main = `
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
output "id" { value = "vpc-\${module.vpc.id}" }
`;
  expect(outputs({ 'main.tf': main }, 'id')).toEqual(['vpc-${module.vpc.id}']);
  const fetched = {
    'main.tf': main,
    '.terraform/modules/modules.json': `{"Modules": [{"Key": "", "Dir": "."}, {"Key": "vpc", "Dir": ".terraform/modules/vpc"}]}`,
    '.terraform/modules/vpc/main.tf': 'output "id" { value = "fetched" }\n',
  };
  expect(outputs(fetched, 'id')).toEqual(['vpc-fetched']);
});

test('override files win, attribute by attribute', () => {
  const texts = {
    'main.tf': `
resource "aws_iam_role" "r" {
  name = "main"
  path = "/main/"
  inline_policy { name = "main" }
}
locals { a = "main" }
`,
    'r_override.tf': `
resource "aws_iam_role" "r" {
  name = "override"
  inline_policy { name = "override" }
}
locals { a = "override" }
output "a" { value = local.a }
`,
  };
  expect(resources(texts).map(({ body }) => plain(body))).toEqual([
    { name: 'override', path: '/main/', inline_policy: [{ name: 'override' }] },
  ]);
  expect(outputs(texts, 'a')).toEqual(['override']);
});

test('the JSON syntax means the same', () => {
  const texts = {
    'main.tf.json': `{
  "//": "generated",
  "locals": {"who": "ci"},
  "variable": {"x": {"type": "string", "default": "\${not a template}"}},
  "resource": {"aws_iam_role": {"r": {"name": "role-\${local.who}", "count": "\${length(local.who)}", "provider": "aws.prod"}}},
  "data": {"aws_iam_policy_document": {"d": [{"statement": [{"sid": "a"}], "dynamic": {"statement": {"for_each": ["b"], "content": {"sid": "\${statement.value}"}}}}]}},
  "output": {"x": {"value": "\${var.x}"}, "quoted": {"value": "say \\"\${local.who}\\""}}
}`,
  };
  const all = resources(texts);
  expect(all.map(({ address, provider }) => [address, provider])).toEqual([
    ['aws_iam_role.r[0]', 'aws.prod'],
    ['aws_iam_role.r[1]', 'aws.prod'],
    ['data.aws_iam_policy_document.d', 'aws'],
  ]);
  expect(plain(all[0]?.body)).toEqual({ name: 'role-ci' });
  expect(plain(all[2]?.body)).toEqual({ statement: [{ sid: 'a' }, { sid: 'b' }] });
  expect(outputs(texts, 'x', 'quoted')).toEqual(['${not a template}', 'say "ci"']);
});

test('what only the provider computes is asked of it, once', () => {
  const asked: string[] = [];
  const { root } = rootOf(
    {
      'main.tf': `
resource "aws_iam_role" "r" { name = "r" }
output "arn" { value = aws_iam_role.r.arn }
output "again" { value = "\${aws_iam_role.r.arn}!" }
output "name" { value = aws_iam_role.r.name }
`,
    },
    {
      computed: (resource, attribute) => {
        asked.push(`${resource.address}.${attribute}`);
        return { kind: 'text', text: 'arn:aws:iam::111122223333:role/r', type: 'string', place: resource.place };
      },
    },
  );
  expect(['arn', 'again', 'name'].map((name) => plain(root.output(name)))).toEqual([
    'arn:aws:iam::111122223333:role/r',
    'arn:aws:iam::111122223333:role/r!',
    'r',
  ]);
  expect(asked).toEqual(['aws_iam_role.r.arn']);
});

test('a plan may say which instances there are', () => {
  const { root } = rootOf(
    { 'main.tf': 'variable "n" {}\nresource "aws_iam_role" "r" {\n  for_each = var.n\n  name = each.key\n}\n' },
    { instances: (block) => (block === 'aws_iam_role.r' ? ['b', 'a'] : undefined) },
  );
  expect(root.resources().map(({ address, guard, body }) => [address, guard, plain(body)])).toEqual([
    ['aws_iam_role.r["a"]', true, { name: 'a' }],
    ['aws_iam_role.r["b"]', true, { name: 'b' }],
  ]);
});

test('an account that nobody has filled in is not an empty one', () => {
  const texts = {
    'main.tf': `
variable "account" { default = "" }
output "arn" { value = "arn:aws:iam::\${var.account}:root" }
output "same" { value = format("arn:aws:iam::%s:root", var.account) }
output "name" { value = "x\${var.account}y" }
output "empty" { value = var.account == "" }
`,
  };
  const arn = 'arn:aws:iam::${var.account}:root';
  expect(outputs(texts, 'arn', 'same', 'name', 'empty')).toEqual([arn, arn, 'xy', true]);
});

test('what Terraform drops without a word is told where it is a part of a policy', () => {
  const { root } = rootOf({
    'main.tf': `
variable "statement" {
  type    = object({ effect = string, actions = list(string) })
  default = { effect = "Allow", actions = ["sts:AssumeRole"], condition = { test = "Bool" } }
}
variable "settings" {
  type    = object({ size = number })
  default = { size = 1, colour = "red" }
}
output "all" {
  value = [var.statement, var.settings, {
    StringEquals = { "aws:SourceArn" = "x" }
    StringEquals = { "aws:SourceAccount" = "y" }
  }, { a = 1, a = 2 }]
}
`,
  });
  root.output('all');
  expect(root.problems().map(({ level, message, place }) => [level, message, at(place)])).toEqual([
    [
      'warning',
      'the type of the variable statement has no attribute condition: Terraform drops it, and the policy is made without it',
      'main.tf:4:63 condition',
    ],
    [
      'warning',
      'the key "StringEquals" is repeated: Terraform keeps this one, and drops what stands above',
      'main.tf:13:5 StringEquals',
    ],
  ]);
});

/** What is told of a module's losses when its IAM resources are read. */
function lossesIn(main: string, more = ''): readonly string[] {
  const { root } = rootOf({ 'main.tf': `${main}\n${more}` });
  for (const resource of root.resources()) plain(resource.body);
  return root.problems().map(({ message, place }) => `${at(place)}: ${message}`);
}

const TRUST = (extra: string) => `
resource "aws_iam_role" "it" {
  for_each           = var.teams
  name               = each.key
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge({ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = each.value.account } }, ${extra})]
  })
}`;

test('an attribute that a type drops is told where the policy would read it', () => {
  const teams = `
variable "teams" {
  type    = map(object({ account = string }))
  default = { blue = { account = "111122223333", external_id = "secret", note = "n" } }
}`;
  const told = [
    'main.tf:4:50 external_id: the type of the variable teams has no attribute external_id: Terraform drops it before it is read',
  ];
  const given = (read: string): string =>
    TRUST(`[for id in [${read}] : { Condition = { StringEquals = { "sts:ExternalId" = id } } }][0]`);
  expect(lossesIn(teams, given('try(each.value.external_id, null)'))).toEqual(told);
  expect(lossesIn(teams, given('lookup(each.value, "external_id", null)'))).toEqual(told);
  // What nobody reads is no loss, nor what something else reads.
  expect(lossesIn(teams, TRUST('{}'))).toEqual([]);
  const other =
    'resource "aws_lambda_function" "it" {\n  for_each = var.teams\n  role = try(each.value.external_id, null)\n}';
  expect(lossesIn(teams, TRUST('{}') + other)).toEqual([]);
});

test('and where conditions are made of each attribute', () => {
  const claims = `
variable "claims" {
  type    = object({ aud = string })
  default = { aud = "sts.amazonaws.com", sub = "repo:octo-org/app:*" }
}
data "aws_iam_policy_document" "it" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    dynamic "condition" {
      for_each = var.claims
      content {
        test     = "StringLike"
        variable = "token.actions.githubusercontent.com:\${condition.key}"
        values   = [condition.value]
      }
    }
  }
}`;
  expect(lossesIn(claims)).toEqual([
    'main.tf:4:42 sub: the type of the variable claims has no attribute sub: Terraform drops it before it is read',
  ]);
});

test('a repeated key is told where a policy reads one of its values', () => {
  const principals = (second: string) => `
locals {
  trusted = { ci = "arn:aws:iam::111122223333:role/ci", ci = "${second}" }
}
variable "teams" { default = {} }
data "aws_iam_policy_document" "it" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = values(local.trusted)
    }
  }
}`;
  expect(lossesIn(principals('arn:aws:iam::111122223333:role/cd'))).toEqual([
    'main.tf:3:57 ci: the key "ci" is repeated: Terraform keeps this one, and drops what stands above',
  ]);
  expect(lossesIn(principals('arn:aws:iam::111122223333:role/ci'))).toEqual([]);
});

test('of equal keys that nobody knows the last one stands, too', () => {
  const { root } = rootOf({
    'main.tf': `
resource "aws_iam_openid_connect_provider" "it" { url = var.url }
variable "url" {}
output "it" {
  value = { "\${aws_iam_openid_connect_provider.it.url}:sub" = "a", "\${aws_iam_openid_connect_provider.it.url}:sub" = "b" }
}`,
  });
  expect(Object.values(plain(root.output('it')) as object)).toEqual(['b']);
});
