import { isKnown, keyOf } from '../../symbolic/text.ts';
import { compareTexts } from './loops.ts';
import { toText } from './primitives.ts';
import {
  failure,
  identityOf,
  isCounted,
  type ListTerm,
  listTerm,
  mapTerm,
  type SettledTerm,
  type Term,
  unknownIn,
} from './term.ts';

/** A set as Terraform walks it: equal values once, texts and numbers in order. */
export function asSet(list: ListTerm): ListTerm {
  const seen = new Map<unknown, Term>();
  for (const item of list.items) {
    const known = unknownIn(item) === undefined;
    const name = known || item.kind === 'text' ? identityOf(item) : undefined;
    const key = name ?? item;
    if (!seen.has(key)) seen.set(key, item);
  }
  return { ...list, form: 'set', items: [...seen.values()].sort(inSetOrder) };
}

function inSetOrder(left: Term, right: Term): number {
  if (left.kind === 'number' && right.kind === 'number') return left.value - right.value;
  if (left.kind === 'bool' && right.kind === 'bool') return Number(left.value) - Number(right.value);
  if (left.kind !== 'text' || right.kind !== 'text') return 0;
  // Terraform puts what it does not know last.
  if (isKnown(left.text) !== isKnown(right.text)) return isKnown(left.text) ? -1 : 1;
  return compareTexts(keyOf(left.text), keyOf(right.text));
}

/** The items of a list or a set; a lone value of unknown shape stands for any number. */
export function itemsOf(term: SettledTerm): readonly Term[] | undefined {
  if (term.kind === 'list') return term.items;
  return term.kind === 'unknown' ? [{ ...term, many: true }] : undefined;
}

type Kind = SettledTerm['kind'] | 'mixed' | 'open';

function kindOf(terms: readonly Term[]): Kind {
  const kinds = new Set<Kind>(
    terms.filter(({ kind }) => kind !== 'null').map(({ kind }) => (kind === 'choice' ? 'open' : kind)),
  );
  const [only] = kinds;
  if (kinds.size <= 1) return only ?? 'null';
  const primitives = [...kinds].every((kind) => kind === 'text' || kind === 'number' || kind === 'bool');
  return primitives ? 'mixed' : 'open';
}

/** Items of one type, as lists, sets and maps hold them: of different primitives all become texts. */
export function unifiedItems(items: readonly Term[]): readonly Term[] {
  if (kindOf(items) !== 'mixed') return items;
  return items.map((item) => (item.kind === 'choice' ? item : toText(item)));
}

/**
 * Both results of a conditional have one type. What the other one makes of the chosen one is little: of different primitives it
 * becomes a text, and a tuple or an object beside one of other parts a list or a map.
 * https://developer.hashicorp.com/terraform/language/expressions/conditionals#result-types
 */
export function unify(chosen: Term, other: () => Term): Term {
  if (chosen.kind === 'number' || chosen.kind === 'bool') {
    const { kind } = other();
    return kind === 'text' || ((kind === 'number' || kind === 'bool') && kind !== chosen.kind)
      ? toText(chosen)
      : chosen;
  }
  if (chosen.kind === 'list' && chosen.form === 'tuple') {
    const beside = other();
    if (beside.kind !== 'list') return chosen;
    const same = beside.items.length === chosen.items.length;
    const items = same
      ? chosen.items.map((item, index) => unify(item, () => beside.items[index] ?? item))
      : unifiedWith(chosen.items, beside.items);
    return listTerm(items, chosen.place, same ? 'tuple' : 'list');
  }
  if (chosen.kind === 'map' && chosen.form === 'object') {
    const beside = other();
    if (beside.kind !== 'map') return chosen;
    const others = new Map(beside.members.map(({ key, value }) => [keyOf(key), value]));
    const same = others.size === chosen.members.length && chosen.members.every(({ key }) => others.has(keyOf(key)));
    const values = chosen.members.map(({ value }) => value);
    const unified = same
      ? chosen.members.map(({ key, value }) => unify(value, () => others.get(keyOf(key)) ?? value))
      : unifiedWith(values, [...others.values()]);
    const members = chosen.members.map((member, index) => ({ ...member, value: unified[index] ?? member.value }));
    return mapTerm(members, chosen.place, same ? 'object' : 'map');
  }
  return chosen;
}

/** As items of one list or map that might also hold the others. */
function unifiedWith(items: readonly Term[], others: readonly Term[]): readonly Term[] {
  return unifiedItems([...items, ...others]).slice(0, items.length);
}

/** `tolist` and its kind. */
export function toList(term: SettledTerm): Term {
  if (term.kind === 'list') return listTerm(unifiedItems(term.items), term.place, 'list');
  return passes(term) ? term : failure('a list is needed here', term.place);
}

export function toSet(term: SettledTerm): Term {
  if (term.kind === 'list') return asSet(listTerm(unifiedItems(term.items), term.place, 'set'));
  return passes(term) ? term : failure('a set is needed here', term.place);
}

export function toMap(term: SettledTerm): Term {
  if (term.kind !== 'map') return passes(term) ? term : failure('a map is needed here', term.place);
  const values = unifiedItems(term.members.map(({ value }) => value));
  return mapTerm(
    term.members.map((member, index) => ({ ...member, value: values[index] ?? member.value })),
    term.place,
    'map',
  );
}

function passes(term: SettledTerm): boolean {
  return term.kind === 'null' || term.kind === 'unknown' || term.kind === 'failure';
}

/** How many items there are, where that is known. */
export function countOf(term: Term): number | undefined {
  if (term.kind === 'list') {
    // A set of which some are unknown may hold equal ones.
    const certain = term.form !== 'set' || term.items.length <= 1 || unknownIn(term) === undefined;
    return isCounted(term) && certain ? term.items.length : undefined;
  }
  return term.kind === 'map' && term.members.every(({ key }) => isKnown(key)) ? term.members.length : undefined;
}
