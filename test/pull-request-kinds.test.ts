import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { DEPLOYER, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import { pullRequestEvent } from './support/github/event.ts';
import type { GitHubServer } from './support/github/server.ts';
import { annotations, checkPull, markerOf, withGitHub } from './support/pull-request.ts';
import { addressesIn, outsideCode, rendered, tagsIn } from './support/rendered.ts';

// Each starts processes.
vi.setConfig({ testTimeout: 60_000 });

const authors = (github: GitHubServer, number: number) => github.reviewComments(number).map(({ login }) => login);

describe('whose token it is decides whose comments are kept current', () => {
  test.each(['roles-checker[bot]', 'release-engineer'])('%s', (viewer) =>
    withGitHub({ files: FILES, viewer }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      await checkPull(github, number);
      await checkPull(github, number);
      expect(github.writes).toHaveLength(1);
      const body = github.reviewComments(number)[0]?.body ?? '';
      // What the job's own token wrote earlier, and what somebody pasted.
      for (const user of ['github-actions[bot]', 'octocat'])
        github.addReviewComment(number, { path: 'prod.yaml', line: 12, body, user });
      await checkPull(github, number);
      expect(github.writes).toHaveLength(1);
      expect(authors(github, number)).toEqual([viewer, 'github-actions[bot]', 'octocat']);
      github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      expect(annotations(await checkPull(github, number), 'notice')).toEqual([]);
      expect(authors(github, number)).toEqual(['github-actions[bot]', 'octocat']);
      expect(github.violations).toEqual([]);
    }),
  );

  test('a token that may not ask who it is acts for the job', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      github.fail({ operation: 'graphql', status: 403, times: 99 });
      await checkPull(github, number);
      await checkPull(github, number);
      expect(github.writes).toHaveLength(1);
      github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      await checkPull(github, number);
      expect(authors(github, number)).toEqual([]);
    }));
});

describe('pull requests of every kind get the same', () => {
  const told = { exitCode: 1, outputs: { findings: '1', errors: '1' } };

  test('a draft', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) }, draft: true });
      expect(await checkPull(github, number)).toMatchObject(told);
      expect(authors(github, number)).toEqual(['github-actions[bot]']);
    }));

  test('one that is closed, since its commits are there still', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      const pull = github.state.pulls.get(number);
      if (pull !== undefined) pull.state = 'closed';
      expect(await checkPull(github, number)).toMatchObject(told);
      expect(authors(github, number)).toEqual(['github-actions[bot]']);
      expect(github.violations).toEqual([]);
    }));

  test('one whose head is gone, branch and fork', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      const event = pullRequestEvent(github, number);
      const payload = structuredClone(event.payload) as { pull_request: { head: { repo: unknown } } };
      payload.pull_request.head.repo = null;
      expect(await checkPull(github, number, { event: { ...event, payload: { ...payload } } })).toMatchObject(told);
      expect(github.reviewComments(number)[0]?.body).toMatch(
        /\]\(https:\/\/github\.com\/octo-org\/octo-repo\/blob\/[0-9a-f]{40}\/tools\.yaml#L21\)/,
      );
    }));

  test('one of more files than GitHub lists, with the base from git and from the API', () =>
    withGitHub(
      {
        files: {
          ...FILES,
          'prod-old.yaml': role(WRONG, 'prod-old'),
          'tools.yaml': deployer('prod-deploy', 'prod-old'),
        },
      },
      async (github) => {
        const more = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`more/${index}.txt`, 'x\n']));
        const { number } = github.openPull({ changes: { ...more, 'prod.yaml': role(WRONG) } });
        for (const depth of [0, 1]) expect(await checkPull(github, number, { depth })).toMatchObject(told);
        // Its file is not listed, so the review's text tells it, once.
        expect(github.reviewComments(number)).toEqual([]);
        expect(github.reviews(number).map(({ body }) => body.match(/^- error at /gm)?.length)).toEqual([1]);
        expect(github.violations).toEqual([]);
      },
    ));
});

