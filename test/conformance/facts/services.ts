import {
  ALICE,
  allowed,
  APP,
  ASSUME,
  AWAY,
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
  role,
  trusts,
  when,
} from '../language.ts';
import type { Document } from '../../support/questions.ts';
import { CHINA, DEPUTY, EVAL, KEYS, POD_IDENTITY, PRINCIPAL, ROLES_ANYWHERE, SERVICE_PRINCIPALS, STS_ACTIONS } from '../sources.ts';

const LAMBDA = 'lambda.amazonaws.com';
const PODS = 'pods.eks.amazonaws.com';
const ANYWHERE = 'rolesanywhere.amazonaws.com';
const lambda: Piece = by(LAMBDA);
const trustsLambda = (condition?: Document): Piece => trusts(lets({ Service: LAMBDA }, ASSUME, condition));
const trustsAs = (name: string, ...actions: readonly string[]): Piece => trusts(lets({ Service: name }, actions));
const FUNCTION = `arn:aws:lambda:eu-west-1:${HOME}:function:work`;
const FOR_FUNCTION = { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:*:${HOME}:function:*` } };
const FOR_ACCOUNT = { StringEquals: { 'aws:SourceAccount': HOME } };
const NAMESPACE = { 'aws:TagKeys': ['kubernetes-namespace'], 'aws:RequestTag/kubernetes-namespace': 'default' };
const CERTIFICATE = { 'aws:TagKeys': ['x509Subject/CN'], 'sts:SourceIdentity': 'CN=web1' };

export const services: readonly Fact[] = [
  allowed('the trust alone admits a service', PRINCIPAL, lambda, trustsLambda()),
  denied('trust', 'another service', PRINCIPAL, lambda, trusts(lets({ Service: 'ec2.amazonaws.com' }))),
  denied('trust', 'a service of a similar name', PRINCIPAL, by('edgelambda.amazonaws.com'), trustsLambda()),
  allowed('a list of services', PRINCIPAL, lambda, trusts(lets({ Service: ['edgelambda.amazonaws.com', LAMBDA] }))),
  denied('trust', 'a trusted account has no services in it', PRINCIPAL, lambda, trusts(ROOT)),
  denied('trust', 'a trusted role is no service', PRINCIPAL, lambda, trusts(APP)),
  denied('trust', 'a service calls sts:AssumeRole', STS_ACTIONS, lambda, trustsAs(LAMBDA, 'sts:AssumeRoleWithWebIdentity')),
  denied('trust', 'the name without its domain', PRINCIPAL, lambda, trusts(lets({ Service: 'lambda' }))),
  denied('trust', 'a wildcard for the service', PRINCIPAL, lambda, trusts(lets({ Service: '*' }))),
  denied('trust', 'part of the name by a wildcard', PRINCIPAL, lambda, trusts(lets({ Service: '*.amazonaws.com' }))),
  denied('trust', 'a Deny of the service', EVAL, lambda, trusts(lets({ Service: LAMBDA }), { ...lets({ Service: LAMBDA }), Effect: 'Deny' })),
  allowed('a Deny of another service', EVAL, lambda, trusts(lets({ Service: LAMBDA }), { ...lets({ Service: 'ec2.amazonaws.com' }), Effect: 'Deny' })),
  allowed('a Deny of a user is none of a service', EVAL, lambda, trusts(lets({ Service: LAMBDA }), { ...lets(ALICE), Effect: 'Deny' })),
  allowed('for a resource of this account', DEPUTY, lambda, trustsLambda(FOR_ACCOUNT), given({ 'aws:SourceAccount': HOME })),
  denied('trust', 'for a resource of another account', DEPUTY, lambda, trustsLambda(FOR_ACCOUNT), given({ 'aws:SourceAccount': AWAY })),
  denied('trust', 'a service that does not say for whom', DEPUTY, lambda, trustsLambda(FOR_ACCOUNT)),
  allowed('for a resource that the pattern matches', DEPUTY, lambda, trustsLambda(FOR_FUNCTION), given({ 'aws:SourceArn': FUNCTION })),
  denied('trust', 'for a resource that the pattern does not match', DEPUTY, lambda, trustsLambda(FOR_FUNCTION), given({ 'aws:SourceArn': `arn:aws:lambda:eu-west-1:${AWAY}:function:work` })),
  denied('trust', 'StringEquals takes a wildcard literally', DEPUTY, lambda, trustsLambda({ StringEquals: { 'aws:SourceArn': 'arn:aws:lambda:*' } }), given({ 'aws:SourceArn': FUNCTION })),
  needs([need('aws:SourceAccount', 'StringEquals', HOME)], 'the service may say for whom it works', KEYS, open, lambda, trustsLambda(FOR_ACCOUNT)),
  denied('trust', 'a role never says for whom', KEYS, open, by(APP), when(FOR_ACCOUNT)),
  denied('trust', 'a service brings no external id', STS_ACTIONS, open, lambda, trustsLambda({ StringEquals: { 'sts:ExternalId': 'abc' } })),
  denied('trust', 'a service has no MFA', KEYS, open, lambda, trustsLambda({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })),
  allowed('aws:PrincipalIsAWSService is true', KEYS, lambda, trustsLambda({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })),
  denied('trust', 'aws:PrincipalIsAWSService is not false', KEYS, lambda, trustsLambda({ Bool: { 'aws:PrincipalIsAWSService': 'false' } })),
  allowed('aws:PrincipalServiceName is its name', KEYS, lambda, trustsLambda({ StringEquals: { 'aws:PrincipalServiceName': LAMBDA } })),
  allowed('aws:PrincipalServiceNamesList has its name', KEYS, lambda, trustsLambda({ 'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': [LAMBDA] } })),
  denied('trust', 'a service has no aws:PrincipalOrgID', KEYS, lambda, trustsLambda({ StringEquals: { 'aws:PrincipalOrgID': 'o-one' } })),
  allowed('a negated operator holds for a service without aws:PrincipalOrgID', KEYS, lambda, trustsLambda({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-one' } })),
  denied('trust', 'a service has no tags', KEYS, lambda, trustsLambda({ StringEquals: { 'aws:PrincipalTag/team': 'red' } })),
  denied('trust', 'a service has no aws:username', KEYS, lambda, trustsLambda({ StringLike: { 'aws:username': '*' } })),
  allowed('EKS Pod Identity with both actions', POD_IDENTITY, by(PODS), trustsAs(PODS, ASSUME, 'sts:TagSession'), given(NAMESPACE)),
  denied('trust', 'EKS Pod Identity without sts:TagSession', POD_IDENTITY, by(PODS), trustsAs(PODS, ASSUME), given(NAMESPACE)),
  allowed('EKS Pod Identity that sends no tags', POD_IDENTITY, by(PODS), trustsAs(PODS, ASSUME)),
  allowed('Roles Anywhere with its three actions', ROLES_ANYWHERE, by(ANYWHERE), trustsAs(ANYWHERE, ASSUME, 'sts:TagSession', 'sts:SetSourceIdentity'), given(CERTIFICATE)),
  denied('trust', 'Roles Anywhere without sts:SetSourceIdentity', ROLES_ANYWHERE, by(ANYWHERE), trustsAs(ANYWHERE, ASSUME, 'sts:TagSession'), given(CERTIFICATE)),
  denied('trust', 'Roles Anywhere without sts:TagSession', ROLES_ANYWHERE, by(ANYWHERE), trustsAs(ANYWHERE, ASSUME, 'sts:SetSourceIdentity'), given(CERTIFICATE)),
  disputed('the regional name of a service', SERVICE_PRINCIPALS, by('states.amazonaws.com'), trusts(lets({ Service: 'states.eu-west-1.amazonaws.com' }))),
  disputed('the global name for a regional one', SERVICE_PRINCIPALS, by('logs.eu-west-1.amazonaws.com'), trusts(lets({ Service: 'logs.amazonaws.com' }))),
  allowed('the same regional name', SERVICE_PRINCIPALS, by('logs.eu-west-1.amazonaws.com'), trusts(lets({ Service: 'logs.eu-west-1.amazonaws.com' }))),
  denied('trust', 'the name of another region', SERVICE_PRINCIPALS, by('logs.eu-west-1.amazonaws.com'), trusts(lets({ Service: 'logs.us-east-1.amazonaws.com' }))),
  allowed('EC2 in China', CHINA, by('ec2.amazonaws.com.cn'), role(`arn:aws-cn:iam::${HOME}:role/Target`), trusts(lets({ Service: 'ec2.amazonaws.com.cn' }))),
];
