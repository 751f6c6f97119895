import {
  ALICE,
  APP,
  ASSUME,
  AWAY,
  account,
  alice,
  allowed,
  by,
  denied,
  FAR,
  FAR_GRANT,
  type Fact,
  far,
  forbids,
  given,
  grants,
  HOME,
  lets,
  policy,
  rcps,
  role,
  trusts,
} from '../language.ts';
import { KEYS, RCP, RCP_SYNTAX, TAGS } from '../sources.ts';

const WEB = 'sts:AssumeRoleWithWebIdentity';
const GITHUB = `arn:aws:iam::${HOME}:oidc-provider/token.actions.githubusercontent.com`;
const SUB = 'token.actions.githubusercontent.com:sub';
const LAMBDA = 'lambda.amazonaws.com';
const service = [by(LAMBDA), trusts(lets({ Service: LAMBDA }))];
const token = [by(GITHUB), trusts(lets({ Federated: GITHUB }, WEB))];
const call = [far, grants(FAR_GRANT)];

const OUTSIDE = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-one' } };
const OUTSIDE_NO_SERVICE = { ...OUTSIDE, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } };
const OTHER_REPOSITORY = { StringNotLike: { [SUB]: 'repo:octo-org/*' } };
const OTHERS_DEPUTY = {
  StringNotEquals: { 'aws:SourceAccount': HOME },
  Null: { 'aws:SourceAccount': 'false' },
  Bool: { 'aws:PrincipalIsAWSService': 'true' },
};
const LINKED = `arn:aws:iam::${HOME}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
const AUTOSCALING = 'autoscaling.amazonaws.com';

const LINKED_SESSION = `arn:aws:sts::${HOME}:assumed-role/AWSServiceRoleForAutoScaling/s1`;

export const resourceControlPolicies: readonly Fact[] = [
  allowed('RCPFullAWSAccess alone', RCP, ...call, rcps(AWAY)),
  denied('rcp', 'a Deny of everybody', RCP, ...call, rcps(AWAY, forbids(ASSUME))),
  denied(
    'rcp',
    'a Deny of the role’s account beats a direct trust',
    RCP,
    alice,
    trusts(ALICE),
    rcps(HOME, forbids(ASSUME)),
  ),
  allowed('the RCPs of the caller’s account are not the role’s', RCP, ...call, rcps(HOME, forbids(ASSUME))),
  denied(
    'rcp',
    'a Deny with everybody as {"AWS": "*"}',
    RCP_SYNTAX,
    ...call,
    rcps(AWAY, { ...forbids(ASSUME), Principal: { AWS: '*' } }),
  ),
  allowed('a Deny of another action', RCP, ...call, rcps(AWAY, forbids(WEB))),
  denied('rcp', 'a Deny of all of STS', RCP, ...call, rcps(AWAY, forbids('sts:*'))),
  denied('rcp', 'a Deny of this role', RCP_SYNTAX, ...call, rcps(AWAY, forbids(ASSUME, undefined, FAR))),
  allowed('a Deny of another role', RCP_SYNTAX, ...call, rcps(AWAY, forbids(ASSUME, undefined, `${FAR}2`))),
  denied(
    'rcp',
    'a Deny of all but another role',
    RCP_SYNTAX,
    ...call,
    rcps(AWAY, { Effect: 'Deny', Principal: '*', Action: ASSUME, NotResource: `${FAR}2` }),
  ),
  allowed(
    'a Deny of all but this role',
    RCP_SYNTAX,
    ...call,
    rcps(AWAY, { Effect: 'Deny', Principal: '*', Action: ASSUME, NotResource: FAR }),
  ),
  allowed('an RCP need not allow', RCP, ...call, account(AWAY, { rcps: [[policy(forbids(WEB))]] })),
  denied('rcp', 'any level may deny', RCP, ...call, account(AWAY, { rcps: [[], [policy(forbids(ASSUME))], []] })),
  denied('trust', 'an RCP trusts nobody', RCP, far, trusts(AWAY), grants(FAR_GRANT), rcps(AWAY)),
  allowed(
    'the caller is of the organization',
    KEYS,
    ...call,
    account(HOME, { organization: 'o-one' }),
    rcps(AWAY, forbids(ASSUME, OUTSIDE)),
  ),
  denied(
    'rcp',
    'the caller is of another organization',
    KEYS,
    ...call,
    account(HOME, { organization: 'o-two' }),
    rcps(AWAY, forbids(ASSUME, OUTSIDE)),
  ),
  denied('rcp', 'the caller is of no organization', KEYS, ...call, rcps(AWAY, forbids(ASSUME, OUTSIDE))),
  allowed(
    'a role of the management account is exempt',
    RCP,
    ...call,
    rcps(AWAY, forbids(ASSUME)),
    account(AWAY, { management: true }),
  ),
  denied(
    'rcp',
    'a caller of the management account is not',
    RCP,
    ...call,
    rcps(AWAY, forbids(ASSUME)),
    account(HOME, { management: true }),
  ),
  allowed(
    'a service-linked role is exempt',
    RCP,
    by(AUTOSCALING),
    role(LINKED),
    trusts(lets({ Service: AUTOSCALING })),
    rcps(HOME, forbids(ASSUME)),
  ),
  denied('rcp', 'a service is of no organization', KEYS, ...service, rcps(HOME, forbids(ASSUME, OUTSIDE))),
  allowed(
    'a service, where the RCP leaves services alone',
    KEYS,
    ...service,
    rcps(HOME, forbids(ASSUME, OUTSIDE_NO_SERVICE)),
  ),
  denied(
    'rcp',
    'a role outside, where the RCP leaves services alone',
    KEYS,
    ...call,
    rcps(AWAY, forbids(ASSUME, OUTSIDE_NO_SERVICE)),
  ),
  denied(
    'rcp',
    'a service that works for another account',
    KEYS,
    ...service,
    given({ 'aws:SourceAccount': AWAY }),
    rcps(HOME, forbids(ASSUME, OTHERS_DEPUTY)),
  ),
  allowed(
    'a service that works for this account',
    KEYS,
    ...service,
    given({ 'aws:SourceAccount': HOME }),
    rcps(HOME, forbids(ASSUME, OTHERS_DEPUTY)),
  ),
  allowed(
    'a service that does not say for whom it works',
    KEYS,
    ...service,
    rcps(HOME, forbids(ASSUME, OTHERS_DEPUTY)),
  ),
  denied('rcp', 'a token is of no organization', KEYS, ...token, rcps(HOME, forbids(WEB, OUTSIDE_NO_SERVICE))),
  allowed('a token, where the RCP is for sts:AssumeRole', RCP, ...token, rcps(HOME, forbids(ASSUME, OUTSIDE))),
  allowed(
    'a token of the repositories that the RCP names',
    RCP,
    ...token,
    given({ [SUB]: 'repo:octo-org/app:ref:refs/heads/main' }),
    rcps(HOME, forbids(WEB, OTHER_REPOSITORY)),
  ),
  denied(
    'rcp',
    'a token of another repository',
    RCP,
    ...token,
    given({ [SUB]: 'repo:other/app:ref:refs/heads/main' }),
    rcps(HOME, forbids(WEB, OTHER_REPOSITORY)),
  ),
  denied(
    'rcp',
    'tags, where the RCP denies sts:TagSession',
    TAGS,
    trusts(lets(APP, 'sts:*')),
    given({ 'aws:RequestTag/team': 'red' }),
    rcps(HOME, forbids('sts:TagSession')),
  ),
  allowed(
    'no tags, where the RCP denies sts:TagSession',
    TAGS,
    trusts(lets(APP, 'sts:*')),
    rcps(HOME, forbids('sts:TagSession')),
  ),
  allowed(
    'all but one role, by its ARN',
    KEYS,
    trusts(APP),
    rcps(HOME, forbids('sts:*', { ArnNotEquals: { 'aws:PrincipalArn': APP } })),
  ),
  denied(
    'rcp',
    'all but one role, the caller is another',
    KEYS,
    alice,
    trusts(ALICE),
    rcps(HOME, forbids('sts:*', { ArnNotEquals: { 'aws:PrincipalArn': APP } })),
  ),
  allowed(
    'a service-linked role that calls is exempt',
    RCP,
    by(LINKED_SESSION, LINKED),
    trusts(LINKED),
    rcps(HOME, forbids(ASSUME)),
  ),
];
