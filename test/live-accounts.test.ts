import { describe, expect, test } from 'vitest';
import {
  type Answer,
  CREDENTIALS,
  checkLive,
  commandIn,
  grant,
  granting,
  trust,
  trusting,
} from './support/aws/checked-live.ts';
import { type Account, iamServer, type ServerFault } from './support/aws/iam-server.ts';
import { lines, role } from './support/documents.ts';

/** Look-ups of the bundled command line, against an IAM over HTTP. */
const TOOLS = 'arn:aws:iam::111122223333:';
const PROD = 'arn:aws:iam::444455556666:';
function decisionOn({ report }: Answer, target: string): string | undefined {
  return report.assumptions.find(({ role }) => role === target)?.decision;
}

const messages = ({ report }: Answer) => report.diagnostics.map(({ message }) => message);

const OWN = ['--account', '111122223333'];

test('without the option nothing is asked, and every byte is the same', async () => {
  const server = await iamServer({ '111122223333': {} });
  try {
    const documents = { 'app.yaml': granting(`${TOOLS}role/target`) };
    const options = ['--format', 'json', ...OWN];
    const bare = await commandIn(documents, options, {});
    const full = await commandIn(documents, options, { ...CREDENTIALS, AWS_ENDPOINT_URL: server.url });
    expect(full).toEqual(bare);
    expect(server.calls).toEqual([]);
  } finally {
    await server.close();
  }
});

describe('a role that no document declares', () => {
  const target = `${TOOLS}role/target`;

  test.each([
    ['trusts the caller', `${TOOLS}role/app`, 'allowed', 0],
    ['trusts another', `${TOOLS}role/other`, 'denied', 1],
  ])('%s', async (_, principal, decision, status) => {
    const accounts = { '111122223333': { roles: { target: { trust: trust(principal) } } } };
    const answer = await checkLive({ 'app.yaml': granting(target) }, { accounts, options: OWN });
    expect(decisionOn(answer, target)).toBe(decision);
    expect(answer.status).toBe(status);
    expect(answer.report.findings.every(({ location }) => location.path === 'app.yaml')).toBe(true);
    expect(answer.calls).toEqual(['GetCallerIdentity', 'GetRole target']);
  });

  test('is not there: that is sure then', async () => {
    const answer = await checkLive(
      { 'app.yaml': granting(target) },
      { accounts: { '111122223333': {} }, options: OWN },
    );
    expect(answer.report.findings).toMatchObject([
      { rule: 'role-not-found', severity: 'warning', location: { path: 'app.yaml' } },
    ]);
    expect(answer.report.diagnostics).toEqual([]);
  });

  test('stands in another path than the grant says', async () => {
    const accounts = { '111122223333': { roles: { target: { trust: trust(`${TOOLS}role/app`), path: '/team/' } } } };
    const answer = await checkLive({ 'app.yaml': granting(target) }, { accounts, options: OWN });
    expect(answer.report.findings).toMatchObject([{ rule: 'role-not-found' }]);
  });
});

describe('a principal that no document declares', () => {
  const deployer = `${TOOLS}role/deployer`;
  const app = `${TOOLS}role/app`;

  test('a role, by its inline, attached and limiting policies, over all pages', async () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, grant(`${TOOLS}role/${name}`)]));
    const attached = ['p1', 'p2', 'p3'];
    const limit = `${TOOLS}policy/limit`;
    const of = (boundary: object): Readonly<Record<string, Account>> => ({
      '111122223333': {
        roles: {
          deployer: {
            trust: trust('*'),
            inline: many,
            attached: attached.map((name) => `${TOOLS}policy/${name}`),
            boundary: limit,
          },
        },
        policies: { p1: grant(`${TOOLS}role/x`), p2: grant(`${TOOLS}role/y`), p3: grant(app), limit: boundary },
      },
    });
    // Named as the account: an identity policy must allow.
    const documents = {
      'app.yaml': trusting('arn:aws:iam::111122223333:root'),
      '.github/assume-role-check.yml': lines(`
      expect: [{principal: "${deployer}", role: "${app}"}]
    `),
    };
    const open = await checkLive(documents, { accounts: of(grant('*')), options: OWN });
    expect(open.report.assumptions.find(({ principal }) => principal === deployer)?.decision).toBe('allowed');
    const shut = await checkLive(documents, { accounts: of(grant(`${TOOLS}role/none`)), options: OWN });
    expect(shut.report.assumptions.find(({ principal }) => principal === deployer)?.decision).toBe('denied');
    expect(new Set(shut.calls).size).toBeLessThan(shut.calls.length);
  });

  test('a user, by its groups and their policies', async () => {
    const accounts = {
      '444455556666': {
        users: { anna: { groups: ['a', 'b', 'deployers'] } },
        groups: { a: {}, b: {}, deployers: { attached: [`${PROD}policy/deploy`] } },
        policies: { deploy: grant(app) },
      },
    };
    const answer = await checkLive(
      { 'app.yaml': trusting(`${PROD}user/anna`) },
      { accounts, options: OWN, environment: { AWS_ACCESS_KEY_ID: 'ASIA444455556666' } },
    );
    expect(decisionOn(answer, app)).toBe('allowed');
  });

  test('what the change declares is not asked for, and wins', async () => {
    const documents = {
      'app.yaml': `${granting(`${TOOLS}role/target`)}${role('Target', { name: 'target', trust: `- {Effect: Allow, Principal: {AWS: "${app}"}, Action: sts:AssumeRole}` }).replace(/^/gm, '  ')}`,
    };
    const accounts = { '111122223333': { roles: { target: { trust: trust(`${TOOLS}role/other`) } } } };
    const answer = await checkLive(documents, { accounts, options: OWN });
    expect(decisionOn(answer, `${TOOLS}role/target`)).toBe('allowed');
    expect(answer.calls).toEqual([]);
  });
});

