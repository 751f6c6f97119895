import type { Json } from '../../support/questions.ts';
import {
  ASSUME,
  AWAY,
  alice,
  allowed,
  denied,
  disputed,
  type Fact,
  FULL,
  grants,
  HOME,
  may,
  mayNot,
  type Piece,
  ROOT,
  role,
  TARGET,
  tagged,
  trusts,
} from '../language.ts';
import { IDENTIFIERS, NOT_RESOURCE, PARTITIONS, RESOURCE, TROUBLE_ROLES, VARIABLES } from '../sources.ts';

const IN_PATH = `arn:aws:iam::${HOME}:role/team/Target`;
/** The account is trusted; the caller is granted the action on this. */
const on =
  (resource: Json): Piece =>
  (made) =>
    grants(may(ASSUME, resource))(trusts(ROOT)(made));
const denyOn =
  (resource: Json): Piece =>
  (made) =>
    grants(FULL, mayNot(ASSUME, resource))(trusts(ROOT)(made));
const notOn =
  (resource: Json): Piece =>
  (made) =>
    grants({ Effect: 'Allow', Action: ASSUME, NotResource: resource })(trusts(ROOT)(made));
const arn = (resource: string): string => `arn:aws:iam::${HOME}:${resource}`;
const inPath = role(IN_PATH);
const red = tagged({ team: 'Target' });

