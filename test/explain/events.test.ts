import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, type Documents, role, run, template, user } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const SUBJECT = 'token.actions.githubusercontent.com:sub';
const trust = `
  - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployer"}, Action: sts:AssumeRole, Condition: {StringEquals: {sts:ExternalId: abcdef}, IpAddress: {aws:SourceIp: 192.0.2.0/24}}}
  - {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRoleWithWebIdentity, Condition: {StringEquals: {"${SUBJECT}": "repo:acme/app:ref:refs/heads/main"}}}
`;
const documents: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(
    role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
  ),
  'prod.yaml': template(role('ProdDeploy', { name: 'prod-deploy', trust })),
};

const assumeRole = {
  eventVersion: '1.08',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/deployer/i-0abc',
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/deployer' },
      attributes: { mfaAuthenticated: 'false' },
    },
  },
  eventTime: '2026-11-20T10:00:00Z',
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.7',
  errorCode: 'AccessDenied',
  errorMessage: `User: arn:aws:sts::111122223333:assumed-role/deployer/i-0abc is not authorized to perform: sts:AssumeRole on resource: ${PROD}`,
  requestParameters: null,
};
const webIdentity = {
  ...assumeRole,
  userIdentity: {
    type: 'WebIdentityUser',
    principalId: `${GITHUB}:sts.amazonaws.com:repo:acme/app:pull_request`,
    userName: 'repo:acme/app:pull_request',
    identityProvider: GITHUB,
  },
  eventName: 'AssumeRoleWithWebIdentity',
  errorMessage: 'An unknown error occurred',
  requestParameters: { roleArn: PROD, roleSessionName: 'GitHubActions' },
};

interface Explained {
  readonly principal: string;
  readonly role: string;
  readonly action: string;
  readonly explanation: readonly string[];
  readonly assumptions: readonly { readonly decision: string; readonly context: Readonly<Record<string, unknown>> }[];
  readonly findings: readonly { readonly rule: string; readonly message: string; readonly fix?: unknown }[];
}

function explain(
  file: string | Uint8Array,
  files: Documents = documents,
): { readonly status: number; readonly calls: readonly Explained[]; readonly unread: number } {
  const folder = mkdtempSync(join(tmpdir(), 'events-'));
  try {
    const path = join(folder, 'events.json');
    writeFileSync(path, file);
    const { status, output } = run(files, ['explain', '--event', path, '--format', 'json']);
    const { calls, unread } = JSON.parse(output);
    return { status, calls, unread };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const one = JSON.stringify(assumeRole);

describe('every shape of events is read', () => {
  const other = { ...assumeRole, eventSource: 's3.amazonaws.com', eventName: 'GetObject' };
  test.each([
    ['one event', one],
    ['a list', JSON.stringify([other, assumeRole])],
    ['Records', JSON.stringify({ Records: [assumeRole, other] }, null, 2)],
    ['one a line', `${JSON.stringify(other)}\n${one}\n`],
    ['gzipped', gzipSync(JSON.stringify({ Records: [assumeRole] }))],
    ['lookup-events', JSON.stringify({ Events: [{ EventName: 'AssumeRole', CloudTrailEvent: one }] })],
    ['EventBridge', JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: assumeRole })],
    ['EventBridge, one a line', `${JSON.stringify({ detail: assumeRole })}\n${JSON.stringify({ detail: other })}`],
    ['filter-log-events', JSON.stringify({ events: [{ timestamp: 1, message: one }] })],
    [
      'a subscription of CloudWatch Logs',
      JSON.stringify({ logGroup: 'trail', logEvents: [{ id: '1', message: one }] }),
    ],
    ['CloudWatch Logs Insights', JSON.stringify({ results: [[{ field: '@message', value: one }]] })],
    ['an export of CloudWatch Logs', gzipSync(`2026-11-20T10:00:00.000Z ${one}\n2026-11-20T10:00:01.000Z ${one}\n`)],
    ['CloudTrail Lake, whole events', JSON.stringify({ QueryResultRows: [[{ eventJson: one }]] })],
    [
      'CloudTrail Lake, columns',
      JSON.stringify({
        QueryResultRows: [
          Object.entries(assumeRole).map(([name, value]) => ({
            [name]: typeof value === 'object' ? JSON.stringify(value) : value,
          })),
        ],
      }),
    ],
    ['a byte order mark', `\uFEFF${one}`],
    ['the same call again and again', JSON.stringify([assumeRole, assumeRole, assumeRole])],
  ])('%s', (_, file) => {
    const { calls } = explain(file);
    expect(calls.map(({ principal, role: called, action }) => [principal, called, action])).toEqual([
      ['arn:aws:sts::111122223333:assumed-role/deployer/i-0abc', PROD, 'sts:AssumeRole'],
    ]);
  });
});

