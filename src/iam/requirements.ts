import type { KeyDependency } from '../symbolic/opposite.ts';
import { overlap, pattern } from '../symbolic/pattern.ts';
import { isKnown, type Text } from '../symbolic/text.ts';
import type { Dependency } from '../symbolic/truth.ts';
import type { SessionAction } from './actions.ts';
import { candidatesFor } from './condition/candidates.ts';
import { meets } from './condition/evaluate.ts';
import { type Operator, parseOperator } from './condition/test.ts';

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

/** Whether one value of each key could meet all that is required of it; false only where that is sure. */
export function satisfiable(alternative: readonly Dependency[]): boolean {
  const byKey = new Map<string, Required[]>();
  for (const one of alternative) {
    if (one.kind !== 'key') continue;
    const key = one.key.toLowerCase();
    const all = byKey.get(key) ?? [];
    const required = readRequirement(one);
    if (required !== undefined) all.push(required);
    byKey.set(key, all);
  }
  const tagKeys = byKey.get('aws:tagkeys');
  return [...byKey].every(([key, all]) => {
    if (all === tagKeys) return couldMeet(key, all, tagsNeeded(alternative));
    return all.length < 2 || couldMeet(key, all, []);
  });
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

interface Required {
  readonly operator: Operator;
  readonly values: readonly Text[];
}

function readRequirement({ operator, values }: KeyDependency): Required | undefined {
  const read = parseOperator(operator);
  return read === undefined ? undefined : { operator: read, values };
}

const MULTIVALUED =
  /^(aws:tagkeys|sts:transitivetagkeys|sts:requestcontextproviders|aws:.*orgpaths|aws:calledvia|aws:principalservicenameslist|.*:amr|saml:.*)$/;

function couldMeet(key: string, all: readonly Required[], held: readonly Text[]): boolean {
  const fails = ({ operator, values }: Required, given: readonly Text[] | undefined): boolean =>
    meets(operator, values, given) === false;
  const multivalued = MULTIVALUED.test(key) || all.some(({ operator }) => operator.set !== undefined);
  const candidates = candidatesFor(all);
  const lists: (readonly Text[] | undefined)[] = candidates.map((one) => [...held, one]);
  lists.push(held.length === 0 ? undefined : held);
  if (multivalued) {
    // What each value must meet bars some; all the others together meet what any one of them may.
    const each = all.filter(({ operator }) => operator.set === 'all' || (operator.set === undefined && operator.negated));
    lists.push([...held, ...candidates.filter((one) => !each.some((required) => fails(required, [one])))]);
  }
  if (lists.some((given) => !all.some((required) => fails(required, given)))) return true;
  return !settledBy(all, held, multivalued);
}

/** Whether the candidates that were tried stand for every value there is. */
function settledBy(all: readonly Required[], held: readonly Text[], multivalued: boolean): boolean {
  if (all.some(isAbsence)) return true;
  const known = all.every(({ values }) => values.every(isKnown));
  if (known && all.every((required) => isComparable(required))) return true;
  if (multivalued)
    return all.some(
      ({ operator, values }) => operator.set === 'all' && held.some((one) => meets(operator, values, [one]) === false),
    );
  const positive = all.filter((required) => needsPresence(required) && !required.operator.negated);
  if (positive.some((required) => isExact(required))) return true;
  return positive.some((one) => positive.some((other) => apart(one, other)));
}

function isAbsence({ operator, values }: Required): boolean {
  return operator.comparison === 'Null' && meets(operator, values, ['…']) === false;
}

function needsPresence({ operator, values }: Required): boolean {
  return meets(operator, values, undefined) === false;
}

/** Ordered values and ranges, of which the candidates hold one on each side of every bound. */
function isComparable({ operator: { comparison, set } }: Required): boolean {
  return set === undefined && /^(Numeric|Date|IpAddress|Bool|Null)/.test(comparison);
}

function isExact({ operator: { comparison }, values }: Required): boolean {
  if (comparison === 'StringEquals' || comparison === 'BinaryEquals') return values.every(isKnown);
  if (comparison !== 'StringLike' && comparison !== 'ArnLike') return false;
  return values.every((value) => pattern(value).literal !== undefined);
}

/** Whether no text matches a pattern of each. */
function apart(one: Required, other: Required): boolean {
  const patterns = ({ operator, values }: Required): readonly Text[] | undefined =>
    operator.comparison === 'StringLike' || operator.comparison === 'ArnLike' ? values : undefined;
  const [left, right] = [patterns(one), patterns(other)];
  if (one === other || left === undefined || right === undefined) return false;
  return left.every((a) => right.every((b) => !overlap(pattern(a), pattern(b))));
}
