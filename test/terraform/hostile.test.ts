import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateRoot } from '../../src/documents/terraform/module/evaluate-root.ts';
import { TerraformFiles } from '../../src/documents/terraform/module/terraform-files.ts';
import { workingTree } from '../../src/files/working-tree.ts';
import { outputOf, plain, rootOf } from './roots.ts';

test.each([
  'range(1000000000)',
  'cidrsubnets("10.0.0.0/8", [for i in range(1000000) : 20]...)',
  'format("%1000000000d", 1)',
  'indent(1000000000, "a\\nb")',
  'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
  'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "/(a|aa)+$/", "x")',
  'regexall("(x*)*(x*)*(x*)*y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")',
  'regex("^(?:.*a.*){20}$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
  'file("/etc/passwd")',
  'file("../../../../../../etc/passwd")',
  'templatefile("/etc/passwd", {})',
  'fileset("/etc", "*")',
  'fileset("..", "**")',
  'provider::aws::arn_parse("x")',
  'timestamp()',
])('%s ends, and gives what nobody knows', (expression) => {
  expect(outputOf(`[${expression}][0]`)).toMatch(/\$\{/);
});

test('values that double themselves end', () => {
  const doubled = (one: (name: string) => string): string =>
    `locals {\n  l0 = "x"\n${Array.from({ length: 60 }, (_, index) => `  l${index + 1} = ${one(`local.l${index}`)}\n`).join('')}}\noutput "it" { value = jsonencode(local.l60) }\n`;
  for (const one of [
    (name: string) => `"\${${name}}\${${name}}"`,
    (name: string) => `[${name}, ${name}]`,
    (name: string) => `{ a = ${name}, b = ${name} }`,
    (name: string) => `jsonencode([${name}, ${name}])`,
    (name: string) => `concat(tolist(try([${name}[0], ${name}], [${name}])), [${name}])`,
    (name: string) => `var.x == ${name} ? [${name}] : { a = ${name} }`,
    (name: string) => `setproduct([${name}, 1], [${name}, 2])`,
  ]) {
    const { root } = rootOf({ 'main.tf': `variable "x" {}\n${doubled(one)}` });
    expect(JSON.stringify(plain(root.output('it'))).length).toBeLessThan(50_000_000);
  }
});

test('instances that nobody can hold are one that stands for all', () => {
  const { root } = rootOf({
    'main.tf': `
resource "aws_iam_role" "a" { count = 1000000000 }
resource "aws_iam_role" "b" { for_each = { for i in range(1024) : i => [for j in range(1024) : i * j] } }
resource "aws_iam_role" "c" { count = length(aws_iam_role.c) }
module "m" {
  count  = 1000
  source = "./m"
}
`,
    'm/main.tf': 'module "n" {\n  count  = 1000\n  source = "../n"\n}\n',
    'n/main.tf': 'module "o" {\n  count  = 1000\n  source = "../m"\n}\nresource "aws_iam_role" "r" { count = 1000 }\n',
  });
  expect(root.resources().length).toBeLessThan(100_000);
});

test('nothing outside of the checkout is read, not by way of links either', () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  const root = mkdtempSync(join(tmpdir(), 'checkout-'));
  try {
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    writeFileSync(join(outside, 'main.tf'), 'output "it" { value = "secret" }\n');
    mkdirSync(join(root, 'stack'));
    symlinkSync(join(outside, 'secret.txt'), join(root, 'stack', 'link.txt'));
    symlinkSync(outside, join(root, 'module'));
    writeFileSync(
      join(root, 'stack', 'main.tf'),
      `module "m" { source = "../module" }
output "it" {
  value = [file("link.txt"), file("../../${outside.split('/').at(-1)}/secret.txt"), templatefile("link.txt", {}),
    module.m.it, file("inside.txt")]
}
`,
    );
    writeFileSync(join(root, 'stack', 'inside.txt'), 'inside');
    const files = new TerraformFiles(workingTree(root, ['']));
    const given = { directory: 'stack', id: 'stack', variables: new Map(), computed: () => undefined };
    const value = JSON.stringify(plain(evaluateRoot({ files, ...given })?.output('it')));
    expect(value).not.toContain('"secret');
    expect(value).toContain('"inside"');
  } finally {
    rmSync(outside, { recursive: true });
    rmSync(root, { recursive: true });
  }
});
