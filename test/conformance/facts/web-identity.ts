import type { Document } from '../../support/questions.ts';
import {
  APP,
  AWAY,
  allowed,
  bars,
  by,
  denied,
  disputed,
  type Fact,
  given,
  HOME,
  lets,
  need,
  needs,
  open,
  type Piece,
  ROOT,
  trusts,
} from '../language.ts';
import {
  COGNITO,
  EVAL,
  GITHUB_OIDC,
  IRSA,
  KEYS,
  OIDC,
  OIDC_ROLE,
  OPERATORS,
  PRINCIPAL,
  SETS,
  SOURCE_IDENTITY,
  STS_ACTIONS,
  STS_KEYS,
  TAGS,
} from '../sources.ts';

const WEB = 'sts:AssumeRoleWithWebIdentity';
const HOST = 'token.actions.githubusercontent.com';
const GITHUB = `arn:aws:iam::${HOME}:oidc-provider/${HOST}`;
const MAIN = 'repo:octo-org/app:ref:refs/heads/main';
const AUD = { [`${HOST}:aud`]: 'sts.amazonaws.com' };
const SUB = { [`${HOST}:sub`]: MAIN };
const token: Piece = (made) => given({ ...AUD, ...SUB })(by(GITHUB)(made));
const trustsGithub = (condition?: Document, action: string | readonly string[] = WEB): Piece =>
  trusts(lets({ Federated: GITHUB }, action, condition));
const claim = (name: string, value: string): Document => ({ StringEquals: { [`${HOST}:${name}`]: value } });
const like = (value: string): Document => ({ StringEquals: AUD, StringLike: { [`${HOST}:sub`]: value } });

const EKS_HOST = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const EKS = `arn:aws:iam::${HOME}:oidc-provider/${EKS_HOST}`;
const pod: Piece = (made) =>
  given({ [`${EKS_HOST}:aud`]: 'sts.amazonaws.com', [`${EKS_HOST}:sub`]: 'system:serviceaccount:shop:cart' })(
    by(EKS)(made),
  );
const account = (name: string): Piece =>
  trusts(lets({ Federated: EKS }, WEB, { StringLike: { [`${EKS_HOST}:sub`]: `system:serviceaccount:${name}` } }));

const POOL = 'us-east-1:11111111-2222-3333-4444-555555555555';
const SIGNED_IN = {
  StringEquals: { 'cognito-identity.amazonaws.com:aud': POOL },
  'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
};
const cognito =
  (...amr: readonly string[]): Piece =>
  (made) =>
    given({ 'cognito-identity.amazonaws.com:aud': POOL, 'cognito-identity.amazonaws.com:amr': amr })(
      by('cognito-identity.amazonaws.com')(made),
    );
const trustsBuiltIn = (name: string, condition: Document): Piece => trusts(lets({ Federated: name }, WEB, condition));

const ORG_HOST = 'oidc.circleci.com/org/6d8f';
const CIRCLE = `arn:aws:iam::${HOME}:oidc-provider/${ORG_HOST}`;
const PROJECT = `${ORG_HOST}:oidc.circleci.com/project-id`;

