import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseHcl } from '../../src/source/hcl/parse.ts';
import type { Expression } from '../../src/source/hcl/syntax.ts';
import { SourceFile } from '../../src/source/source.ts';
import { at, outputOf, plain, rootOf } from './roots.ts';

function parse(text: string) {
  return parseHcl(new SourceFile('main.tf', text));
}

function expressionOf(text: string): Expression {
  const { body, problems } = parse(`x = ${text}\n`);
  expect(problems).toEqual([]);
  const [attribute] = body.attributes;
  if (attribute === undefined) throw new Error('no attribute');
  return attribute.value;
}

test('attributes, blocks and labels have their places', () => {
  const { body, problems } = parse('resource "aws_iam_role" app {\n  name = "x" # why\n  /* and */ nested { }\n}\n');
  expect(problems).toEqual([]);
  const [block] = body.blocks;
  expect(block && at(block.typePlace)).toBe('main.tf:1:1 resource');
  expect(block?.labels.map(({ place }) => at(place))).toEqual(['main.tf:1:11 aws_iam_role', 'main.tf:1:25 app']);
  expect(block?.body.attributes.map(({ namePlace }) => at(namePlace))).toEqual(['main.tf:2:3 name']);
  expect(block?.body.attributes.map(({ value }) => at(value.place))).toEqual(['main.tf:2:11 x']);
  expect(block?.body.blocks.map(({ place }) => at(place))).toEqual(['main.tf:3:13 nested { }']);
});

test('every part of an expression has its place', () => {
  const call = expressionOf('merge(var.a["k"][*].b, { (local.x) = 1, "y" : !c, for = z ? -1 : 2.5e3 })');
  if (call.kind !== 'call') throw new Error('no call');
  const [first, second] = call.arguments;
  expect(first && at(first.place)).toBe('main.tf:1:11 var.a["k"][*].b');
  if (second?.kind !== 'object') throw new Error('no object');
  expect(second.items.map(({ key }) => at(key.place))).toEqual([
    'main.tf:1:30 (local.x)',
    'main.tf:1:46 y',
    'main.tf:1:55 for',
  ]);
  expect(second.items.map(({ value }) => at(value.place))).toEqual([
    'main.tf:1:42 1',
    'main.tf:1:51 !c',
    'main.tf:1:61 z ? -1 : 2.5e3',
  ]);
});

test.each([
  ['<<EOT\n  a ${"b"}\nEOT', '  a b\n'],
  ['<<-EOT\n    a\n      b\n\n  \tc\n  EOT', ' a\n   b\n\nc\n'],
  ['<<-EOT\n    ${"a"}\n      b\n  EOT', 'a\n  b\n'],
  ['<<EOT\nEOTX\n EOT not the end\n  EOT', 'EOTX\n EOT not the end\n'],
  ['<<-E\n  a %{ if true ~}\n  b\n  %{ endif ~}\n  c\n  E', 'a   b\n  c\n'],
  ['<<E\n"q" \\n $${x} %%{y}\nE', '"q" \\n ${x} %{y}\n'],
])('the heredoc %j is %j', (written, text) => {
  expect(outputOf(written)).toBe(text);
});

test.each([
  ['"a" : "b"', 'a new line is missing after x', 1],
  ['"unclosed\n', 'a quoted text is not closed on its line', 1],
  ['[1, 2\n', 'a comma or "]" is missing in a list', 3],
  ['{ a 1 }', '"=" is missing after the key of an object', 1],
  ['"${a"', '"}" is missing after what ${ puts in', 1],
  ['"%{ if a }x"', 'a template directive has no endif', 1],
  ['"\\q"', '\\q is no escape that HCL knows', 1],
  ['<<EOT\nnever closed\n', 'the heredoc has no line EOT at its end', 1],
  ['f(a b)', 'a comma or ")" is missing in the arguments of f', 1],
  [`${'['.repeat(1000)}`, 'it is nested too deep to be read', 1],
  [`${'!'.repeat(100_000)}x`, 'it is nested too deep to be read', 1],
  [`${'1 + '.repeat(100_000)}1`, 'the expression is too long to be read', 1],
  [`a${'.b'.repeat(100_000)}`, 'the expression is too long to be read', 1],
])('a slip is told at its line: %.20j', (written, message, line) => {
  const { problems } = parse(`x = ${written}\n`);
  expect(problems[0]?.message).toContain(message);
  const place = problems[0]?.place;
  expect(place?.source.file.position(place.start).line).toBe(line);
});

test('a slip costs its block, not its file', () => {
  const { root } = rootOf({
    'main.tf': `
resource "aws_iam_role" "a" {
  name = "a"
}
resource "aws_iam_role" "broken" {
  name = = "b"
  tags = {
    "x"
  }
}
resource "aws_iam_role" "c" {
  name = "c"
}
`,
  });
  expect(root.resources().map(({ address }) => address)).toEqual(['aws_iam_role.a', 'aws_iam_role.c']);
});

test('what other languages write inside a heredoc is text', () => {
  expect(outputOf('<<EOT\nresource "x" {\n${"y"}\nEOT')).toBe('resource "x" {\ny\n');
});

const CORPUS = new URL('../../../shared/corpus/tf', import.meta.url);
test.skipIf(!existsSync(CORPUS))('every public module is read without a problem', () => {
  const paths = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tf'));
  const found = paths.flatMap((path) => {
    const text = readFileSync(new URL(`tf/${path.split('\\').join('/')}`, CORPUS), 'utf8');
    return parseHcl(new SourceFile(path, text)).problems.map(({ message }) => `${path}: ${message}`);
  });
  expect(paths.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

test('a unary chain, a deep local and a circle end', () => {
  const deep = Array.from({ length: 3000 }, (_, index) => `  l${index} = local.l${index + 1}\n`).join('');
  const { root } = rootOf({
    'main.tf': `locals {\n${deep}  l3000 = "end"\n  a = local.b\n  b = "x\${local.a}"\n}
output "deep" { value = local.l0 }
output "circle" { value = local.a }
output "fine" { value = local.l2999 }
`,
  });
  expect(plain(root.output('deep'))).toMatch(/^\$\{/);
  expect(plain(root.output('circle'))).toBe('x${local.a}');
  expect(plain(root.output('fine'))).toBe('end');
});
