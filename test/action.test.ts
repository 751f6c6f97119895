import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { pullRequestEvent, pushEvent, scheduleEvent } from './support/github/event.ts';
import { type GitHubServer, startGitHub } from './support/github/server.ts';
import { runAction } from './support/runner.ts';

/** The bundled action, started as the runner starts it, against a GitHub that checks every request. */
const entry = fileURLToPath(new URL('../dist/action/index.js', import.meta.url));

const ROLE = (principal: string): string => `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  ProdDeploy:
    Type: AWS::IAM::Role
    Properties:
      RoleName: prod-deploy
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: ${principal}
            Action: sts:AssumeRole
`;
const CALLER = `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deployer
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: codebuild.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Resource: arn:aws:iam::444455556666:role/prod-deploy
`;
const CONFIGURATION = `accounts:
  tools: {id: "111122223333", paths: [tools.yaml]}
  prod: {id: "444455556666", paths: [prod.yaml]}
`;
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const WRONG = 'arn:aws:iam::111122223333:role/deployment';

const files = {
  'tools.yaml': CALLER,
  'prod.yaml': ROLE(DEPLOYER),
  '.github/assume-role-check.yml': CONFIGURATION,
  'package.json': '{}\n',
};

let server: GitHubServer | undefined;
const workspaces: string[] = [];
afterEach(async () => {
  await server?.close();
  server = undefined;
  for (const folder of workspaces.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startGitHub>[0]): Promise<GitHubServer> {
  server = await startGitHub(options);
  return server;
}

for (const depth of [undefined, 1]) {
  const how = depth === undefined ? 'a full checkout' : 'a shallow checkout, with the base from the API';

  test(`a pull request that breaks a trust fails at the line, and the fixing push passes (${how})`, async () => {
    const github = await start({ files });
    const pull = github.openPull({ changes: { 'prod.yaml': ROLE(WRONG) } });
    const checkout = () => github.checkout(github.mergeCommit(pull.number), depth === undefined ? {} : { depth });

    const broken = await runAction({
      entry,
      server: github,
      event: pullRequestEvent(github, pull.number),
      workspace: checkout(),
    });
    expect(broken.exitCode).toBe(1);
    expect(broken.commands.filter(({ level }) => level === 'error')).toMatchObject([
      { file: 'prod.yaml', line: 12, title: 'missing-trust' },
    ]);
    expect(broken.outputs).toMatchObject({ findings: '1', errors: '1', denied: '1' });
    expect(broken.summary).toContain('missing-trust');
    expect(broken.summary).toContain('lost');

    github.push(pull.number, {
      'prod.yaml': ROLE(DEPLOYER).replace('Version: "2012-10-17"', 'Version: "2012-10-17" # unchanged'),
    });
    const mended = await runAction({
      entry,
      server: github,
      event: pullRequestEvent(github, pull.number, { action: 'synchronize' }),
      workspace: checkout(),
    });
    expect(mended.exitCode).toBe(0);
    expect(mended.commands.filter(({ level }) => level === 'error')).toEqual([]);
    expect(mended.outputs).toMatchObject({ findings: '0', errors: '0', allowed: '2' });
    expect(github.violations).toEqual([]);
    expect(github.writes.map(({ operation }) => operation)).toEqual([
      'pulls/create-review',
      'pulls/delete-review-comment',
    ]);
  });
}

test('a gap that a change causes is told where it lies, in a file that did not change', async () => {
  const github = await start({ files: { ...files, 'tools.yaml': CALLER.replace(/ {6}Policies:[\s\S]*/, '') } });
  const both = CALLER.replace(
    'Resource: arn',
    'Resource:\n                  - arn:aws:iam::444455556666:role/prod-audit\n                  - arn',
  );
  const audit = ROLE(WRONG).replaceAll('ProdDeploy', 'ProdAudit').replaceAll('prod-deploy', 'prod-audit');
  github.commit({
    'audit.yaml': audit,
    '.github/assume-role-check.yml': CONFIGURATION.replace('[prod.yaml]', '[prod.yaml, audit.yaml]'),
  });
  const pull = github.openPull({ changes: { 'tools.yaml': both } });
  const result = await runAction({
    entry,
    server: github,
    event: pullRequestEvent(github, pull.number),
    workspace: github.checkout(github.mergeCommit(pull.number)),
  });
  expect(result.exitCode).toBe(1);
  expect(result.commands.filter(({ level }) => level === 'error')).toMatchObject([
    { file: 'audit.yaml', line: 12, title: 'missing-trust' },
  ]);
});

test('what was broken before is not held against a change that does not touch it', async () => {
  const github = await start({ files: { ...files, 'prod.yaml': ROLE(WRONG) } });
  const pull = github.openPull({ changes: { 'package.json': '{"name": "app"}\n' } });
  const event = pullRequestEvent(github, pull.number);
  const workspace = github.checkout(github.mergeCommit(pull.number));
  expect(await runAction({ entry, server: github, event, workspace })).toMatchObject({
    exitCode: 0,
    outputs: { findings: '0' },
  });
  expect(await runAction({ entry, server: github, event, workspace, inputs: { scope: 'all' } })).toMatchObject({
    exitCode: 1,
    outputs: { findings: '1' },
  });
  expect(
    await runAction({ entry, server: github, event, workspace, inputs: { scope: 'all', 'fail-on': 'never' } }),
  ).toMatchObject({ exitCode: 0 });
});

test('a change cannot silence its own check', async () => {
  const github = await start({ files });
  const silenced = `${CONFIGURATION}rules: {missing-trust: "off"}\nignore:\n  - {rule: missing-trust, reason: because}\n`;
  const pull = github.openPull({ changes: { 'prod.yaml': ROLE(WRONG), '.github/assume-role-check.yml': silenced } });
  const event = pullRequestEvent(github, pull.number);
  const deep = await runAction({
    entry,
    server: github,
    event,
    workspace: github.checkout(github.mergeCommit(pull.number)),
  });
  const shallow = await runAction({
    entry,
    server: github,
    event,
    workspace: github.checkout(github.mergeCommit(pull.number), { depth: 1 }),
  });
  expect([deep.exitCode, shallow.exitCode]).toEqual([1, 1]);
});

test('a fork’s read-only token makes no difference to the verdict', async () => {
  const github = await start({ files });
  const pull = github.openPull({ changes: { 'prod.yaml': ROLE(WRONG) }, fork: true });
  const result = await runAction({
    entry,
    server: github,
    event: pullRequestEvent(github, pull.number),
    workspace: github.checkout(github.mergeCommit(pull.number), { depth: 1 }),
  });
  expect(result.exitCode).toBe(1);
  expect(result.commands).toContainEqual(expect.objectContaining({ level: 'error', file: 'prod.yaml', line: 12 }));
});

test('faults of the API never change the verdict: without a base, everything is told', async () => {
  const github = await start({ files });
  const pull = github.openPull({ changes: { 'prod.yaml': ROLE(WRONG) } });
  github.fail({ operation: 'repos/compare-commits-with-basehead', status: 403, times: 10 });
  const result = await runAction({
    entry,
    server: github,
    event: pullRequestEvent(github, pull.number),
    workspace: github.checkout(github.mergeCommit(pull.number), { depth: 1 }),
  });
  expect(result.exitCode).toBe(1);
  expect(result.commands).toContainEqual(
    expect.objectContaining({ level: 'notice', message: expect.stringContaining('could not be read (403)') }),
  );
  expect(result.commands).toContainEqual(expect.objectContaining({ level: 'error', file: 'prod.yaml', line: 12 }));
});

test('pushes and schedules are checked whole', async () => {
  const github = await start({ files: { ...files, 'prod.yaml': ROLE(WRONG) } });
  github.commit({ 'package.json': '{"version": "2"}\n' });
  const workspace = github.checkout(github.tip());
  for (const event of [pushEvent(github), scheduleEvent(github)]) {
    expect(await runAction({ entry, server: github, event, workspace })).toMatchObject({
      exitCode: 1,
      outputs: { findings: '1' },
    });
  }
});

test('wrong inputs and a wrong configuration are one sentence each, and fail the run', async () => {
  const github = await start({ files });
  const workspace = github.checkout(github.tip());
  const event = scheduleEvent(github);
  const input = await runAction({ entry, server: github, event, workspace, inputs: { 'fail-on': 'errors' } });
  expect(input.exitCode).toBe(2);
  expect(input.commands).toMatchObject([
    { level: 'error', message: 'the input fail-on is "errors", which is none of error, warning, notice, never' },
  ]);
  github.commit({ '.github/assume-role-check.yml': 'acounts: {}\n' });
  const wrong = await runAction({ entry, server: github, event, workspace: github.checkout(github.tip()) });
  expect(wrong.exitCode).toBe(2);
  expect(wrong.commands).toMatchObject([
    { level: 'error', message: '.github/assume-role-check.yml:1:1: unknown key "acounts"' },
  ]);
});

test('hostile names become neither commands nor markup', async () => {
  const github = await start({ files });
  const hostile = ROLE('"arn:aws:iam::111122223333:role/::error::x\\n::add-mask::y @octocat <!-- x --> `"');
  const pull = github.openPull({ changes: { 'prod.yaml': hostile } });
  const result = await runAction({
    entry,
    server: github,
    event: pullRequestEvent(github, pull.number),
    workspace: github.checkout(github.mergeCommit(pull.number)),
  });
  expect(result.exitCode).toBe(1);
  expect(result.stdout.split('\n').filter((line) => line.startsWith('::add-mask'))).toEqual([]);
  expect(result.summary).not.toMatch(/<!-- x/);
  // Nobody is notified of a name that stands in code, in a line of its own or in a fenced block.
  const prose = result.summary.replace(/^(```+)\w*\n[\s\S]*?^\1$/gm, '').replace(/(`+)[^\n]*?[^`\n]\1(?!`)/g, '');
  expect(prose).not.toMatch(/@octocat/);
});

test('the JSON report goes to report-file', async () => {
  const github = await start({ files: { ...files, 'prod.yaml': ROLE(WRONG) } });
  const folder = mkdtempSync(join(tmpdir(), 'assume-role-check-'));
  workspaces.push(folder);
  const result = await runAction({
    entry,
    server: github,
    event: scheduleEvent(github),
    workspace: github.checkout(github.tip()),
    inputs: { 'report-file': join(folder, 'report.json') },
  });
  expect(result.outputs['report-file']).toBe(join(folder, 'report.json'));
  const { default: report }: { default: unknown } = await import(join(folder, 'report.json'), {
    with: { type: 'json' },
  });
  expect(report).toMatchObject({ version: 1, summary: { findings: { error: 1 } } });
});
