import { fails, holds } from '../conditions.ts';
import type { Fact } from '../language.ts';
import { KEYS, OPERATORS, SETS } from '../sources.ts';

const KEYS_OF_TAGS = 'aws:TagKeys';
const test = (operator: string, ...values: readonly string[]) => ({ [operator]: { [KEYS_OF_TAGS]: values } });
const tags = (...keys: readonly string[]) => ({ [KEYS_OF_TAGS]: keys });
const all = (operator: string, ...values: readonly string[]) => test(`ForAllValues:${operator}`, ...values);
const any = (operator: string, ...values: readonly string[]) => test(`ForAnyValue:${operator}`, ...values);
const STAGE = 'aws:RequestTag/stage';
const one = (operator: string, value: string) => ({ [operator]: { [STAGE]: value } });
const ENVIRONMENT = {
  StringEqualsIgnoreCase: { 'aws:RequestTag/environment': ['preprod', 'storage'] },
  'ForAnyValue:StringEquals': { 'aws:TagKeys': 'environment' },
};
const PRESENT = { ...all('StringEquals', 'a', 'b'), Null: { [KEYS_OF_TAGS]: 'false' } };
const DISTRIBUTIONS = {
  'ForAllValues:ArnLike': {
    'sts:RequestContextProviders': [
      'arn:aws:cloudfront::123456789012:distribution/*',
      'arn:aws:cloudfront::123456789012:other/support*',
    ],
  },
};
const distributions = (...ids: readonly string[]) => ({
  'sts:RequestContextProviders': ids.map((id) => `arn:aws:cloudfront::${id}`),
});
const MFA = 'aws:MultiFactorAuthPresent';