export const resources: readonly Fact[] = [
  allowed('the role’s ARN', RESOURCE, on(TARGET)),
  allowed('everything', RESOURCE, on('*')),
  allowed('one of a list', RESOURCE, on([arn('role/Other'), TARGET])),
  denied('identity', 'none of a list', RESOURCE, on([arn('role/Other'), arn('role/Another')])),
  denied('identity', 'an empty list', RESOURCE, on([])),
  allowed('every role of the account', RESOURCE, on(arn('role/*'))),
  allowed('the start of a name', RESOURCE, on(arn('role/Tar*'))),
  allowed('the end of a name', RESOURCE, on(arn('role/*get'))),
  allowed('both ends of a name', RESOURCE, on(arn('role/T*t'))),
  allowed('a wildcard that stands for nothing', RESOURCE, on(arn('role/Target*'))),
  allowed('one letter by a question mark', RESOURCE, on(arn('role/Targe?'))),
  denied('identity', 'a question mark is not nothing', RESOURCE, on(arn('role/Target?'))),
  denied('identity', 'a question mark is not two letters', RESOURCE, on(arn('role/Targ?'))),
  allowed('everything of the account', RESOURCE, on(arn('*'))),
  allowed('every account', RESOURCE, on('arn:aws:iam::*:role/Target')),
  allowed('accounts by a pattern', RESOURCE, on('arn:aws:iam::1111*:role/Target')),
  denied('identity', 'other accounts by a pattern', RESOURCE, on('arn:aws:iam::2*:role/Target')),
  allowed('every partition', RESOURCE, on(`arn:*:iam::${HOME}:role/Target`)),
  denied('identity', 'another partition', PARTITIONS, on(`arn:aws-cn:iam::${HOME}:role/Target`)),
  denied('identity', 'another account', IDENTIFIERS, on(`arn:aws:iam::${AWAY}:role/Target`)),
  denied('identity', 'names are compared with their case', TROUBLE_ROLES, on(arn('role/target'))),
  denied('identity', 'patterns are compared with their case', TROUBLE_ROLES, on(arn('role/tar*'))),
  denied('identity', 'the word role in capitals', IDENTIFIERS, on(arn('Role/Target'))),
  denied('identity', 'a user of that name', IDENTIFIERS, on(arn('user/Target'))),
  denied('identity', 'the account’s root ARN', IDENTIFIERS, on(ROOT)),
  denied('identity', 'a session of the role', IDENTIFIERS, on(`arn:aws:sts::${HOME}:assumed-role/Target/*`)),
  denied('identity', 'a region in a role’s ARN', IDENTIFIERS, on(`arn:aws:iam:eu-west-1:${HOME}:role/Target`)),
  denied('identity', 'a name without its ARN', IDENTIFIERS, on('Target')),
  denied('identity', 'a space before the ARN', IDENTIFIERS, on(` ${TARGET}`)),
  denied(
    'identity',
    'a statement without a resource',
    RESOURCE,
    trusts(ROOT),
    grants({ Effect: 'Allow', Action: ASSUME }),
  ),
  denied('identity', 'the path is part of the ARN', IDENTIFIERS, inPath, on(TARGET)),
  denied('identity', 'a path that the role has not', IDENTIFIERS, on(IN_PATH)),
  allowed('the role’s ARN with its path', IDENTIFIERS, inPath, on(IN_PATH)),
  allowed('a wildcard spans the path', RESOURCE, inPath, on(arn('role/*'))),
  allowed('a wildcard for the path', RESOURCE, inPath, on(arn('role/*/Target'))),
  denied('identity', 'a wildcard for a path that is not there', RESOURCE, on(arn('role/*/Target'))),
  allowed('every role below a path', RESOURCE, inPath, on(arn('role/team/*'))),
  denied('identity', 'every role below another path', RESOURCE, inPath, on(arn('role/crew/*'))),
  allowed('all but another role', NOT_RESOURCE, notOn(arn('role/Other'))),
  denied('identity', 'all but this role', NOT_RESOURCE, notOn(TARGET)),
  denied('identity', 'all but every role', NOT_RESOURCE, notOn(arn('role/*'))),
  denied('identity', 'all but a list with this role', NOT_RESOURCE, notOn([arn('role/Other'), TARGET])),
  denied('identity', 'a Deny of this role', RESOURCE, denyOn(TARGET)),
  denied('identity', 'a Deny of a pattern', RESOURCE, denyOn(arn('role/T*'))),
  allowed('a Deny of another pattern', RESOURCE, denyOn(arn('role/X*'))),
  disputed('a pattern that ends before the account', RESOURCE, on('arn:aws:iam::*')),
  disputed('a pattern that ends after "arn"', RESOURCE, on('arn:*')),
  disputed('a wildcard that would have to cross a colon', RESOURCE, on('arn:aws:iam:*:role/Target')),
  disputed('a Deny whose wildcard would have to cross a colon', RESOURCE, denyOn('arn:aws:iam::*')),
  denied('identity', 'a short pattern that matches nowhere', RESOURCE, on('arn:aws:s3:::*')),
  allowed(
    'the caller’s name in the resource',
    VARIABLES,
    alice,
    role(arn('role/alice-role')),
    on(arn('role/${aws:username}-role')),
  ),
  denied(
    'identity',
    'another caller’s name in the resource',
    VARIABLES,
    alice,
    role(arn('role/bob-role')),
    on(arn('role/${aws:username}-role')),
  ),
  denied('identity', 'a variable without a value matches nothing', VARIABLES, on(arn('role/${aws:username}*'))),
  allowed('a tag in the resource', VARIABLES, red, on(arn('role/${aws:PrincipalTag/team}'))),
  denied('identity', 'a tag that is not there', VARIABLES, on(arn('role/${aws:PrincipalTag/team}*'))),
  allowed('a default for a tag that is not there', VARIABLES, on(arn("role/${aws:PrincipalTag/team, 'Target'}"))),
  denied(
    'identity',
    'a star in a tag is no wildcard',
    VARIABLES,
    tagged({ team: '*' }),
    on(arn('role/${aws:PrincipalTag/team}')),
  ),
  allowed('NotResource of a tag that is not there', VARIABLES, notOn(arn('role/${aws:PrincipalTag/team}'))),
  denied(
    'identity',
    'no variable takes the place of the account',
    VARIABLES,
    on('arn:aws:iam::${aws:PrincipalAccount}:role/Target'),
  ),
];
