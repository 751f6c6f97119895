import {
  ALICE,
  APP,
  APP_SESSION,
  ASSUME,
  AWAY,
  allowed,
  by,
  denied,
  type Fact,
  FULL,
  given,
  grants,
  HOME,
  lets,
  may,
  mayNot,
  type Piece,
  ROOT,
  role,
  TARGET,
  trusts,
} from '../language.ts';
import { EVAL, SELF, SOURCE_IDENTITY, STS_KEYS, TAGS, UPDATE_TRUST } from '../sources.ts';

const HOP = `arn:aws:iam::${AWAY}:role/Hop`;
const HOP_SESSION = `arn:aws:sts::${AWAY}:assumed-role/Hop/s1`;
const LAST = 'arn:aws:iam::333333333333:role/Last';
/** Hop, which App has assumed, assumes Last. */
const secondHop: Piece = (made) => role(LAST)(by(HOP_SESSION)(made));
const own: Piece = by(`arn:aws:sts::${HOME}:assumed-role/Target/s1`);
const onLast = grants(may(ASSUME, LAST));

export const chainingAndSelf: readonly Fact[] = [
  allowed('the second hop is the first role’s', EVAL, secondHop, trusts(HOP), onLast),
  denied('trust', 'the second hop, the first caller is trusted', EVAL, secondHop, trusts(APP), onLast),
  denied('trust', 'the second hop, the first caller’s account is trusted', EVAL, secondHop, trusts(HOME), onLast),
  denied('identity', 'the second hop, the first role is granted nothing', EVAL, secondHop, trusts(HOP)),
  allowed('the second hop by its account', EVAL, secondHop, trusts(AWAY), onLast),
  denied('trust', 'the second hop, the user at its start is trusted', EVAL, secondHop, trusts(ALICE), onLast),
  allowed('the second hop by its session', EVAL, secondHop, trusts(HOP_SESSION), onLast),
  denied(
    'trust',
    'inherited tags need sts:TagSession of the second hop',
    TAGS,
    secondHop,
    trusts(HOP),
    onLast,
    given({ 'sts:TransitiveTagKeys': ['team'] }),
  ),
  denied(
    'identity',
    'an inherited source identity needs its grant',
    SOURCE_IDENTITY,
    secondHop,
    trusts(lets(HOP, [ASSUME, 'sts:SetSourceIdentity'])),
    onLast,
    given({ 'sts:SourceIdentity': 'ann' }),
  ),
  allowed(
    'an inherited source identity is there as aws:SourceIdentity',
    STS_KEYS,
    secondHop,
    trusts(lets(HOP, ASSUME, { StringEquals: { 'aws:SourceIdentity': 'ann' } })),
    onLast,
    given({ 'aws:SourceIdentity': 'ann' }),
  ),
  allowed(
    'the provider of the session',
    STS_KEYS,
    trusts(lets(APP, ASSUME, { StringEquals: { 'aws:FederatedProvider': 'cognito-identity.amazonaws.com' } })),
    given({ 'aws:FederatedProvider': 'cognito-identity.amazonaws.com' }),
  ),
  allowed('a role that trusts itself', SELF, own, trusts(TARGET)),
  denied('trust', 'a role that does not trust itself', SELF, own, trusts(APP)),
  denied('trust', 'a role that does not trust itself, with every grant', SELF, own, trusts(APP), grants(FULL)),
  allowed(
    'a role whose account is trusted, with a grant',
    UPDATE_TRUST,
    own,
    trusts(ROOT),
    grants(may(ASSUME, TARGET)),
  ),
  denied('identity', 'a role whose account is trusted, without a grant', UPDATE_TRUST, own, trusts(ROOT)),
  denied('identity', 'a role that denies itself', SELF, own, trusts(TARGET), grants(mayNot(ASSUME, '*'))),
  allowed('a session that the trust names', SELF, own, trusts(`arn:aws:sts::${HOME}:assumed-role/Target/s1`)),
  denied(
    'trust',
    'another session of itself',
    SELF,
    own,
    trusts(`arn:aws:sts::${HOME}:assumed-role/Target/s2`),
    grants(FULL),
  ),
  denied(
    'trust',
    'a role that trusts a role of its name elsewhere',
    SELF,
    own,
    trusts(`arn:aws:iam::${AWAY}:role/Target`),
    grants(FULL),
  ),
  denied(
    'trust',
    'a session that was trusted, asked by another role',
    EVAL,
    by(`arn:aws:sts::${HOME}:assumed-role/Other/s1`),
    trusts(APP_SESSION),
    grants(FULL),
  ),
];