export const webIdentity: readonly Fact[] = [
  allowed(
    'audience and subject are those of the token',
    OIDC_ROLE,
    token,
    trustsGithub({ StringEquals: { ...AUD, ...SUB } }),
  ),
  allowed('the trust alone admits a token', EVAL, token, trustsGithub()),
  denied('trust', 'another audience', OIDC_ROLE, token, trustsGithub(claim('aud', 'https://github.com/octo-org'))),
  denied(
    'trust',
    'another branch',
    GITHUB_OIDC,
    token,
    trustsGithub(claim('sub', 'repo:octo-org/app:ref:refs/heads/release')),
  ),
  denied(
    'trust',
    'an environment takes the place of the branch',
    GITHUB_OIDC,
    token,
    trustsGithub(claim('sub', 'repo:octo-org/app:environment:prod')),
  ),
  denied(
    'trust',
    'subjects are compared with their case',
    OPERATORS,
    token,
    trustsGithub(claim('sub', 'repo:Octo-Org/app:ref:refs/heads/main')),
  ),
  allowed('a pattern of subjects', OPERATORS, token, trustsGithub(like('repo:octo-org/app:*'))),
  allowed('a pattern over the whole organization', OPERATORS, token, trustsGithub(like('repo:octo-org/*'))),
  denied('trust', 'a pattern that leaves out the reference', OPERATORS, token, trustsGithub(like('repo:octo-org/app'))),
  denied('trust', 'a pattern of another repository', OPERATORS, token, trustsGithub(like('repo:octo-org/app2:*'))),
  denied(
    'trust',
    'StringEquals takes a wildcard literally',
    OPERATORS,
    token,
    trustsGithub(claim('sub', 'repo:octo-org/app:*')),
  ),
  allowed(
    'several subjects are alternatives',
    OPERATORS,
    token,
    trustsGithub({ StringEquals: { [`${HOST}:sub`]: ['repo:octo-org/app:environment:prod', MAIN] } }),
  ),
  denied(
    'trust',
    'a subject with ids is not one without',
    GITHUB_OIDC,
    by(GITHUB),
    given({ ...AUD, [`${HOST}:sub`]: 'repo:octo-org@123456/app@456789:ref:refs/heads/main' }),
    trustsGithub(like('repo:octo-org/app:*')),
  ),
  denied('trust', 'another provider', PRINCIPAL, by(EKS), trustsGithub()),
  denied(
    'trust',
    'the same provider in another account',
    PRINCIPAL,
    by(`arn:aws:iam::${AWAY}:oidc-provider/${HOST}`),
    trustsGithub(),
  ),
  denied('trust', 'a provider by its host', PRINCIPAL, token, trusts(lets({ Federated: HOST }, WEB))),
  denied(
    'trust',
    'a provider with https://',
    PRINCIPAL,
    token,
    trusts(lets({ Federated: `arn:aws:iam::${HOME}:oidc-provider/https://${HOST}` }, WEB)),
  ),
  denied(
    'trust',
    'a provider by a wildcard',
    PRINCIPAL,
    token,
    trusts(lets({ Federated: `arn:aws:iam::${HOME}:oidc-provider/*` }, WEB)),
  ),
  denied('trust', 'a provider under "AWS"', PRINCIPAL, token, trusts(lets(GITHUB, WEB))),
  denied('trust', 'a trusted account has no tokens in it', PRINCIPAL, token, trusts(lets(ROOT, WEB))),
  denied(
    'trust',
    'sts:AssumeRole is not what a token calls',
    STS_ACTIONS,
    token,
    trustsGithub(undefined, 'sts:AssumeRole'),
  ),
  denied(
    'trust',
    'sts:AssumeRoleWithSAML is not what a token calls',
    STS_ACTIONS,
    token,
    trustsGithub(undefined, 'sts:AssumeRoleWithSAML'),
  ),
  allowed('sts:AssumeRole* covers it', STS_ACTIONS, token, trustsGithub(undefined, 'sts:AssumeRole*')),
  denied(
    'trust',
    'the key of another provider',
    OIDC,
    token,
    trustsGithub({ StringEquals: { 'gitlab.com:sub': MAIN } }),
  ),
  denied('trust', 'the key without its provider', OIDC, token, trustsGithub({ StringEquals: { sub: MAIN } })),
  allowed(
    'a Deny of another branch',
    EVAL,
    token,
    trusts(lets({ Federated: GITHUB }, WEB), bars({ Federated: GITHUB }, WEB, { StringNotEquals: SUB })),
  ),
  denied(
    'trust',
    'a Deny of this branch',
    EVAL,
    token,
    trusts(lets({ Federated: GITHUB }, WEB), bars({ Federated: GITHUB }, WEB, { StringEquals: SUB })),
  ),
  denied('trust', 'a Deny of everybody', EVAL, token, trusts(lets({ Federated: GITHUB }, WEB), bars('*', WEB))),
  allowed(
    'a claim that STS hands on',
    STS_ACTIONS,
    token,
    given({ [`${HOST}:repository`]: 'octo-org/app' }),
    trustsGithub(claim('repository', 'octo-org/app')),
  ),
  needs(
    [need(`${HOST}:environment`, 'StringEquals', 'prod')],
    'a claim that the token may bring',
    STS_ACTIONS,
    open,
    by(GITHUB),
    trustsGithub(claim('environment', 'prod')),
  ),
  needs(
    [need(`${HOST}:sub`, 'StringLike', 'repo:octo-org/app:*')],
    'the subject that the token must bring',
    OIDC_ROLE,
    open,
    by(GITHUB),
    trustsGithub({ StringLike: { [`${HOST}:sub`]: 'repo:octo-org/app:*' } }),
  ),
  denied(
    'trust',
    'a claim that STS does not hand on',
    STS_ACTIONS,
    open,
    by(GITHUB),
    trustsGithub(claim('event_name', 'push')),
  ),
  allowed(
    'a negated operator on a claim that STS does not hand on',
    STS_ACTIONS,
    open,
    by(GITHUB),
    trustsGithub({ StringNotEquals: { [`${HOST}:event_name`]: 'push' } }),
  ),
  allowed(
    'ForAllValues on a misspelt claim',
    SETS,
    token,
    trustsGithub({ 'ForAllValues:StringEquals': { [`${HOST}:subject`]: MAIN } }),
  ),
  denied(
    'trust',
    'no external id',
    STS_ACTIONS,
    open,
    by(GITHUB),
    trustsGithub({ StringEquals: { 'sts:ExternalId': 'abc' } }),
  ),
  denied(
    'trust',
    'no aws:SourceAccount',
    KEYS,
    open,
    by(GITHUB),
    trustsGithub({ StringEquals: { 'aws:SourceAccount': HOME } }),
  ),
  denied('trust', 'no MFA', KEYS, open, by(GITHUB), trustsGithub({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })),
  denied(
    'trust',
    'no aws:PrincipalOrgID',
    KEYS,
    token,
    trustsGithub({ StringEquals: { 'aws:PrincipalOrgID': 'o-one' } }),
  ),
  denied(
    'trust',
    'no aws:PrincipalArn',
    KEYS,
    token,
    trustsGithub({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }),
  ),
  denied('trust', 'no aws:PrincipalTag', KEYS, token, trustsGithub({ StringLike: { 'aws:PrincipalTag/team': '*' } })),
  denied(
    'trust',
    'no aws:PrincipalIsAWSService',
    KEYS,
    token,
    trustsGithub({ Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
  ),
  disputed(
    'whether aws:FederatedProvider is the provider of the call',
    KEYS,
    token,
    trustsGithub({ StringEquals: { 'aws:FederatedProvider': GITHUB } }),
  ),
  disputed(
    'whether a token has aws:PrincipalAccount',
    KEYS,
    token,
    trustsGithub({ Null: { 'aws:PrincipalAccount': 'true' } }),
  ),
  allowed(
    'the session’s name',
    STS_KEYS,
    token,
    given({ 'sts:RoleSessionName': 'deploy' }),
    trustsGithub({ StringEquals: { 'sts:RoleSessionName': 'deploy' } }),
  ),
  denied(
    'trust',
    'tags in the token need sts:TagSession',
    TAGS,
    token,
    given({ 'aws:RequestTag/team': 'red' }),
    trustsGithub(),
  ),
  allowed(
    'tags in the token with sts:TagSession',
    TAGS,
    token,
    given({ 'aws:RequestTag/team': 'red' }),
    trustsGithub(undefined, [WEB, 'sts:TagSession']),
  ),
  denied(
    'trust',
    'a source identity in the token needs sts:SetSourceIdentity',
    SOURCE_IDENTITY,
    token,
    given({ 'sts:SourceIdentity': 'ann' }),
    trustsGithub(),
  ),
  allowed(
    'a source identity in the token with sts:SetSourceIdentity',
    SOURCE_IDENTITY,
    token,
    given({ 'sts:SourceIdentity': 'ann' }),
    trustsGithub(undefined, [WEB, 'sts:SetSourceIdentity']),
  ),
  allowed('a service account of EKS', IRSA, pod, account('shop:cart')),
  denied('trust', 'another service account', IRSA, pod, account('shop:till')),
  denied('trust', 'a service account of another namespace', IRSA, pod, account('kube-system:cart')),
  allowed('every service account of a namespace', IRSA, pod, account('shop:*')),
  allowed(
    'a claim of CircleCI',
    STS_ACTIONS,
    by(CIRCLE),
    given({ [PROJECT]: '1234' }),
    trusts(lets({ Federated: CIRCLE }, WEB, { StringEquals: { [PROJECT]: '1234' } })),
  ),
  allowed(
    'a signed-in identity of Cognito',
    COGNITO,
    cognito('authenticated', 'graph.facebook.com'),
    trustsBuiltIn('cognito-identity.amazonaws.com', SIGNED_IN),
  ),
  denied(
    'trust',
    'a guest of Cognito',
    COGNITO,
    cognito('unauthenticated'),
    trustsBuiltIn('cognito-identity.amazonaws.com', SIGNED_IN),
  ),
  allowed(
    'Google',
    STS_KEYS,
    by('accounts.google.com'),
    given({ 'accounts.google.com:aud': 'app-1' }),
    trustsBuiltIn('accounts.google.com', { StringEquals: { 'accounts.google.com:aud': 'app-1' } }),
  ),
  allowed(
    'Facebook',
    STS_KEYS,
    by('graph.facebook.com'),
    given({ 'graph.facebook.com:app_id': '1' }),
    trustsBuiltIn('graph.facebook.com', { StringEquals: { 'graph.facebook.com:app_id': '1' } }),
  ),
  denied(
    'trust',
    'Login with Amazon, another application',
    STS_KEYS,
    by('www.amazon.com'),
    given({ 'www.amazon.com:app_id': '2' }),
    trustsBuiltIn('www.amazon.com', { StringEquals: { 'www.amazon.com:app_id': '1' } }),
  ),
  denied('trust', 'a role is no token', PRINCIPAL, trustsGithub(undefined, 'sts:*'), by(APP)),
];
