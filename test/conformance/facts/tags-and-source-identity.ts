import {
  ALICE,
  alice,
  allowed,
  APP,
  APP_SESSION,
  ASSUME,
  boundary,
  denied,
  anySession,
  type Fact,
  FAR,
  far,
  given,
  grants,
  HOME,
  known,
  lets,
  may,
  open,
  ROOT,
  sessionPolicy,
  TARGET,
  trusts,
} from '../language.ts';
import { EVAL, SOURCE_IDENTITY, STS_ACTIONS, TAGS } from '../sources.ts';

const TAG = 'sts:TagSession';
const IDENTITY = 'sts:SetSourceIdentity';
const CONTEXT = 'sts:SetContext';
const tags = given({ 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'red' });
const ann = given({ 'sts:SourceIdentity': 'ann' });
const providers = given({ 'sts:RequestContextProviders': ['arn:aws:iam::aws:contextProvider/IdentityCenter'] });
const trustsBoth = (...actions: readonly string[]) => trusts(lets(APP, [ASSUME, ...actions]));
const trustsRoot = (...actions: readonly string[]) => trusts(lets(ROOT, [ASSUME, ...actions]));
const granted = (...actions: readonly string[]) => grants(may([ASSUME, ...actions], [TARGET, FAR]));
const RED = { StringEquals: { 'aws:RequestTag/team': 'red' } };
const SELF = `arn:aws:sts::${HOME}:self`;

export const tagsAndSourceIdentity: readonly Fact[] = [
  allowed('tags, both sides allow them', TAGS, far, tags, trustsBoth(TAG), granted(TAG)),
  denied('identity', 'tags, the caller’s side does not', TAGS, far, tags, trustsBoth(TAG), granted()),
  denied('trust', 'tags, the role’s side does not', TAGS, far, tags, trustsBoth(), granted(TAG)),
  allowed('no tags, neither side allows them', TAGS, far, trustsBoth(), granted()),
  allowed('tags, the trust of the same account names the role', EVAL, tags, trustsBoth(TAG)),
  denied('trust', 'tags, the trust of the same account forgets them', TAGS, tags, trustsBoth(), granted(TAG)),
  denied('identity', 'tags, the account is trusted, the grant forgets them', TAGS, tags, trustsRoot(TAG), granted()),
  allowed('tags, the account is trusted, all is granted', TAGS, tags, trustsRoot(TAG), granted(TAG)),
  denied('trust', 'a tag without its keys is one, too', TAGS, given({ 'aws:RequestTag/team': 'red' }), trustsBoth()),
  denied('trust', 'keys of transitive tags need it, too', TAGS, given({ 'sts:TransitiveTagKeys': ['team'] }), trustsBoth()),
  allowed('a key of tags that is said to be absent', TAGS, given({ 'aws:TagKeys': null }), trustsBoth()),
  allowed('tags in a statement of their own', TAGS, tags, trusts(lets(APP), lets(APP, TAG))),
  allowed('tags under a condition that they meet', TAGS, tags, trusts(lets(APP), lets(APP, TAG, RED))),
  denied('trust', 'tags under a condition that they do not meet', TAGS, given({ 'aws:RequestTag/team': 'blue' }), trusts(lets(APP), lets(APP, TAG, RED))),
  denied('trust', 'the condition of the tags is not that of the role', TAGS, trusts(lets(APP, ASSUME, RED), lets(APP, TAG))),
  denied('trust', 'tags beyond the keys that are allowed', TAGS, given({ 'aws:TagKeys': ['team', 'admin'] }), trusts(lets(APP), lets(APP, TAG, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }))),
  denied('trust', 'tags, another is trusted with them', TAGS, tags, trusts(lets(APP), lets(ALICE, TAG))),
  allowed('tags by a wildcard', TAGS, tags, trusts(lets(APP, 'sts:*'))),
  denied('boundary', 'tags outside of the boundary', EVAL, tags, trustsBoth(TAG), boundary(may(ASSUME, '*'))),
  denied('session', 'tags outside of the session policy', EVAL, tags, trustsBoth(TAG), sessionPolicy(may(ASSUME, '*'))),
  denied('trust', 'a trust that asks for a tag and forgets sts:TagSession', TAGS, tags, trusts(lets(APP, ASSUME, RED))),
  known('it asks for the tag, which the call could not carry', denied('trust', 'a trust that asks for a tag that it does not let pass', TAGS, open, anySession, trusts(lets(APP, ASSUME, RED)))),

  allowed('a source identity, both sides allow it', SOURCE_IDENTITY, far, ann, trustsBoth(IDENTITY), granted(IDENTITY)),
  denied('identity', 'a source identity, the caller’s side does not', SOURCE_IDENTITY, far, ann, trustsBoth(IDENTITY), granted()),
  denied('trust', 'a source identity, the role’s side does not', SOURCE_IDENTITY, far, ann, trustsBoth(), granted(IDENTITY)),
  denied('trust', 'a source identity, a user of the same account', SOURCE_IDENTITY, alice, ann, trusts(ALICE)),
  allowed('a source identity, a user that is named for it', SOURCE_IDENTITY, alice, ann, trusts(lets(ALICE, [ASSUME, IDENTITY]))),
  denied('trust', 'a source identity is no tag', SOURCE_IDENTITY, ann, trustsBoth(TAG)),
  denied('trust', 'a tag is no source identity', SOURCE_IDENTITY, tags, trustsBoth(IDENTITY)),
  denied('trust', 'a source identity that the trust does not take', SOURCE_IDENTITY, ann, trusts(lets(APP, [ASSUME, IDENTITY], { StringLike: { 'sts:SourceIdentity': 'bob*' } }))),
  allowed('a source identity that the trust takes', SOURCE_IDENTITY, ann, trusts(lets(APP, [ASSUME, IDENTITY], { StringLike: { 'sts:SourceIdentity': 'an*' } }))),
  known('it asks for the source identity, which the call could not carry', denied('trust', 'a trust that asks for a source identity that it does not let pass', SOURCE_IDENTITY, open, anySession, trusts(lets(APP, ASSUME, { StringLike: { 'sts:SourceIdentity': 'an*' } })))),
  denied('trust', 'tags and a source identity, only one is allowed', TAGS, tags, ann, trustsBoth(TAG)),
  allowed('tags and a source identity, both are allowed', TAGS, tags, ann, trustsBoth(TAG, IDENTITY)),
  denied('trust', 'a source identity, the session is named without it', SOURCE_IDENTITY, ann, trusts(lets(APP_SESSION))),

  allowed('contexts, both sides allow them', STS_ACTIONS, far, providers, trustsBoth(CONTEXT), granted(CONTEXT)),
  denied('trust', 'contexts, the role’s side does not', STS_ACTIONS, far, providers, trustsBoth(), granted(CONTEXT)),
  denied('identity', 'contexts, the caller’s side does not', STS_ACTIONS, far, providers, trustsBoth(CONTEXT), granted()),
  allowed('contexts may be granted on the caller itself', STS_ACTIONS, far, providers, trustsBoth(CONTEXT), grants(may(ASSUME, FAR), may(CONTEXT, SELF))),
  denied('identity', 'contexts granted on another account itself', STS_ACTIONS, far, providers, trustsBoth(CONTEXT), grants(may(ASSUME, FAR), may(CONTEXT, 'arn:aws:sts::222222222222:self'))),
  denied('identity', 'the role cannot be granted on the caller itself', STS_ACTIONS, far, trustsBoth(), grants(may(ASSUME, SELF))),
];