describe('hostile names of files', () => {
  const NAMES = [
    'prod ::error::x %0A::add-mask::y.yaml',
    'prod\n::stop-commands::z.yaml',
    'prod ]]> <img src=x onerror=alert(1)> @octocat #1.yaml',
    'prod [x](evil.example) `a` |b| --> <!-- c.yaml',
    'prod,line=1,title=x::y.yaml',
  ];

  test.each(NAMES)('%j is obeyed nowhere', (name) =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({
        changes: { [name]: role(WRONG, 'prod-x'), 'tools.yaml': deployer('prod-deploy', 'prod-x') },
      });
      const result = await checkPull(github, number, { inputs: { 'report-file': 'r.json', 'sarif-file': 'r.sarif' } });
      expect(result).toMatchObject({ exitCode: 1, outputs: { errors: '1' } });
      expect(result.commands.filter(({ level }) => !['error', 'warning', 'notice'].includes(String(level)))).toEqual(
        [],
      );
      expect(annotations(result, 'error')).toMatchObject([{ file: name, line: 12, title: 'missing-trust' }]);
      const [comment] = github.reviewComments(number);
      expect(comment).toMatchObject({ path: name, place: { state: 'current', line: 12 } });
      for (const text of [result.summary, comment?.body ?? '', ...github.reviews(number).map(({ body }) => body)]) {
        const html = rendered(text);
        expect(tagsIn(html).filter((tag) => ['img', 'script', 'a'].includes(tag) && tag !== 'a')).toEqual([]);
        expect(addressesIn(html).filter((address) => !address.startsWith('https://github.com/'))).toEqual([]);
        expect(outsideCode(html)).not.toMatch(/@octocat|#1\b|evil\.example/);
        expect(text.match(/<!--/g)?.length ?? 0).toBeLessThanOrEqual(1);
      }
      expect(github.violations).toEqual([]);
    }),
  );
});

test('a comment never grows over what GitHub takes, and its marker stands first', () =>
  withGitHub({ files: FILES }, async (github) => {
    const long = `arn:aws:iam::111122223333:role/${'😀<b>`'.repeat(9000)}`;
    const many = Array.from(
      { length: 200 },
      (_, index) => `                - arn:aws:iam::111122223333:role/r${index}\n`,
    );
    const { number } = github.openPull({
      changes: {
        'tools.yaml': deployer('prod-deploy', 'prod-a', 'prod-b'),
        'prod-a.yaml': role(JSON.stringify(long), 'prod-a'),
        'prod-b.yaml': role('X', 'prod-b').replace(' X\n', `\n${many.join('')}`),
      },
    });
    expect((await checkPull(github, number)).exitCode).toBe(1);
    const bodies = [...github.reviewComments(number), ...github.reviews(number)].map(({ body }) => body);
    expect(bodies.length).toBeGreaterThan(2);
    for (const body of bodies) {
      expect([...body].length).toBeLessThan(65_536);
      expect(markerOf({ body }).fingerprint).toMatch(/^\w/);
    }
    const { length } = github.writes;
    await checkPull(github, number);
    expect(github.writes).toHaveLength(length);
    expect(github.violations).toEqual([]);
  }));

test('nothing that is written anywhere holds the token', () =>
  withGitHub({ files: FILES }, async (github) => {
    const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
    const folder = mkdtempSync(join(tmpdir(), 'reports-'));
    const reports = { 'report-file': join(folder, 'r.json'), 'sarif-file': join(folder, 'r.sarif') };
    // The command streams, the summary and the outputs are held to it in every run.
    await checkPull(github, number, { inputs: reports, env: { RUNNER_DEBUG: '1' } });
    await checkPull(github, number, { inputs: reports, token: 'ghs_wrong', depth: 1 });
    const bodies = github.requests.map(({ body }) => JSON.stringify(body ?? ''));
    for (const text of [...bodies, ...Object.values(reports).map((file) => readFileSync(file, 'utf8'))])
      expect(text).not.toMatch(/ghs_/);
    rmSync(folder, { recursive: true });
  }));
