import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { DEPLOYER, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import {
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  scheduleEvent,
  workflowDispatchEvent,
} from './support/github/event.ts';
import { annotations, checkPull, ENTRY, withGitHub } from './support/pull-request.ts';
import { runAction } from './support/runner.ts';

// Each starts processes.
vi.setConfig({ testTimeout: 60_000 });

const run = (options: Omit<Parameters<typeof runAction>[0], 'entry'>) => runAction({ entry: ENTRY, ...options });

describe('pull_request_target', () => {
  test('reads the head through the API, whatever is checked out', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) }, fork: true });
      const event = pullRequestEvent(github, number, { target: true });
      const empty = mkdtempSync(join(tmpdir(), 'workspace-'));
      const base = github.checkout(github.tip());
      const tampered = github.checkout(github.mergeCommit(number));
      writeFileSync(join(tampered, 'prod.yaml'), role(DEPLOYER));
      writeFileSync(join(tampered, 'tools-more.yaml'), deployer('prod-none'));
      for (const workspace of [empty, base, tampered]) {
        const result = await run({ server: github, event, workspace });
        expect(result).toMatchObject({ exitCode: 1, outputs: { findings: '1' } });
        expect(annotations(result, 'error')).toMatchObject([{ file: 'prod.yaml', line: 12 }]);
      }
      rmSync(empty, { recursive: true });
      expect(github.reviewComments(number)).toHaveLength(1);
      expect(github.violations).toEqual([]);
    }));

  test('checks the paths of the head, also those that the checkout does not have', () =>
    withGitHub({ files: FILES }, async (github) => {
      const changes = { 'stacks/tools.yaml': deployer('prod-x'), 'stacks/prod.yaml': role(WRONG, 'prod-x') };
      const accounts = FILES['.github/assume-role-check.yml'].replaceAll('["', '["**/');
      const { number } = github.openPull({
        changes: { ...changes, '.github/assume-role-check.yml': accounts },
        fork: true,
      });
      const event = pullRequestEvent(github, number, { target: true });
      const workspace = github.checkout(github.tip());
      const result = await run({ server: github, event, workspace, inputs: { paths: 'stacks' } });
      expect(annotations(result, 'error')).toMatchObject([{ file: 'stacks/prod.yaml', line: 12 }]);
      expect(github.violations).toEqual([]);
    }));

  test('holds the change to the base’s configuration', () =>
    withGitHub({ files: FILES }, async (github) => {
      const configuration = `${FILES['.github/assume-role-check.yml']}rules: {missing-trust: "off"}\n`;
      const { number } = github.openPull({
        changes: { 'prod.yaml': role(WRONG), '.github/assume-role-check.yml': configuration },
        fork: true,
      });
      const event = pullRequestEvent(github, number, { target: true });
      expect((await run({ server: github, event, workspace: github.checkout(github.tip()) })).exitCode).toBe(1);
    }));

  test('fails with one sentence where the API does not answer: nothing is believed instead', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      github.fail({ operation: 'git/get-tree', status: 404, times: 9 });
      const event = pullRequestEvent(github, number, { target: true });
      const result = await run({ server: github, event, workspace: github.checkout(github.tip()) });
      expect(result.exitCode).toBe(2);
      expect(annotations(result, 'error')).toMatchObject([
        { message: 'the pull request could not be read through the API (404)' },
      ]);
    }));
});

describe('merge_group', () => {
  test.each([0, 1])('is held to what it changes, as the pull request was (depth %i)', (depth) =>
    withGitHub(
      {
        files: {
          ...FILES,
          'prod-old.yaml': role(WRONG, 'prod-old'),
          'tools.yaml': deployer('prod-deploy', 'prod-old'),
        },
      },
      async (github) => {
        const fine = github.openPull({ changes: { 'package.json': '{"a": 1}\n' } });
        const breaks = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
        for (const [{ number }, exitCode, findings] of [
          [fine, 0, '0'],
          [breaks, 1, '1'],
        ] as const) {
          const event = mergeGroupEvent(github, number);
          const result = await run({ server: github, event, workspace: github.checkout(event.sha, { depth }) });
          expect(result).toMatchObject({ exitCode, outputs: { findings } });
        }
        expect(github.writes).toEqual([]);
        expect(github.violations).toEqual([]);
      },
    ),
  );
});

test('a push, a schedule, a manual start and an event that is not known are full checks that comment nothing', () =>
  withGitHub({ files: { ...FILES, 'prod.yaml': role(WRONG) } }, async (github) => {
    github.commit({ 'package.json': '{"a": 1}\n' });
    const workspace = github.checkout(github.tip(), { depth: 0 });
    const known = [
      pushEvent(github),
      pushEvent(github, { before: null }),
      scheduleEvent(github),
      workflowDispatchEvent(github),
    ];
    const other = { ...scheduleEvent(github), name: 'repository_dispatch' as never };
    for (const event of [...known, other]) {
      const result = await run({ server: github, event, workspace });
      expect(result).toMatchObject({ exitCode: 1, outputs: { findings: '1' } });
    }
    expect(github.requests).toEqual([]);
  }));

test('what the base branch broke meanwhile is not held against a change', () =>
  withGitHub({ files: FILES }, async (github) => {
    const { number } = github.openPull({ changes: { 'package.json': '{"a": 1}\n' } });
    github.commit({ 'prod.yaml': role(WRONG) });
    for (const depth of [0, 1])
      expect(await checkPull(github, number, { depth })).toMatchObject({ exitCode: 0, outputs: { findings: '0' } });
  }));

test('GitHub Enterprise Server is asked where it is, and linked to', () =>
  withGitHub({ files: FILES, basePath: '/api/v3', serverUrl: 'https://github.example.com' }, async (github) => {
    const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
    await checkPull(github, number, { depth: 1 });
    expect(github.reviewComments(number)[0]?.body).toContain('](https://github.example.com/octo-org/octo-repo/blob/');
    expect(github.requests.filter(({ operation }) => operation === null)).toEqual([]);
    expect(github.violations).toEqual([]);
  }));

test('with contents: read alone, the check gates and says everything, from a shallow checkout too', () =>
  withGitHub({ files: FILES }, async (github) => {
    const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
    for (const operation of [
      'pulls/get',
      'pulls/list-files',
      'pulls/list-review-comments',
      'pulls/list-reviews',
    ] as const)
      github.fail({ operation, status: 403, times: 99 });
    for (const depth of [0, 1]) {
      const result = await checkPull(github, number, { depth });
      expect(result).toMatchObject({ exitCode: 1, outputs: { findings: '1', errors: '1' } });
      expect(result.summary).toContain('This change breaks 1 assumption');
      expect(annotations(result, 'notice')).toHaveLength(1);
    }
    expect(github.writes).toEqual([]);
  }));
