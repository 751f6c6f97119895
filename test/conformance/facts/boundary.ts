import {
  ALICE,
  alice,
  allowed,
  APP,
  APP_SESSION,
  ASSUME,
  boundary,
  denied,
  disputed,
  type Fact,
  FULL,
  given,
  GRANT,
  grants,
  lets,
  managedBoundary,
  may,
  mayNot,
  NARROW,
  ROOT,
  TARGET,
  trusts,
} from '../language.ts';
import { BOUNDARIES, EVAL, MANAGED, NOT_ACTION, PRINCIPAL, UPDATE_TRUST } from '../sources.ts';

const ANYONE = lets('*');
const APP_BY_ARN = lets('*', ASSUME, { ArnEquals: { 'aws:PrincipalArn': APP } });
const ALICE_BY_ARN = lets('*', ASSUME, { ArnEquals: { 'aws:PrincipalArn': ALICE } });
const NOT_IAM = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' };
const NOT_STS = { Effect: 'Allow', NotAction: 'sts:*', Resource: '*' };
const ONLY_S3 = { Effect: 'Deny', NotAction: 's3:*', Resource: '*' };
const FROM_OFFICE = may(ASSUME, '*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } });

export const boundaries: readonly Fact[] = [
  denied('boundary', 'granted, but not within the boundary', EVAL, alice, trusts(ROOT), grants(GRANT), boundary(NARROW)),
  denied('identity', 'within the boundary, but not granted', BOUNDARIES, alice, trusts(ROOT), boundary(FULL)),
  allowed('granted and within the boundary', BOUNDARIES, alice, trusts(ROOT), grants(GRANT), boundary(FULL)),
  allowed('a boundary that allows just this', BOUNDARIES, alice, trusts(ROOT), grants(GRANT), boundary(GRANT)),
  denied('boundary', 'a boundary without statements', BOUNDARIES, alice, trusts(ROOT), grants(GRANT), boundary()),
  denied('boundary', 'a role that is named is limited', EVAL, trusts(APP), boundary(NARROW)),
  denied('boundary', 'a role that is named is limited, granted or not', EVAL, trusts(APP), grants(FULL), boundary(NARROW)),
  allowed('a role that is named needs no grant within its boundary', EVAL, trusts(APP), boundary(FULL)),
  disputed('a user that is named, outside of its boundary', UPDATE_TRUST, alice, trusts(ALICE), boundary(NARROW)),
  disputed('a user that is named and granted, outside of its boundary', UPDATE_TRUST, alice, trusts(ALICE), grants(GRANT), boundary(NARROW)),
  disputed('a session that is named, outside of its boundary', EVAL, trusts(APP_SESSION), boundary(NARROW)),
  allowed('a user that is named, within its boundary', EVAL, alice, trusts(ALICE), boundary(FULL)),
  allowed('a session that is named, within its boundary', EVAL, trusts(APP_SESSION), boundary(FULL)),
  denied('boundary', 'a Deny of the boundary, user named', EVAL, alice, trusts(ALICE), boundary(FULL, mayNot('sts:*', '*'))),
  denied('boundary', 'a Deny of the boundary, session named', EVAL, trusts(APP_SESSION), boundary(FULL, mayNot('sts:*', '*'))),
  denied('boundary', 'a Deny of the boundary, role named', EVAL, trusts(APP), boundary(FULL, mayNot('sts:*', '*'))),
  denied('boundary', 'a Deny of the boundary, account trusted', EVAL, trusts(ROOT), grants(FULL), boundary(FULL, mayNot(ASSUME, TARGET))),
  allowed('everybody, narrowed by aws:PrincipalArn, is not limited by a boundary', PRINCIPAL, trusts(APP_BY_ARN), boundary(NARROW)),
  allowed('a user, by aws:PrincipalArn, is not limited by a boundary', PRINCIPAL, alice, trusts(ALICE_BY_ARN), boundary(NARROW)),
  denied('boundary', 'a Deny of the boundary limits aws:PrincipalArn, too', PRINCIPAL, trusts(APP_BY_ARN), boundary(FULL, mayNot('*', '*'))),
  disputed('everybody, with nothing that narrows it, outside of the boundary', PRINCIPAL, trusts(ANYONE), boundary(NARROW)),
  allowed('everybody, within the boundary', PRINCIPAL, trusts(ANYONE), boundary(FULL)),
  allowed('NotAction of another service leaves STS', NOT_ACTION, trusts(ROOT), grants(GRANT), boundary(NOT_IAM)),
  denied('boundary', 'NotAction of STS leaves it out', NOT_ACTION, trusts(ROOT), grants(GRANT), boundary(NOT_STS)),
  denied('boundary', 'a Deny of all but another service', NOT_ACTION, trusts(APP), boundary(FULL, ONLY_S3)),
  denied('boundary', 'a boundary for another role', BOUNDARIES, trusts(ROOT), grants(FULL), boundary(may(ASSUME, `${TARGET}2`))),
  allowed('a boundary under a condition that holds', BOUNDARIES, trusts(APP), boundary(FROM_OFFICE), given({ 'aws:SourceIp': '203.0.113.9' })),
  denied('boundary', 'a boundary under a condition that does not', BOUNDARIES, trusts(APP), boundary(FROM_OFFICE), given({ 'aws:SourceIp': '198.51.100.9' })),
  allowed('an AWS managed policy as boundary that allows STS', MANAGED, trusts(APP), managedBoundary('PowerUserAccess')),
  denied('boundary', 'an AWS managed policy as boundary that does not', MANAGED, trusts(APP), managedBoundary('ReadOnlyAccess')),
  denied('boundary', 'AWSDenyAll as boundary', MANAGED, alice, trusts(ALICE), managedBoundary('AWSDenyAll')),
];
