import {
  allowed,
  APP,
  APP_SESSION,
  ASSUME,
  boundary,
  denied,
  type Fact,
  FULL,
  given,
  GRANT,
  grants,
  known,
  lets,
  may,
  mayNot,
  NARROW,
  ROOT,
  sessionPolicy,
  TARGET,
  trusts,
} from '../language.ts';
import { ASSUME_ROLE, EVAL, PRINCIPAL } from '../sources.ts';

const BY_ARN = lets('*', ASSUME, { ArnEquals: { 'aws:PrincipalArn': APP } });
const WITH_ID = may(ASSUME, '*', { StringEquals: { 'sts:ExternalId': 'abc' } });

/** The policy of the session that calls, not one that the call passes on. */
export const sessionPolicies: readonly Fact[] = [
  denied('session', 'granted to the role, but not to this session', EVAL, trusts(ROOT), grants(GRANT), sessionPolicy(NARROW)),
  allowed('granted to the role and to this session', EVAL, trusts(ROOT), grants(GRANT), sessionPolicy(FULL)),
  allowed('a session policy that allows just this', EVAL, trusts(ROOT), grants(GRANT), sessionPolicy(GRANT)),
  denied('identity', 'a session policy grants nothing of its own', ASSUME_ROLE, trusts(ROOT), sessionPolicy(FULL)),
  denied('session', 'a role that is named is limited by the session policy', EVAL, trusts(APP), sessionPolicy(NARROW)),
  denied('session', 'a session policy without statements', EVAL, trusts(APP), sessionPolicy()),
  allowed('a role that is named needs no grant within the session policy', EVAL, trusts(APP), sessionPolicy(FULL)),
  known(
    'it takes the doubt about boundaries for one about session policies, too',
    allowed('a session that is named is not limited by its session policy', EVAL, trusts(APP_SESSION), sessionPolicy(NARROW)),
  ),
  allowed('a session that is named, within its session policy', EVAL, trusts(APP_SESSION), sessionPolicy(FULL)),
  denied('session', 'a Deny of the session policy, session named', EVAL, trusts(APP_SESSION), sessionPolicy(mayNot('sts:*', '*'))),
  denied('session', 'a Deny of the session policy, role named', EVAL, trusts(APP), sessionPolicy(FULL, mayNot(ASSUME, TARGET))),
  allowed('everybody, narrowed by aws:PrincipalArn, is not limited', PRINCIPAL, trusts(BY_ARN), sessionPolicy(NARROW)),
  denied('session', 'a Deny limits aws:PrincipalArn, too', PRINCIPAL, trusts(BY_ARN), sessionPolicy(FULL, mayNot('*', '*'))),
  denied('session', 'a session policy for another role', EVAL, trusts(APP), sessionPolicy(may(ASSUME, `${TARGET}2`))),
  allowed('a session policy under a condition that holds', EVAL, trusts(APP), sessionPolicy(WITH_ID), given({ 'sts:ExternalId': 'abc' })),
  denied('session', 'a session policy under a condition that does not', EVAL, trusts(APP), sessionPolicy(WITH_ID)),
  denied('session', 'within the boundary, outside of the session policy', EVAL, trusts(APP), boundary(FULL), sessionPolicy(NARROW)),
  denied('boundary', 'within the session policy, outside of the boundary', EVAL, trusts(APP), boundary(NARROW), sessionPolicy(FULL)),
  allowed('within both', EVAL, trusts(ROOT), grants(GRANT), boundary(FULL), sessionPolicy(FULL)),
];
