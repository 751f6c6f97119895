import type { Document } from '../../support/questions.ts';
import { fails, holds, unclear } from '../conditions.ts';
import {
  ALICE,
  ASSUME,
  alice,
  allowed,
  denied,
  type Fact,
  given,
  grantsDocument,
  HOME,
  lets,
  may,
  type Piece,
  ROOT,
  role,
  tagged,
  trusts,
  trustsDocument,
} from '../language.ts';
import { OPERATORS, VARIABLES, VERSION } from '../sources.ts';

const TEAM = '${aws:PrincipalTag/team}';
const NAME = 'sts:RoleSessionName';
const named = (name: string) => ({ [NAME]: name });
const red = tagged({ team: 'red' });
const star = tagged({ team: 'r*' });
const IP = { 'aws:SourceIp': '203.0.113.1' };

/** A trust of alice under a condition, in a policy of this version. */
const inVersion = (version: string | undefined, condition: Document): Piece => {
  const statement = lets(ALICE, ASSUME, condition);
  return trustsDocument({ ...(version === undefined ? {} : { Version: version }), Statement: [statement] });
};
const OWN_NAME = { StringEquals: { [NAME]: '${aws:username}' } };

export const variables: readonly Fact[] = [
  allowed('the caller’s own name', VARIABLES, alice, inVersion('2012-10-17', OWN_NAME), given(named('alice'))),
  denied('trust', 'another’s name', VARIABLES, alice, inVersion('2012-10-17', OWN_NAME), given(named('bob'))),
  denied(
    'trust',
    'version 2008-10-17 knows no variables',
    VERSION,
    alice,
    inVersion('2008-10-17', OWN_NAME),
    given(named('alice')),
  ),
  denied(
    'trust',
    'no version is version 2008-10-17',
    VERSION,
    alice,
    inVersion(undefined, OWN_NAME),
    given(named('alice')),
  ),
  allowed(
    'version 2008-10-17 takes the variable for text',
    VERSION,
    alice,
    inVersion('2008-10-17', OWN_NAME),
    given(named('${aws:username}')),
  ),
  allowed(
    'a negated operator on text that was meant as a variable',
    VERSION,
    alice,
    inVersion(undefined, { StringNotEquals: { [NAME]: '${aws:username}' } }),
    given(named('alice')),
  ),
  allowed(
    'wildcards work in every version',
    VERSION,
    alice,
    inVersion(undefined, { StringLike: { [NAME]: 'al*' } }),
    given(named('alice')),
  ),
  denied(
    'identity',
    'no variables in the resource of version 2008-10-17',
    VERSION,
    alice,
    trusts(ROOT),
    role(`arn:aws:iam::${HOME}:role/alice`),
    grantsDocument({ Version: '2008-10-17', Statement: [may(ASSUME, `arn:aws:iam::${HOME}:role/\${aws:username}`)] }),
  ),
  holds('a tag of the caller', VARIABLES, { StringEquals: { [NAME]: TEAM } }, named('red'), red),
  fails('another tag of the caller', VARIABLES, { StringEquals: { [NAME]: TEAM } }, named('blue'), red),
  fails('a positive operator, the variable has no value', VARIABLES, { StringEquals: { [NAME]: TEAM } }, named('red')),
  fails('StringLike, the variable has no value', VARIABLES, { StringLike: { [NAME]: `*${TEAM}*` } }, named('red')),
  holds(
    'a negated operator, the variable has no value',
    VARIABLES,
    { StringNotEquals: { [NAME]: TEAM } },
    named('red'),
  ),
  holds('StringNotLike, the variable has no value', VARIABLES, { StringNotLike: { [NAME]: `${TEAM}*` } }, named('red')),
  fails(
    'neither the key nor the variable has a value',
    VARIABLES,
    { StringEquals: { 'aws:RequestTag/team': TEAM } },
    {},
  ),
  fails(
    'another value decides where the variable has none',
    VARIABLES,
    { StringNotEquals: { [NAME]: [TEAM, 'red'] } },
    named('red'),
  ),
  holds(
    'one of several values is a variable',
    VARIABLES,
    { StringEquals: { [NAME]: ['blue', TEAM] } },
    named('red'),
    red,
  ),
  holds(
    'a variable within a text',
    VARIABLES,
    { StringEquals: { [NAME]: `team-${TEAM}-session` } },
    named('team-red-session'),
    red,
  ),
  holds(
    'two variables',
    VARIABLES,
    { StringEquals: { [NAME]: `${TEAM}-\${aws:PrincipalAccount}` } },
    named(`red-${HOME}`),
    red,
  ),
  holds(
    'names of variables without case',
    VARIABLES,
    { StringEquals: { [NAME]: '${AWS:principaltag/TEAM}' } },
    named('red'),
    red,
  ),
  holds(
    'a default for a variable without a value',
    VARIABLES,
    { StringEquals: { [NAME]: "${aws:PrincipalTag/team, 'none'}" } },
    named('none'),
  ),
  fails(
    'a default is not for a variable with a value',
    VARIABLES,
    { StringEquals: { [NAME]: "${aws:PrincipalTag/team, 'none'}" } },
    named('none'),
    red,
  ),
  holds(
    'a variable with a value and a default',
    VARIABLES,
    { StringEquals: { [NAME]: "${aws:PrincipalTag/team, 'none'}" } },
    named('red'),
    red,
  ),
  holds(
    'a default within a text',
    VARIABLES,
    { StringLike: { [NAME]: "team-${aws:PrincipalTag/team, 'none'}-*" } },
    named('team-none-1'),
  ),
  holds('${*} is a star', VARIABLES, { StringLike: { [NAME]: 'a${*}*' } }, named('a*bc')),
  fails('${*} is no wildcard', VARIABLES, { StringLike: { [NAME]: 'a${*}' } }, named('abc')),
  fails('${?} is no wildcard', VARIABLES, { StringLike: { [NAME]: 'a${?}' } }, named('ab')),
  holds('${?} is a question mark', VARIABLES, { StringLike: { [NAME]: 'a${?}' } }, named('a?')),
  holds('${$} is a dollar', VARIABLES, { StringEquals: { [NAME]: '${$}{aws:username}' } }, named('${aws:username}')),
  fails('a star in a variable’s value is no wildcard', VARIABLES, { StringLike: { [NAME]: TEAM } }, named('red'), star),
  holds(
    'a star in a variable’s value is a star',
    VARIABLES,
    { StringLike: { [NAME]: `${TEAM}?` } },
    named('r*1'),
    star,
  ),
  holds(
    'StringEqualsIgnoreCase takes variables',
    OPERATORS,
    { StringEqualsIgnoreCase: { [NAME]: TEAM } },
    named('RED'),
    red,
  ),
  holds(
    'ArnLike takes variables',
    OPERATORS,
    { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:${aws:PrincipalAccount}:*' } },
    { 'aws:SourceArn': `arn:aws:sns:eu-west-1:${HOME}:t` },
  ),
  fails(
    'ArnEquals, the variable has no value',
    OPERATORS,
    { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:*:*:${TEAM}` } },
    { 'aws:SourceArn': `arn:aws:sns:eu-west-1:${HOME}:red` },
  ),
  fails(
    'a key with several values is no variable',
    VARIABLES,
    { StringEquals: { [NAME]: '${aws:TagKeys}' } },
    { ...named('a'), 'aws:TagKeys': ['a', 'b'] },
  ),
  fails(
    'NumericEquals takes no variables',
    OPERATORS,
    { NumericEquals: { 'aws:MultiFactorAuthAge': TEAM } },
    { 'aws:MultiFactorAuthAge': '5' },
    tagged({ team: '5' }),
  ),
  fails(
    'DateEquals takes no variables',
    OPERATORS,
    { DateEquals: { 'aws:TokenIssueTime': TEAM } },
    { 'aws:TokenIssueTime': '2026-01-01' },
    tagged({ team: '2026-01-01' }),
  ),
  fails(
    'IpAddress takes no variables',
    OPERATORS,
    { IpAddress: { 'aws:SourceIp': '${aws:VpcSourceIp}' } },
    { ...IP, 'aws:VpcSourceIp': '203.0.113.1' },
  ),
  fails(
    'BinaryEquals takes no variables',
    OPERATORS,
    { BinaryEquals: { 'aws:RequestTag/key': TEAM } },
    { 'aws:RequestTag/key': 'QUJD' },
    tagged({ team: 'QUJD' }),
  ),
  fails('Null takes no variables', OPERATORS, { Null: { 'sts:ExternalId': TEAM } }, {}, tagged({ team: 'true' })),
  unclear(
    'whether Bool takes variables',
    OPERATORS,
    { Bool: { 'aws:MultiFactorAuthPresent': TEAM } },
    { 'aws:MultiFactorAuthPresent': 'true' },
    tagged({ team: 'true' }),
  ),
];
