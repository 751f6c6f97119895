import { expect, test } from 'vitest';
import { explain } from '../../src/iam/explain.ts';
import { questionOf } from '../support/questions.ts';
import {
  ALICE,
  APP,
  APP_SESSION,
  ASSUME,
  alice,
  bars,
  boundary,
  by,
  FAR,
  FULL,
  far,
  forbids,
  GRANT,
  given,
  grants,
  HOME,
  lets,
  mayNot,
  NARROW,
  type Piece,
  ROOT,
  rcps,
  scenario,
  scps,
  sessionPolicy,
  TARGET,
  trusts,
} from './language.ts';

const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/gitlab.com`;
const DENIED: Piece = grants(mayNot(ASSUME, '*'));

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
test.each<[string, readonly Piece[]]>([
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} because no role trust policy allows the sts:AssumeRole action`,
    [trusts(ALICE)],
  ],
  [
    `User: ${ALICE} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} because no identity-based policy allows the sts:AssumeRole action`,
    [alice, trusts(ROOT)],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${FAR} because no identity-based policy allows the sts:AssumeRole action`,
    [far],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} because no permissions boundary allows the sts:AssumeRole action`,
    [grants(GRANT), boundary(NARROW)],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} because no session policy allows the sts:AssumeRole action`,
    [grants(GRANT), sessionPolicy(NARROW)],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in the role trust policy`,
    [trusts(lets(APP), bars(APP))],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in an identity-based policy`,
    [DENIED],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in a permissions boundary`,
    [boundary(FULL, mayNot(ASSUME, '*'))],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in a session policy`,
    [sessionPolicy(FULL, mayNot(ASSUME, '*'))],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in a service control policy`,
    [scps([FULL], [mayNot(ASSUME, '*'), FULL])],
  ],
  // An SCP that merely does not allow is told so, too.
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in a service control policy`,
    [scps([FULL], [NARROW])],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${TARGET} with an explicit deny in a resource control policy`,
    [rcps(HOME, forbids(ASSUME))],
  ],
  // What the call carries has an action of its own.
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:TagSession on resource: ${TARGET} because no role trust policy allows the sts:TagSession action`,
    [given({ 'aws:RequestTag/team': 'red' })],
  ],
  [
    `User: ${APP_SESSION} is not authorized to perform: sts:SetSourceIdentity on resource: ${TARGET} because no role trust policy allows the sts:SetSourceIdentity action`,
    [given({ 'sts:SourceIdentity': 'ann' })],
  ],
  // An unsigned call is told neither who called nor why.
  ['Not authorized to perform sts:AssumeRoleWithWebIdentity', [by(PROVIDER)]],
  ['Not authorized to perform sts:AssumeRoleWithSAML', [by(`arn:aws:iam::${HOME}:saml-provider/Office`)]],
])('%s', (sentence, pieces) => {
  expect(explain(questionOf(scenario(...pieces))).answer).toBe(sentence);
});

test('there is no answer to what is allowed', () => {
  expect(explain(questionOf(scenario())).answer).toBeUndefined();
});
