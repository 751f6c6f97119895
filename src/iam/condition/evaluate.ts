import { equal, matches, type Pattern, pattern, segmentsOf } from '../../symbolic/pattern.ts';
import { concat, isKnown, lowerCase, show, split, type Text, unknownsIn } from '../../symbolic/text.ts';
import { and, dependsOn, dependsOnAll, dependsOnValue, not, or, type Truth, unknownsOf } from '../../symbolic/truth.ts';
import type { Context, KeyValue } from './context.ts';
import { holdsWhenSupplied } from './supplied.ts';
import { type Comparison, type ConditionTest, type ConditionValue, type Operator, takesVariables } from './test.ts';
import { holds, readBinary, readBoolean, readDate, readNetwork, readNumber } from './values.ts';
import { equalsFilled, matchesFilled, substitute } from './variables.ts';

/**
 * Does one condition hold in a call? Different keys and operators are joined with "and" by the caller.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function holdsIn(test: ConditionTest, context: Context): Truth {
  if (test.operator === undefined) return false;
  const value = context.lookup(test.keyLower);
  // A key that is not known yet may turn out to be one that the call has.
  if (!isKnown(test.key) && value.kind === 'absent') return dependsOnAll(unknownsIn(test.key));
  return holdsFor(test, test.operator, value, context);
}

function holdsFor(test: ConditionTest, operator: Operator, value: KeyValue, context: Context): Truth {
  switch (value.kind) {
    case 'absent':
      return holdsWhenAbsent(test.values, operator);
    case 'present': {
      const truth = holdsForValues(test.values, operator, value.values, context);
      if (value.inPart === true && typeof truth !== 'boolean')
        return holdsWhenSupplied(test, operator, context, { always: true });
      return askedOfCaller(truth, test, operator, context);
    }
    case 'unresolved':
      return dependsOnValue(value.unknown);
    case 'supplied':
      if (value.always === true && operator.comparison === 'Null')
        return anyOf(test.values, ({ text }) => readFlag(text, false));
      return holdsWhenSupplied(test, operator, context, value);
    case 'either': {
      const answers = value.options.map((option) => holdsFor(test, operator, option, context));
      const [first = false] = answers;
      if (answers.every((answer) => answer === first)) return first;
      const reason = `AWS does not document clearly what ${show(test.key)} holds in this call`;
      return value.by === undefined ? dependsOn({ kind: 'disputed', reason }) : dependsOnValue(value.by);
    }
  }
}

/** What hangs only on what the caller or the moment decides is asked of them, as if they supplied the whole key. */
function askedOfCaller(truth: Truth, test: ConditionTest, operator: Operator, context: Context): Truth {
  const unknowns = unknownsOf(truth);
  if (unknowns.length === 0 || unknowns.some(({ chosen }) => chosen !== true)) return truth;
  return holdsWhenSupplied(test, operator, context, {});
}

type Wanted = Pick<ConditionValue, 'text' | 'pattern' | 'variables'>;

/** Would these values of a key (`undefined`: an absent key) meet a requirement on it? */
export function meets(operator: Operator, wanted: readonly Text[], given: readonly Text[] | undefined): Truth {
  const values = wanted.map((text): Wanted => ({ text, pattern: pattern(text), variables: false }));
  if (given === undefined) return holdsWhenAbsent(values, operator);
  return holdsForValues(values, operator, given, NOWHERE);
}

const NOWHERE: Context = { lookup: () => ({ kind: 'absent' }) };

function holdsWhenAbsent(wanted: readonly Wanted[], operator: Operator): Truth {
  if (operator.comparison === 'Null') return anyOf(wanted, (value) => readFlag(value.text, true));
  if (operator.ifExists || operator.set === 'all') return true;
  return operator.set === undefined && operator.negated;
}

function holdsForValues(
  wanted: readonly Wanted[],
  operator: Operator,
  given: readonly Text[],
  context: Context,
): Truth {
  // An empty text is no value to a set operator: reference_policies_condition-single-vs-multi-valued-context-keys
  if (given.length === 0 || (operator.set === 'all' && given.every((one) => one === '')))
    return holdsWhenAbsent(wanted, operator);
  if (operator.comparison === 'Null') return anyOf(wanted, (value) => readFlag(value.text, false));
  const matchesOne = (one: Text): Truth => {
    const any = anyOf(wanted, (value) => compares(operator.comparison, value, one, context));
    return operator.negated ? not(any) : any;
  };
  if (operator.set === 'any') return anyOf(given, matchesOne);
  // A key with several values under a plain operator: any match counts, and for a negated one none may.
  if (operator.set === undefined && !operator.negated) return anyOf(given, matchesOne);
  let all: Truth = true;
  for (const one of given) {
    all = and(all, matchesOne(one));
    if (all === false) return false;
  }
  return all;
}

