import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, type Documents, role, run, template } from './support/documents.ts';

const TARGET = 'arn:aws:iam::444455556666:role/team/target';
const CI = 'arn:aws:iam::111122223333:role/ci';
const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const event = (caller: string, target: string, more: object = {}) => ({
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  eventTime: '2026-11-01T10:00:00Z',
  userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::111122223333:assumed-role/${caller}/s` },
  requestParameters: { roleArn: target, roleSessionName: 's' },
  ...more,
});
const token = (subject: string, more: object = {}) =>
  event('', TARGET, {
    eventName: 'AssumeRoleWithWebIdentity',
    userIdentity: {
      type: 'WebIdentityUser',
      principalId: `${GITHUB}:sts.amazonaws.com:${subject}`,
      userName: subject,
      identityProvider: GITHUB,
    },
    recipientAccountId: '444455556666',
    ...more,
  });
const grant = (resource: string) => `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${resource}"}`;
const target = (trust: string) => template(role('Target', { name: 'target', trust, more: 'Path: /team/' }));
const documents: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(
    role('Ci', { name: 'ci', grants: grant('arn:aws:iam::444455556666:role/*') }),
    role('Idle', { name: 'idle', grants: grant(TARGET) }),
  ),
  'prod.yaml': target(`- Effect: Allow
  Principal:
    AWS: arn:aws:iam::111122223333:root
  Action: sts:AssumeRole`),
};
const options = ['suggest', '--events', 'events.json'];

interface Suggestion {
  readonly kind: string;
  readonly message: string;
  readonly location: { readonly path: string };
  readonly edits: readonly { readonly path: string; readonly newText: string }[];
}

function suggested(files: Documents, events: readonly object[]) {
  const { output } = run({ ...files, 'events.json': JSON.stringify({ Records: events }) }, [
    ...options,
    '--format',
    'json',
  ]);
  const told: { readonly calls: number; readonly suggestions: readonly Suggestion[] } = JSON.parse(output);
  return told;
}

const diff = (files: Documents, events: readonly object[]): string =>
  run({ ...files, 'events.json': JSON.stringify(events) }, [...options, '--diff']).output;

const summary = ({ suggestions }: { readonly suggestions: readonly Suggestion[] }) =>
  suggestions.map(({ kind, edits }) => [kind, edits.map(({ newText }) => newText.trim()).join('\n')]);

describe('what is wider than what was used', () => {
  test('a pattern and a trusted account are narrowed, and what nobody used is told with the time', () => {
    const told = suggested(documents, [
      event('ci', TARGET),
      event('ci', TARGET, { eventTime: '2026-11-20T10:00:00Z' }),
    ]);
    expect(told.calls).toBe(1);
    expect(summary(told)).toEqual([
      ['narrow-trust', `AWS: ${CI}`],
      ['narrow-grant', `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${TARGET}"}`],
      ['unused', ''],
    ]);
    expect(told.suggestions[2]?.message).toBe(
      `arn:aws:iam::111122223333:role/idle never assumed ${TARGET}, from 2026-11-01 to 2026-11-20`,
    );
  });

  test('--diff gives the edits as git takes them', () => {
    const output = diff(documents, [event('ci', TARGET)]);
    expect(output).toContain('+++ b/tools.yaml');
    expect(output).toContain('+++ b/prod.yaml');
  });

  test('a caller that no event names is not shut out', () => {
    const named = event('ci', TARGET);
    const other = event('', TARGET, { userIdentity: { type: 'AWSAccount', accountId: '111122223333' } });
    expect(summary(suggested(documents, [named, other])).map(([kind]) => kind)).toEqual(['narrow-grant']);
  });

  test('a caller whose path the event tells is named with it', () => {
    const issuer = { sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/team/other' } } };
    const called = event('other', TARGET, {
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/other/s', ...issuer },
    });
    expect(summary(suggested(documents, [called]))[0]).toEqual([
      'narrow-trust',
      'AWS: arn:aws:iam::111122223333:role/team/other',
    ]);
  });

  test('the subjects of tokens that came take the place of a pattern', () => {
    const files = {
      ...documents,
      'prod.yaml': target(`- Effect: Allow
  Principal:
    Federated: ${GITHUB}
  Action: sts:AssumeRoleWithWebIdentity
  Condition:
    StringEquals:
      token.actions.githubusercontent.com:aud: sts.amazonaws.com
    StringLike:
      token.actions.githubusercontent.com:sub: repo:acme/app:*`),
    };
    const events = [token('repo:acme/app:ref:refs/heads/main'), token('repo:acme/app:environment:prod')];
    const told = suggested(files, events).suggestions.filter(({ kind }) => kind === 'narrow-subject');
    expect(told.map(({ edits }) => edits[0]?.newText.trim())).toEqual([
      'token.actions.githubusercontent.com:sub: ["repo:acme/app:environment:prod", "repo:acme/app:ref:refs/heads/main"]',
    ]);
    const [one] = suggested(files, events.slice(0, 1)).suggestions.filter(({ kind }) => kind === 'narrow-subject');
    expect(one?.edits[0]?.newText.trim()).toBe(
      'token.actions.githubusercontent.com:sub: repo:acme/app:ref:refs/heads/main',
    );
  });

  test('of calls between accounts whose logs are not there nothing is said', () => {
    const elsewhere = event('x', 'arn:aws:iam::777788889999:role/x', {
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::777788889999:user/x' },
      recipientAccountId: '777788889999',
    });
    expect(suggested(documents, [elsewhere]).suggestions).toEqual([]);
  });
});

describe('what nobody used is taken out of its list', () => {
  const used = [event('ci', TARGET)];
  const trusts: readonly (readonly [string, string, string])[] = [
    [
      'YAML, one a line',
      `- Effect: Allow
  Principal:
    AWS:
      - ${CI}
      - arn:aws:iam::111122223333:role/idle
  Action: sts:AssumeRole`,
      '-                - arn:aws:iam::111122223333:role/idle',
    ],
    [
      'YAML in brackets',
      `- {Effect: Allow, Principal: {AWS: ["${CI}", "arn:aws:iam::111122223333:role/idle"]}, Action: sts:AssumeRole}`,
      `+          - {Effect: Allow, Principal: {AWS: ["${CI}"]}, Action: sts:AssumeRole}`,
    ],
    [
      'the first of two',
      `- {Effect: Allow, Principal: {AWS: ["arn:aws:iam::111122223333:role/idle", "${CI}"]}, Action: sts:AssumeRole}`,
      `+          - {Effect: Allow, Principal: {AWS: ["${CI}"]}, Action: sts:AssumeRole}`,
    ],
    [
      'a statement of its own',
      `- {Effect: Allow, Principal: {AWS: "${CI}"}, Action: sts:AssumeRole}
- Effect: Allow
  Principal: {AWS: "arn:aws:iam::111122223333:role/idle"}
  Action: sts:AssumeRole`,
      '-            Principal: {AWS: "arn:aws:iam::111122223333:role/idle"}',
    ],
  ];
  test.each(trusts)('%s', (_, trust, line) => {
    const files = { ...documents, 'prod.yaml': target(trust) };
    const output = diff(files, used);
    expect(output).toContain(line);
    expect(output).not.toContain(`-                - ${CI}`);
  });

  test('JSON and HCL', () => {
    const json = {
      Resources: {
        Target: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'target',
            Path: '/team/',
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { AWS: [CI, 'arn:aws:iam::111122223333:role/idle'] },
                  Action: 'sts:AssumeRole',
                },
              ],
            },
          },
        },
      },
    };
    const { 'prod.yaml': _, ...rest } = documents;
    expect(diff({ ...rest, 'prod.json': `${JSON.stringify(json, null, 2)}\n` }, used)).toMatch(
      /\n-\s+"arn:aws:iam::111122223333:role\/ci",\n-\s+"arn:aws:iam::111122223333:role\/idle"\n\+\s+"arn:aws:iam::111122223333:role\/ci"\n/,
    );
    const hcl = `resource "aws_iam_role" "target" {
  name = "target"
  path = "/team/"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = ["${CI}", "arn:aws:iam::111122223333:role/idle"] }, Action = "sts:AssumeRole" },
    ]
  })
}
`;
    const config = `${ACCOUNTS.trimEnd()}\n`.replace('["prod*"]', '["prod*", "prod/**"]');
    expect(diff({ ...rest, [CONFIGURATION]: config, 'prod/main.tf': hcl }, used)).toContain(
      `+      { Effect = "Allow", Principal = { AWS = ["${CI}"] }, Action = "sts:AssumeRole" },`,
    );
  });

  test('a subject that no token had, and a block of Terraform', () => {
    const { 'prod.yaml': _, ...rest } = documents;
    const files = {
      ...rest,
      [CONFIGURATION]: ACCOUNTS.replace('["prod*"]', '["prod/**"]'),
      'prod/main.tf': `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["${GITHUB}"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values = [
        "repo:acme/app:ref:refs/heads/main",
        "repo:acme/lib:ref:refs/heads/main",
      ]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/idle"]
    }
  }
}
resource "aws_iam_role" "target" {
  name               = "target"
  path               = "/team/"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`,
    };
    const output = diff(files, [token('repo:acme/app:ref:refs/heads/main')]);
    expect(output).toContain('-        "repo:acme/lib:ref:refs/heads/main",');
    expect(output).toContain('-      identifiers = ["arn:aws:iam::111122223333:role/idle"]');
    expect(output).not.toContain('-        "repo:acme/app');
    expect(output.match(/^[-+] {2}statement \{$/gm)).toEqual(['-  statement {']);
  });

  test('a pattern of which some is used stays', () => {
    const files = {
      ...documents,
      'prod-2.yaml': template(
        role('Two', { name: 'two', trust: `- {Effect: Allow, Principal: {AWS: "${CI}"}, Action: sts:AssumeRole}` }),
      ),
    };
    const told = suggested(files, used).suggestions;
    expect(told.filter(({ kind, location }) => kind === 'unused' && location.path === 'tools.yaml')).toHaveLength(1);
    expect(told.filter(({ kind, location }) => kind === 'unused' && location.path === 'prod-2.yaml')).toHaveLength(1);
  });
});

