import { equal, matches, type Pattern, segmentsOf } from '../../symbolic/pattern.ts';
import { concat, isKnown, lowerCase, show, split, type Text, unknownsIn } from '../../symbolic/text.ts';
import { and, dependsOn, dependsOnValue, not, or, type Truth } from '../../symbolic/truth.ts';
import type { Context, KeyValue } from './context.ts';
import { neverSupplied, timeAlwaysHolds } from './supplied.ts';
import type { Comparison, ConditionTest, ConditionValue, Operator } from './test.ts';
import { holds, readBinary, readBoolean, readDate, readNetwork, readNumber } from './values.ts';
import { substitute } from './variables.ts';

/**
 * Does one condition hold in a call? Different keys and operators are joined with "and" by the caller.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function holdsIn(test: ConditionTest, context: Context): Truth {
  return test.operator === undefined ? false : holdsFor(test, test.operator, context.lookup(test.keyLower), context);
}

function holdsFor(test: ConditionTest, operator: Operator, value: KeyValue, context: Context): Truth {
  switch (value.kind) {
    case 'absent':
      return holdsWhenAbsent(test, operator);
    case 'present':
      // An empty text is no value to a set operator: reference_policies_condition-single-vs-multi-valued-context-keys
      return value.values.length === 0 || (operator.set === 'all' && value.values.every((one) => one === ''))
        ? holdsWhenAbsent(test, operator)
        : holdsForValues(test, operator, value.values, context);
    case 'unresolved':
      return dependsOnValue(value.unknown);
    case 'supplied':
      return holdsWhenSupplied(test, operator, value.earliest);
    case 'either': {
      const answers = value.options.map((option) => holdsFor(test, operator, option, context));
      const [first = false] = answers;
      const reason = `AWS does not document clearly what ${show(test.key)} holds in this call`;
      return answers.every((answer) => answer === first) ? first : dependsOn({ kind: 'disputed', reason });
    }
  }
}

function holdsWhenAbsent(test: ConditionTest, operator: Operator): Truth {
  if (operator.comparison === 'Null') return anyOf(test.values, (value) => readFlag(value.text, true));
  if (operator.ifExists || operator.set === 'all') return true;
  return operator.set === undefined && operator.negated;
}

function holdsForValues(test: ConditionTest, operator: Operator, given: readonly Text[], context: Context): Truth {
  if (operator.comparison === 'Null') return anyOf(test.values, (value) => readFlag(value.text, false));
  const matchesOne = (one: Text): Truth => {
    const any = anyOf(test.values, (wanted) => compares(operator.comparison, wanted, one, context));
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

function holdsWhenSupplied(test: ConditionTest, operator: Operator, earliest: number | undefined): Truth {
  if (earliest !== undefined) {
    const settled = timeAlwaysHolds(test, operator, earliest);
    if (settled !== undefined) return settled;
  }
  if (neverSupplied(test, operator)) return false;
  return dependsOn({
    kind: 'key',
    key: show(test.key),
    operator: operator.name,
    values: test.values.map((value) => show(value.text)),
  });
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
  if (!isKnown(text)) return unknownsIn(text).reduce<Truth>((all, unknown) => and(all, dependsOnValue(unknown)), true);
  return readBoolean(text) === wanted;
}

function compares(comparison: Comparison, wanted: ConditionValue, given: Text, context: Context): Truth {
  let text = wanted.text;
  let glob = wanted.pattern;
  const takesVariables = comparison.startsWith('String') || comparison === 'ArnLike';
  if (wanted.variables && comparison === 'Bool')
    return dependsOn({ kind: 'disputed', reason: 'AWS’s pages disagree on whether Bool takes policy variables' });
  if (wanted.variables && takesVariables) {
    const filled = substitute(wanted.text, context);
    if (filled.kind === 'absent') return false;
    if (filled.kind === 'open') return filled.truth;
    text = filled.text;
    glob = filled.pattern;
  }
  switch (comparison) {
    case 'StringEquals':
      return equal(text, given);
    case 'StringEqualsIgnoreCase':
      return equal(lowerCase(text), lowerCase(given));
    case 'StringLike':
      return matches(glob, given);
    case 'ArnLike':
      return arnMatches(glob, given);
    default:
      return typed(comparison, text, given);
  }
}

/** Each of the six parts is matched on its own; ArnEquals takes wildcards too. */
function arnMatches(glob: Pattern, given: Text): Truth {
  if (glob.literal !== undefined && isKnown(given)) return glob.literal === given;
  if (isKnown(glob.text) && glob.text === '*') return true;
  const wanted = segmentsOf(glob.tokens);
  const parts = split(given, ':', 6);
  if (wanted === undefined || parts.length < 6) {
    // A text of unknown shape may still become an ARN.
    return unknownsIn(glob.text).length > 0 || unknownsIn(given).length > 0 ? matches(glob, given) : false;
  }
  return wanted.reduce<Truth>((all, segment, index) => and(all, matches(segment, parts[index] ?? '')), true);
}

function typed(comparison: Comparison, wanted: Text, given: Text): Truth {
  if (!isKnown(wanted) || !isKnown(given)) {
    return unknownsIn(concat(wanted, given)).reduce<Truth>((all, unknown) => and(all, dependsOnValue(unknown)), true);
  }
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
