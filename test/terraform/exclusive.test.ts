import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check, type Documents, place } from '../support/documents.ts';

const DEPLOY = `
resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111122223333:root" } }]
  })
}
locals {
  assume = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.deploy.arn }]
  })
}
`;

/** A principal, the inline and managed policies that let it assume the role, and what is exclusive. */
function estate(kind: 'role' | 'user' | 'group', rest: string, own = ''): Documents {
  const trust = `assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })`;
  const principal =
    kind === 'group'
      ? `resource "aws_iam_group" "it" { name = "it" }
resource "aws_iam_user" "ci" { name = "ci" }
resource "aws_iam_user_group_membership" "ci" {
  user   = aws_iam_user.ci.name
  groups = [aws_iam_group.it.name]
}`
      : `resource "aws_iam_${kind}" "it" {
  name = "ci"
  ${kind === 'role' ? trust : ''}
  ${own}
}`;
  return { 'main.tf': `${DEPLOY}\n${principal}\n${rest}` };
}

const INLINE = (kind: string, name = 'name = "assume"') => `
resource "aws_iam_${kind}_policy" "assume" {
  ${name}
  ${kind}   = aws_iam_${kind}.it.name
  policy = local.assume
}`;

const MANAGED = (kind: string) => `
resource "aws_iam_policy" "assume" {
  name   = "assume"
  policy = local.assume
}
resource "aws_iam_${kind}_policy_attachment" "assume" {
  ${kind}       = aws_iam_${kind}.it.name
  policy_arn = aws_iam_policy.assume.arn
}`;

const only = (kind: string, sort: 'policies' | 'policy_attachments', list: string) => `
resource "aws_iam_${kind}_${sort}_exclusive" "it" {
  ${kind}_name = aws_iam_${kind}.it.name
  ${sort === 'policies' ? 'policy_names' : 'policy_arns'} = ${list}
}`;

function decisions(documents: Documents) {
  const { report } = check(documents, '--account', '111122223333');
  const granted = report.assumptions.filter(({ principal }) => /:(role|user)\/ci$/.test(principal));
  return { report, words: granted.map(({ decision }) => decision) };
}

test.each(['role', 'user', 'group'] as const)('what is listed stays with a %s', (kind) => {
  for (const name of ['name = "assume"', 'name_prefix = "assume-"', ''])
    expect(
      decisions(estate(kind, INLINE(kind, name) + only(kind, 'policies', `[aws_iam_${kind}_policy.assume.name]`)))
        .words,
    ).toEqual(['allowed']);
  expect(decisions(estate(kind, INLINE(kind) + only(kind, 'policies', '["assume"]'))).words).toEqual(['allowed']);
  expect(
    decisions(estate(kind, MANAGED(kind) + only(kind, 'policy_attachments', '[aws_iam_policy.assume.arn]'))).words,
  ).toEqual(['allowed']);
});

test.each(['role', 'user', 'group'] as const)('what is not listed is taken off a %s', (kind) => {
  const inline = estate(kind, INLINE(kind) + only(kind, 'policies', '["another"]'));
  const managed = estate(
    kind,
    MANAGED(kind) + only(kind, 'policy_attachments', '["arn:aws:iam::aws:policy/ReadOnlyAccess"]'),
  );
  for (const [documents, list] of [
    [inline, '["another"]'],
    [managed, '["arn:aws:iam::aws:policy/ReadOnlyAccess"]'],
  ] as const) {
    const { report, words } = decisions(documents);
    const undeclared = documents === inline;
    // A listed name that no document declares may stand for anything.
    expect(words).toEqual([undeclared ? 'unknown' : 'denied']);
    const [finding] = report.findings.filter(({ severity }) => severity === 'error');
    if (undeclared) expect(finding).toBeUndefined();
    else {
      expect(finding?.rule).toBe('missing-grant');
      expect(finding?.message).toContain(
        `aws_iam_${kind}_policy_attachments_exclusive.it does not list it and takes it off`,
      );
      expect(finding?.location).toEqual(place(documents, 'main.tf', list));
    }
  }
  expect(decisions(estate(kind, INLINE(kind) + only(kind, 'policies', '[]'))).words).toEqual(['denied']);
});

