import { isKnown } from '../../../symbolic/text.ts';
import { through, undecided } from '../choices.ts';
import { countOf, itemsOf, unifiedItems } from '../conversion.ts';
import { compareTexts, inKeyOrder } from '../loops.ts';
import { derived, sameness, truthOf, unknownResult } from '../operators.ts';
import { asText, toText } from '../primitives.ts';
import { indexOf } from '../select.ts';
import {
  bool,
  failure,
  hasKnownKeys,
  identityOf,
  isCounted,
  type ListTerm,
  listTerm,
  mapTerm,
  number,
  type SettledTerm,
  type Term,
  type TermMember,
  textTerm,
  unknownIn,
} from '../term.ts';
import { type CallSite, type Functions, knownNumber, knownText, neither } from './function.ts';

export const COLLECTIONS: Functions = {
  alltrue: (given, call) => truths(given, call, true),
  anytrue: (given, call) => truths(given, call, false),
  chunklist: (given, call) => {
    const list = countedList(given[0]);
    const size = knownNumber(given[1]);
    if (list === undefined || size === undefined || size < 0) return neither(given, call);
    const chunks: Term[] = [];
    const step = size === 0 ? list.items.length : size;
    for (let at = 0; at < list.items.length; at += Math.max(step, 1))
      chunks.push(listTerm(list.items.slice(at, at + step), call.place, 'list'));
    return listTerm(chunks, call.place, 'list');
  },
  coalesce: (given, call) => coalesce(given, call, (term) => term.kind === 'text' && term.text === ''),
  coalescelist: (given, call) => coalesce(given, call, (term) => term.kind === 'list' && term.items.length === 0),
  compact: (given, call) => {
    const [list] = given;
    if (list?.kind !== 'list') return neither(given, call);
    const items = list.items.filter((item) => item.kind !== 'null' && !(item.kind === 'text' && item.text === ''));
    return listTerm(items, list.place, 'list');
  },
  concat: (given, call) => {
    const lists = given.map(itemsOf);
    if (lists.some((items) => items === undefined)) return neither(given, call);
    const form = given.every((term) => term.kind === 'list' && term.form === 'list') ? 'list' : 'tuple';
    return listTerm(
      lists.flatMap((items) => items ?? []),
      call.place,
      form,
    );
  },
  contains: (given, call) => contains(given, call),
  distinct: (given, call) => {
    const [list] = given;
    if (list?.kind !== 'list') return neither(given, call);
    const seen = new Map<unknown, Term>();
    for (const item of unifiedItems(list.items)) {
      const key = (unknownIn(item) === undefined || item.kind === 'text' ? identityOf(item) : undefined) ?? item;
      if (!seen.has(key)) seen.set(key, item);
    }
    return listTerm([...seen.values()], list.place, 'list');
  },
  element: (given, call) => {
    const list = countedList(given[0]);
    const index = knownNumber(given[1]);
    if (list === undefined || index === undefined) return neither(given, call);
    const { length } = list.items;
    return list.items[((index % length) + length) % length] ?? failure('element of an empty list', call.place);
  },
  flatten: (given, call) => {
    const [list] = given;
    return list?.kind === 'list' ? listTerm(flat(list, call), list.place) : neither(given, call);
  },
  index: (given, call) => {
    const [list, value] = given;
    if (list?.kind !== 'list' || value === undefined || !isCounted(list)) return neither(given, call);
    for (const [at, item] of list.items.entries()) {
      const same = sameness(item, value);
      if (same === undefined) return unknownResult('index', given, call.place);
      if (same) return number(at, call.place);
    }
    return failure('index finds nothing', call.place);
  },
  keys: (given, call) => {
    const [map] = given;
    if (map?.kind !== 'map') return neither(given, call);
    return listTerm(
      inKeyOrder(map).map(({ key, keyPlace }) => textTerm(key, keyPlace)),
      call.place,
      'list',
    );
  },
  length: (given, call) => {
    const [term] = given;
    if (term === undefined) return neither(given, call);
    const text = term.kind === 'text' ? knownText(term) : undefined;
    const count = text === undefined ? countOf(term) : graphemes(text);
    return count === undefined ? neither(given.map(openList), call) : number(count, call.place);
  },
  list: (given, call) => listTerm(unifiedItems(given), call.place, 'list'),
  lookup: (given, call) => {
    const [map, key, otherwise] = given;
    const name = knownText(key);
    if (map?.kind !== 'map' || key === undefined || name === undefined || !hasKnownKeys(map))
      return neither(given, call);
    const found = indexOf(map, key, call.place);
    return found.kind === 'failure' ? (otherwise ?? found) : found;
  },
  matchkeys: (given, call) => {
    const [values, keys, searched] = given.map(countedList);
    if (values === undefined || keys === undefined || searched === undefined || unknownIn(keys) || unknownIn(searched))
      return neither(given, call);
    const items = values.items.filter((_, at) => searched.items.some((one) => sameness(one, keys.items[at])));
    return listTerm(items, call.place, 'list');
  },
  merge: (given, call) => {
    const members = new Map<string, TermMember>();
    for (const map of given) {
      if (map.kind === 'null') continue;
      if (map.kind !== 'map' || !hasKnownKeys(map)) return neither(given, call);
      for (const member of map.members) members.set(String(member.key), member);
    }
    return mapTerm(
      [...members.values()],
      call.place,
      given.every((map) => map.kind === 'map' && map.form === 'map') ? 'map' : 'object',
    );
  },
  one: (given, call) => {
    const [list] = given;
    if (list?.kind !== 'list') return list?.kind === 'null' ? list : neither(given, call);
    const [only] = list.items;
    if (list.items.length === 1 && only?.kind === 'choice') return orNull(only);
    if (!isCounted(list)) return unknownResult('one', given, call.place);
    if (list.items.length > 1) return failure('one takes a list of one item at most', call.place);
    return only ?? { kind: 'null', place: call.place };
  },
  reverse: (given, call) => {
    const list = given[0];
    if (list?.kind !== 'list') return neither(given, call);
    return listTerm([...list.items].reverse(), list.place, list.form === 'set' ? 'list' : list.form);
  },
  slice: (given, call) => {
    const list = countedList(given[0]);
    const [from, to] = [knownNumber(given[1]), knownNumber(given[2])];
    if (list === undefined || from === undefined || to === undefined) return neither(given, call);
    if (from < 0 || to > list.items.length || from > to) return failure('slice goes beyond the list', call.place);
    return listTerm(list.items.slice(from, to), call.place, list.form);
  },
  sort: (given, call) => {
    const list = given[0];
    if (list?.kind !== 'list' || unknownIn(list) !== undefined) return neither(given, call);
    const texts = list.items.map((item) => (item.kind === 'choice' ? item : toText(item)));
    return listTerm(
      texts.sort((left, right) => compareTexts(String(asText(left)), String(asText(right)))),
      call.place,
      'list',
    );
  },
  transpose: (given, call) => transpose(given, call),
  values: (given, call) => {
    const [map] = given;
    if (map?.kind !== 'map' || !hasKnownKeys(map)) return neither(given, call);
    map.asked?.();
    return listTerm(
      inKeyOrder(map).map(({ value }) => value),
      call.place,
      map.form === 'map' ? 'list' : 'tuple',
    );
  },
  zipmap: (given, call) => {
    const [keys, values] = given.map(countedList);
    if (keys === undefined || values === undefined) return neither(given, call);
    if (keys.items.length !== values.items.length) return failure('zipmap takes lists of one length', call.place);
    const members = keys.items.map((key, at) => ({
      key: asText(key) ?? '',
      keyPlace: key.place,
      value: values.items[at] ?? key,
    }));
    const last = new Map(members.map((member) => [isKnown(member.key) ? member.key : member, member]));
    return mapTerm([...last.values()], call.place);
  },
};

