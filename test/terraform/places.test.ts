import { expect, test } from 'vitest';
import { policyValue } from '../../src/documents/policy-text.ts';
import type { Value } from '../../src/symbolic/value.ts';
import { at, plain, rootOf } from './roots.ts';

/** The value under a path of members and indexes. */
function under(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  if (value.kind === 'list' && typeof step === 'number') return under(value.items[step], ...rest);
  return value.kind === 'map' ? under(value.members.find(({ name }) => name === step)?.value, ...rest) : undefined;
}

function policyOf(texts: Readonly<Record<string, string>>): Value {
  const value = rootOf(texts).root.output('policy');
  if (value === undefined) throw new Error('no policy');
  return policyValue(value);
}

test('a policy in jsonencode points at the literals of locals and of the callers of modules', () => {
  const policy = policyOf({
    'main.tf': `
module "target" {
  source    = "./target"
  principal = local.ci
}
locals {
  ci = "arn:aws:iam::111122223333:role/ci"
}
output "policy" {
  value = module.target.policy
}
`,
    'target/main.tf': `
variable "principal" { type = string }
output "policy" {
  value = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = [var.principal] } }]
  })
}
`,
  });
  const principal = under(policy, 'Statement', 0, 'Principal', 'AWS', 0);
  expect(principal && at(principal.place)).toBe('main.tf:7:9 arn:aws:iam::111122223333:role/ci');
  const action = under(policy, 'Statement', 0, 'Action');
  expect(action && at(action.place)).toBe('target/main.tf:5:48 sts:AssumeRole');
});

test('a policy in a heredoc points into it, and through what is put in', () => {
  const policy = policyOf({
    'main.tf': `
variable "unknown" {}
locals {
  role = "app"
}
output "policy" {
  value = <<-EOT
    {
      "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/\${local.role}"}},
        {"Effect": "Allow", "Principal": {"AWS": "\${local.role}"}, "Resource": \${jsonencode(["a", var.unknown])}}
      ]
    }
  EOT
}
`,
  });
  const arn = under(policy, 'Statement', 0, 'Principal', 'AWS');
  expect(arn && at(arn.place)).toBe('main.tf:10:51 arn:aws:iam::111122223333:role/${local.role}');
  const role = under(policy, 'Statement', 1, 'Principal', 'AWS');
  expect(role && at(role.place)).toBe('main.tf:4:11 app');
  expect(plain(under(policy, 'Statement', 1, 'Resource'))).toEqual(['a', '${var.unknown}']);
  const resource = under(policy, 'Statement', 1, 'Resource', 0);
  expect(resource && at(resource.place)).toBe('main.tf:11:95 a');
});

test('a policy in a template file points into the file', () => {
  const policy = policyOf({
    'stacks/app/main.tf': `output "policy" {
  value = templatefile("\${path.module}/../policy.json.tftpl", { role = "arn:aws:iam::111122223333:role/ci" })
}
`,
    'stacks/policy.json.tftpl': `{"Statement": [
  {"Effect": "Allow",
   "Action": "sts:AssumeRole", "Principal": {"AWS": "\${role}"}}]}
`,
    'main.tf': `
module "app" {
  source = "./stacks/app"
}
output "policy" {
  value = module.app.policy
}
`,
  });
  const action = under(policy, 'Statement', 0, 'Action');
  expect(action && at(action.place)).toBe('stacks/policy.json.tftpl:3:15 sts:AssumeRole');
  const role = under(policy, 'Statement', 0, 'Principal', 'AWS');
  expect(role && at(role.place)).toBe('stacks/app/main.tf:2:73 arn:aws:iam::111122223333:role/ci');
});
