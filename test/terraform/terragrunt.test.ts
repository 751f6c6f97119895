import { expect, test } from 'vitest';
import { check, lines, place } from '../support/documents.ts';

const UNIT = lines(`
  include "root" {
    path = find_in_parent_folders("root.hcl")
  }
  dependency "network" {
    config_path = "../network"
  }
  inputs = {
    name = dependency.network.outputs.name
  }
`);
const MODULE = lines(`
  variable "name" { default = "app" }
  resource "aws_iam_role" "app" {
    name               = "app"
    assume_role_policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
    })
  }
`);
const root = (account: string) =>
  lines(`
    generate "provider" {
      path      = "provider.tf"
      if_exists = "overwrite"
      contents  = <<-EOF
        provider "aws" {
          region              = "eu-west-1"
          allowed_account_ids = ["${account}"]
        }
      EOF
    }
  `);
const rolesIn = (documents: Readonly<Record<string, string>>) =>
  check(documents).report.assumptions.map(({ role }) => role);

test('a provider that Terragrunt writes says which account a module reaches', () => {
  const documents = { 'live/app/terragrunt.hcl': UNIT, 'live/app/main.tf': MODULE, 'root.hcl': root('111122223333') };
  expect(rolesIn(documents)).toEqual(['arn:aws:iam::111122223333:role/app']);
});

test('what it works out when it runs stays open', () => {
  const documents = {
    'live/app/terragrunt.hcl': UNIT,
    'live/app/main.tf': MODULE,
    'live/root.hcl': root('${local.account}'),
  };
  expect(rolesIn(documents)).toEqual(['arn:aws:iam::${AWS::AccountId}:role/app']);
});

test('a file that is there already is read as it is', () => {
  const own = 'provider "aws" {\n  allowed_account_ids = ["444455556666"]\n}\n';
  const documents = {
    'app/terragrunt.hcl': UNIT,
    'app/main.tf': MODULE,
    'app/provider.tf': own,
    'root.hcl': root('111122223333'),
  };
  expect(rolesIn(documents)).toEqual(['arn:aws:iam::444455556666:role/app']);
});

test('what is wrong in a module file that Terragrunt writes is told where its text stands', () => {
  const unit = lines(`
    generate "role" {
      path     = "role.tf"
      contents = <<EOF
    resource "aws_iam_role" "made" {
      name               = "made"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AsumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
      })
    }
    EOF
    }
  `);
  const documents = { 'app/terragrunt.hcl': unit, 'app/main.tf': 'locals { a = 1 }\n' };
  const [finding] = check(documents).report.findings;
  expect(finding?.rule).toBe('unknown-action');
  expect(finding?.location).toEqual(place(documents, 'app/terragrunt.hcl', 'sts:AsumeRole'));
});

test('OpenTofu reads its own file in place of the one of the same name', () => {
  const other = (name: string) => MODULE.replace('"app"\n    assume', `"${name}"\n    assume`);
  expect(rolesIn({ 'main.tf': other('terraform'), 'main.tofu': MODULE.replace(/= "app"\n/, '= "tofu"\n') })).toEqual([
    'arn:aws:iam::${AWS::AccountId}:role/tofu',
  ]);
});

test('a provider that it writes in JSON counts, too', () => {
  const written = lines(`
    generate "provider" {
      path      = "provider.tf.json"
      if_exists = "overwrite"
      contents  = <<-EOF
        { "provider": { "aws": { "region": "eu-west-1", "allowed_account_ids": ["111122223333"] } } }
      EOF
    }
  `);
  const documents = { 'live/app/terragrunt.hcl': UNIT, 'live/app/main.tf': MODULE, 'root.hcl': written };
  expect(rolesIn(documents)).toEqual(['arn:aws:iam::111122223333:role/app']);
});

test('its own files may be JSON', () => {
  const unit = JSON.stringify({
    include: { root: { path: '${find_in_parent_folders("root.hcl")}' } },
    inputs: { name: 'given' },
  });
  const named = MODULE.replace('name               = "app"', 'name               = var.name');
  const documents = {
    'live/app/terragrunt.hcl.json': unit,
    'live/app/main.tf': named,
    'root.hcl': root('111122223333'),
  };
  expect(rolesIn(documents)).toEqual(['arn:aws:iam::111122223333:role/${var.name}']);
});

test.each([
  [
    'a template',
    'terraform {\n  source = "${get_repo_root()}/modules//app?ref=v1"\n}\ninputs = { name = "given" }\n',
    '',
  ],
  [
    'an included file',
    'include "env" {\n  path = "../_env/app.hcl"\n}\n',
    'terraform {\n  source = "../../modules/app"\n}\n',
  ],
])('a module that it finds by %s gets values, whatever its defaults say', (_, unit, included) => {
  const named = MODULE.replace('name               = "app"', 'name               = var.name');
  const documents = { 'live/app/terragrunt.hcl': unit, 'live/_env/app.hcl': included, 'modules/app/main.tf': named };
  expect(rolesIn(documents)).toEqual(['arn:aws:iam::${AWS::AccountId}:role/${var.name}']);
});
