import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runAction } from '../runner.ts';
import { mergeGroupEvent, pullRequestEvent, pushEvent, scheduleEvent, workflowDispatchEvent } from './event.ts';
import { BASE, CHANGES } from './sample.ts';
import { type GitHubServer, startGitHub } from './server.ts';
import { parseCommands, parseFileCommand } from './workflow-commands.ts';

let server: GitHubServer;

beforeEach(async () => {
  server = await startGitHub({ files: BASE });
});

afterEach(async () => {
  await server.close();
});

describe('events', () => {
  it('opens a pull request, and pushes to it', () => {
    const { number, head, base } = server.openPull({ changes: CHANGES, branch: 'fix', draft: true });
    const opened = pullRequestEvent(server, number);
    expect(opened).toMatchObject({
      ref: 'refs/pull/1/merge',
      headRef: 'fix',
      baseRef: 'main',
      sha: server.mergeCommit(1),
      hasReadOnlyToken: false,
      payload: { action: 'opened', pull_request: { draft: true, head: { sha: head.sha }, base: { sha: base.sha } } },
    });
    const after = server.push(number, { 'new.txt': 'x\n' });
    const { payload } = pullRequestEvent(server, number, { action: 'synchronize', actor: 'hubot' });
    expect(payload).toMatchObject({ before: head.sha, after, sender: { login: 'hubot' } });
  });

  it('comes from a fork, or from Dependabot, with a token that only reads', () => {
    const fork = server.openPull({ changes: CHANGES, fork: true, user: 'contributor' });
    const event = pullRequestEvent(server, fork.number);
    expect(event).toMatchObject({
      hasReadOnlyToken: true,
      repository: 'octo-org/octo-repo',
      payload: {
        pull_request: {
          head: { label: 'contributor:change-1', repo: { full_name: 'contributor/octo-repo', fork: true } },
          base: { repo: { full_name: 'octo-org/octo-repo', fork: false } },
        },
      },
    });
    const bump = server.openPull({ changes: { 'new.txt': 'x\n' }, user: 'dependabot[bot]' });
    expect(pullRequestEvent(server, bump.number)).toMatchObject({
      hasReadOnlyToken: true,
      payload: { sender: { login: 'dependabot[bot]', type: 'Bot' } },
    });
  });

  it('enters a merge queue', () => {
    const { number } = server.openPull({ changes: CHANGES });
    const base = server.commit({ 'unrelated.txt': 'x\n' });
    const event = mergeGroupEvent(server, number);
    const ref = `refs/heads/gh-readonly-queue/main/pr-1-${base}`;
    expect(event).toMatchObject({
      ref,
      sha: server.mergeCommit(number),
      payload: { merge_group: { head_ref: ref, head_sha: event.sha, base_ref: 'refs/heads/main', base_sha: base } },
    });
  });

  it('pushes to a branch that is there, and to one that is new', () => {
    const before = server.tip();
    const after = server.commit({ 'a.txt': 'x\n', 'gone.txt': null }, { message: 'Two changes' });
    expect(pushEvent(server)).toMatchObject({
      sha: after,
      payload: {
        before,
        after,
        created: false,
        commits: [{ id: after, message: 'Two changes', added: ['a.txt'], removed: ['gone.txt'] }],
      },
    });
    server.commit({ 'b.txt': 'x\n' }, { branch: 'topic' });
    const created = pushEvent(server, { branch: 'topic', before: null });
    expect(created.payload).toMatchObject({ before: '0'.repeat(40), created: true, ref: 'refs/heads/topic' });
    expect(created.payload.commits).toHaveLength(1);
  });

  it('runs on a schedule, or by hand', () => {
    expect(scheduleEvent(server)).toMatchObject({ name: 'schedule', ref: 'refs/heads/main', sha: server.tip() });
    const { payload } = workflowDispatchEvent(server, { inputs: { scope: 'all' } });
    expect(payload).toMatchObject({ inputs: { scope: 'all' }, ref: 'refs/heads/main' });
  });
});

describe('working copies', () => {
  it('are as shallow as those of actions/checkout, and can fetch more', () => {
    const { number, mergeBase } = server.openPull({ changes: CHANGES });
    const workspace = server.checkout(server.mergeCommit(number));
    const git = (...args: readonly string[]) => execFileSync('git', ['-C', workspace, ...args], { encoding: 'utf8' });
    expect(readFileSync(join(workspace, 'new.txt'), 'utf8')).toBe('one\ntwo\n');
    expect(git('rev-list', '--count', 'HEAD').trim()).toBe('1');
    git('fetch', '--quiet', '--depth=1', 'origin', mergeBase);
    expect(git('show', 'FETCH_HEAD:gone.txt')).toBe('to be removed\n');
  });
});