describe('another account', () => {
  const target = `${PROD}role/target`;
  const accounts = { '111122223333': {}, '444455556666': { roles: { target: { trust: trust(`${TOOLS}role/app`) } } } };
  const config = (more: string) => ({
    'app.yaml': granting(target),
    '.github/assume-role-check.yml': `accounts: {prod: {id: "444455556666"${more}}}\n`,
  });

  test('is asked with the role that the configuration names', async () => {
    const answer = await checkLive(config(`, lookup-role: "${PROD}role/reader"`), { accounts, options: OWN });
    expect(decisionOn(answer, target)).toBe('allowed');
    expect(answer.calls).toEqual([`AssumeRole ${PROD}role/reader`, 'GetRole target']);
  });

  test('is not asked with credentials of the job’s own', async () => {
    const own = { ...accounts, '111122223333': { roles: { target: { trust: trust(`${TOOLS}role/app`) } } } };
    const answer = await checkLive(config(''), { accounts: own, options: OWN });
    expect(decisionOn(answer, target)).toBe('unknown');
    expect(answer.calls).toEqual(['GetCallerIdentity']);
    expect(messages(answer)).toEqual([expect.stringContaining('lookup-role')]);
  });

  test('of somebody else is left alone without a word', async () => {
    const answer = await checkLive({ 'app.yaml': granting(target) }, { accounts, options: OWN });
    expect(answer.report.diagnostics).toEqual([]);
    expect(answer.status).toBe(0);
  });

  test('is not asked with a lookup-role of a third', async () => {
    const wrong = config(`, lookup-role: "${TOOLS}role/reader"`);
    const answer = await checkLive(wrong, { accounts, options: OWN });
    expect(decisionOn(answer, target)).toBe('unknown');
    expect(messages(answer)).toEqual([expect.stringContaining('is not of account 444455556666')]);
  });
});

const FAULTS: readonly (readonly [string, ServerFault, string])[] = [
  ['refused', { status: 403, code: 'AccessDenied' }, 'do not allow'],
  ['throttled for good', { status: 400, code: 'Throttling' }, 'Throttling'],
  ['broken', { status: 500, code: 'InternalFailure' }, 'was not answered'],
  ['no XML', { body: '<GetRoleResponse><GetRole' }, 'was not answered'],
  ['empty', { body: '<A></A>' }, 'was not answered'],
  ['never answered', { silent: 'hangs' }, 'was not answered'],
  ['cut off', { silent: 'cut' }, 'was not answered'],
];