function countedList(term: SettledTerm | undefined): ListTerm | undefined {
  return term?.kind === 'list' && isCounted(term) ? term : undefined;
}

function graphemes(text: string): number {
  return /^[\x20-\x7e]*$/.test(text)
    ? text.length
    : [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;
}

/** A set of which nobody knows the size is no failure. */
function openList(term: SettledTerm): SettledTerm {
  if (term.kind !== 'list' && term.kind !== 'map' && term.kind !== 'text') return term;
  return { kind: 'unknown', unknown: derived('length', [term], term.place), place: term.place };
}

function orNull(item: Extract<Term, { kind: 'choice' }>): Term {
  const absent: Term = { kind: 'null', place: item.place };
  return { ...item, whenTrue: item.whenTrue ?? absent, whenFalse: item.whenFalse ?? absent };
}

/** The first that is neither null nor empty. */
function coalesce(given: readonly SettledTerm[], call: CallSite, isEmpty: (term: SettledTerm) => boolean): Term {
  const unified = unifiedItems(given);
  for (const [index, term] of given.entries()) {
    if (term.kind === 'null' || isEmpty(term)) continue;
    const sure =
      term.kind !== 'unknown' &&
      term.kind !== 'lazy' &&
      (term.kind !== 'text' || sameness(term, textTerm('', call.place)) === false);
    const list = term.kind === 'list' && !isCounted(term);
    // What nobody knows may be empty, and then the next one stands.
    return (sure && !list) || index === given.length - 1
      ? (unified[index] ?? term)
      : unknownResult(call.name, given, call.place);
  }
  return failure(`${call.name} finds nothing`, call.place);
}

function contains(given: readonly SettledTerm[], call: CallSite): Term {
  const [list, value] = given;
  if (list?.kind !== 'list' || value === undefined) return neither(given, call);
  let sure = isCounted(list);
  for (const item of list.items) {
    const same = sameness(item, value);
    if (same === true) return bool(true, call.place);
    if (same === undefined) sure = false;
  }
  return sure ? bool(false, call.place) : undecided(derived('contains', given, call.place), call.place);
}

function truths(given: readonly SettledTerm[], call: CallSite, all: boolean): Term {
  const [list] = given;
  if (list?.kind !== 'list') return neither(given, call);
  if (!isCounted(list)) return undecided(derived(call.name, given, call.place), call.place);
  const items = list.items.map((item) => (item.kind === 'null' ? bool(false, call.place) : truthOf(item)));
  return through(items, (settled) => {
    const values = settled.map((item) => item.kind === 'bool' && item.value);
    return bool(all ? !values.includes(false) : values.includes(true), call.place);
  });
}

function flat(list: ListTerm, call: CallSite): readonly Term[] {
  return list.items.flatMap((item): readonly Term[] => {
    if (item.kind === 'list') return flat(item, call);
    if (item.kind === 'unknown') return [{ ...item, many: true }];
    if (item.kind !== 'choice') return [item];
    const way = (branch: Term | undefined): readonly Term[] =>
      branch === undefined ? [] : flat(listTerm([branch], call.place), call);
    const [whenTrue, whenFalse] = [way(item.whenTrue), way(item.whenFalse)];
    return [
      ...whenTrue.map((one): Term => ({ ...item, whenTrue: one, whenFalse: undefined })),
      ...whenFalse.map((one): Term => ({ ...item, whenTrue: undefined, whenFalse: one })),
    ];
  });
}

function transpose(given: readonly SettledTerm[], call: CallSite): Term {
  const [map] = given;
  if (map?.kind !== 'map' || unknownIn(map) !== undefined) return neither(given, call);
  const groups = new Map<string, Term[]>();
  for (const { key, keyPlace, value } of inKeyOrder(map)) {
    for (const item of value.kind === 'list' ? value.items : []) {
      const name = String(asText(item));
      groups.set(name, [...(groups.get(name) ?? []), textTerm(key, keyPlace)]);
    }
  }
  const members = [...groups].map(([key, items]) => ({
    key,
    keyPlace: call.place,
    value: listTerm(items, call.place, 'list'),
  }));
  return mapTerm(members, call.place, 'map');
}