const MANIFEST = `
inputs:
  github-token:
    default: \${{ github.token }}
  fail-on:
    default: error
  two words: {}
`;

const ENTRY = `
import { appendFileSync, readFileSync } from 'node:fs';
const { env } = process;
const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
const answer = await fetch(env.GITHUB_API_URL + '/repos/' + env.GITHUB_REPOSITORY + '/issues/' + event.number + '/comments', {
  method: 'POST',
  headers: { authorization: 'Bearer ' + env['INPUT_GITHUB-TOKEN'] },
  body: JSON.stringify({ body: 'from the action' }),
});
appendFileSync(env.GITHUB_OUTPUT, 'status<<EOF\\n' + answer.status + '\\nEOF\\nplain=a<<b\\n');
appendFileSync(env.GITHUB_STEP_SUMMARY, '# Summary\\n');
console.log('::warning file=a%2Cb.yaml,line=3,endLine=4,title=T%3A 1::two%0Alines');
console.error(JSON.stringify({ cwd: process.cwd(), env }));
process.exitCode = 3;
`;

describe('runAction', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'action-'));
    writeFileSync(join(folder, 'action.yml'), MANIFEST);
    writeFileSync(join(folder, 'index.mjs'), ENTRY);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const run = async (fork: boolean) => {
    const { number } = server.openPull({ changes: CHANGES, fork, user: 'contributor' });
    const event = pullRequestEvent(server, number);
    return runAction({
      entry: join(folder, 'index.mjs'),
      manifest: join(folder, 'action.yml'),
      server,
      event,
      workspace: server.checkout(event.sha),
      inputs: { 'Fail-On': 'never' },
      env: { AWS_REGION: 'eu-west-1' },
    });
  };

  it('collects what a step leaves behind', async () => {
    const result = await run(false);
    expect(result).toMatchObject({
      exitCode: 3,
      outputs: { status: '201', plain: 'a<<b' },
      summary: '# Summary\n',
      commands: [{ level: 'warning', file: 'a,b.yaml', line: 3, endLine: 4, title: 'T: 1', message: 'two\nlines' }],
    });
    expect(server.issueComments(1)).toMatchObject([{ body: 'from the action' }]);
    expect(server.violations).toEqual([]);
  });

  it('gives the token of the event', async () => {
    const { outputs } = await run(true);
    expect(outputs.status).toBe('403');
    expect(server.issueComments(1)).toEqual([]);
  });

  it('sets what the runner sets, and nothing of its own process', async () => {
    process.env.GITHUB_STRAY = 'x';
    const { stderr } = await run(false);
    delete process.env.GITHUB_STRAY;
    const { cwd, env }: { cwd: string; env: Record<string, string> } = JSON.parse(stderr);
    expect(cwd).toBe(env.GITHUB_WORKSPACE);
    expect(env).toMatchObject({ 'INPUT_FAIL-ON': 'never', INPUT_TWO_WORDS: '', GITHUB_BASE_REF: 'main' });
    expect(
      Object.keys(env)
        .filter((name) => !/^(INPUT_|GITHUB_)/.test(name))
        .sort(),
    ).toEqual(['AWS_REGION', 'HOME', 'PATH', 'RUNNER_TEMP']);
    expect(env).not.toHaveProperty('GITHUB_STRAY');
  });
});

describe('workflow commands', () => {
  it('are found as the runner finds them', () => {
    const output = ['  ::error::indented', 'text ::error::not at the start', 'x ##[warning]old', '::unknown::no'];
    expect(parseCommands(output.join('\n'))).toEqual([
      { level: 'error', message: 'indented' },
      { level: 'warning', message: 'old' },
    ]);
  });

  it('unescape what the toolkit escapes, and no more', () => {
    expect(parseCommands('::notice title=a%2C%3A%25::%250A %3A')).toEqual([
      { level: 'notice', title: 'a,:%', message: '%0A %3A' },
    ]);
  });

  it('fail where the runner would fail', () => {
    expect(parseFileCommand('a=1\nb<<X\n1\n=2\nX\n')).toEqual({ a: '1', b: '1\n=2' });
    expect(() => parseFileCommand('b<<X\n1\n')).toThrow('cannot read');
    expect(() => parseFileCommand('nonsense\n')).toThrow('cannot read');
  });
});
