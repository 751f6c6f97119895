import { fails, holds } from '../conditions.ts';
import type { Fact } from '../language.ts';
import { CONDITION, OPERATORS, VALUES } from '../sources.ts';

const KEY = 'aws:RequestTag/stage';
const test = (operator: string, ...values: readonly string[]) => ({
  [operator]: { [KEY]: values.length === 1 ? (values[0] ?? '') : values },
});
const is = (value: string) => ({ [KEY]: value });
const missing = {};

export const stringOperators: readonly Fact[] = [
  holds('StringEquals, the same text', OPERATORS, test('StringEquals', 'prod'), is('prod')),
  fails('StringEquals, another text', OPERATORS, test('StringEquals', 'prod'), is('test')),
  fails('StringEquals, other case', OPERATORS, test('StringEquals', 'prod'), is('Prod')),
  fails('StringEquals, only the start', OPERATORS, test('StringEquals', 'prod'), is('production')),
  fails('StringEquals, a star is a letter', OPERATORS, test('StringEquals', 'pro*'), is('prod')),
  holds('StringEquals, a star that the call has', OPERATORS, test('StringEquals', 'pro*'), is('pro*')),
  fails('StringEquals, a question mark is a letter', OPERATORS, test('StringEquals', 'pro?'), is('prod')),
  fails('StringEquals, no key', OPERATORS, test('StringEquals', 'prod'), missing),
  holds('StringEquals, one of several values', VALUES, test('StringEquals', 'test', 'prod'), is('prod')),
  fails('StringEquals, none of several values', VALUES, test('StringEquals', 'test', 'prod'), is('dev')),
  fails('StringEquals, a space more', OPERATORS, test('StringEquals', 'prod'), is('prod ')),

  fails('StringNotEquals, the same text', OPERATORS, test('StringNotEquals', 'prod'), is('prod')),
  holds('StringNotEquals, another text', OPERATORS, test('StringNotEquals', 'prod'), is('test')),
  holds('StringNotEquals, other case', OPERATORS, test('StringNotEquals', 'prod'), is('PROD')),
  holds('StringNotEquals, a star is a letter', OPERATORS, test('StringNotEquals', 'pro*'), is('prod')),
  holds('StringNotEquals, no key', OPERATORS, test('StringNotEquals', 'prod'), missing),
  fails('StringNotEquals, one of several values', VALUES, test('StringNotEquals', 'test', 'prod'), is('prod')),
  holds('StringNotEquals, none of several values', VALUES, test('StringNotEquals', 'test', 'prod'), is('dev')),

  holds('StringEqualsIgnoreCase, other case', OPERATORS, test('StringEqualsIgnoreCase', 'prod'), is('PrOd')),
  fails('StringEqualsIgnoreCase, another text', OPERATORS, test('StringEqualsIgnoreCase', 'prod'), is('test')),
  fails('StringEqualsIgnoreCase, a star is a letter', OPERATORS, test('StringEqualsIgnoreCase', 'PRO*'), is('prod')),
  fails('StringEqualsIgnoreCase, no key', OPERATORS, test('StringEqualsIgnoreCase', 'prod'), missing),
  holds(
    'StringEqualsIgnoreCase, one of several values',
    VALUES,
    test('StringEqualsIgnoreCase', 'TEST', 'PROD'),
    is('prod'),
  ),
  fails('StringNotEqualsIgnoreCase, other case', OPERATORS, test('StringNotEqualsIgnoreCase', 'prod'), is('Prod')),
  holds('StringNotEqualsIgnoreCase, another text', OPERATORS, test('StringNotEqualsIgnoreCase', 'prod'), is('test')),
  holds('StringNotEqualsIgnoreCase, no key', OPERATORS, test('StringNotEqualsIgnoreCase', 'prod'), missing),

  holds('StringLike, a star at the end', OPERATORS, test('StringLike', 'pro*'), is('prod')),
  holds('StringLike, a star for nothing', OPERATORS, test('StringLike', 'prod*'), is('prod')),
  holds('StringLike, a star at the start', OPERATORS, test('StringLike', '*od'), is('prod')),
  holds('StringLike, a star in the middle', OPERATORS, test('StringLike', 'p*d'), is('prod')),
  holds('StringLike, stars that have to give way', OPERATORS, test('StringLike', '*a*b'), is('xaabab')),
  holds('StringLike, a star alone', OPERATORS, test('StringLike', '*'), is('prod')),
  holds('StringLike, a star over colons and slashes', OPERATORS, test('StringLike', 'a*z'), is('a:b/c:z')),
  fails('StringLike, a star alone asks for the key', OPERATORS, test('StringLike', '*'), missing),
  holds('StringLike, a question mark', OPERATORS, test('StringLike', 'p?od'), is('prod')),
  fails('StringLike, a question mark is not nothing', OPERATORS, test('StringLike', 'prod?'), is('prod')),
  fails('StringLike, a question mark is not two letters', OPERATORS, test('StringLike', 'p?d'), is('prod')),
  fails('StringLike, other case', OPERATORS, test('StringLike', 'Pro*'), is('prod')),
  fails('StringLike, only the start without a star', OPERATORS, test('StringLike', 'pro'), is('prod')),
  holds(
    'StringLike, letters that mean something in other patterns',
    OPERATORS,
    test('StringLike', 'a.b[1]+(c)*'),
    is('a.b[1]+(c)d'),
  ),
  fails('StringLike, a dot is a dot', OPERATORS, test('StringLike', 'a.b*'), is('axb')),
  holds('StringLike, one of several patterns', VALUES, test('StringLike', 'test*', 'pro*'), is('prod')),
  fails('StringNotLike, a pattern that matches', OPERATORS, test('StringNotLike', 'pro*'), is('prod')),
  holds('StringNotLike, a pattern that does not', OPERATORS, test('StringNotLike', 'test*'), is('prod')),
  holds('StringNotLike, no key', OPERATORS, test('StringNotLike', '*'), missing),
  fails('StringNotLike, one of several patterns', VALUES, test('StringNotLike', 'test*', 'pro*'), is('prod')),

  holds('keys are compared without case', CONDITION, { StringEquals: { 'AWS:requesttag/STAGE': 'prod' } }, is('prod')),
  holds(
    'all keys of an operator',
    VALUES,
    { StringEquals: { [KEY]: 'prod', 'aws:RequestTag/team': 'red' } },
    { ...is('prod'), 'aws:RequestTag/team': 'red' },
  ),
  fails(
    'one of two keys of an operator',
    VALUES,
    { StringEquals: { [KEY]: 'prod', 'aws:RequestTag/team': 'red' } },
    { ...is('prod'), 'aws:RequestTag/team': 'blue' },
  ),
  fails(
    'one of two operators',
    VALUES,
    { ...test('StringLike', 'pro*'), StringEquals: { 'aws:RequestTag/team': 'red' } },
    is('prod'),
  ),
  holds(
    'two operators on one key',
    VALUES,
    { ...test('StringLike', 'p*'), ...test('StringNotLike', '*x') },
    is('prod'),
  ),
  fails(
    'two operators on one key, one does not hold',
    VALUES,
    { ...test('StringLike', 'p*'), ...test('StringNotLike', '*d') },
    is('prod'),
  ),
  holds('an empty block is no condition', CONDITION, {}, missing),
];
