import { parseJson } from '../source/json.ts';
import { EmbeddedSource, type Place, SourceFile, textAt } from '../source/source.ts';
import type { Tree } from '../source/tree.ts';
import { concat, isKnown, partsOf, type Text, type Unknown } from '../symbolic/text.ts';
import type { Value } from '../symbolic/value.ts';

/** A private-use character stands for each unknown while the text is parsed. */
const FIRST_MARK = 0xe000;

/** A policy that a document gives as a JSON text, as a value that points into that text; other values as they are. */
export function policyValue(value: Value): Value {
  if (value.kind === 'choice') {
    const { whenTrue, whenFalse } = value;
    return { ...value, whenTrue: whenTrue && policyValue(whenTrue), whenFalse: whenFalse && policyValue(whenFalse) };
  }
  if (value.kind !== 'text') return value;
  if (value.encodes !== undefined) return value.encodes;
  const unknowns: Unknown[] = [];
  const json = partsOf(value.text)
    .map((part) => {
      if (typeof part === 'string') return part;
      unknowns.push(part);
      return String.fromCharCode(FIRST_MARK + unknowns.length - 1);
    })
    .join('');
  const source = embed(json, value.place);
  const [tree] = parseJson(source).documents;
  const whole = unknowns[0] ?? {
    id: `text:${value.place.source.path}:${value.place.start}`,
    kind: 'open',
    shown: 'this text',
    missing: 'a policy text that is not valid JSON',
  };
  if (tree === undefined) return { kind: 'unknown', unknown: whole, place: value.place };
  return withMarks(tree, unknowns, source instanceof EmbeddedSource ? undefined : value.place);
}

/**
 * The JSON with the way back to what is written: literal text stands in both, line by line, and what a `${…}` became points at
 * the `${…}`.
 */
function embed(json: string, place: Place): SourceFile | EmbeddedSource {
  const quoted = place.source.text[place.start - 1] === '"';
  const offsets: number[] = [];
  // A block scalar starts with its header: `|` or `>-`.
  const header = /^[|>][^\n]*/.exec(textAt(place))?.[0].length ?? 0;
  let written = place.start + header;
  let substituted: number | undefined;
  for (const piece of textAt(place)
    .slice(header)
    .split(/(\$\{[^}]*\}|\r?\n[ \t]*|\\u[0-9A-Fa-f]{4}|\\.)/)) {
    if (piece.startsWith('${')) substituted ??= written;
    else if (quoted && piece.startsWith('\\')) {
      // An escape is one letter of the text.
      if (offsets.length < json.length) offsets.push(written);
    } else if (piece.trim() !== '') {
      const found = json.indexOf(piece, offsets.length);
      if (found === -1) return new SourceFile(place.source.path, json);
      while (offsets.length < found) offsets.push(substituted ?? written);
      for (let i = 0; i < piece.length; i++) offsets.push(written + i);
      substituted = undefined;
    }
    written += piece.length;
  }
  while (offsets.length <= json.length) offsets.push(substituted ?? place.end);
  return new EmbeddedSource(place.source, json, offsets);
}

function withMarks(tree: Tree, unknowns: readonly Unknown[], instead: Place | undefined): Value {
  const at = (place: Place): Place => instead ?? place;
  switch (tree.kind) {
    case 'scalar':
      return {
        kind: 'text',
        text: unmark(tree.text, unknowns),
        type: tree.type === 'null' ? 'string' : tree.type,
        place: at(tree.place),
      };
    case 'list':
      return {
        kind: 'list',
        items: tree.items.map((item) => withMarks(item, unknowns, instead)),
        place: at(tree.place),
      };
    case 'map': {
      const members = tree.entries.map(({ key, value }) => {
        const name = unmark(key.text, unknowns);
        const shown = isKnown(name) ? name : key.text;
        return { name: shown, key: name, namePlace: at(key.place), value: withMarks(value, unknowns, instead) };
      });
      return { kind: 'map', members, place: at(tree.place) };
    }
  }
}

function unmark(text: string, unknowns: readonly Unknown[]): Text {
  if (unknowns.length === 0) return text;
  return concat(...text.split(/([\uE000-\uF8FF])/).map((piece) => unknowns[piece.charCodeAt(0) - FIRST_MARK] ?? piece));
}
