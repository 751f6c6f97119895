import type { Document } from '../../support/questions.ts';
import {
  ALICE,
  APP,
  ASSUME,
  alice,
  allowed,
  anySession,
  denied,
  type Fact,
  grants,
  lets,
  may,
  mayNot,
  need,
  needs,
  open,
  type Piece,
  ROOT,
  roleTagged,
  tagged,
  trusts,
} from '../language.ts';
import { KEYS, MFA, OPERATORS, RESOURCE, SETS, TAGS, VALUES, VARIABLES } from '../sources.ts';

const ofApp: Piece = (made) => open(anySession(made));
const ofAlice: Piece = (made) => open(alice(made));
const ID = 'sts:ExternalId';
const TEAM = 'aws:PrincipalTag/team';
const REQUESTED = 'aws:RequestTag/team';
const MFA_PRESENT = 'aws:MultiFactorAuthPresent';
const ADDRESS = 'aws:SourceIp';
/** One condition in the trust, another in the grant: the call must meet both. */
const both = (ofTrust: Document, ofGrant: Document): readonly Piece[] => [
  trusts(lets(ROOT, 'sts:*', ofTrust)),
  grants(may('sts:*', '*', ofGrant)),
];
const denying = (condition: Document): readonly Piece[] => [trusts(ALICE), grants(mayNot(ASSUME, '*', condition))];

