import { concat, isKnown, keyOf, type Text } from '../../../symbolic/text.ts';
import { compareTexts } from '../loops.ts';
import { asText, joinTexts, numberAsText } from '../primitives.ts';
import type { Term } from '../term.ts';

/** A value as Terraform's `jsonencode` writes it: keys in order, no spaces, unknowns in their places. */
export function jsonText(term: Term): Text {
  switch (term.kind) {
    case 'null':
      return 'null';
    case 'bool':
      return String(term.value);
    case 'number':
      return numberAsText(term);
    case 'text':
      return concat('"', escaped(term.text), '"');
    case 'list':
      return joinTexts(['[', ...term.items.flatMap((item, index) => [index === 0 ? '' : ',', jsonText(item)]), ']']);
    case 'map': {
      const members = term.members
        .map((member) => ({ ...member, order: keyOf(member.key) }))
        .sort((left, right) => compareTexts(left.order, right.order));
      const written = members.flatMap(({ key, value }, index) => [
        index === 0 ? '"' : ',"',
        escaped(key),
        '":',
        jsonText(value),
      ]);
      return joinTexts(['{', ...written, '}']);
    }
    case 'lazy':
      return term.whole === undefined ? (asText(term) ?? '') : jsonText(term.whole());
    default:
      return asText(term) ?? 'null';
  }
}

function escaped(text: Text): Text {
  if (isKnown(text)) return escapeLiteral(text);
  return { parts: text.parts.map((part) => (typeof part === 'string' ? escapeLiteral(part) : part)) };
}

/** As Go's encoder does for HTML. https://developer.hashicorp.com/terraform/language/functions/jsonencode */
function escapeLiteral(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
