import { isKnown, type Text, unknownsIn } from './text.ts';

/** The caller or the moment supplies a value of a condition key: `{key, operator, values}` must hold. */
export interface KeyDependency {
  readonly kind: 'key';
  readonly key: string;
  /** As AWS spells it, but for the opposite of BinaryEquals, which has no name. */
  readonly operator: string;
  readonly values: readonly Text[];
}

const PAIRS: readonly (readonly [string, string])[] = [
  ['StringEquals', 'StringNotEquals'],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ['StringLike', 'StringNotLike'],
  ['NumericEquals', 'NumericNotEquals'],
  ['DateEquals', 'DateNotEquals'],
  ['IpAddress', 'NotIpAddress'],
  ['ArnEquals', 'ArnNotEquals'],
  ['ArnLike', 'ArnNotLike'],
  ['BinaryEquals', 'not BinaryEquals'],
];
/** Of these neither holds for an absent key. */
const ORDERS: readonly (readonly [string, string])[] = [
  ['NumericLessThan', 'NumericGreaterThanEquals'],
  ['NumericGreaterThan', 'NumericLessThanEquals'],
  ['DateLessThan', 'DateGreaterThanEquals'],
  ['DateGreaterThan', 'DateLessThanEquals'],
];
const bothWays = (pairs: typeof PAIRS): ReadonlyMap<string, string> =>
  new Map([...pairs, ...pairs.map(([a, b]) => [b, a] as const)]);
const NEGATIONS = bothWays(PAIRS);
const REVERSALS = bothWays(ORDERS);
const NEGATED: ReadonlySet<string> = new Set(PAIRS.map(([, negated]) => negated));

/**
 * What must hold so that a requirement does not: one of several lists of requirements, each of which must hold as a whole.
 * Exact for an absent key, too. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function opposite(required: KeyDependency): readonly (readonly KeyDependency[])[] {
  const { operator, values } = required;
  const [, set = '', base = operator, ifExists] =
    /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  const flags = flagsIn(values);
  if (base === 'Null' && flags !== undefined) return flags.size > 1 ? [] : [[{ ...required, values: others(flags) }]];
  const holdsForAbsent = ifExists !== undefined || set === 'ForAllValues:' || (set === '' && NEGATED.has(base));
  const present: KeyDependency = { ...required, operator: 'Null', values: ['false'] };
  const turned = set === 'ForAllValues:' ? 'ForAnyValue:' : set === 'ForAnyValue:' ? 'ForAllValues:' : '';
  /** The turned operator, so that it holds for an absent key exactly where the first does not. */
  const turn = (name: string, wanted: readonly Text[]): readonly KeyDependency[] => {
    const absentToo = turned === 'ForAllValues:' || (turned === '' && NEGATED.has(name));
    const suffix = !holdsForAbsent && !absentToo ? 'IfExists' : '';
    const one: KeyDependency = { ...required, operator: `${turned}${name}${suffix}`, values: wanted };
    if (!holdsForAbsent) return [one];
    return absentToo ? [one, present] : [one, ...(NEGATED.has(name) ? [] : keysWithin(wanted))];
  };
  if (base === 'Bool' && flags !== undefined) {
    if (others(flags).length > 0) return [turn(base, others(flags))];
    return holdsForAbsent ? [] : [[{ ...required, operator: 'Null', values: ['true'] }]];
  }
  const reversed = REVERSALS.get(base);
  if (reversed !== undefined) return [values.flatMap((value) => turn(reversed, [value]))];
  return [turn(NEGATIONS.get(base) ?? base, values)];
}

/** Where all of the values hold what the call supplies under other keys, it must have one of these keys: the first will do. */
export function keysWithin(values: readonly Text[]): readonly KeyDependency[] {
  const keys = values.map((value) => unknownsIn(value).flatMap(({ supplies }) => supplies ?? []));
  const [first = []] = keys;
  if (keys.some((within) => within.length === 0)) return [];
  return first.map((key) => ({ kind: 'key', key, operator: 'Null', values: ['false'] }));
}

/** The truth values that a list names; undefined where one of them is not known. */
function flagsIn(values: readonly Text[]): ReadonlySet<string> | undefined {
  if (!values.every(isKnown)) return undefined;
  return new Set(
    values.map((value) => value.trim().toLowerCase()).filter((flag) => flag === 'true' || flag === 'false'),
  );
}

function others(flags: ReadonlySet<string>): readonly string[] {
  return ['true', 'false'].filter((flag) => !flags.has(flag));
}
