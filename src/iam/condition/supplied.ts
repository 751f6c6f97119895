import { isKnown } from '../../symbolic/text.ts';
import type { ConditionTest, Operator } from './test.ts';
import { readBoolean, readDate, readNetwork, readNumber } from './values.ts';

/** What AWS lets a caller write into these keys. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  'sts:externalid': /^[\w+=,.@:/-]{2,1224}$/,
  'sts:rolesessionname': /^[\w+=,.@-]{2,64}$/,
  'sts:sourceidentity': /^[\w+=,.@-]{2,64}$/,
  'aws:sourceaccount': /^\d{12}$/,
  'aws:principalaccount': /^\d{12}$/,
  // Neither a repository, nor a git reference (git check-ref-format), nor an environment in a token holds a wildcard.
  'token.actions.githubusercontent.com:sub': /^[^*?]+$/,
  'token.actions.githubusercontent.com:aud': /^[^*?]+$/,
};

/** A condition that no value which a caller can supply ever meets: `StringEquals` with a wildcard, a date that is no date. */
export function neverSupplied(test: ConditionTest, operator: Operator): boolean {
  if (operator.negated || operator.ifExists || operator.set === 'all' || test.values.length === 0) {
    return test.values.length === 0 && !operator.negated && !operator.ifExists && operator.set !== 'all';
  }
  return test.values.every(
    (value) => !value.variables && isKnown(value.text) && !couldSupply(test.keyLower, operator, value.text),
  );
}

function couldSupply(key: string, operator: Operator, wanted: string): boolean {
  const { comparison } = operator;
  if (comparison === 'StringEquals' || comparison === 'StringEqualsIgnoreCase')
    return ALLOWED[key]?.test(wanted) ?? true;
  if (comparison === 'Bool' || comparison === 'Null') return readBoolean(wanted) !== undefined;
  if (comparison === 'IpAddress') return readNetwork(wanted) !== undefined;
  if (comparison.startsWith('Date')) return readDate(wanted) !== undefined;
  if (comparison.startsWith('Numeric')) return readNumber(wanted) !== undefined;
  return true;
}

/** For a clock that has reached `earliest`: a window already over, or already begun for good, is settled. */
export function timeAlwaysHolds(test: ConditionTest, operator: Operator, earliest: number): boolean | undefined {
  const times = test.values.map((value) => (isKnown(value.text) ? readDate(value.text) : undefined));
  if (times.length === 0 || times.some((time) => time === undefined)) return undefined;
  const known = times.filter((time) => time !== undefined);
  const relation = operator.comparison.startsWith('Date') ? operator.comparison.slice(4) : operator.comparison.slice(7);
  if (operator.comparison === 'Null') return undefined;
  if (relation.startsWith('GreaterThan')) return known.some((time) => earliest > time) ? true : undefined;
  if (relation.startsWith('LessThan')) return known.every((time) => earliest > time) ? false : undefined;
  if (relation === 'Equals' && known.every((time) => earliest > time)) return operator.negated;
  return undefined;
}
