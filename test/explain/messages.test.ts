import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, type Documents, role, run, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/deployer/i-0abc';
const grants = `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}`;
const documents: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants })),
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployre"}, Action: sts:AssumeRole}',
    }),
  ),
};
const ACCESS_DENIED = 'An error occurred (AccessDenied) when calling the AssumeRole operation: ';
const CALL = `User: ${SESSION} is not authorized to perform: sts:AssumeRole on resource: ${PROD}`;

interface Explained {
  readonly principal?: string;
  readonly role?: string;
  readonly action: string;
  readonly named?: { readonly layer: string; readonly deny: boolean; readonly policy?: string };
  readonly explanation: readonly string[];
  readonly assumptions: readonly { readonly decision: string; readonly context: Readonly<Record<string, unknown>> }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly location: { readonly path: string; readonly startLine: number };
    readonly fix?: { readonly edits: readonly { readonly newText: string }[] };
  }[];
}

function explain(message: string, files: Documents = documents): { status: number; call: Explained } {
  const { status, output } = run(files, ['explain', message, '--format', 'json']);
  return { status, call: JSON.parse(output).calls[0] };
}

const because = (layer: string) => `${CALL} because no ${layer} allows the sts:AssumeRole action`;
const denied = (layer: string) => `${CALL} with an explicit deny in ${layer}`;

describe('every wording names the call', () => {
  const wordings: readonly (readonly [string, string, Explained['named']?])[] = [
    ['without a reason', CALL],
    ['no identity policy', because('identity-based policy'), { layer: 'identity', deny: false }],
    ['no trust policy', because('role trust policy'), { layer: 'trust', deny: false }],
    ['a Deny in the trust policy', denied('the role trust policy'), { layer: 'trust', deny: true }],
    ['a Deny in an identity policy', denied('an identity-based policy'), { layer: 'identity', deny: true }],
    ['no boundary', because('permissions boundary'), { layer: 'boundary', deny: false }],
    ['a Deny in a boundary', denied('a permissions boundary'), { layer: 'boundary', deny: true }],
    ['no session policy', because('session policy'), { layer: 'session', deny: false }],
    ['a Deny in a sessions policy', denied('a sessions policy'), { layer: 'session', deny: true }],
    ['an SCP', denied('a service control policy'), { layer: 'scp', deny: true }],
    ['an RCP', denied('a resource control policy'), { layer: 'rcp', deny: true }],
    ['a VPC endpoint', because('VPC endpoint policy'), { layer: 'endpoint', deny: false }],
    [
      'a VPC endpoint, through an SCP',
      denied('a VPC endpoint policy transitively through a service control policy'),
      { layer: 'endpoint', deny: true },
    ],
    ['a resource policy', because('resource-based policy'), { layer: 'resource', deny: false }],
    [
      'an SCP with its ARN',
      denied(
        'a service control policy: arn:aws:organizations::777788889999:policy/o-abcd1234/service_control_policy/p-ab12cd34',
      ),
      {
        layer: 'scp',
        deny: true,
        policy: 'arn:aws:organizations::777788889999:policy/o-abcd1234/service_control_policy/p-ab12cd34',
      },
    ],
  ];
  test.each(wordings)('%s', (_, sentence, named) => {
    const { status, call } = explain(ACCESS_DENIED + sentence);
    expect([call.principal, call.role, call.action, call.named]).toEqual([SESSION, PROD, 'sts:AssumeRole', named]);
    expect(status).toBe(0);
  });
});

describe('every wrapping of a message is taken off', () => {
  const sentence = because('role trust policy');
  const wrappings: readonly (readonly [string, string])[] = [
    ['a terminal’s colours', `\u001b[31m${ACCESS_DENIED}\u001b[1m${sentence}\u001b[0m`],
    ['colours that lost their first character', `[31m${ACCESS_DENIED}${sentence}[0m`],
    ['line breaks between words', sentence.replaceAll(' ', '\n')],
    ['a terminal of 80 columns', (ACCESS_DENIED + sentence).replace(/.{80}/g, '$&\n')],
    ['a terminal of 100 columns', (ACCESS_DENIED + sentence).replace(/.{100}/g, '$&\r\n')],
    [
      'Terraform',
      `╷\n│ Error: Cannot assume IAM Role\n│ \n│   with provider["registry.terraform.io/hashicorp/aws"],\n│   on main.tf line 1, in provider "aws":\n│    1: provider "aws" {\n│ \n│ IAM Role (${PROD}) cannot be assumed.\n│ \n│ Error: operation error STS: AssumeRole, https response error StatusCode:\n│ 403, RequestID: 3f0e, api error AccessDenied: ${sentence}\n╵`,
    ],
    ['a log of GitHub Actions', `2026-11-23T10:00:00.1234567Z ##[error]Could not assume role: ${sentence}`],
    ['the SDK for JavaScript', `AccessDenied: ${sentence}\n    at throwDefaultError (/app/node_modules/x.js:8:22)`],
    ['boto3', `botocore.exceptions.ClientError: ${ACCESS_DENIED}${sentence}`],
    ['JSON', JSON.stringify({ Error: { Code: 'AccessDenied', Message: `"${sentence}"` } })],
    ['a sentence around it', `It says "${CALL}", and I do not see why.`],
  ];
  test.each(wrappings)('%s', (_, pasted) => {
    const { call } = explain(pasted);
    expect([call.principal, call.role, call.action]).toEqual([SESSION, PROD, 'sts:AssumeRole']);
    expect(call.findings.map(({ rule, location }) => `${rule} ${location.path}`)).toEqual(['missing-trust prod.yaml']);
  });
});