test('the caller’s address is held against the condition', () => {
  const { status, calls } = explain(JSON.stringify(assumeRole));
  expect(status).toBe(0);
  expect(calls[0]?.assumptions.map(({ decision }) => decision)).toEqual(['denied']);
  expect(calls[0]?.assumptions[0]?.context).toMatchObject({ 'aws:SourceIp': '203.0.113.7' });
});

test('a call from the right address lacks the external id', () => {
  const { calls } = explain(JSON.stringify({ ...assumeRole, sourceIPAddress: '192.0.2.9' }));
  expect(calls[0]?.assumptions.map(({ decision }) => decision)).toEqual(['conditional']);
  expect(calls[0]?.explanation.join(' ')).toContain('sts:ExternalId StringEquals abcdef');
});

test('a web identity’s real subject is held against the trust policy', () => {
  const { status, calls } = explain(JSON.stringify(webIdentity));
  expect(status).toBe(0);
  expect([calls[0]?.principal, calls[0]?.role]).toEqual([GITHUB, PROD]);
  expect(calls[0]?.assumptions.map(({ decision }) => decision)).toEqual(['denied']);
  expect(calls[0]?.assumptions[0]?.context).toMatchObject({ [SUBJECT]: 'repo:acme/app:pull_request' });
});

test('an event may be pasted as the message', () => {
  const { output } = run(documents, ['explain', one, '--format', 'json']);
  expect(JSON.parse(output).calls[0].assumptions[0].context).toMatchObject({ 'aws:SourceIp': '203.0.113.7' });
});

test('lines that are no JSON are told', () => {
  const { calls, unread } = explain(`${one}\n{"eventSource": "sts.ama`);
  expect([calls.length, unread]).toEqual([1, 1]);
});

test('an event of a call that worked is told as such', () => {
  const { errorCode: _, errorMessage: __, ...worked } = { ...assumeRole, requestParameters: { roleArn: PROD } };
  const { calls } = explain(JSON.stringify(worked));
  expect(calls[0]?.explanation).toEqual(['The event says that the call worked.']);
});

test('a file without events fails with one sentence', () => {
  expect(() => explain('{"Records": []}')).toThrow(/holds no CloudTrail event$/);
  expect(() => explain('no JSON')).toThrow(/holds no CloudTrail event: it is no JSON$/);
  expect(() => explain('{"Records": [')).toThrow(/holds no CloudTrail event: its JSON is not whole$/);
  expect(() => explain('')).toThrow(/events.json is empty$/);
  expect(() => explain(gzipSync(one).subarray(0, 40))).toThrow(/its gzip data is cut off/);
  expect(() => run(documents, ['explain', '--event', 'none.json'])).toThrow(/cannot read none.json \(ENOENT\)/);
});