describe('what is missing', () => {
  const files = {
    ...documents,
    'tools.yaml': template(role('Ci', { name: 'ci', grants: grant('arn:aws:iam::444455556666:role/none') })),
    'prod.yaml': target(`- {Effect: Allow, Principal: {AWS: "${CI}"}, Action: sts:AssumeRole}`),
  };

  test('the grant of a call that worked, or that AWS refused although the role lets the caller in', () => {
    for (const [kind, more] of [
      ['missing', {}],
      ['refused', { errorCode: 'AccessDenied', errorMessage: 'Access denied' }],
    ] as const) {
      const { suggestions } = suggested(files, [event('ci', TARGET, more)]);
      const [told] = suggestions.filter((one) => one.kind === kind);
      expect(told?.edits.map(({ newText }) => newText.trim()).join('\n')).toContain(TARGET);
      expect(told?.message).toContain(
        kind === 'missing' ? '(it worked once, on 2026-11-01)' : '(AWS refused it once, on 2026-11-01)',
      );
    }
  });

  test('both sides of a call that worked', () => {
    const neither = {
      ...files,
      'prod.yaml': target(
        '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/idle"}, Action: sts:AssumeRole}',
      ),
    };
    const { suggestions } = suggested(neither, [event('ci', TARGET)]);
    const [told] = suggestions.filter(({ kind }) => kind === 'missing');
    expect(told?.edits.map(({ path }) => path).sort()).toEqual(['prod.yaml', 'tools.yaml']);
  });

  test('a refused call that nothing in the documents wants is told, and not let in', () => {
    const neither = {
      ...files,
      'prod.yaml': target('- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}'),
    };
    const events = [event('ci', TARGET, { errorCode: 'AccessDenied', errorMessage: 'Access denied' })];
    const told = suggested(neither, events).suggestions.filter(({ kind }) => kind === 'refused');
    expect(told.map(({ edits }) => edits)).toEqual([[]]);
  });

  test('with the edits every call that was made works', () => {
    const events = JSON.stringify([event('ci', TARGET)]);
    const [edit] = suggested(files, [event('ci', TARGET)]).suggestions.flatMap(({ edits }) => edits);
    const lines = (files['tools.yaml'] ?? '').split('\n');
    const {
      startLine = 0,
      endLine = 0,
      newText = '',
    } = (edit ?? {}) as { startLine?: number; endLine?: number; newText?: string };
    lines.splice(startLine - 1, endLine - startLine + 1, newText);
    const mended = { ...files, 'tools.yaml': lines.join('\n'), 'events.json': events };
    const { suggestions } = JSON.parse(run(mended, [...options, '--format', 'json']).output);
    expect(suggestions.filter(({ kind }: Suggestion) => kind === 'missing')).toEqual([]);
  });
});