test('a denial is told with its place, the nearest miss and the edit', () => {
  const { output, status } = run(documents, ['explain', ACCESS_DENIED + because('role trust policy')]);
  expect(status).toBe(0);
  expect(output).toContain(`${SESSION} called sts:AssumeRole on ${PROD}, and AWS refused`);
  expect(output).toContain('By the documents, too, it is denied:');
  expect(output).toContain('prod.yaml:10:');
  expect(output).toContain('one letter off');
  expect(output).toContain('fix: write arn:aws:iam::111122223333:role/deployer (decided again: allowed)');
  expect(output).not.toContain('message:1');
});

test('a missing tag permission is asked of both sides', () => {
  const { call } = explain(`User: ${SESSION} is not authorized to perform: sts:TagSession on resource: ${PROD}`, {
    ...documents,
    'prod.yaml': template(
      role('ProdDeploy', {
        name: 'prod-deploy',
        trust:
          '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployer"}, Action: [sts:AssumeRole, sts:TagSession]}',
      }),
    ),
  });
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['denied']);
  expect(call.findings.map(({ rule, location }) => `${rule} ${location.path}`)).toEqual([
    'missing-tag-session tools.yaml',
  ]);
});

test('a call that the documents allow is told as such, with what may keep it out', () => {
  const files = { ...documents, 'prod.yaml': (documents['prod.yaml'] ?? '').replace('deployre', 'deployer') };
  const { status, call } = explain(denied('a service control policy'), files);
  expect(status).toBe(1);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['allowed']);
  expect(call.explanation.join(' ')).toMatch(/By the documents it is allowed.*accounts\.\*\.scps/);
});

test('a role that no document declares is told as such', () => {
  const { status, call } = explain(CALL.replace('prod-deploy', 'other'), {
    ...documents,
    'tools.yaml': (documents['tools.yaml'] ?? '').replace('role/prod-deploy', 'role/o*'),
  });
  expect(status).toBe(1);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['unknown']);
  expect(call.explanation.join(' ')).toContain(
    'the role arn:aws:iam::444455556666:role/other, which no document declares',
  );
});

const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const oidc: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRoleWithWebIdentity, Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com, "token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}}}`,
    }),
  ),
};

test('a web identity’s message names nobody: the declared calls are told, and what they ask for', () => {
  const message = 'Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity';
  const { status, call } = explain(message, oidc);
  expect(status).toBe(0);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['conditional']);
  expect(call.explanation.join(' ')).toContain(
    'token.actions.githubusercontent.com:sub StringEquals repo:acme/app:ref:refs/heads/main',
  );
});

describe('errors that no policy decides', () => {
  test.each([
    [
      'InvalidIdentityToken: No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
      'has no identity provider for https://token.actions.githubusercontent.com',
    ],
    ['InvalidIdentityToken: Incorrect token audience', 'audience (aud)'],
    [
      "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider, please reference it",
      'could not verify',
    ],
    [
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'MaxSessionDuration',
    ],
    [
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      'one hour at most',
    ],
    ['Roles may not be assumed by root accounts.', 'root user cannot assume roles'],
    ['ExpiredToken: The security token included in the request is expired', 'past their time'],
    ['PackedPolicyTooLarge: Packed size of session tags consumes 107%', 'too large'],
    ['RegionDisabledException: STS is not activated in this region', 'not active in this region'],
    [
      'UnauthorizedOperation: You are not authorized. Encoded authorization failure message: 4GKs9',
      'decode-authorization-message',
    ],
  ])('%s', (message, says) => {
    const { status, call } = explain(message);
    expect(status).toBe(0);
    expect(call.explanation.join(' ')).toContain(says);
  });
});

test('a policy that could not be saved is found by the principal that AWS names', () => {
  const files = {
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': template(
      role('ProdDeploy', {
        name: 'prod-deploy',
        trust: '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:group/ops"}, Action: sts:AssumeRole}',
      }),
    ),
  };
  const { status, call } = explain(
    'MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/ops"',
    files,
  );
  expect(status).toBe(0);
  expect(call.findings.map(({ rule }) => rule)).toEqual(['invalid-principal']);
});

test('a service that cannot assume the role says so in its own words', () => {
  const { call } = explain(`Provided role '${PROD}' cannot be assumed by principal 'events.amazonaws.com'.`);
  expect([call.principal, call.role]).toEqual(['events.amazonaws.com', PROD]);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['denied']);
});

test('a text that is no such error fails with one sentence', () => {
  expect(() => run(documents, ['explain', 'connection reset by peer'])).toThrow(/^this is no error that AWS answers/);
  expect(() => run(documents, ['explain'])).toThrow(/^explain needs the message/);
});
