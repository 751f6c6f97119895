import { globMatches } from '../symbolic/pattern.ts';
import type { Dependency } from '../symbolic/truth.ts';
import type { SessionAction } from './actions.ts';

/** What must hold of a condition key that the caller or the moment supplies. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

type KeyDependency = Extract<Dependency, { readonly kind: 'key' }>;

/** What a call carries that supplies what is asked for; a negated operator asks for nothing. */
export function carriedFor(alternative: readonly Dependency[]): readonly SessionAction[] {
  const actions = new Set<SessionAction>();
  for (const one of alternative) {
    if (one.kind !== 'key' || /Not|IfExists|^ForAllValues/.test(one.operator)) continue;
    if (one.operator === 'Null' && !one.values.some((value) => value.toLowerCase() === 'false')) continue;
    const key = one.key.toLowerCase();
    if (key.startsWith('aws:requesttag/') || key === 'aws:tagkeys' || key === 'sts:transitivetagkeys')
      actions.add('sts:TagSession');
    else if (key === 'sts:sourceidentity') actions.add('sts:SetSourceIdentity');
    else if (key.startsWith('sts:requestcontext')) actions.add('sts:SetContext');
  }
  return [...actions];
}

/** Whether one value of each key could meet all that is required of it; false only where that is sure. */
export function satisfiable(alternative: readonly Dependency[]): boolean {
  const byKey = new Map<string, KeyDependency[]>();
  for (const one of alternative) {
    if (one.kind !== 'key') continue;
    const key = one.key.toLowerCase();
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return [...byKey.values()].every((all) => all.length < 2 || couldMeet(all));
}

function couldMeet(all: readonly KeyDependency[]): boolean {
  const exact = all.find(
    (one) => one.operator === 'StringEquals' && one.values.every((value) => !value.includes('${')),
  );
  if (exact === undefined) return !contradictsPresence(all);
  return exact.values.some((value) => all.every((one) => one === exact || meets(value, one)));
}

/** Could this very value meet the requirement? True where it is not plain to see. */
function meets(value: string, { operator, values }: KeyDependency): boolean {
  if (values.some((one) => one.includes('${'))) return true;
  switch (operator) {
    case 'StringEquals':
    case 'StringEqualsIfExists':
      return values.includes(value);
    case 'StringNotEquals':
    case 'StringNotEqualsIfExists':
      return !values.includes(value);
    case 'StringLike':
    case 'StringLikeIfExists':
      return values.some((one) => globMatches(one, value));
    case 'StringNotLike':
    case 'StringNotLikeIfExists':
      return !values.some((one) => globMatches(one, value));
    case 'Null':
      return values.some((one) => one.toLowerCase() === 'false');
    default:
      return true;
  }
}

function contradictsPresence(all: readonly KeyDependency[]): boolean {
  const flags = (operator: string): readonly string[] =>
    all
      .filter((one) => one.operator === operator && one.values.length === 1)
      .map((one) => (one.values[0] ?? '').toLowerCase());
  return new Set(flags('Null')).size > 1 || new Set(flags('Bool')).size > 1;
}
