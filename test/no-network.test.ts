import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS, granting, trusting } from './support/aws/checked-live.ts';
import { type IamServer, iamServer } from './support/aws/iam-server.ts';
import { scheduleEvent } from './support/github/event.ts';
import { startGitHub } from './support/github/server.ts';
import { runAction } from './support/runner.ts';

/** A run without options asks nobody: with the network cut off and no credentials every byte is the same. */
const bundle = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url));
const entry = fileURLToPath(new URL('../dist/action/index.js', import.meta.url));
const cut = { NODE_OPTIONS: `--import=${new URL('support/no-network.mjs', import.meta.url).href}` };
/** A process without any network interface but an unconfigured loopback, where this system lets us have one. */
const ISOLATED: readonly string[] = ['unshare', '-rn'];
const isolates = spawnSync(ISOLATED[0] ?? '', ['-rn', 'true'], { stdio: 'ignore' }).status === 0;
const alone = isolates ? ISOLATED : [];

const WORKFLOW = `on: push
permissions: {id-token: write}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: {role-to-assume: "arn:aws:iam::111122223333:role/app", aws-region: eu-central-1}
`;
const FILES = {
  'app.yaml': granting('arn:aws:iam::444455556666:role/target'),
  'broken.yaml': trusting('arn:aws:iam::111122223333:role/nobody').replaceAll('app', 'broken'),
  '.github/workflows/a.yml': WORKFLOW,
  '.github/assume-role-check.yml': 'accounts: {tools: {id: "111122223333", paths: ["**"]}}\n',
};

let folder = '';
let server: IamServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'no-network-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  server = await iamServer({ '111122223333': {} });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

const COMMANDS: readonly (readonly string[])[] = [
  ...['text', 'json', 'markdown', 'sarif', 'github', 'html'].map((format) => ['check', '--format', format]),
  ['simulate', '--principal', 'app', '--role', 'broken'],
  ['graph', '--format', 'mermaid'],
  ['inventory', 'export'],
  ['rules'],
];

test.each(COMMANDS.map((args) => [args.join(' '), args] as const))('%s', (_, args) => {
  const run = (prefix: readonly string[], environment: Readonly<Record<string, string>>) => {
    const [program = '', ...rest] = [...prefix, process.execPath, bundle, ...args];
    const env = { PATH: process.env.PATH ?? '', HOME: folder, ...environment };
    const { status, stdout, stderr } = spawnSync(program, rest, { cwd: folder, env, encoding: 'utf8' });
    return { status, stderr, stdout: stdout.replace(/ · \d+ ms/g, '') };
  };
  const connected = run([], { ...CREDENTIALS, AWS_ENDPOINT_URL: server.url, AWS_REGION: 'eu-central-1' });
  expect([0, 1]).toContain(connected.status);
  expect(run([], cut)).toEqual(connected);
  expect(run(alone, {})).toEqual(connected);
  expect(server.calls).toEqual([]);
});

test('the preload does cut the network', () => {
  const env = { PATH: process.env.PATH ?? '', ...CREDENTIALS, AWS_ENDPOINT_URL: server.url, ...cut };
  const args = [bundle, 'check', '--aws-lookup', 'missing', '--account', '111122223333'];
  expect(spawnSync(process.execPath, args, { cwd: folder, env }).status).toBe(97);
});

test('the action, where nothing is posted', async () => {
  const github = await startGitHub({ files: FILES });
  try {
    const workspace = github.checkout(github.tip());
    const run = async (env: Readonly<Record<string, string>>) => {
      const inputs = { 'report-file': 'r.json', 'sarif-file': 's.json' };
      const result = await runAction({ entry, server: github, event: scheduleEvent(github), workspace, inputs, env });
      const files = ['r.json', 's.json'].map((file) => readFileSync(join(workspace, file), 'utf8'));
      return { ...result, files };
    };
    const connected = await run({ ...CREDENTIALS, AWS_ENDPOINT_URL: server.url });
    expect(connected.exitCode).toBe(1);
    expect(await run(cut)).toEqual(connected);
    expect(server.calls).toEqual([]);
  } finally {
    await github.close();
  }
});
