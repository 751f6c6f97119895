import {
  account,
  ALICE,
  alice,
  allowed,
  APP,
  ASSUME,
  AWAY,
  by,
  denied,
  type Fact,
  FAR,
  far,
  FAR_GRANT,
  FULL,
  given,
  GRANT,
  grants,
  HOME,
  lets,
  may,
  mayNot,
  NARROW,
  ROOT,
  role,
  scps,
  tagged,
  trusts,
} from '../language.ts';
import { KEYS, SCP, SCP_EVAL, TAGS } from '../sources.ts';

const NO_STS = mayNot('sts:*', '*');
const EXCEPT_APP = mayNot('sts:*', '*', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/App' } });
const OWN_ORG = mayNot(ASSUME, '*', { StringNotEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } });
const EXCEPT_TARGET = { Effect: 'Deny', Action: ASSUME, NotResource: FAR };
const EXCEPT_OTHER = { Effect: 'Deny', Action: ASSUME, NotResource: `arn:aws:iam::${AWAY}:role/Other` };
const ONLY_RED = mayNot(ASSUME, '*', { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } });
const LINKED = `arn:aws:iam::${HOME}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const LINKED_SESSION = `arn:aws:sts::${HOME}:assumed-role/AWSServiceRoleForAutoScaling/s1`;
const GITHUB = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`;

export const serviceControlPolicies: readonly Fact[] = [
  allowed('FullAWSAccess at every level', SCP_EVAL, scps([FULL], [FULL], [FULL])),
  denied('scp', 'one level allows nothing of STS', SCP_EVAL, scps([FULL], [NARROW], [FULL])),
  denied('scp', 'the last level allows nothing of STS', SCP_EVAL, scps([FULL], [FULL], [NARROW])),
  denied('scp', 'a level without any policy', SCP_EVAL, scps([FULL], [])),
  allowed('one of several policies of a level allows', SCP_EVAL, scps([FULL], [NARROW, FULL])),
  allowed('each level allows by a policy of its own', SCP_EVAL, scps([may('sts:*', '*')], [may(ASSUME, '*')])),
  denied('scp', 'a Deny at the root of the organization', SCP_EVAL, scps([FULL, NO_STS], [FULL])),
  denied('scp', 'a Deny at the account', SCP_EVAL, scps([FULL], [FULL, NO_STS])),
  denied('scp', 'the trust of a role that is named does not help', SCP_EVAL, trusts(APP), scps([NARROW])),
  denied('scp', 'the trust of a user that is named does not help', SCP_EVAL, alice, trusts(ALICE), scps([NARROW])),
  denied('identity', 'an SCP grants nothing', SCP, trusts(ROOT), scps([FULL])),
  denied('trust', 'an SCP trusts nobody', SCP, trusts(ALICE), grants(FULL), scps([FULL])),
  denied('scp', 'a Deny of the roles of another account', SCP_EVAL, far, grants(FAR_GRANT), scps([FULL, mayNot(ASSUME, `arn:aws:iam::${AWAY}:role/*`)])),
  allowed('a Deny of the roles of a third account', SCP_EVAL, far, grants(FAR_GRANT), scps([FULL, mayNot(ASSUME, 'arn:aws:iam::333333333333:role/*')])),
  allowed('the SCPs of the role’s account are not the caller’s', SCP, far, grants(FAR_GRANT), account(AWAY, { scps: [[]] })),
  denied('scp', 'the SCPs of the caller’s account are', SCP, far, grants(FAR_GRANT), scps([NARROW])),
  allowed('the management account is exempt', SCP, scps([NO_STS]), account(HOME, { management: true })),
  denied('scp', 'that the role’s account is the management account does not exempt the caller', SCP, far, grants(FAR_GRANT), scps([NARROW]), account(AWAY, { management: true })),
  allowed('a service-linked role is exempt', SCP, by(LINKED_SESSION, LINKED), trusts(LINKED), scps([NARROW])),
  allowed('a service is no user or role of the account', SCP, by('lambda.amazonaws.com'), trusts(lets({ Service: 'lambda.amazonaws.com' })), scps([NO_STS])),
  allowed('a token is no user or role of the account', SCP, by(GITHUB), trusts(lets({ Federated: GITHUB }, 'sts:AssumeRoleWithWebIdentity')), scps([NO_STS])),
  denied('scp', 'a Deny of all but one role, the caller is another', SCP_EVAL, alice, trusts(ALICE), scps([FULL, EXCEPT_APP])),
  allowed('a Deny of all but one role, the caller is that one', SCP_EVAL, trusts(APP), scps([FULL, EXCEPT_APP])),
  denied('scp', 'a Deny of all but some roles, this is another', SCP_EVAL, far, grants(FAR_GRANT), scps([FULL, EXCEPT_OTHER])),
  allowed('a Deny of all but some roles, this is one of them', SCP_EVAL, far, grants(FAR_GRANT), scps([FULL, EXCEPT_TARGET])),
  denied('scp', 'a Deny with NotAction', SCP_EVAL, scps([FULL, { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }])),
  allowed('a Deny with NotAction that leaves STS alone', SCP_EVAL, scps([FULL, { Effect: 'Deny', NotAction: ['s3:*', 'sts:*'], Resource: '*' }])),
  denied('scp', 'a Deny by a tag that the role has not', KEYS, scps([FULL, ONLY_RED]), tagged({ team: 'blue' })),
  allowed('a Deny by a tag that the role has', KEYS, scps([FULL, ONLY_RED]), tagged({ team: 'red' })),
  denied('scp', 'a Deny of roles outside of the organization', KEYS, far, grants(FAR_GRANT), account(HOME, { organization: 'o-one' }), account(AWAY, { organization: 'o-two' }), scps([FULL, OWN_ORG])),
  allowed('a Deny of roles outside, this one is inside', KEYS, far, grants(FAR_GRANT), account(HOME, { organization: 'o-one' }), account(AWAY, { organization: 'o-one' }), scps([FULL, OWN_ORG])),
  denied('scp', 'tags need sts:TagSession of the SCPs, too', TAGS, trusts(lets(APP, 'sts:*')), given({ 'aws:RequestTag/team': 'red' }), scps([may(ASSUME, '*')])),
  allowed('an SCP with a wildcard at the end of its action', SCP_EVAL, scps([may('sts:Assume*', '*')])),
  denied('scp', 'SCPs, the role is in the same account by a path', SCP_EVAL, role(`arn:aws:iam::${HOME}:role/team/Target`), grants(GRANT), scps([NARROW])),
];