test('the order of the events changes nothing', () => {
  const events = [
    event('ci', TARGET),
    event('ci', TARGET, { eventTime: '2026-11-03T10:00:00Z' }),
    token('repo:acme/app:ref:refs/heads/main'),
    event('idle', TARGET, { errorCode: 'AccessDenied' }),
  ];
  const told = (order: readonly object[]): string =>
    run({ ...documents, 'events.json': JSON.stringify(order) }, [...options]).output;
  expect(told([...events].reverse())).toBe(told(events));
});

test('a call that two logs have is one', () => {
  const shared = { sharedEventID: 'shared' };
  const own = event('ci', TARGET, shared);
  const other = event('', TARGET, { ...shared, userIdentity: { type: 'AWSAccount', accountId: '111122223333' } });
  const files = { ...documents, 'a.json': JSON.stringify([own]), 'b.json': JSON.stringify([other]) };
  const { output } = run(files, ['suggest', '--events', 'b.json', '--events', 'a.json']);
  expect(output).toContain('1 call that worked');
  expect(output).toContain(`AWS: ${CI}`);
});

test('what cannot be used is said in one sentence', () => {
  expect(() => run({ ...documents, 'events.json': '{}' }, options)).toThrow(/events.json holds no CloudTrail event/);
  const s3 = JSON.stringify({ eventSource: 's3.amazonaws.com', eventName: 'GetObject' });
  expect(() => run({ ...documents, 'events.json': s3 }, options)).toThrow(
    /the events show no call that assumes a role/,
  );
  expect(() => run(documents, ['suggest'])).toThrow(/needs --events/);
});
