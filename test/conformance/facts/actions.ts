import type { Json } from '../../support/questions.ts';
import {
  APP,
  ASSUME,
  allowed,
  by,
  calling,
  denied,
  type Fact,
  given,
  grantsDocument,
  HOME,
  lets,
  type Piece,
  policy,
  ROOT,
  TARGET,
  trusts,
  trustsDocument,
} from '../language.ts';
import { ACTION, EFFECT, NOT_ACTION, STS_ACTIONS, TAGS } from '../sources.ts';

/** The account is trusted; the caller is granted this action. */
const action = (written: Json): Piece => statement({ Effect: 'Allow', Action: written, Resource: '*' });
const not = (written: Json): Piece => statement({ Effect: 'Allow', NotAction: written, Resource: '*' });
const statement =
  (...written: readonly { readonly [name: string]: Json }[]): Piece =>
  (made) =>
    grantsDocument(policy(...written))(trusts(ROOT)(made));
const GITLAB = `arn:aws:iam::${HOME}:oidc-provider/gitlab.com`;
const ALL = { Effect: 'Allow', Action: '*', Resource: '*' };
const trustAction = (written: Json): Piece => trusts(lets(APP, written));

export const actions: readonly Fact[] = [
  allowed('the action itself', ACTION, action(ASSUME)),
  allowed('the service prefix in capitals', ACTION, action('STS:AssumeRole')),
  allowed('the name in small letters', ACTION, action('sts:assumerole')),
  allowed('every action of STS', ACTION, action('sts:*')),
  allowed('every action', ACTION, action('*')),
  allowed('a wildcard at the end', ACTION, action('sts:Assume*')),
  allowed('a wildcard at the end that stands for nothing', ACTION, action('sts:AssumeRole*')),
  allowed('a wildcard at the start', ACTION, action('sts:*Role')),
  allowed('a wildcard in the middle', ACTION, action('sts:A*Role')),
  allowed('one letter by a question mark', ACTION, action('sts:AssumeRol?')),
  denied('identity', 'a question mark is not nothing', ACTION, action('sts:AssumeRole?')),
  denied('identity', 'a question mark is not two letters', ACTION, action('sts:AssumeRo?')),
  allowed('wildcards ignore case, too', ACTION, action('STS:assume*')),
  denied('identity', 'another action of STS', ACTION, action('sts:GetCallerIdentity')),
  denied('identity', 'a pattern of other actions', ACTION, action('sts:Get*')),
  denied(
    'identity',
    'sts:AssumeRoleWithWebIdentity is another action',
    ACTION,
    action('sts:AssumeRoleWithWebIdentity'),
  ),
  denied('identity', 'a pattern of the longer names', ACTION, action('sts:AssumeRoleWith*')),
  denied('identity', 'sts:AssumeRoot is another action', STS_ACTIONS, action('sts:AssumeRoot')),
  denied('identity', 'iam:PassRole is another action', ACTION, action('iam:PassRole')),
  denied('identity', 'the same name of another service', ACTION, action('iam:AssumeRole')),
  denied('identity', 'a misspelt name', ACTION, action('sts:AsumeRole')),
  denied('identity', 'a name in the plural', ACTION, action('sts:AssumeRoles')),
  denied('identity', 'no service prefix', ACTION, action('AssumeRole')),
  denied('identity', 'an empty list', ACTION, action([])),
  allowed('one of a list', ACTION, action(['s3:GetObject', ASSUME])),
  denied('identity', 'none of a list', ACTION, action(['s3:GetObject', 'sts:TagSession'])),
  allowed('all but another service', NOT_ACTION, not('iam:*')),
  allowed('all but several services', NOT_ACTION, not(['iam:*', 'organizations:*', 'account:*'])),
  denied('identity', 'all but STS', NOT_ACTION, not('sts:*')),
  denied('identity', 'all but this action', NOT_ACTION, not('sts:assumerole')),
  denied('identity', 'all but a list with this action', NOT_ACTION, not(['s3:*', ASSUME])),
  denied(
    'identity',
    'a Deny of all but another service',
    NOT_ACTION,
    statement(ALL, { Effect: 'Deny', NotAction: 's3:*', Resource: '*' }),
  ),
  allowed('a Deny of all but STS', NOT_ACTION, statement(ALL, { Effect: 'Deny', NotAction: 'sts:*', Resource: '*' })),
  denied('identity', 'a statement without an action', ACTION, statement({ Effect: 'Allow', Resource: '*' })),
  denied(
    'identity',
    'an effect in small letters',
    EFFECT,
    statement({ Effect: 'allow', Action: ASSUME, Resource: TARGET }),
  ),
  denied('identity', 'a statement without an effect', EFFECT, statement({ Action: ASSUME, Resource: TARGET })),
  allowed('one statement in no list', ACTION, trusts(ROOT), grantsDocument({ Version: '2012-10-17', Statement: ALL })),
  allowed('sts:* in a trust', ACTION, trustAction('sts:*')),
  allowed('sts:AssumeRole* in a trust', ACTION, trustAction('sts:AssumeRole*')),
  allowed('an action in small letters in a trust', ACTION, trustAction('sts:assumerole')),
  allowed('a list in a trust', ACTION, trustAction([ASSUME, 'sts:TagSession'])),
  denied('trust', 'a misspelt name in a trust', ACTION, trustAction('sts:AssumRole')),
  denied(
    'trust',
    'a trust without an action',
    ACTION,
    trustsDocument(policy({ Effect: 'Allow', Principal: { AWS: APP } })),
  ),
  denied('trust', 'sts:TagSession alone', TAGS, trustAction('sts:TagSession')),
  denied('trust', 'the action of tokens for a role', STS_ACTIONS, trustAction('sts:AssumeRoleWithWebIdentity')),
  denied('trust', 'the action of assertions for a role', STS_ACTIONS, trustAction('sts:AssumeRoleWithSAML')),
  allowed(
    'sts:TagSession* says nothing of sts:AssumeRole, but another statement does',
    ACTION,
    trusts(lets(APP, 'sts:TagSession*'), lets(APP)),
  ),
  allowed(
    'a Deny of another action of the trust',
    ACTION,
    trusts(lets(APP), { ...lets(APP, 'sts:TagSession'), Effect: 'Deny' }),
  ),
  denied(
    'trust',
    'a Deny of another action that the call needs',
    TAGS,
    trusts(lets(APP, 'sts:*'), { ...lets(APP, 'sts:TagSession'), Effect: 'Deny' }),
    given({ 'aws:RequestTag/a': 'b' }),
  ),
  denied(
    'trust',
    'a token calls no sts:AssumeRole',
    STS_ACTIONS,
    by(GITLAB),
    calling(ASSUME),
    trusts(lets({ Federated: GITLAB }, 'sts:*')),
  ),
  denied(
    'trust',
    'a role calls no sts:AssumeRoleWithWebIdentity',
    STS_ACTIONS,
    calling('sts:AssumeRoleWithWebIdentity'),
    trusts(lets(APP, 'sts:*')),
  ),
  denied(
    'trust',
    'a service calls no sts:AssumeRoleWithSAML',
    STS_ACTIONS,
    by('lambda.amazonaws.com'),
    calling('sts:AssumeRoleWithSAML'),
    trusts(lets({ Service: 'lambda.amazonaws.com' }, 'sts:*')),
  ),
];