describe('who called', () => {
  const okta = 'arn:aws:iam::444455556666:saml-provider/Okta';
  const identities: Readonly<Record<string, readonly [identity: unknown, principal: string | undefined]>> = {
    'a session without its context': [
      { type: 'AssumedRole', arn: assumeRole.userIdentity.arn },
      assumeRole.userIdentity.arn,
    ],
    'a user': [{ type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ada' }, 'arn:aws:iam::111122223333:user/ada'],
    'a service': [{ type: 'AWSService', invokedBy: 'lambda.amazonaws.com' }, 'lambda.amazonaws.com'],
    'a service that no policy can name': [{ type: 'AWSService', invokedBy: 'AWS Internal' }, undefined],
    'a built-in provider': [
      { type: 'WebIdentityUser', identityProvider: 'accounts.google.com' },
      'accounts.google.com',
    ],
    'a SAML user, whose provider is a hash': [
      { type: 'SAMLUser', userName: 'ada', identityProvider: 'bdGOnTesti4=' },
      okta,
    ],
    'another account': [{ type: 'AWSAccount', principalId: 'AROAEXAMPLE:s', accountId: '111122223333' }, undefined],
    'a text where an object belongs': ['somebody', undefined],
  };
  test.each(Object.keys(identities))('%s', (name) => {
    const [userIdentity, principal] = identities[name] ?? [];
    const saml = principal === okta;
    const requestParameters = { roleArn: PROD, ...(saml ? { principalArn: okta } : {}) };
    const { calls } = explain(
      JSON.stringify({
        ...assumeRole,
        userIdentity,
        requestParameters,
        errorMessage: 'Access denied',
        ...(saml ? { eventName: 'AssumeRoleWithSAML' } : {}),
      }),
    );
    expect(calls.map((call) => [call.principal, call.role])).toEqual([[principal, PROD]]);
  });

  test('a caller of another account is one of those that the documents declare', () => {
    const userIdentity = { type: 'AWSAccount', principalId: 'AROAEXAMPLE:s', accountId: '111122223333' };
    const event = { ...assumeRole, userIdentity, errorMessage: 'Access denied', requestParameters: { roleArn: PROD } };
    const { calls } = explain(JSON.stringify(event));
    expect(calls[0]?.assumptions.map((one) => (one as { principal?: string }).principal)).toEqual([
      'arn:aws:iam::111122223333:role/deployer',
    ]);
    expect(calls[0]?.explanation.join(' ')).toContain('the documents declare one such call');
  });

  test('the root user is told that it cannot', () => {
    const event = {
      ...assumeRole,
      userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' },
      errorMessage: 'Roles may not be assumed by root accounts.',
    };
    const { status, calls } = explain(JSON.stringify(event));
    expect([status, calls[0]?.explanation.join(' ')]).toEqual([
      0,
      'An account’s root user cannot assume roles. Call as an IAM user or as a session of a role.',
    ]);
  });

  test('the path of a session’s role is in its issuer’s ARN', () => {
    const path =
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef';
    const files = {
      ...documents,
      'prod.yaml': template(
        role('ProdDeploy', {
          name: 'prod-deploy',
          trust: `- {Effect: Allow, Principal: {AWS: "${path}"}, Action: sts:AssumeRole, Condition: {StringEquals: {sts:ExternalId: abcdef}}}`,
        }),
      ),
    };
    const arn = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/ada';
    const sessionContext = { sessionIssuer: { type: 'Role', arn: path } };
    const event = {
      ...assumeRole,
      userIdentity: { type: 'AssumedRole', arn, sessionContext },
      requestParameters: { roleArn: PROD },
    };
    const told = explain(JSON.stringify(event), files).calls[0];
    expect(told?.findings.map(({ message }) => message).join()).toContain('asks for sts:ExternalId');
    // Without the issuer nobody knows the path, and nothing is said against the trust policy.
    const without = {
      ...event,
      userIdentity: { type: 'AssumedRole', arn },
      requestParameters: { roleArn: PROD, externalId: 'abcdef' },
    };
    expect(explain(JSON.stringify(without), files).calls[0]?.assumptions.map(({ decision }) => decision)).toEqual([
      'unknown',
    ]);
  });

  test('a call that both accounts logged is one', () => {
    const event = { ...assumeRole, sharedEventID: 'shared', requestParameters: { roleArn: PROD } };
    const other = { ...event, userIdentity: { type: 'AWSAccount', accountId: '111122223333' } };
    for (const both of [
      [event, other],
      [other, event],
    ])
      expect(explain(JSON.stringify(both)).calls.map(({ principal }) => principal)).toEqual([
        assumeRole.userIdentity.arn,
      ]);
  });
});

describe('what the call had', () => {
  const contextOf = (requestParameters: object, more: object = {}) =>
    explain(JSON.stringify({ ...assumeRole, requestParameters: { roleArn: PROD, ...requestParameters }, ...more }))
      .calls[0]?.assumptions[0]?.context;

  test('tags, those that stay, a source identity, an external id, a name', () => {
    expect(
      contextOf({
        roleSessionName: 's',
        externalId: 'abcdef',
        sourceIdentity: 'ada',
        tags: [
          { key: 'Project', value: 'a' },
          { key: 'Cost', value: 'b' },
        ],
        transitiveTagKeys: ['Project'],
        incomingTransitiveTags: { Department: 'Engineering' },
        durationSeconds: 3600,
        policyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      }),
    ).toMatchObject({
      'sts:RoleSessionName': 's',
      'sts:ExternalId': 'abcdef',
      'sts:SourceIdentity': 'ada',
      'aws:RequestTag/Project': 'a',
      'aws:RequestTag/Cost': 'b',
      'aws:TagKeys': ['Project', 'Cost'],
      'sts:TransitiveTagKeys': 'Project',
      'aws:PrincipalTag/Department': 'Engineering',
    });
  });

  test('tags of a token are an object', () => {
    const identity = {
      ...webIdentity,
      requestParameters: { roleArn: PROD, principalTags: { Project: 'a' }, transitiveTagKeys: ['Project'] },
    };
    const { calls } = explain(JSON.stringify(identity));
    expect(calls[0]?.assumptions[0]?.context).toMatchObject({
      'aws:RequestTag/Project': 'a',
      'aws:TagKeys': 'Project',
    });
    expect(calls[0]?.findings.map(({ rule }) => rule)).toEqual(['missing-trust']);
  });

  test('what a session keeps: its source identity', () => {
    const userIdentity = {
      ...assumeRole.userIdentity,
      sessionContext: { ...assumeRole.userIdentity.sessionContext, sourceIdentity: 'ada' },
    };
    expect(contextOf({}, { userIdentity })).toMatchObject({ 'sts:SourceIdentity': 'ada', 'aws:SourceIdentity': 'ada' });
  });

  test('an endpoint hides the address', () => {
    expect(contextOf({}, { vpcEndpointId: 'vpce-0abc' })).toMatchObject({
      'aws:SourceVpce': 'vpce-0abc',
      'aws:VpcSourceIp': '203.0.113.7',
    });
  });

  test('what a call lacks is told of this call, and no other id is written into the trust policy', () => {
    const without = explain(
      JSON.stringify({ ...assumeRole, sourceIPAddress: '192.0.2.9', requestParameters: { roleArn: PROD } }),
    );
    expect(
      without.calls[0]?.findings.map(({ rule, message }) => [rule, message.replace(/^.*asks for/, 'asks for')]),
    ).toEqual([['missing-trust', 'asks for sts:ExternalId StringEquals abcdef, and this call did not have that key']]);
    const wrong = explain(
      JSON.stringify({
        ...assumeRole,
        sourceIPAddress: '192.0.2.9',
        requestParameters: { roleArn: PROD, externalId: 'other' },
      }),
    );
    expect(
      wrong.calls[0]?.findings.map(({ message, fix }) => [message.replace(/^.*asks for/, 'asks for'), fix]),
    ).toEqual([['asks for sts:ExternalId StringEquals abcdef, and the call has other', undefined]]);
  });

  test('a user’s second factor is unknown where the event leaves the parameters out', () => {
    const trust =
      '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:user/ada"}, Action: sts:AssumeRole, Condition: {Bool: {aws:MultiFactorAuthPresent: "true"}}}';
    const files = {
      ...documents,
      'tools.yaml': template(
        user('Ada', { name: 'ada', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
      ),
      'prod.yaml': template(role('ProdDeploy', { name: 'prod-deploy', trust })),
    };
    const event = { ...assumeRole, userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/ada' } };
    const decided = (requestParameters: object | null) =>
      explain(JSON.stringify({ ...event, requestParameters }), files).calls[0]?.assumptions[0]?.decision;
    expect(decided(null)).toBe('conditional');
    expect(decided({ roleArn: PROD })).toBe('denied');
    expect(decided({ roleArn: PROD, serialNumber: 'arn:aws:iam::111122223333:mfa/ada' })).toBe('allowed');
  });

  test('an error that no policy decides is told with its call', () => {
    const event = {
      ...webIdentity,
      errorCode: 'InvalidIdentityToken',
      errorMessage: 'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
    };
    expect(explain(JSON.stringify(event)).calls[0]?.explanation.join(' ')).toContain(
      'has no identity provider for https://',
    );
    const coded = { ...assumeRole, errorCode: 'ExpiredTokenException', errorMessage: 'none of the known sentences' };
    expect(explain(JSON.stringify(coded)).calls[0]?.explanation.join(' ')).toContain('past their time');
  });
});