export const setsAndIfExists: readonly Fact[] = [
  holds('ForAllValues, all of them are listed', SETS, all('StringEquals', 'a', 'b', 'c'), tags('a', 'b')),
  fails('ForAllValues, one of them is not', SETS, all('StringEquals', 'a', 'b'), tags('a', 'x')),
  holds('ForAllValues, no key', SETS, all('StringEquals', 'a', 'b'), {}),
  holds('ForAllValues, an empty list', SETS, all('StringEquals', 'a', 'b'), tags()),
  holds('ForAllValues, an empty text', SETS, all('StringEquals', 'a', 'b'), tags('')),
  holds('ForAllValues:StringLike, all match', SETS, all('StringLike', 'a*', 'b*'), tags('a1', 'b1')),
  fails('ForAllValues:StringLike, one does not', SETS, all('StringLike', 'a*'), tags('a1', 'b1')),
  holds('ForAllValues:StringEqualsIgnoreCase', SETS, all('StringEqualsIgnoreCase', 'A', 'B'), tags('a', 'b')),
  fails('ForAllValues:StringEquals, other case', SETS, all('StringEquals', 'A'), tags('a')),
  holds('ForAllValues:StringNotEquals, none is listed', OPERATORS, all('StringNotEquals', 'a', 'b'), tags('x', 'y')),
  fails('ForAllValues:StringNotEquals, one is listed', OPERATORS, all('StringNotEquals', 'a', 'b'), tags('a', 'x')),
  holds('ForAllValues:StringNotEquals, no key', SETS, all('StringNotEquals', 'a'), {}),
  fails('ForAllValues:StringNotLike, one matches', OPERATORS, all('StringNotLike', 'a*'), tags('a1', 'x')),
  holds('ForAllValues:StringNotLike, none matches', OPERATORS, all('StringNotLike', 'a*'), tags('x', 'y')),
  holds('ForAllValues with Null false, all listed', SETS, PRESENT, tags('a')),
  fails('ForAllValues with Null false, no key', SETS, PRESENT, {}),
  holds('ForAnyValue, one of them is listed', SETS, any('StringEquals', 'a', 'b'), tags('x', 'b')),
  fails('ForAnyValue, none of them is', SETS, any('StringEquals', 'a', 'b'), tags('x', 'y')),
  fails('ForAnyValue, no key', SETS, any('StringEquals', 'a', 'b'), {}),
  fails('ForAnyValue, an empty list', SETS, any('StringEquals', 'a', 'b'), tags()),
  holds('ForAnyValue:StringLike, one matches', SETS, any('StringLike', 'a*'), tags('x', 'a1')),
  fails('ForAnyValue:StringLike, none matches', SETS, any('StringLike', 'a*'), tags('x', 'y')),
  fails('ForAnyValue:StringLike, a star alone asks for the key', SETS, any('StringLike', '*'), {}),
  holds('ForAnyValue:StringNotEquals, one is not listed', OPERATORS, any('StringNotEquals', 'a'), tags('a', 'x')),
  fails('ForAnyValue:StringNotEquals, all are listed', OPERATORS, any('StringNotEquals', 'a', 'b'), tags('a', 'b')),
  fails('ForAnyValue:StringNotEquals, no key', SETS, any('StringNotEquals', 'a'), {}),
  holds('ForAnyValue:StringNotLike, one does not match', OPERATORS, any('StringNotLike', 'a*'), tags('a1', 'x')),
  holds('AWS’s example of tags, one key', OPERATORS, ENVIRONMENT, {
    ...tags('environment'),
    'aws:RequestTag/environment': 'preprod',
  }),
  holds('AWS’s example of tags, two keys, other case', OPERATORS, ENVIRONMENT, {
    ...tags('environment', 'costcenter'),
    'aws:RequestTag/environment': 'PreProd',
  }),
  fails('AWS’s example of tags, the key in other case', OPERATORS, ENVIRONMENT, {
    ...tags('Environment'),
    'aws:RequestTag/Environment': 'preprod',
  }),
  fails('AWS’s example of tags, another key', OPERATORS, ENVIRONMENT, {
    ...tags('costcenter'),
    'aws:RequestTag/environment': 'preprod',
  }),
  fails('AWS’s example of tags, no keys', OPERATORS, ENVIRONMENT, { 'aws:RequestTag/environment': 'storage' }),
  fails('AWS’s example of tags, no value', OPERATORS, ENVIRONMENT, tags('environment')),
  holds(
    'ForAllValues:ArnLike, one ARN',
    OPERATORS,
    DISTRIBUTIONS,
    distributions('123456789012:distribution/costcenter'),
  ),
  holds(
    'ForAllValues:ArnLike, two ARNs',
    OPERATORS,
    DISTRIBUTIONS,
    distributions('123456789012:distribution/a', '123456789012:other/support2025'),
  ),
  fails(
    'ForAllValues:ArnLike, one of two ARNs',
    OPERATORS,
    DISTRIBUTIONS,
    distributions('123456789012:distribution/a', '123456789012:other/admin'),
  ),
  fails(
    'ForAllValues:ArnLike, another account',
    OPERATORS,
    DISTRIBUTIONS,
    distributions('777788889999:distribution/a'),
  ),
  holds('ForAllValues:ArnLike, no key', OPERATORS, DISTRIBUTIONS, {}),
  holds('ForAllValues:Bool', OPERATORS, { 'ForAllValues:Bool': { [MFA]: 'true' } }, { [MFA]: ['true', 'true'] }),
  fails(
    'ForAllValues:Bool, one is false',
    OPERATORS,
    { 'ForAllValues:Bool': { [MFA]: 'true' } },
    { [MFA]: ['true', 'false'] },
  ),
  holds(
    'ForAnyValue:Bool, one is true',
    OPERATORS,
    { 'ForAnyValue:Bool': { [MFA]: 'true' } },
    { [MFA]: ['false', 'true'] },
  ),

  holds('StringEqualsIfExists, the same text', OPERATORS, one('StringEqualsIfExists', 'prod'), { [STAGE]: 'prod' }),
  fails('StringEqualsIfExists, another text', OPERATORS, one('StringEqualsIfExists', 'prod'), { [STAGE]: 'test' }),
  holds('StringEqualsIfExists, no key', OPERATORS, one('StringEqualsIfExists', 'prod'), {}),
  holds('StringNotEqualsIfExists, no key', OPERATORS, one('StringNotEqualsIfExists', 'prod'), {}),
  fails('StringNotEqualsIfExists, the same text', OPERATORS, one('StringNotEqualsIfExists', 'prod'), {
    [STAGE]: 'prod',
  }),
  holds('StringEqualsIgnoreCaseIfExists, no key', OPERATORS, one('StringEqualsIgnoreCaseIfExists', 'prod'), {}),
  holds('StringLikeIfExists, no key', OPERATORS, one('StringLikeIfExists', 'pro*'), {}),
  fails('StringLikeIfExists, another text', OPERATORS, one('StringLikeIfExists', 'pro*'), { [STAGE]: 'test' }),
  holds('StringNotLikeIfExists, no key', OPERATORS, one('StringNotLikeIfExists', 'pro*'), {}),
  holds(
    'NumericLessThanIfExists, no key',
    OPERATORS,
    { NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '300' } },
    {},
  ),
  fails(
    'NumericLessThanIfExists, more',
    OPERATORS,
    { NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '300' } },
    { 'aws:MultiFactorAuthAge': '301' },
  ),
  holds(
    'DateLessThanIfExists, no key',
    OPERATORS,
    { DateLessThanIfExists: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } },
    {},
  ),
  fails(
    'DateLessThanIfExists, after',
    OPERATORS,
    { DateLessThanIfExists: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } },
    { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' },
  ),
  holds('BoolIfExists, no key', KEYS, { BoolIfExists: { [MFA]: 'true' } }, {}),
  fails('BoolIfExists, false', KEYS, { BoolIfExists: { [MFA]: 'true' } }, { [MFA]: 'false' }),
  holds(
    'BoolIfExists for false denies who has no MFA and who could not',
    KEYS,
    { BoolIfExists: { [MFA]: 'false' } },
    {},
  ),
  holds('BinaryEqualsIfExists, no key', OPERATORS, { BinaryEqualsIfExists: { [STAGE]: 'QUJD' } }, {}),
  holds('IpAddressIfExists, no key', KEYS, { IpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' } }, {}),
  fails(
    'IpAddressIfExists, outside',
    KEYS,
    { IpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' } },
    { 'aws:SourceIp': '198.51.100.1' },
  ),
  holds('ArnLikeIfExists, no key', OPERATORS, { ArnLikeIfExists: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }, {}),
  fails(
    'ArnLikeIfExists, another ARN',
    OPERATORS,
    { ArnLikeIfExists: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } },
    { 'aws:SourceArn': 'arn:aws:sqs:eu-west-1:123456789012:q' },
  ),
  holds(
    'the other condition decides where IfExists has no key',
    OPERATORS,
    { ...one('StringEqualsIfExists', 'prod'), StringEquals: { 'sts:ExternalId': 'abc' } },
    { 'sts:ExternalId': 'abc' },
  ),
  fails(
    'the other condition fails where IfExists has no key',
    OPERATORS,
    { ...one('StringEqualsIfExists', 'prod'), StringEquals: { 'sts:ExternalId': 'abc' } },
    {},
  ),
];
