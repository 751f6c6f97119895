import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, type Documents, role, run, template } from '../support/documents.ts';

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
}

function explain(file: string | Uint8Array): { readonly status: number; readonly calls: readonly Explained[] } {
  const folder = mkdtempSync(join(tmpdir(), 'events-'));
  try {
    const path = join(folder, 'events.json');
    writeFileSync(path, file);
    const { status, output } = run(documents, ['explain', '--event', path, '--format', 'json']);
    return { status, calls: JSON.parse(output).calls };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('every shape of events is read', () => {
  const one = JSON.stringify(assumeRole);
  const other = { ...assumeRole, eventSource: 's3.amazonaws.com', eventName: 'GetObject' };
  test.each([
    ['one event', one],
    ['a list', JSON.stringify([other, assumeRole])],
    ['Records', JSON.stringify({ Records: [assumeRole, other] }, null, 2)],
    ['one a line', `${JSON.stringify(other)}\n${one}\n`],
    ['gzipped', gzipSync(JSON.stringify({ Records: [assumeRole] }))],
    ['lookup-events', JSON.stringify({ Events: [{ EventName: 'AssumeRole', CloudTrailEvent: one }] })],
    ['EventBridge', JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: assumeRole })],
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

test('an event of a call that worked is told as such', () => {
  const { errorCode: _, errorMessage: __, ...worked } = { ...assumeRole, requestParameters: { roleArn: PROD } };
  const { calls } = explain(JSON.stringify(worked));
  expect(calls[0]?.explanation).toEqual(['The event says that the call worked.']);
});

test('a file without events fails with one sentence', () => {
  expect(() => explain('{"Records": []}')).toThrow(/holds no CloudTrail event$/);
  expect(() => explain('no JSON')).toThrow(/holds no CloudTrail event$/);
  expect(() => run(documents, ['explain', '--event', 'none.json'])).toThrow(/cannot read none.json \(ENOENT\)/);
});
