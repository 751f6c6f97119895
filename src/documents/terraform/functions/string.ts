import { isKnown, type Text, unknownText } from '../../../symbolic/text.ts';
import { hoisted, through, undecided } from '../choices.ts';
import { derived, unknownResult } from '../operators.ts';
import { asPiece, asText, joinTexts } from '../primitives.ts';
import { tooMuch } from '../run.ts';
import {
  bool,
  failure,
  isCounted,
  listTerm,
  mapTerm,
  type SettledTerm,
  type Term,
  textTerm,
  unknownIn,
} from '../term.ts';
import { format, formatList } from './format.ts';
import { type CallSite, type Functions, knownText, neither, ofTexts, type TerraformFunction } from './function.ts';
import { compile } from './regex.ts';
import { trimmed } from './trim.ts';

/** No text that people write comes near it. */
const LONGEST = 4_000_000;

export const STRINGS: Functions = {
  chomp: trimmed((text) => [0, text.replace(/[\r\n]+$/, '').length]),
  endswith: meets((text, suffix) => text.endsWith(suffix), 'end'),
  format: (given, call) => format(given, call),
  formatlist: (given, call) => formatList(given, call),
  indent: (given, call) =>
    Number(knownText(given[0]) ?? 0) > 200
      ? unknownResult('indent', given, call.place)
      : ofTexts((spaces = '', text = '') => text.replace(/\n/g, `\n${' '.repeat(Number(spaces))}`))(given, call),
  join: (given, call) => join(given, call),
  lower: changesCase((text) => eachLetter(text, (letter) => (letter === 'İ' ? 'i' : letter.toLowerCase()))),
  regex: (given, call) => regex(given, call, false),
  regexall: (given, call) => regex(given, call, true),
  replace: (given, call) => replace(given, call),
  split: (given, call) => split(given, call),
  startswith: meets((text, prefix) => text.startsWith(prefix), 'start'),
  strcontains: ofTexts((text = '', part = '') => text.includes(part)),
  strrev: ofTexts((text = '') => (/^[\x20-\x7e\s]*$/.test(text) ? [...text].reverse().join('') : undefined)),
  substr: (given, call) => substring(given, call),
  title: ofTexts((text = '') =>
    text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  ),
  trim: trimmed((text, letters) => within(text, [...letters], [...letters])),
  trimprefix: trimmed((text, prefix) => [prefix !== '' && text.startsWith(prefix) ? prefix.length : 0, text.length]),
  trimsuffix: trimmed((text, suffix) => [
    0,
    suffix !== '' && text.endsWith(suffix) ? text.length - suffix.length : text.length,
  ]),
  trimspace: trimmed((text) => [text.length - text.trimStart().length, text.trimEnd().length]),
  upper: changesCase((text) => eachLetter(text, (letter) => letter.toUpperCase())),
};

function within(text: string, left: readonly string[], right: readonly string[]): readonly [number, number] {
  let [start, end] = [0, text.length];
  while (start < end && left.includes(text[start] ?? '')) start += 1;
  while (end > start && right.includes(text[end - 1] ?? '')) end -= 1;
  return [start, end];
}

/** Go changes one letter into one letter, wherever it stands. */
function eachLetter(text: string, change: (letter: string) => string): string {
  return text.replace(/[^\x20-\x40\x5b-\x60\x7b-\x7e]/gu, (letter) => {
    const changed = change(letter);
    return [...changed].length === 1 ? changed : letter;
  });
}

/** Literal parts change; an unknown part becomes another that is named after it. */
function changesCase(change: (text: string) => string): TerraformFunction {
  return (given, call) => {
    const [first] = given;
    const text = first === undefined ? undefined : asText(first);
    if (first === undefined || text === undefined) return neither(given, call);
    if (isKnown(text)) return textTerm(change(text), call.place);
    const parts = text.parts.map((part) => {
      if (typeof part === 'string') return change(part);
      // Digits have no case.
      if (part.kind === 'account-id' || part.kind === 'region') return part;
      return { ...part, id: `${call.name}(${part.id})`, kind: 'open' as const };
    });
    return textTerm(joinTexts(parts), call.place);
  };
}

/** `startswith` and `endswith`: what is known of a text may be enough. */
function meets(holds: (text: string, part: string) => boolean, side: 'start' | 'end'): TerraformFunction {
  return (given, call) => {
    const [text, part] = given.map((term) => asText(term));
    if (text === undefined || part === undefined) return neither(given, call);
    if (isKnown(text) && isKnown(part)) return bool(holds(text, part), call.place);
    const known = isKnown(text) ? text : side === 'start' ? text.parts[0] : text.parts.at(-1);
    if (isKnown(part) && typeof known === 'string') {
      const length = Math.min(known.length, part.length);
      const alike =
        side === 'start'
          ? known.slice(0, length) === part.slice(0, length)
          : known.slice(known.length - length) === part.slice(part.length - length);
      if (!alike) return bool(false, call.place);
      if (length === part.length) return bool(true, call.place);
    }
    return undecided(derived(call.name, given, call.place), call.place);
  };
}

