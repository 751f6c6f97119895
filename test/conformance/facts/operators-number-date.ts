import { fails, holds } from '../conditions.ts';
import { allowed, anySession, denied, type Fact, given, need, needs, open, when } from '../language.ts';
import { KEYS, OPERATORS, VALUES } from '../sources.ts';

const AGE = 'aws:MultiFactorAuthAge';
const number = (operator: string, ...values: readonly (string | number)[]) => ({
  [`Numeric${operator}`]: { [AGE]: values },
});
const age = (value: string) => ({ [AGE]: value });
const TIME = 'aws:CurrentTime';
const EPOCH = 'aws:EpochTime';
const date = (operator: string, ...values: readonly string[]) => ({ [`Date${operator}`]: { [TIME]: values } });
const at = (value: string) => ({ [TIME]: value });
const missing = { [TIME]: null };
const NOON = '2026-09-01T12:00:00Z';
/** Noon, in seconds since 1970. */
const SECONDS = '1788264000';

export const numberAndDateOperators: readonly Fact[] = [
  holds('NumericEquals, the same number', OPERATORS, number('Equals', '300'), age('300')),
  holds('NumericEquals, written otherwise', OPERATORS, number('Equals', '300.0'), age('300')),
  holds('NumericEquals, a JSON number', OPERATORS, number('Equals', 300), age('300')),
  fails('NumericEquals, another number', OPERATORS, number('Equals', '300'), age('301')),
  fails('NumericEquals, no key', OPERATORS, number('Equals', '300'), {}),
  holds('NumericEquals, one of several values', VALUES, number('Equals', '1', '300'), age('300')),
  fails('NumericNotEquals, the same number', OPERATORS, number('NotEquals', '300'), age('300')),
  holds('NumericNotEquals, another number', OPERATORS, number('NotEquals', '300'), age('299')),
  holds('NumericNotEquals, no key', OPERATORS, number('NotEquals', '300'), {}),
  fails('NumericNotEquals, one of several values', VALUES, number('NotEquals', '1', '300'), age('300')),
  holds('NumericLessThan, less', OPERATORS, number('LessThan', '300'), age('299')),
  holds('NumericLessThan compares numbers, not letters', OPERATORS, number('LessThan', '300'), age('99')),
  fails('NumericLessThan, the same', OPERATORS, number('LessThan', '300'), age('300')),
  fails('NumericLessThan, no key', OPERATORS, number('LessThan', '300'), {}),
  holds('NumericLessThan, decimals', OPERATORS, number('LessThan', '1.5'), age('1.25')),
  holds('NumericLessThan, below zero', OPERATORS, number('LessThan', '0'), age('-1')),
  holds('NumericLessThanEquals, the same', OPERATORS, number('LessThanEquals', '300'), age('300')),
  fails('NumericLessThanEquals, more', OPERATORS, number('LessThanEquals', '300'), age('301')),
  fails('NumericLessThanEquals, no key', OPERATORS, number('LessThanEquals', '300'), {}),
  holds('NumericGreaterThan, more', OPERATORS, number('GreaterThan', '300'), age('1000')),
  fails('NumericGreaterThan, the same', OPERATORS, number('GreaterThan', '300'), age('300')),
  fails('NumericGreaterThan, no key', OPERATORS, number('GreaterThan', '300'), {}),
  holds('NumericGreaterThanEquals, the same', OPERATORS, number('GreaterThanEquals', '300'), age('300')),
  fails('NumericGreaterThanEquals, less', OPERATORS, number('GreaterThanEquals', '300'), age('299')),
  fails('NumericGreaterThanEquals, no key', OPERATORS, number('GreaterThanEquals', '300'), {}),
  fails('NumericEquals, no number in the policy', OPERATORS, number('Equals', 'many'), age('300')),

  holds('DateEquals, the same moment', OPERATORS, date('Equals', NOON), at(NOON)),
  holds('DateEquals, in another time zone', OPERATORS, date('Equals', '2026-09-01T14:00:00+02:00'), at(NOON)),
  holds('DateEquals, with a fraction of a second', OPERATORS, date('Equals', '2026-09-01T12:00:00.000Z'), at(NOON)),
  holds('DateEquals, seconds since 1970 in the policy', OPERATORS, date('Equals', SECONDS), at(NOON)),
  holds(
    'DateEquals, seconds since 1970 in the call',
    OPERATORS,
    { DateEquals: { [EPOCH]: NOON } },
    { [EPOCH]: SECONDS },
  ),
  fails('DateEquals, another moment', OPERATORS, date('Equals', NOON), at('2026-09-01T12:00:01Z')),
  fails('DateEquals, no wildcards', OPERATORS, date('Equals', '2026-*'), at(NOON)),
  fails('DateEquals, no key', OPERATORS, date('Equals', NOON), missing),
  fails('DateNotEquals, the same moment', OPERATORS, date('NotEquals', NOON), at(NOON)),
  holds('DateNotEquals, another moment', OPERATORS, date('NotEquals', NOON), at('2026-09-01T12:00:01Z')),
  holds('DateNotEquals, no key', OPERATORS, date('NotEquals', NOON), missing),
  holds('DateLessThan, before', OPERATORS, date('LessThan', '2026-09-02T00:00:00Z'), at(NOON)),
  fails('DateLessThan, at', OPERATORS, date('LessThan', NOON), at(NOON)),
  fails('DateLessThan, after', OPERATORS, date('LessThan', '2026-08-31T00:00:00Z'), at(NOON)),
  fails('DateLessThan, no key', OPERATORS, date('LessThan', '2026-09-02T00:00:00Z'), missing),
  holds('DateLessThanEquals, at', OPERATORS, date('LessThanEquals', NOON), at(NOON)),
  fails('DateLessThanEquals, after', OPERATORS, date('LessThanEquals', NOON), at('2026-09-01T12:00:01Z')),
  holds('DateGreaterThan, after', OPERATORS, date('GreaterThan', '2026-08-31T23:59:59Z'), at(NOON)),
  fails('DateGreaterThan, at', OPERATORS, date('GreaterThan', NOON), at(NOON)),
  fails('DateGreaterThan, no key', OPERATORS, date('GreaterThan', '2020-01-01T00:00:00Z'), missing),
  holds('DateGreaterThanEquals, at', OPERATORS, date('GreaterThanEquals', NOON), at(NOON)),
  fails('DateGreaterThanEquals, before', OPERATORS, date('GreaterThanEquals', NOON), at('2026-09-01T11:59:59Z')),
  holds('a date alone is its midnight', OPERATORS, date('GreaterThan', '2026-09-01'), at(NOON)),
  fails('a date alone is not its end', OPERATORS, date('LessThan', '2026-09-01'), at(NOON)),
  holds('a month alone', OPERATORS, date('LessThan', '2026-10'), at(NOON)),
  holds('a year alone', OPERATORS, date('LessThan', '2027'), at(NOON)),
  holds('a time without seconds', OPERATORS, date('Equals', '2026-09-01T12:00Z'), at(NOON)),
  fails('no date in the policy', OPERATORS, date('GreaterThan', 'yesterday'), at(NOON)),

  allowed(
    'without a given time it is now: a window that has begun',
    KEYS,
    when(date('GreaterThan', '2020-01-01T00:00:00Z')),
  ),
  denied(
    'trust',
    'without a given time it is now: a window that is over',
    KEYS,
    when(date('LessThan', '2020-01-01T00:00:00Z')),
  ),
  denied(
    'trust',
    'a window that is over stays over',
    KEYS,
    open,
    anySession,
    when(date('LessThan', '2020-01-01T00:00:00Z')),
  ),
  denied(
    'trust',
    'a window that is over, in seconds since 1970',
    KEYS,
    open,
    anySession,
    when({ DateLessThan: { [EPOCH]: '1577836800' } }),
  ),
  allowed(
    'a window that has begun and never ends',
    KEYS,
    open,
    anySession,
    when(date('GreaterThan', '2020-01-01T00:00:00Z')),
  ),
  needs(
    [need(TIME, 'DateLessThan', '2030-01-01T00:00:00Z')],
    'a window that is open still',
    KEYS,
    open,
    anySession,
    when(date('LessThan', '2030-01-01T00:00:00Z')),
  ),
  needs(
    [need(TIME, 'DateGreaterThan', '2030-01-01T00:00:00Z')],
    'a window that has not begun',
    KEYS,
    open,
    anySession,
    when(date('GreaterThan', '2030-01-01T00:00:00Z')),
  ),
  allowed(
    'a given time decides',
    KEYS,
    when(date('LessThan', '2020-01-01T00:00:00Z')),
    given(at('2019-06-01T00:00:00Z')),
  ),
];
