import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/rules/index.ts';

/** Every text that a person may read from a run: `- `` text `` ` below the file that has it. */
const page = execFileSync(process.execPath, [fileURLToPath(new URL('messages.mjs', import.meta.url))], {
  encoding: 'utf8',
  maxBuffer: 1 << 24,
});
const texts = [...page.matchAll(/^- `` (.*) ``$/gm)].map(([, text = '']) => text);

const readable = texts.filter((text) => !/<\w+[ >]|\{ ?$|^\s|font:|Exit status|^\(\?:|(?:\w+ ){30}/.test(text));

describe('the page of all messages', () => {
  test('has the sentences of every room', () => {
    for (const text of [
      'no statement names the caller',
      'a value for the parameter {name}',
      'explain needs the message that AWS answered, or --event FILE',
      'By the documents, too, it is denied:',
      'there is no configuration file {config}',
      ...RULES.map(({ title }) => title),
    ])
      expect(texts).toContain(text);
  });

  test.each([
    [
      'words of ours',
      /\b(?:symbolic|AST|tri-state|hangs on|near miss|intents?|entit(?:y|ies)|truthy|falsy|stringif)\b/,
    ],
    ['what machines say', /\b(?:undefined|NaN|null pointer|exception|stack trace|TODO|FIXME|foo|bar)\b/],
    ['empty courtesies', /\b(?:[Ss]orry|[Oo]ops|[Uu]nfortunately|simply|obviously)\b/],
    ['abbreviations', /\b(?:e\.g\.|i\.e\.|etc\.|resp\.|w\/)/],
    ['two spaces, or a space before a comma', /[a-z,] {2}[a-z]| ,|\.\./],
  ])('is free of %s', (_, wrong) => {
    const own = readable
      .filter((text) => !/\{[^}]*$/.test(text))
      .map((text) => text.replace(/\{(?:[^{}]|\{[^{}]*\})*\}/g, '…'));
    expect(own.filter((text) => wrong.test(text))).toEqual([]);
  });
});
