import { keysWithin } from '../../symbolic/opposite.ts';
import { ANY, ONE } from '../../symbolic/overlap.ts';
import { equal, matches, type Pattern, patternOfTokens, type Token, tokenize } from '../../symbolic/pattern.ts';
import { concat, isKnown, partsOf, type Text, type Unknown, unknownText } from '../../symbolic/text.ts';
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
    case 'supplied':
      // With a default it is in the text whether or not the call has the key.
      return fallback === undefined
        ? { kind: 'text', text: unknownText(suppliedValue(name)) }
        : open(dependsOnValue(suppliedValue(name)));
    case 'either':
      return open(
        dependsOn({ kind: 'disputed', reason: `AWS does not document clearly what ${name} holds in this call` }),
      );
  }
}

/** What the caller or the moment supplies, as an unknown that equals itself. */
function suppliedValue(key: string): Unknown {
  return {
    id: `supplied:${key.toLowerCase()}`,
    kind: 'open',
    shown: `\${${key}}`,
    missing: `the value of ${key} that the call has`,
    supplies: key,
  };
}

function requires(key: string, operator: string, value: Text): Truth {
  return dependsOn({ kind: 'key', key, operator, values: [value] });
}

/** As `matches`, and where a variable stands for what the call supplies, what that must be. */
export function matchesFilled(glob: Pattern, given: Text): Truth {
  return bySupply(matches(glob, given), glob.tokens, given, 'StringEquals');
}

/** As `equal`, and where a variable stands for what the call supplies, what that must be. */
export function equalsFilled(wanted: Text, given: Text, operator: string): Truth {
  return bySupply(equal(wanted, given), partsOf(wanted), given, operator);
}

function bySupply(truth: Truth, tokens: readonly Token[], given: Text, operator: string): Truth {
  const variables = tokens.filter((token) => typeof token === 'object' && token.supplies !== undefined);
  const [only] = variables;
  if (truth === false || typeof only !== 'object' || only.supplies === undefined) return truth;
  if (truth === true)
    return { alternatives: [keysWithin([{ parts: variables.filter((one) => typeof one === 'object') }])] };
  if (tokens.length === 1) return requires(only.supplies, operator, given);
  const literal = tokens.every((token) => token === only || typeof token === 'string');
  if (variables.length > 1 || !literal || !isKnown(given)) return truth;
  const at = tokens.indexOf(only);
  const [before, after] = [tokens.slice(0, at).join(''), tokens.slice(at + 1).join('')];
  return requires(only.supplies, operator, given.slice(before.length, given.length - after.length));
}

function open(truth: Truth): Filled {
  return typeof truth === 'boolean' ? { kind: 'absent' } : { kind: 'open', truth };
}
