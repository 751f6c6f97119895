import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { CREDENTIALS, commandIn, grant, granting, SECRETS, trust } from './support/aws/checked-live.ts';
import { type Account, type IamServer, iamServer, type ServerFault } from './support/aws/iam-server.ts';
import { pullRequestEvent, scheduleEvent } from './support/github/event.ts';
import { type GitHubServer, startGitHub } from './support/github/server.ts';
import { runAction } from './support/runner.ts';

/** The action's own way to AWS, started as the runner starts it; and that no output shows what signs a request, or what AWS said. */
const entry = fileURLToPath(new URL('../dist/action/index.js', import.meta.url));
const TOOLS = 'arn:aws:iam::111122223333:';
const PROD = 'arn:aws:iam::444455556666:';
const HIDDEN = [...SECRETS, 'AWS4-HMAC', 'Signature=', 'X-Amz-Security-Token', 'x-amz-security-token', 'of AWS about'];
const DEBUG = { ACTIONS_STEP_DEBUG: 'true', RUNNER_DEBUG: '1', NODE_DEBUG: '', AWS_REGION: 'eu-central-1' };

const TARGET = `${PROD}role/target`;
const files = {
  'app.yaml': granting(`${TOOLS}role/target`),
  '.github/assume-role-check.yml': `accounts:\n  tools: {id: "111122223333", paths: ["**"]}\n  prod: {id: "444455556666", lookup-role: "${PROD}role/reader"}\n`,
};
const changed = { 'app.yaml': granting(TARGET) };
const accounts: Readonly<Record<string, Account>> = {
  '111122223333': {
    roles: { target: { trust: trust(`${TOOLS}role/app`) }, app: { trust: trust('*'), inline: { hand: grant('*') } } },
  },
  '444455556666': { roles: { target: { trust: trust(`${TOOLS}role/other`) } } },
};

let github: GitHubServer | undefined;
let aws: IamServer | undefined;
afterEach(async () => {
  await github?.close();
  await aws?.close();
  [github, aws] = [undefined, undefined];
});

interface Told {
  readonly exitCode: number | null;
  /** Everything that anybody can read afterwards. */
  readonly all: string;
  readonly summary: string;
  readonly comments: string;
  readonly report: {
    readonly assumptions: readonly { readonly role: string; readonly decision: string }[];
    readonly drift: readonly { readonly part: string }[];
    readonly verification?: { readonly agreed: number; readonly disagreed: number };
  };
  readonly calls: readonly string[];
}

async function act(
  how: 'pull-request' | 'schedule',
  inputs: Readonly<Record<string, string>>,
  faults: Readonly<Record<string, ServerFault>> = {},
): Promise<Told> {
  const hub = await startGitHub({ files });
  const iam = await iamServer(accounts, faults);
  [github, aws] = [hub, iam];
  const pull = hub.openPull({ changes: changed });
  const workspace = hub.checkout(how === 'schedule' ? hub.tip() : hub.mergeCommit(pull.number));
  const event = how === 'schedule' ? scheduleEvent(hub) : pullRequestEvent(hub, pull.number);
  const result = await runAction({
    entry,
    server: hub,
    event,
    workspace,
    inputs: { 'report-file': 'r.json', 'sarif-file': 's.json', ...inputs },
    env: {
      ...CREDENTIALS,
      ...DEBUG,
      AWS_ENDPOINT_URL: iam.url,
      AWS_MAX_ATTEMPTS: '2',
      ASSUME_ROLE_CHECK_AWS_TIMEOUT: '1',
    },
  });
  const [report = '', sarif = ''] = ['r.json', 's.json'].map((file) => readFileSync(join(workspace, file), 'utf8'));
  const comments = JSON.stringify(hub.writes);
  const { stdout, stderr, summary, outputs, exported } = result;
  const all = [stdout, stderr, summary, JSON.stringify([outputs, exported]), comments, report, sarif].join('\n');
  expect(HIDDEN.filter((word) => all.includes(word))).toEqual([]);
  expect(hub.violations).toEqual([]);
  return { exitCode: result.exitCode, all, summary, comments, report: JSON.parse(report), calls: [...iam.calls] };
}

describe('the action asks AWS', () => {
  test('only where it is told to', async () => {
    expect((await act('pull-request', {})).calls).toEqual([]);
  });

  test('for what is missing, with a role for the other account, and comments on the gap', async () => {
    const told = await act('pull-request', { 'aws-lookup': 'missing' });
    expect(told.calls).toEqual([`AssumeRole ${PROD}role/reader`, 'GetRole target']);
    expect(told.exitCode).toBe(1);
    expect(told.report.assumptions.find(({ role }) => role === TARGET)?.decision).toBe('denied');
    expect(told.comments).toContain('missing-trust');
    expect(told.report.drift).toEqual([]);
  });

  test('how what is declared is deployed, on a schedule, which fails nothing', async () => {
    const told = await act('schedule', { 'aws-lookup': 'drift' });
    expect(told.exitCode).toBe(0);
    expect(told.report.drift.map(({ part }) => part)).toEqual(['trust-policy', 'inline-policy', 'inline-policy']);
    expect(told.summary).toContain('drift: 3 differences');
  });

  test('for a second opinion', async () => {
    const told = await act('schedule', { 'verify-with-aws': 'true' });
    expect(told.report.verification).toMatchObject({ agreed: 1, disagreed: 0 });
    expect(told.summary).toContain('verified with AWS');
  });

  test('and takes nothing else for an answer', async () => {
    const hub = await startGitHub({ files });
    github = hub;
    const base = { entry, server: hub, event: scheduleEvent(hub), workspace: hub.checkout(hub.tip()) };
    for (const inputs of [{ 'aws-lookup': 'all' }, { 'verify-with-aws': 'yes' }])
      expect(await runAction({ ...base, inputs })).toMatchObject({ exitCode: 2 });
  });
});

const FAULTS: readonly (readonly [string, ServerFault])[] = [
  ['refused', { status: 403, code: 'AccessDenied' }],
  ['throttled', { status: 400, code: 'Throttling' }],
  ['broken', { status: 500, code: 'InternalFailure' }],
  ['no XML', { body: '<GetRoleResponse><GetRole ASIASECRET' }],
  ['never answered', { silent: 'hangs' }],
];

describe('no output shows what signs a request, or the words of AWS', () => {
  test.each(FAULTS)('of the action, with debug logs: %s', async (_, fault) => {
    const faults = { GetRole: fault, SimulateCustomPolicy: fault, AssumeRole: fault };
    const told = await act('pull-request', { 'aws-lookup': 'drift', 'verify-with-aws': 'true' }, faults);
    expect(told.summary).toMatch(/stays partly unknown|is not asked/);
    expect(told.exitCode).toBe(0);
  });

  test.each(['text', 'json', 'markdown', 'sarif', 'github', 'html'])('of the command line: %s', async (format) => {
    aws = await iamServer(accounts, { GetRole: { status: 403, code: 'AccessDenied' } });
    const args = ['--aws-lookup', 'drift', '--verify-with-aws', '--format', format];
    const environment = { ...CREDENTIALS, ...DEBUG, AWS_ENDPOINT_URL: aws.url, AWS_MAX_ATTEMPTS: '1' };
    const { output, errors } = await commandIn({ ...files, ...changed }, args, environment);
    expect(output).not.toBe('');
    expect(HIDDEN.filter((word) => (output + errors).includes(word))).toEqual([]);
  });
});