test('a list that is not known leaves it open', () => {
  const list = 'variable "names" { type = set(string) }\n';
  expect(decisions(estate('role', list + INLINE('role') + only('role', 'policies', 'var.names'))).words).toEqual([
    'unknown',
  ]);
});

test('an exclusive list that may not be there leaves it open', () => {
  const switched = only('role', 'policies', '[]').replace('{\n', '{\n  count = var.strict ? 1 : 0\n');
  const rest = `variable "strict" { type = bool }\n${INLINE('role')}${switched}`;
  expect(decisions(estate('role', rest)).words).toEqual(['unknown']);
});

test('a policy in the role itself is listed by its name', () => {
  const own = 'inline_policy {\n    name   = "assume"\n    policy = local.assume\n  }';
  expect(decisions(estate('role', only('role', 'policies', '["assume"]'), own)).words).toEqual(['allowed']);
  expect(decisions(estate('role', only('role', 'policies', '[]'), own)).words).toEqual(['denied']);
});

test('a role that lists its own policies and one that is attached besides are at odds', () => {
  expect(decisions(estate('role', MANAGED('role'), 'managed_policy_arns = []')).words).toEqual(['unknown']);
  expect(decisions(estate('role', INLINE('role'), 'inline_policy {}')).words).toEqual(['unknown']);
  const listed = 'managed_policy_arns = [aws_iam_policy.assume.arn]';
  expect(decisions(estate('role', MANAGED('role'), listed)).words).toEqual(['allowed']);
  // Each of the two sorts has its own list.
  expect(decisions(estate('role', INLINE('role'), 'managed_policy_arns = []')).words).toEqual(['allowed']);
});

test('in JSON syntax, too', () => {
  const exclusive = {
    resource: {
      aws_iam_role_policies_exclusive: { it: { role_name: '${aws_iam_role.it.name}', policy_names: [] } },
    },
  };
  expect(
    decisions({ ...estate('role', INLINE('role')), 'exclusive.tf.json': JSON.stringify(exclusive) }).words,
  ).toEqual(['denied']);
});

const OVER_STATE = {
  'main.tf': readFileSync(new URL('./over-state/main.tf', import.meta.url), 'utf8'),
  'plan.json': readFileSync(new URL('./over-state/plan.json', import.meta.url), 'utf8'),
};
const NEVER = `
expect:
  - principal: arn:aws:iam::111122223333:role/ci
    role: arn:aws:iam::111122223333:role/deploy
    decision: denied
`;

// The role was found with the grant in an inline policy that the plan rewrites, in another one that nobody declares, and in a
// managed one that the plan destroys.
test.each([
  ['alone', { 'plan.json': OVER_STATE['plan.json'] }],
  ['and its source', OVER_STATE],
])('what a plan found with a role is not what it leaves there: the plan %s', (_, documents) => {
  const { report } = check({ ...documents, '.github/assume-role-check.yml': NEVER }, '--account', '111122223333');
  expect(report.findings).toEqual([]);
  expect(report.assumptions.map(({ principal, decision }) => [principal, decision])).toContainEqual([
    'arn:aws:iam::111122223333:role/ci',
    'denied',
  ]);
});

test('a list that the plan leaves as it is takes nothing off', () => {
  const plan = JSON.parse(OVER_STATE['plan.json']) as { resource_changes: { address: string; change: object }[] };
  const changes = plan.resource_changes.map((one) => {
    const same = { policy_names: ['assume'], role_name: 'ci' };
    const kept = { actions: ['no-op'], before: same, after: same, after_unknown: {} };
    return one.address === 'aws_iam_role_policies_exclusive.ci' ? { ...one, change: kept } : one;
  });
  const kept = JSON.stringify({ ...plan, resource_changes: changes });
  const { report } = check({ 'plan.json': kept }, '--account', '111122223333');
  expect(report.assumptions.map(({ decision }) => decision)).toContain('allowed');
  expect(report.findings).toEqual([]);
});
