/**
 * Every text that a person may read from a run, as the sources write it: `npm run messages` prints the page, to be read in one go.
 * What a sentence fills in stands in braces.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** Words are compared there, or cut out of texts: what stands in such a call is read by nobody. */
const NOT_SHOWN =
  /^(?:includes|startsWith|endsWith|replace|replaceAll|split|indexOf|lastIndexOf|match|matchAll|test|exec|slice|has|get|set|add|RegExp|keyOf)$/;
const TYPES = /^TS(?!AsExpression|SatisfiesExpression|NonNullExpression)/;

/** Each file's texts, in their order. */
export function messages() {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.split(sep).join('/'))
    .sort()
    .flatMap((path) => {
      const source = readFileSync(join(SOURCES, path), 'utf8');
      const found = [];
      visit(parseAst(source, { lang: 'ts' }), source, found);
      const texts = [...new Set(found.filter(isSentence))];
      return texts.length === 0 ? [] : [{ path, texts }];
    });
}

function visit(node, source, found) {
  if (Array.isArray(node)) for (const one of node) visit(one, source, found);
  if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
  if (/^(?:Import|Export(?:All|Named)Declaration$)/.test(node.type) && node.source) return;
  if (TYPES.test(node.type)) return;
  if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator)) return;
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const name = node.callee.property?.name ?? node.callee.name ?? '';
    visit(node.callee.object, source, found);
    if (!NOT_SHOWN.test(name)) visit(node.arguments, source, found);
    return;
  }
  if (node.type === 'TaggedTemplateExpression' || node.type === 'SwitchCase') {
    visit(node.consequent, source, found);
    return;
  }
  if (node.type === 'Literal' && typeof node.value === 'string') found.push(node.value);
  if (node.type === 'TemplateLiteral') found.push(sentence(node, source));
  for (const [key, value] of Object.entries(node)) {
    if (key === 'key' && node.computed !== true) continue;
    if (typeof value === 'object') visit(value, source, found);
  }
}

/** What is filled in is told by what computes it, as far as that is short. */
function sentence({ quasis, expressions }, source) {
  return quasis
    .map(({ value }, index) => {
      const next = expressions[index];
      return next === undefined ? value.cooked : `${value.cooked}{${filled(source.slice(next.start, next.end))}}`;
    })
    .join('');
}

function filled(code) {
  const short = code.replace(/\s+/g, ' ').replace(/^(?:show|forTerminal|inMarkdown|codeSpan)\((.*)\)$/, '$1');
  return short.length > 40 ? '…' : short;
}

/** Two words at least, one of them a real one. */
function isSentence(text) {
  const plain = text.replace(/\{(?:[^{}]|\{[^{}]*\})*\}/g, 'X');
  return (
    / /.test(plain.trim()) && /[a-z]{2,}/.test(plain) && /(?:^|[ (“‘"'])[a-z’]{2,}(?:[ ,.:;)?’”"']|$)/i.test(plain)
  );
}

/** https://spec.commonmark.org/0.31.2/#code-spans */
function span(text) {
  return `\`\` ${text.replace(/\n/g, '⏎').replace(/``/g, '` `')} \`\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = messages().map(
    ({ path, texts }) => `## ${path}\n\n${texts.map((text) => `- ${span(text)}`).join('\n')}\n`,
  );
  process.stdout.write(`# All messages\n\nWhat a sentence fills in stands in braces.\n\n${page.join('\n')}`);
}
