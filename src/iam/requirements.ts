import type { KeyDependency } from '../symbolic/opposite.ts';
import type { Text } from '../symbolic/text.ts';
import { and, type Dependency, type Truth } from '../symbolic/truth.ts';
import type { SessionAction } from './actions.ts';
import type { Required } from './condition/candidates.ts';
import { meets } from './condition/evaluate.ts';
import { parseOperator } from './condition/test.ts';
import { couldMeet } from './condition/together.ts';

/** What must hold of a condition key that the caller or the moment supplies. */
export interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

const REQUEST_TAG = 'aws:requesttag/';

/** What a call carries that supplies what is asked for; what holds without the key asks for nothing. */
export function carriedFor(alternative: readonly Dependency[]): readonly SessionAction[] {
  const actions = new Set<SessionAction>();
  for (const key of keysNeeded(alternative)) {
    if (key.startsWith(REQUEST_TAG) || key === 'aws:tagkeys' || key === 'sts:transitivetagkeys')
      actions.add('sts:TagSession');
    else if (key === 'sts:sourceidentity') actions.add('sts:SetSourceIdentity');
    else if (key.startsWith('sts:requestcontext')) actions.add('sts:SetContext');
  }
  return [...actions];
}

function keysNeeded(alternative: readonly Dependency[]): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const one of alternative) {
    if (one.kind !== 'key') continue;
    const required = readRequirement(one);
    if (required !== undefined && meets(required.operator, required.values, undefined) === false)
      needed.add(one.key.toLowerCase());
  }
  return needed;
}

/**
 * Whether one value of each key could meet all that is required of it: no only where that is sure, and where it hangs on a
 * value that the documents leave open, on which.
 */
export function satisfiable(alternative: readonly Dependency[]): Truth {
  const byKey = new Map<string, Required[]>();
  for (const one of alternative) {
    const required = one.kind === 'key' ? readRequirement(one) : undefined;
    if (one.kind !== 'key' || required === undefined) continue;
    const key = one.key.toLowerCase();
    byKey.set(key, [...(byKey.get(key) ?? []), required]);
  }
  let together: Truth = true;
  for (const [key, all] of byKey) {
    const held = key === 'aws:tagkeys' ? tagsNeeded(alternative) : [];
    if (all.length > 1 || held.length > 0) together = and(together, couldMeet(key, all, held));
    if (together === false) return false;
  }
  return together;
}

/** The keys of the tags that a call must carry are all in aws:TagKeys. */
function tagsNeeded(alternative: readonly Dependency[]): readonly Text[] {
  const needed = keysNeeded(alternative);
  const names = alternative.flatMap((one) =>
    one.kind === 'key' && needed.has(one.key.toLowerCase()) && one.key.toLowerCase().startsWith(REQUEST_TAG)
      ? [one.key.slice(REQUEST_TAG.length)]
      : [],
  );
  return [...new Set(names)];
}

function readRequirement({ operator, values }: KeyDependency): Required | undefined {
  const read = parseOperator(operator);
  return read === undefined ? undefined : { operator: read, values };
}