function join(given: readonly SettledTerm[], call: CallSite): Term {
  const [separator, ...lists] = given;
  const between = separator === undefined ? undefined : asText(separator);
  if (between === undefined || lists.length === 0) return failure('join takes a separator and lists', call.place);
  return through(
    lists.map((list) => (list.kind === 'list' ? hoisted(list) : list)),
    (settled) => {
      const texts: Text[] = [];
      let length = 0;
      for (const list of settled) {
        if (list.kind !== 'list' || !isCounted(list)) return neither([...settled, separator ?? list], call);
        for (const item of list.items) {
          if (item.kind === 'failure') return item;
          const text = asPiece(item, texts);
          if (text === undefined) return failure('join takes lists of texts', call.place);
          if (texts.length > 0) texts.push(between);
          texts.push(text);
          length += isKnown(text) ? text.length : 100;
          length += isKnown(between) ? between.length : 100;
          if (length > LONGEST) return tooMuch(call.place);
        }
      }
      return textTerm(joinTexts(texts), call.place);
    },
  );
}

function split(given: readonly SettledTerm[], call: CallSite): Term {
  const separator = knownText(given[0]);
  const text = given[1] === undefined ? undefined : asText(given[1]);
  if (separator === undefined || text === undefined) return neither(given, call);
  if (!isKnown(text)) return unknownResult('split', given, call.place);
  const pieces = text === '' ? [''] : separator === '' ? [...text] : text.split(separator);
  return listTerm(
    pieces.map((piece) => textTerm(piece, call.place)),
    call.place,
    'list',
  );
}

/** Between slashes it is a pattern. https://developer.hashicorp.com/terraform/language/functions/replace */
function replace(given: readonly SettledTerm[], call: CallSite): Term {
  const text = given[0] === undefined ? undefined : asText(given[0]);
  const [searched, by] = [knownText(given[1]), given[2] === undefined ? undefined : asText(given[2])];
  if (text === undefined || searched === undefined || by === undefined) return neither(given, call);
  if (searched === '') return unknownResult('replace', given, call.place);
  const isPattern = searched.length > 1 && searched.startsWith('/') && searched.endsWith('/');
  if (!isPattern && isKnown(text)) {
    const pieces = text.split(searched);
    const grown = isKnown(by) ? by.length * pieces.length : pieces.length * 100;
    return grown > LONGEST ? tooMuch(call.place) : textTerm(joinTexts(textBetween(pieces, by)), call.place);
  }
  if (!isKnown(text) || !isKnown(by) || text.length > 10_000 || by.length > 1000)
    return unknownResult('replace', given, call.place);
  const pattern = compile(searched.slice(1, -1), text.length);
  if (pattern === undefined) return unknownPattern(given, call);
  let replaced = '';
  let done = 0;
  for (const match of matchesIn(text, pattern)) {
    replaced += text.slice(done, match.index) + substitute(by, match);
    done = match.index + match[0].length;
  }
  return textTerm(replaced + text.slice(done), call.place);
}

function textBetween(pieces: readonly string[], by: Text): readonly Text[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [by, piece]));
}

/** `$1`, `${1}` and `${name}` of the replacement, as Go expands them. */
function substitute(template: string, match: RegExpExecArray): string {
  const find = (name: string): string => {
    if (/^\d+$/.test(name)) return match[Number(name)] ?? '';
    return Object.entries(match.groups ?? {}).find(([key]) => key === name)?.[1] ?? '';
  };
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (written, bare?: string, braced?: string) =>
    written === '$$' ? '$' : find(bare ?? braced ?? ''),
  );
}

/** Go finds nothing empty right after a match. */
function matchesIn(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  let end = -1;
  return [...text.matchAll(pattern)].filter((match) => {
    const isNext = match[0] === '' && match.index === end;
    if (!isNext) end = match.index + match[0].length;
    return !isNext;
  });
}

function regex(given: readonly SettledTerm[], call: CallSite, all: boolean): Term {
  const [source, text] = [knownText(given[0]), knownText(given[1])];
  if (source === undefined || text === undefined) return neither(given, call);
  const pattern = compile(source, text.length);
  if (pattern === undefined) return unknownPattern(given, call);
  const matches = matchesIn(text, pattern).map((match) => captured(match, call));
  if (all) return listTerm(matches, call.place, 'list');
  return matches[0] ?? failure('the pattern does not match', call.place);
}

/** The whole match without groups, a list of the groups, or an object where they have names. */
function captured(match: RegExpMatchArray, { place }: CallSite): Term {
  const one = (text: string | undefined): Term =>
    text === undefined ? { kind: 'null', place } : textTerm(text, place);
  const named = Object.entries(match.groups ?? {});
  if (named.length > 0 && named.length < match.length - 1)
    return failure('the pattern has groups with a name and some without', place);
  if (named.length > 0)
    return mapTerm(
      named.map(([key, text]) => ({ key, keyPlace: place, value: one(text) })),
      place,
    );
  return match.length === 1 ? one(match[0]) : listTerm(match.slice(1).map(one), place);
}

function unknownPattern(given: readonly SettledTerm[], call: CallSite): Term {
  const unknown = derived(call.name, given, call.place);
  return {
    kind: 'unknown',
    unknown: { ...unknown, missing: 'what a pattern matches that is not tried here' },
    place: call.place,
  };
}

function substring(given: readonly SettledTerm[], call: CallSite): Term {
  if (given.some((term) => unknownIn(term) !== undefined)) {
    const text = given[0] === undefined ? undefined : asText(given[0]);
    return text === undefined
      ? neither(given, call)
      : textTerm(unknownText(derived('substr', given, call.place)), call.place);
  }
  return ofTexts((text = '', offset = '', length = '') => {
    const letters = [...text];
    const from = Number(offset) < 0 ? letters.length + Number(offset) : Number(offset);
    return letters.slice(Math.max(from, 0), Number(length) < 0 ? undefined : from + Number(length)).join('');
  })(given, call);
}
