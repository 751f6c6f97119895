import type { Place } from '../../source/source.ts';
import type { Choice, Guard } from '../../symbolic/guard.ts';
import type { Unknown } from '../../symbolic/text.ts';
import { bool, type ChoiceTerm, type ListTerm, listTerm, type SettledTerm, type Term } from './term.ts';

/** Beyond so many ways through its arguments, a result is left unknown. */
const MOST_WAYS = 48;

/** A term by a guard: plain where the guard is decided, or where both ways are the same. */
export function choose(
  guard: Guard,
  whenTrue: Term | undefined,
  whenFalse: Term | undefined,
  otherwise: Unknown,
  place: Place,
): Term | undefined {
  if (typeof guard === 'boolean') return guard ? whenTrue : whenFalse;
  if (
    whenTrue === whenFalse ||
    (whenTrue?.kind === 'bool' && whenFalse?.kind === 'bool' && whenTrue.value === whenFalse.value)
  )
    return whenTrue;
  return { kind: 'choice', guard, whenTrue, whenFalse, otherwise, place };
}

/** A truth that nobody can decide. Equal names are equal truths; of one group at most one holds. */
export function undecided(unknown: Unknown, place: Place, group?: string): ChoiceTerm {
  const choice: Choice = { id: unknown.id, group, name: nameOf(unknown.shown) };
  const guard: Guard = { kind: 'choice', choice };
  return {
    kind: 'choice',
    guard,
    whenTrue: bool(true, place),
    whenFalse: bool(false, place),
    otherwise: unknown,
    place,
  };
}

function nameOf(shown: string): string {
  return /^\$\{([^{}]*)\}$/.exec(shown)?.[1] ?? shown;
}

/** Applies a function to every way through the choices among its arguments. */
export function through(terms: readonly Term[], apply: (settled: readonly SettledTerm[]) => Term): Term {
  if (ways(terms) > MOST_WAYS) return apply(terms.map((term) => (term.kind === 'choice' ? unknownOf(term) : term)));
  return distribute(terms, 0, [], apply);
}

function distribute(
  terms: readonly Term[],
  from: number,
  settled: readonly SettledTerm[],
  apply: (settled: readonly SettledTerm[]) => Term,
): Term {
  const term = terms[from];
  if (term === undefined) return apply(settled);
  if (term.kind !== 'choice') return distribute(terms, from + 1, [...settled, term], apply);
  const branch = (way: Term | undefined): Term | undefined =>
    way && distribute([...terms.slice(0, from), way, ...terms.slice(from + 1)], from, settled, apply);
  const chosen = choose(term.guard, branch(term.whenTrue), branch(term.whenFalse), term.otherwise, term.place);
  return chosen ?? unknownOf(term);
}

function ways(terms: readonly Term[]): number {
  let product = 1;
  for (const term of terms) {
    product *= waysOf(term);
    if (product > MOST_WAYS) break;
  }
  return product;
}

function waysOf(term: Term | undefined): number {
  return term?.kind === 'choice' ? waysOf(term.whenTrue) + waysOf(term.whenFalse) : 1;
}

export function unknownOf(term: ChoiceTerm): SettledTerm {
  return { kind: 'unknown', unknown: term.otherwise, place: term.place };
}

/** A list without choices among its items, once for each way through them; the list itself where they are too many. */
export function hoisted(list: ListTerm): Term {
  if (!list.items.some((item) => item.kind === 'choice')) return list;
  const itemWays = (item: Term | undefined): number =>
    item?.kind === 'choice' ? itemWays(item.whenTrue) + itemWays(item.whenFalse) : 1;
  let product = 1;
  for (const item of list.items) {
    product *= itemWays(item);
    if (product > MOST_WAYS) return list;
  }
  return hoistFrom(list, 0, []);
}

function hoistFrom(list: ListTerm, from: number, kept: readonly Term[]): Term {
  const item = list.items[from];
  if (item === undefined) return listTerm(kept, list.place, list.form);
  if (item.kind !== 'choice') return hoistFrom(list, from + 1, [...kept, item]);
  const branch = (way: Term | undefined): Term => {
    if (way === undefined) return hoistFrom(list, from + 1, kept);
    return hoistFrom(
      { ...list, items: [...list.items.slice(0, from), way, ...list.items.slice(from + 1)] },
      from,
      kept,
    );
  };
  return choose(item.guard, branch(item.whenTrue), branch(item.whenFalse), item.otherwise, item.place) ?? list;
}
