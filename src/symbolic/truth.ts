import { type KeyDependency, opposite } from './opposite.ts';
import { keyOf, type Unknown } from './text.ts';

/** What an answer hangs on when neither yes nor no is sure. */
export type Dependency =
  | KeyDependency
  /** A value that the documents leave open. */
  | { readonly kind: 'value'; readonly unknown: Unknown }
  /** AWS's own documentation disagrees or is silent. */
  | { readonly kind: 'disputed'; readonly reason: string };

/** Yes, no, or yes where all dependencies of one alternative hold. */
export type Truth = boolean | Depends;

export interface Depends {
  readonly alternatives: readonly (readonly Dependency[])[];
}

/** Beyond this many alternatives the longer ones are left open: each that is kept is still sufficient, and there may be more. */
const MOST_ALTERNATIVES = 24;
/** Nobody can supply more than this at once. */
const MOST_DEPENDENCIES = 48;
/** So few are looked for among others. */
const FEW_DEPENDENCIES = 6;
const OTHERS: readonly Dependency[] = [
  {
    kind: 'value',
    unknown: {
      id: 'further-ways',
      kind: 'open',
      shown: '…',
      missing: 'more combinations of conditions than are followed',
    },
  },
];

export function dependsOn(dependency: Dependency): Truth {
  return { alternatives: [[dependency]] };
}

export function dependsOnValue(unknown: Unknown): Truth {
  return dependsOn({ kind: 'value', unknown });
}

/** Yes for some values of several unknowns together. */
export function dependsOnAll(unknowns: readonly Unknown[]): Truth {
  return unknowns.reduce<Truth>((all, unknown) => and(all, dependsOnValue(unknown)), true);
}

export function and(left: Truth, right: Truth): Truth {
  if (left === false || right === false) return false;
  if (left === true) return right;
  if (right === true || left === right) return left;
  const alternatives: Dependency[][] = [];
  for (const a of left.alternatives) {
    for (const b of right.alternatives) alternatives.push(union(a, b));
  }
  return fewest(alternatives);
}

export function or(left: Truth, right: Truth): Truth {
  if (left === true || right === true) return true;
  if (left === false) return right;
  if (right === false || left === right) return left;
  return fewest([...left.alternatives, ...right.alternatives]);
}

export function not(truth: Truth): Truth {
  if (typeof truth === 'boolean') return !truth;
  let result: Truth = true;
  for (const alternative of truth.alternatives) {
    let broken: Truth = false;
    for (const dependency of alternative) broken = or(broken, notThis(dependency));
    result = and(result, broken);
  }
  return result;
}

/** All unknown values that an answer hangs on, each once. */
export function unknownsOf(truth: Truth): readonly Unknown[] {
  const found = new Map<string, Unknown>();
  for (const dependency of dependenciesOf(truth)) {
    if (dependency.kind === 'value') found.set(dependency.unknown.id, dependency.unknown);
  }
  return [...found.values()];
}

export function dependenciesOf(truth: Truth): readonly Dependency[] {
  return typeof truth === 'boolean' ? [] : truth.alternatives.flat();
}

/** What must be supplied so that a requirement does not hold: every one of some further requirements. */
function notThis(dependency: Dependency): Truth {
  if (dependency.kind !== 'key') return dependsOn(dependency);
  return opposite(dependency).reduce<Truth>(
    (any, all) => or(any, all.length === 0 ? true : { alternatives: [all] }),
    false,
  );
}

function union(left: readonly Dependency[], right: readonly Dependency[]): Dependency[] {
  const result = [...left];
  for (const dependency of right) if (!result.some((one) => same(one, dependency))) result.push(dependency);
  return result;
}

function same(left: Dependency, right: Dependency): boolean {
  if (left === right) return true;
  if (left.kind === 'value' && right.kind === 'value') return left.unknown.id === right.unknown.id;
  if (left.kind === 'disputed' && right.kind === 'disputed') return left.reason === right.reason;
  if (left.kind !== 'key' || right.kind !== 'key') return false;
  return (
    left.key === right.key &&
    left.operator === right.operator &&
    left.values.length === right.values.length &&
    left.values.every((value, index) => keyOf(value) === keyOf(right.values[index] ?? ''))
  );
}

function fewest(alternatives: readonly (readonly Dependency[])[]): Depends {
  const short = alternatives.filter(({ length }) => length <= MOST_DEPENDENCIES);
  if (short.length === alternatives.length && short.length <= MOST_ALTERNATIVES) return { alternatives };
  const shortest = shortestOf(short);
  if (short.length === alternatives.length && shortest.length <= MOST_ALTERNATIVES) return { alternatives: shortest };
  return { alternatives: [...shortest.slice(0, MOST_ALTERNATIVES - 1), OTHERS] };
}

/**
 * What the caller can settle first, the shorter before, and nothing that plainly asks for more than another does; no more of
 * them than show that there are too many.
 */
function shortestOf(alternatives: readonly (readonly Dependency[])[]): readonly (readonly Dependency[])[] {
  const weight = (alternative: readonly Dependency[]): number =>
    alternative.length + (alternative.some((one) => one.kind === 'value') ? 1000 : 0);
  const within = (less: readonly Dependency[], more: readonly Dependency[]): boolean =>
    less.length <= FEW_DEPENDENCIES && less.every((one) => more.some((two) => same(one, two)));
  const kept: (readonly Dependency[])[] = [];
  for (const alternative of [...alternatives].sort((a, b) => weight(a) - weight(b))) {
    if (kept.length > MOST_ALTERNATIVES) break;
    if (!kept.some((other) => within(other, alternative))) kept.push(alternative);
  }
  return kept;
}
