import { ANY, ONE } from '../../symbolic/overlap.ts';
import { type Pattern, patternOfTokens, type Token, tokenize } from '../../symbolic/pattern.ts';
import { concat, partsOf, type Text } from '../../symbolic/text.ts';
import { type Depends, dependsOn, dependsOnValue, type Truth } from '../../symbolic/truth.ts';
import type { Context } from './context.ts';

/**
 * A text with its policy variables filled in: as text, for operators that compare literally, and as a pattern in which
 * only the policy's own `*` and `?` are wildcards.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export type Substituted =
  | { readonly kind: 'value'; readonly text: Text; readonly pattern: Pattern }
  /** A variable's key is not in the call: nothing equals this text. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'open'; readonly truth: Depends };

export function substitute(text: Text, context: Context): Substituted {
  const tokens: Token[] = [];
  for (const part of partsOf(text)) {
    if (typeof part !== 'string') {
      tokens.push(part);
      continue;
    }
    for (const piece of part.split(/(\$\{[^}]*\})/)) {
      if (!piece.startsWith('${') || !piece.endsWith('}')) {
        tokens.push(...tokenize(piece));
        continue;
      }
      const filled = fill(piece.slice(2, -1).trim(), context);
      if (filled.kind !== 'text') return filled;
      tokens.push(...partsOf(filled.text));
    }
  }
  const pattern = patternOfTokens(tokens);
  return {
    kind: 'value',
    text: concat(...tokens.map((token) => (token === ANY ? '*' : token === ONE ? '?' : token))),
    pattern,
  };
}

type Filled = { readonly kind: 'text'; readonly text: Text } | Exclude<Substituted, { readonly kind: 'value' }>;

function fill(variable: string, context: Context): Filled {
  if (variable === '*' || variable === '?' || variable === '$') return { kind: 'text', text: variable };
  const [, name = variable, fallback] = /^([^,]*?)\s*,\s*'(.*)'$/s.exec(variable) ?? [];
  const value = context.lookup(name.toLowerCase());
  switch (value.kind) {
    case 'present': {
      const [only] = value.values;
      return only === undefined || value.values.length > 1 ? { kind: 'absent' } : { kind: 'text', text: only };
    }
    case 'absent':
      return fallback === undefined ? { kind: 'absent' } : { kind: 'text', text: fallback };
    case 'unresolved':
      return open(dependsOnValue(value.unknown));
    default:
      return open(dependsOn({ kind: 'key', key: name, operator: 'Null', values: ['false'] }));
  }
}

function open(truth: Truth): Filled {
  return typeof truth === 'boolean' ? { kind: 'absent' } : { kind: 'open', truth };
}