describe('every call may fail, and then its answer is unknown', () => {
  const app = `${TOOLS}role/app`;
  const inline = { own: grant(`${TOOLS}role/x`) };
  const ROLE_CALLS = ['GetRole', 'ListRolePolicies', 'GetRolePolicy', 'ListAttachedRolePolicies'];
  const USER_CALLS = ['GetUser', 'ListUserPolicies', 'GetUserPolicy', 'ListAttachedUserPolicies', 'ListGroupsForUser'];
  const GROUP_CALLS = ['ListGroupPolicies', 'GetGroupPolicy', 'ListAttachedGroupPolicies'];
  const POLICY_CALLS = ['GetPolicy', 'GetPolicyVersion'];
  const CALLS = [...ROLE_CALLS, ...USER_CALLS, ...GROUP_CALLS, ...POLICY_CALLS];
  /** For each call an entity of its own, so that one call of it fails. */
  const accounts: Readonly<Record<string, Account>> = {
    '111122223333': {
      roles: Object.fromEntries(
        ['fine', ...ROLE_CALLS, ...POLICY_CALLS].map((name) => [
          name,
          { trust: trust('*'), inline, attached: [`${TOOLS}policy/${name}`] },
        ]),
      ),
      users: Object.fromEntries(
        ['fine', ...USER_CALLS, ...GROUP_CALLS].map((name) => [
          name,
          { inline, attached: [`${TOOLS}policy/fine`], groups: [name] },
        ]),
      ),
      groups: Object.fromEntries(
        ['fine', ...USER_CALLS, ...GROUP_CALLS].map((name) => [name, { inline, attached: [`${TOOLS}policy/fine`] }]),
      ),
      policies: Object.fromEntries(
        ['fine', ...ROLE_CALLS, ...POLICY_CALLS].map((name) => [name, grant(`${TOOLS}role/none`)]),
      ),
    },
  };
  const kindOf = (call: string) => (ROLE_CALLS.includes(call) || POLICY_CALLS.includes(call) ? 'role' : 'user');
  const of = (...principals: readonly string[]) => ({
    'app.yaml': trusting('arn:aws:iam::111122223333:root'),
    '.github/assume-role-check.yml': `expect:\n${principals.map((one) => `  - {principal: "${TOOLS}${one}", role: "${app}", decision: denied}\n`).join('')}`,
  });
  const decided = (answer: Answer, principal: string) =>
    answer.report.assumptions.find((one) => one.principal === `${TOOLS}${principal}`)?.decision;

  test('nothing fails', async () => {
    const answer = await checkLive(of('role/fine', 'user/fine'), { accounts, options: OWN });
    expect([decided(answer, 'role/fine'), decided(answer, 'user/fine')]).toEqual(['denied', 'denied']);
    expect(answer.report.diagnostics).toEqual([]);
  });

  test.each(FAULTS)('%s', async (_, fault, told) => {
    const faults = Object.fromEntries(
      CALLS.map((call) => [`${call} ${POLICY_CALLS.includes(call) ? `${TOOLS}policy/${call}` : call}`, fault]),
    );
    const all = CALLS.map((call) => `${kindOf(call)}/${call}`);
    // Waiting longer between more attempts would tell nothing more.
    const environment = { AWS_MAX_ATTEMPTS: '2' };
    const answer = await checkLive(of('role/fine', ...all), { accounts, faults, environment, options: OWN });
    expect(decided(answer, 'role/fine')).toBe('denied');
    expect(all.filter((one) => decided(answer, one) !== 'unknown')).toEqual([]);
    const said = messages(answer);
    expect(CALLS.filter((call) => !said.some((text) => new RegExp(`iam:${call}\\b`).test(text)))).toEqual([]);
    expect(said.filter((text) => !text.includes(told))).toEqual([]);
    expect(answer.report.findings.filter(({ rule }) => rule.endsWith('-not-found'))).toEqual([]);
  });

  test('throttled once, it asks again', async () => {
    const faults = { ListRolePolicies: { status: 400, code: 'Throttling', times: 1 } };
    expect(decided(await checkLive(of('role/fine'), { accounts, faults, options: OWN }), 'role/fine')).toBe('denied');
  });

  test.each<[string, string, ServerFault]>([
    ['an entity', 'GetRole', { silent: 'hangs' }],
    ['throttling without end', 'ListRolePolicies', { status: 400, code: 'Throttling' }],
    ['whose the credentials are', 'GetCallerIdentity', { silent: 'hangs' }],
  ])('the run waits for %s no longer than its deadline', async (_, call, fault) => {
    const environment = {
      ASSUME_ROLE_CHECK_AWS_DEADLINE: '1',
      ASSUME_ROLE_CHECK_AWS_TIMEOUT: '600',
      AWS_MAX_ATTEMPTS: '1000',
    };
    const answer = await checkLive(of('role/fine'), { accounts, faults: { [call]: fault }, environment, options: OWN });
    expect(decided(answer, 'role/fine')).toBe('unknown');
    expect(messages(answer)).toEqual([
      expect.stringContaining('longer than 1 seconds (ASSUME_ROLE_CHECK_AWS_DEADLINE)'),
    ]);
  });

  test.each([
    ['GetCallerIdentity', 'ExpiredToken', 'no credentials that AWS takes'],
    ['GetCallerIdentity', 'InternalFailure', 'sts:GetCallerIdentity was not answered'],
  ])('%s: %s', async (action, code, told) => {
    const faults = { [action]: { status: 403, code } };
    const answer = await checkLive(of('role/fine'), { accounts, faults, options: OWN });
    expect(decided(answer, 'role/fine')).toBe('unknown');
    expect(messages(answer)).toEqual([expect.stringContaining(told)]);
  });

  test('without credentials at all', async () => {
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' };
    const answer = await checkLive(of('role/fine'), { accounts, environment: none, options: OWN });
    expect(messages(answer)).toEqual([expect.stringContaining('no credentials that AWS takes')]);
    expect(answer.calls).toEqual([]);
  });
});
