import { concat, isKnown, type Text } from '../../symbolic/text.ts';
import { settled, type Value } from '../../symbolic/value.ts';

/** A value as JSON text, its unknowns inside the strings. */
export function jsonText(given: Value): Text {
  const value = settled(given);
  switch (value.kind) {
    case 'text':
      return value.type === 'string' ? concat('"', escaped(value.text), '"') : value.text;
    case 'unknown':
      return concat('"', value.unknown, '"');
    case 'list':
      return concat('[', ...value.items.flatMap((item, index) => [index === 0 ? '' : ',', jsonText(item)]), ']');
    case 'map':
      return concat(
        '{',
        ...value.members.flatMap(({ key, value: own }, index) => [
          index === 0 ? '"' : ',"',
          escaped(key),
          '":',
          jsonText(own),
        ]),
        '}',
      );
  }
}

function escaped(text: Text): Text {
  const inner = (part: string): string => JSON.stringify(part).slice(1, -1);
  return isKnown(text)
    ? inner(text)
    : { parts: text.parts.map((part) => (typeof part === 'string' ? inner(part) : part)) };
}
