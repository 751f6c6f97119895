import type { Document } from '../../support/questions.ts';
import {
  allowed,
  by,
  denied,
  type Fact,
  given,
  HOME,
  lets,
  need,
  needs,
  open,
  type Piece,
  trusts,
} from '../language.ts';
import { COGNITO, IRSA, PRINCIPAL, STS_ACTIONS, STS_KEYS } from '../sources.ts';

const WEB = 'sts:AssumeRoleWithWebIdentity';

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

/** GitHub Enterprise Cloud, where the enterprise has an issuer of its own. */
const ENTERPRISE = 'token.actions.githubusercontent.com/octo-enterprise';
const OWN_ISSUER = `arn:aws:iam::${HOME}:oidc-provider/${ENTERPRISE}`;
const trustsOwn = (condition: Document): Piece => trusts(lets({ Federated: OWN_ISSUER }, WEB, condition));
const GITLAB = `arn:aws:iam::${HOME}:oidc-provider/gitlab.com`;
const trustsGitlab = (condition: Document): Piece => trusts(lets({ Federated: GITLAB }, WEB, condition));

export const webIdentityProviders: readonly Fact[] = [
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
  denied(
    'trust',
    'a claim that EKS has not',
    STS_ACTIONS,
    open,
    by(EKS),
    trusts(lets({ Federated: EKS }, WEB, { StringEquals: { [`${EKS_HOST}:groups`]: 'ops' } })),
  ),
  allowed(
    'an issuer with a path',
    STS_KEYS,
    by(OWN_ISSUER),
    given({ [`${ENTERPRISE}:sub`]: 'a' }),
    trustsOwn({ StringEquals: { [`${ENTERPRISE}:sub`]: 'a' } }),
  ),
  denied(
    'trust',
    'the key of the issuer without its path',
    STS_KEYS,
    open,
    by(OWN_ISSUER),
    trustsOwn({ StringEquals: { 'token.actions.githubusercontent.com:sub': 'a' } }),
  ),
  needs(
    [need(`${ENTERPRISE}:ref`, 'StringEquals', 'refs/heads/main')],
    'a claim of an issuer with a path',
    STS_ACTIONS,
    open,
    by(OWN_ISSUER),
    trustsOwn({ StringEquals: { [`${ENTERPRISE}:ref`]: 'refs/heads/main' } }),
  ),
  denied(
    'trust',
    'the issuer with a path for the one without',
    PRINCIPAL,
    by(OWN_ISSUER),
    trusts(lets({ Federated: `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com` }, WEB)),
  ),
  needs(
    [need('gitlab.com:project_id', 'StringEquals', '42')],
    'a claim of GitLab',
    STS_ACTIONS,
    open,
    by(GITLAB),
    trustsGitlab({ StringEquals: { 'gitlab.com:project_id': '42' } }),
  ),
  denied(
    'trust',
    'a claim that GitLab has, but STS does not hand on',
    STS_ACTIONS,
    open,
    by(GITLAB),
    trustsGitlab({ StringEquals: { 'gitlab.com:ref': 'main' } }),
  ),
];
