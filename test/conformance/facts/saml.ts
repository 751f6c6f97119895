import {
  allowed,
  ASSUME,
  bars,
  by,
  denied,
  type Fact,
  given,
  HOME,
  known,
  lets,
  need,
  needs,
  open,
  type Piece,
  refused,
  ROOT,
  role,
  trusts,
} from '../language.ts';
import type { Document } from '../../support/questions.ts';
import { ASSUME_SAML, EVAL, OPERATORS, PRINCIPAL, SAML_ROLE, SOURCE_IDENTITY, STS_ACTIONS, STS_KEYS, TAGS } from '../sources.ts';

const SAML = 'sts:AssumeRoleWithSAML';
const ADFS = `arn:aws:iam::${HOME}:saml-provider/ADFS`;
const SIGN_IN = 'https://signin.aws.amazon.com/saml';
const AUD = { 'saml:aud': SIGN_IN };
const assertion: Piece = (made) => given(AUD)(by(ADFS)(made));
const trustsAdfs = (condition?: Document, action: string | readonly string[] = SAML): Piece =>
  trusts(lets({ Federated: ADFS }, action, condition));
const RESERVED = `arn:aws:iam::${HOME}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`;
const STAFF = { 'ForAnyValue:StringEquals': { 'saml:edupersonaffiliation': ['staff'] } };

export const saml: readonly Fact[] = [
  allowed('the sign-in page is the audience', SAML_ROLE, assertion, trustsAdfs({ StringEquals: AUD })),
  allowed('the trust alone admits an assertion', EVAL, assertion, trustsAdfs()),
  denied('trust', 'another audience', SAML_ROLE, assertion, trustsAdfs({ StringEquals: { 'saml:aud': 'https://example.com/saml' } })),
  allowed('the sign-in page of China', SAML_ROLE, by(ADFS), given({ 'saml:aud': 'https://signin.amazonaws.cn/saml' }), trustsAdfs({ StringEquals: { 'saml:aud': ['https://signin.amazonaws.cn/saml', SIGN_IN] } })),
  allowed('a regional sign-in page by a pattern', OPERATORS, by(ADFS), given({ 'saml:aud': 'https://eu-west-1.signin.aws.amazon.com/saml' }), trustsAdfs({ StringLike: { 'saml:aud': 'https://*signin.aws.amazon.com/saml' } })),
  denied('trust', 'another provider', PRINCIPAL, assertion, trusts(lets({ Federated: `arn:aws:iam::${HOME}:saml-provider/Okta` }, SAML))),
  denied('trust', 'names of providers are compared with their case', PRINCIPAL, assertion, trusts(lets({ Federated: `arn:aws:iam::${HOME}:saml-provider/adfs` }, SAML))),
  denied('trust', 'a trusted account has no assertions in it', PRINCIPAL, assertion, trusts(lets(ROOT, SAML))),
  denied('trust', 'sts:AssumeRole is not what it calls', STS_ACTIONS, assertion, trustsAdfs(undefined, ASSUME)),
  denied('trust', 'sts:AssumeRoleWithWebIdentity is not what it calls', STS_ACTIONS, assertion, trustsAdfs(undefined, 'sts:AssumeRoleWithWebIdentity')),
  allowed('sts:* covers it', STS_ACTIONS, assertion, trustsAdfs(undefined, 'sts:*')),
  allowed('the subject', STS_KEYS, assertion, given({ 'saml:sub': 'ann', 'saml:sub_type': 'persistent' }), trustsAdfs({ StringEquals: { 'saml:sub': 'ann', 'saml:sub_type': 'persistent' } })),
  denied('trust', 'a transient subject', STS_KEYS, assertion, given({ 'saml:sub_type': 'transient' }), trustsAdfs({ StringEquals: { 'saml:sub_type': 'persistent' } })),
  allowed('the issuer', STS_KEYS, assertion, given({ 'saml:iss': 'https://idp.example.com' }), trustsAdfs({ StringEquals: { 'saml:iss': 'https://idp.example.com' } })),
  allowed('one of several affiliations', STS_KEYS, assertion, given({ 'saml:edupersonaffiliation': ['student', 'staff'] }), trustsAdfs(STAFF)),
  denied('trust', 'none of several affiliations', STS_KEYS, assertion, given({ 'saml:edupersonaffiliation': ['student', 'alum'] }), trustsAdfs(STAFF)),
  denied('trust', 'no external id', STS_ACTIONS, open, by(ADFS), trustsAdfs({ StringEquals: { 'sts:ExternalId': 'abc' } })),
  denied('trust', 'no claim of an OIDC token', STS_KEYS, open, by(ADFS), trustsAdfs({ StringEquals: { 'accounts.google.com:aud': 'app-1' } })),
  needs([need('saml:aud', 'StringEquals', SIGN_IN)], 'the audience that it must bring', SAML_ROLE, open, by(ADFS), trustsAdfs({ StringEquals: AUD })),
  denied('trust', 'tags in the assertion need sts:TagSession', TAGS, assertion, given({ 'aws:RequestTag/team': 'red' }), trustsAdfs()),
  allowed('tags in the assertion with sts:TagSession', TAGS, assertion, given({ 'aws:RequestTag/team': 'red' }), trustsAdfs(undefined, [SAML, 'sts:TagSession'])),
  denied('trust', 'a source identity needs sts:SetSourceIdentity', SOURCE_IDENTITY, assertion, given({ 'sts:SourceIdentity': 'ann' }), trustsAdfs()),
  allowed('a source identity with sts:SetSourceIdentity', SOURCE_IDENTITY, assertion, given({ 'sts:SourceIdentity': 'ann' }), trustsAdfs(undefined, [SAML, 'sts:SetSourceIdentity'])),
  denied('trust', 'a Deny of the provider', EVAL, assertion, trusts(lets({ Federated: ADFS }, SAML), bars({ Federated: ADFS }, SAML))),
  known('it knows nothing of the roles of IAM Identity Center', refused('a role of IAM Identity Center', ASSUME_SAML, assertion, role(RESERVED), trustsAdfs({ StringEquals: AUD }))),
];