function anyOf<T>(items: readonly T[], holds: (item: T) => Truth): Truth {
  let any: Truth = false;
  for (const item of items) {
    any = or(any, holds(item));
    if (any === true) return true;
  }
  return any;
}

function readFlag(text: Text, wanted: boolean): Truth {
  return isKnown(text) ? readBoolean(text) === wanted : dependsOnAll(unknownsIn(text));
}

function compares(comparison: Comparison, wanted: Wanted, given: Text, context: Context): Truth {
  if (wanted.variables && comparison === 'Bool')
    return dependsOn({ kind: 'disputed', reason: 'AWS’s pages disagree on whether Bool takes policy variables' });
  if (!wanted.variables || !takesVariables(comparison))
    return compare(comparison, wanted.text, wanted.pattern, given, equal, matches);
  const filled = substitute(wanted.text, context);
  if (filled.kind === 'absent') return false;
  if (filled.kind === 'open') return filled.truth;
  return compare(comparison, filled.text, filled.pattern, given, equalsFilled, matchesFilled);
}

function compare(
  comparison: Comparison,
  wanted: Text,
  glob: Pattern,
  given: Text,
  equals: (wanted: Text, given: Text, operator: string) => Truth,
  matching: (glob: Pattern, given: Text) => Truth,
): Truth {
  switch (comparison) {
    case 'StringEquals':
      return equals(wanted, given, comparison);
    case 'StringEqualsIgnoreCase':
      return equals(lowerCase(wanted), lowerCase(given), comparison);
    case 'StringLike':
      return matching(glob, given);
    case 'ArnLike':
      return arnMatches(glob, given, matching);
    default:
      return typed(comparison, wanted, given);
  }
}

/** Each of the six parts is matched on its own; ArnEquals takes wildcards too. */
function arnMatches(glob: Pattern, given: Text, matching: (glob: Pattern, given: Text) => Truth): Truth {
  if (glob.literal !== undefined && isKnown(given)) return glob.literal === given;
  if (isKnown(glob.text) && glob.text === '*') return true;
  const wanted = segmentsOf(glob.tokens);
  const parts = split(given, ':', 6);
  if (wanted === undefined || parts.length < 6) {
    // A text of unknown shape may still become an ARN.
    return unknownsIn(glob.text).length > 0 || unknownsIn(given).length > 0 ? matching(glob, given) : false;
  }
  return wanted.reduce<Truth>((all, segment, index) => and(all, matching(segment, parts[index] ?? '')), true);
}

function typed(comparison: Comparison, wanted: Text, given: Text): Truth {
  if (!isKnown(wanted) || !isKnown(given)) return dependsOnAll(unknownsIn(concat(wanted, given)));
  switch (comparison) {
    case 'Bool':
      return same(readBoolean(wanted), readBoolean(given));
    case 'BinaryEquals':
      return same(readBinary(wanted), readBinary(given));
    case 'IpAddress': {
      const range = readNetwork(wanted);
      const address = readNetwork(given);
      return range !== undefined && address !== undefined && holds(range, address);
    }
    default:
      return comparison.startsWith('Date')
        ? ordered(comparison.slice(4), readDate(given), readDate(wanted))
        : ordered(comparison.slice(7), readNumber(given), readNumber(wanted));
  }
}

function same<T>(left: T | undefined, right: T | undefined): boolean {
  return left !== undefined && left === right;
}

function ordered(relation: string, given: number | undefined, wanted: number | undefined): boolean {
  if (given === undefined || wanted === undefined) return false;
  switch (relation) {
    case 'Equals':
      return given === wanted;
    case 'LessThan':
      return given < wanted;
    case 'LessThanEquals':
      return given <= wanted;
    case 'GreaterThan':
      return given > wanted;
    default:
      return given >= wanted;
  }
}
