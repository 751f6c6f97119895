import type { Unknown } from './text.ts';

/** What an answer hangs on when neither yes nor no is sure. */
export type Dependency =
  /** The caller or the moment supplies a value of a condition key: `{key, operator, values}` must hold. */
  | { readonly kind: 'key'; readonly key: string; readonly operator: string; readonly values: readonly string[] }
  /** A value that the documents leave open. */
  | { readonly kind: 'value'; readonly unknown: Unknown }
  /** AWS's own documentation disagrees or is silent. */
  | { readonly kind: 'disputed'; readonly reason: string };

/** Yes, no, or yes where all dependencies of one alternative hold. */
export type Truth = boolean | Depends;

export interface Depends {
  readonly alternatives: readonly (readonly Dependency[])[];
}

/** Beyond this many alternatives the later ones are dropped: each that is kept is still sufficient. */
const MOST_ALTERNATIVES = 24;

export function dependsOn(dependency: Dependency): Truth {
  return { alternatives: [[dependency]] };
}

export function dependsOnValue(unknown: Unknown): Truth {
  return dependsOn({ kind: 'value', unknown });
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
    for (const dependency of alternative) broken = or(broken, dependsOn(opposite(dependency)));
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

const OPPOSITES: Readonly<Record<string, string>> = {
  StringEquals: 'StringNotEquals',
  StringEqualsIgnoreCase: 'StringNotEqualsIgnoreCase',
  StringLike: 'StringNotLike',
  NumericEquals: 'NumericNotEquals',
  NumericLessThan: 'NumericGreaterThanEquals',
  NumericGreaterThan: 'NumericLessThanEquals',
  DateEquals: 'DateNotEquals',
  DateLessThan: 'DateGreaterThanEquals',
  DateGreaterThan: 'DateLessThanEquals',
  IpAddress: 'NotIpAddress',
  ArnEquals: 'ArnNotEquals',
  ArnLike: 'ArnNotLike',
};
const NEGATIONS = new Map(
  Object.entries(OPPOSITES).flatMap(
    ([a, b]) =>
      [
        [a, b],
        [b, a],
      ] as const,
  ),
);

/** What must be supplied so that a requirement does not hold. */
function opposite(dependency: Dependency): Dependency {
  if (dependency.kind !== 'key') return dependency;
  const { operator, values } = dependency;
  if (operator === 'Null' || operator === 'Bool' || operator === 'BoolIfExists') {
    const flipped = values.map((value) => (value.toLowerCase() === 'true' ? 'false' : 'true'));
    // The opposite of an …IfExists needs the key.
    return { ...dependency, operator: operator === 'Null' ? operator : 'Bool', values: flipped };
  }
  const [, qualifier = '', base = operator] = /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  const negated = NEGATIONS.get(base) ?? `not ${base}`;
  const other = qualifier === '' ? '' : qualifier === 'ForAllValues:' ? 'ForAnyValue:' : 'ForAllValues:';
  // A negated operator already holds for an absent key; the opposite of an …IfExists needs the key.
  return { ...dependency, operator: `${other}${negated}` };
}

function union(left: readonly Dependency[], right: readonly Dependency[]): Dependency[] {
  const result = [...left];
  for (const dependency of right) if (!result.some((one) => same(one, dependency))) result.push(dependency);
  return result;
}

function same(left: Dependency, right: Dependency): boolean {
  if (left.kind === 'value' && right.kind === 'value') return left.unknown.id === right.unknown.id;
  if (left.kind === 'disputed' && right.kind === 'disputed') return left.reason === right.reason;
  if (left.kind !== 'key' || right.kind !== 'key') return false;
  return (
    left.key === right.key && left.operator === right.operator && left.values.join('\n') === right.values.join('\n')
  );
}

function fewest(alternatives: readonly (readonly Dependency[])[]): Depends {
  if (alternatives.length <= MOST_ALTERNATIVES) return { alternatives };
  return { alternatives: [...alternatives].sort((a, b) => a.length - b.length).slice(0, MOST_ALTERNATIVES) };
}