/** Conditions on one key that meet: what is asked for together, and what no call can have together. */
export const contradictions: readonly Fact[] = [
  denied(
    'trust',
    'two patterns that no text matches',
    VALUES,
    ofApp,
    ...both({ StringLike: { [ID]: 'a*' } }, { StringLike: { [ID]: 'b*' } }),
  ),
  needs(
    [need(ID, 'StringLike', 'a*'), need(ID, 'StringLike', '*b')],
    'two patterns that one text matches',
    VALUES,
    ofApp,
    ...both({ StringLike: { [ID]: 'a*' } }, { StringLike: { [ID]: '*b' } }),
  ),
  denied(
    'trust',
    'a pattern, and nothing that it matches',
    OPERATORS,
    ofApp,
    ...both({ StringLike: { [ID]: 'ab*' } }, { StringNotLike: { [ID]: 'a*' } }),
  ),
  denied(
    'trust',
    'a value, and no key',
    OPERATORS,
    ofApp,
    ...both({ StringEquals: { [ID]: 'abc' } }, { Null: { [ID]: 'true' } }),
  ),
  denied(
    'trust',
    'two ranges of addresses apart',
    OPERATORS,
    ofAlice,
    ...both({ IpAddress: { [ADDRESS]: '203.0.113.0/24' } }, { IpAddress: { [ADDRESS]: '198.51.100.0/24' } }),
  ),
  needs(
    [need(ADDRESS, 'IpAddress', '203.0.113.0/24'), need(ADDRESS, 'NotIpAddress', '203.0.113.0/25')],
    'a range but its first half',
    OPERATORS,
    ofAlice,
    ...both({ IpAddress: { [ADDRESS]: '203.0.113.0/24' } }, { NotIpAddress: { [ADDRESS]: '203.0.113.0/25' } }),
  ),
  denied(
    'trust',
    'an age below one number and above a greater one',
    OPERATORS,
    ofAlice,
    ...both(
      { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } },
      { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '600' } },
    ),
  ),
  denied(
    'trust',
    'before one day and after a later one',
    OPERATORS,
    ofAlice,
    ...both(
      { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } },
      { DateGreaterThan: { 'aws:CurrentTime': '2031-01-01' } },
    ),
  ),
  needs(
    [need(ID, 'StringNotEquals', 'bad'), need(ID, 'Null', 'false')],
    'a Deny with …IfExists asks for the key',
    OPERATORS,
    ofAlice,
    ...denying({ StringEqualsIfExists: { [ID]: 'bad' } }),
  ),
  needs(
    [need(MFA_PRESENT, 'BoolIfExists', 'true')],
    'a Deny without …IfExists spares who has no such key',
    MFA,
    ofAlice,
    ...denying({ Bool: { [MFA_PRESENT]: 'false' } }),
  ),
  needs(
    [need('aws:MultiFactorAuthAge', 'NumericLessThanEqualsIfExists', '3600')],
    'a Deny above a number spares who has no such key',
    OPERATORS,
    ofAlice,
    ...denying({ NumericGreaterThan: { 'aws:MultiFactorAuthAge': '3600' } }),
  ),
  denied(
    'trust',
    'a tag whose key is not allowed',
    TAGS,
    ofApp,
    ...both({ StringEquals: { [REQUESTED]: 'red' } }, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } }),
  ),
  needs(
    [need(REQUESTED, 'StringEquals', 'red'), need('aws:TagKeys', 'ForAllValues:StringEquals', 'team', 'cost')],
    'a tag whose key is allowed',
    SETS,
    ofApp,
    ...both(
      { StringEquals: { [REQUESTED]: 'red' } },
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] } },
    ),
  ),
  needs(
    [need(MFA_PRESENT, 'BoolIfExists', 'true')],
    'the shortest of many ways past many Denies',
    VALUES,
    ofAlice,
    trusts(ALICE),
    grants(
      ...Array.from({ length: 7 }, (_, index) =>
        mayNot(ASSUME, '*', { Bool: { [MFA_PRESENT]: 'false' }, IpAddress: { [ADDRESS]: `203.0.113.${index}` } }),
      ),
    ),
  ),
  needs(
    [need(TEAM, 'StringEquals', 'Target')],
    'a role that is named by the caller’s tag',
    VARIABLES,
    ofApp,
    trusts(ROOT),
    grants(may(ASSUME, `arn:aws:iam::111111111111:role/\${${TEAM}}`)),
  ),
  needs(
    [need(TEAM, 'StringEquals', 'Tar')],
    'a part of the role’s name',
    VARIABLES,
    ofApp,
    trusts(ROOT),
    grants(may(ASSUME, `arn:aws:iam::*:role/\${${TEAM}}get`)),
  ),
  denied(
    'identity',
    'a part that the role’s name has not',
    RESOURCE,
    ofApp,
    trusts(ROOT),
    grants(may(ASSUME, `arn:aws:iam::*:role/x-\${${TEAM}}`)),
  ),
  needs(
    [need(TEAM, 'StringEquals', 'red')],
    'a Deny of all that have not the role’s tag',
    VARIABLES,
    ofApp,
    roleTagged({ team: 'red' }),
    trusts(APP),
    grants(mayNot(ASSUME, '*', { StringNotEquals: { 'aws:ResourceTag/team': `\${${TEAM}}` } })),
  ),
  needs(
    [need(ID, 'StringEquals', 'red-1')],
    'an external id that holds the caller’s tag',
    VARIABLES,
    ofAlice,
    tagged({ team: 'red' }),
    trusts(lets(ALICE, ASSUME, { StringEquals: { [ID]: `\${${TEAM}}-1` } })),
  ),
  denied(
    'trust',
    'an external id that holds a tag which the caller has not',
    VARIABLES,
    ofAlice,
    trusts(lets(ALICE, ASSUME, { StringEquals: { [ID]: `\${${TEAM}}-1` } })),
  ),
  allowed(
    'any external id is not that of a tag which the caller has not',
    VARIABLES,
    ofAlice,
    trusts(lets(ALICE, ASSUME, { StringNotEquals: { [ID]: `\${${TEAM}}-1` } })),
  ),
  denied(
    'trust',
    'a user has one account, whatever is asked for',
    KEYS,
    ofAlice,
    trusts(lets(ALICE, ASSUME, { StringEquals: { 'aws:PrincipalAccount': '222222222222' } })),
  ),
];
