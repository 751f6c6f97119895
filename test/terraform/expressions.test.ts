import { expect, test } from 'vitest';
import { isKnown } from '../../src/symbolic/text.ts';
import EXPRESSIONS from './expressions.json' with { type: 'json' };
import { rootOf } from './roots.ts';

/** What `terraform console` 1.11 prints for `jsonencode(…)`; null where it says that the expression is wrong. See console.mjs. */
const expected: Readonly<Record<string, string | null>> = EXPRESSIONS;

test.each(Object.entries(expected))('%s', (expression, answer) => {
  const { root } = rootOf({ 'main.tf': `output "it" {\n  value = jsonencode(${expression})\n}\n` });
  expect(root.problems()).toEqual([]);
  const value = root.output('it');
  if (answer === null) {
    expect(value).toMatchObject({
      kind: 'unknown',
      unknown: { missing: expect.stringContaining('Terraform rejects') },
    });
    return;
  }
  expect(value?.kind === 'text' && isKnown(value.text) ? value.text : value).toBe(answer);
});
