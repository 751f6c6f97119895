import { describe, expect, test, vi } from 'vitest';
import { DEPLOYER, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import type { Fault } from './support/github/faults.ts';
import type { GitHubServer } from './support/github/server.ts';
import { annotations, checkPull, ownComments, withGitHub } from './support/pull-request.ts';

// Each starts processes.
vi.setConfig({ testTimeout: 60_000 });

/** A pull request with two comments on lines and one on a whole file. */
const CHANGES = {
  'tools.yaml': deployer('prod-deploy', 'prod-a', 'prod-b'),
  'prod.yaml': role(WRONG),
  'prod-a.yaml': role(WRONG, 'prod-a'),
  'prod-b.yaml': role(WRONG, 'prod-b'),
};
/** One role is mended; what is said of the others names another file now. */
const LATER = {
  'prod.yaml': `${role(DEPLOYER)}# done\n`,
  'tools.yaml': null,
  'tools-later.yaml': CHANGES['tools.yaml'],
};
const OPTIONS = { files: FILES, omitsPatch: (path: string) => path === 'prod-b.yaml' };

/** What a reader finds in the end: which finding stands where, once each. */
function told(github: GitHubServer, number: number) {
  return ownComments(github, number)
    .map(({ path, body, place }) => ({ path, told: /cannot assume `([^`]*)`/.exec(body)?.[1], place: place.state }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

const FIRST = [
  { path: 'prod-a.yaml', told: 'role/prod-a', place: 'current' },
  { path: 'prod-b.yaml', told: 'role/prod-b', place: 'file' },
  { path: 'prod.yaml', told: 'role/prod-deploy', place: 'current' },
];
const SECOND = FIRST.slice(0, 2);

/** Both pushes with a fault in the way, and what stands after each; the verdict is the same as without. */
async function twoPushes(fault: Fault, at: 'first' | 'second'): Promise<readonly unknown[]> {
  const ends: unknown[] = [];
  await withGitHub(OPTIONS, async (github) => {
    const { number } = github.openPull({ changes: CHANGES });
    if (at === 'first') github.fail(fault);
    const first = await checkPull(github, number, { fast: true });
    expect(first).toMatchObject({ exitCode: 1, outputs: { errors: '3' } });
    expect(first.summary.match(/^### ❌/gm)).toHaveLength(3);
    expect(annotations(first, 'error')).toHaveLength(3);
    ends.push(told(github, number));
    github.push(number, LATER);
    if (at === 'second') github.fail(fault);
    const second = await checkPull(github, number, { fast: true });
    expect(second).toMatchObject({ exitCode: 1, outputs: { errors: '2' } });
    ends.push(told(github, number));
    expect(ownComments(github, number).filter(({ body }) => body.includes('tools.yaml'))).toEqual([]);
    expect([first, second].flatMap((result) => annotations(result, 'notice'))).toEqual([]);
    expect(github.violations).toEqual([]);
  });
  return ends;
}

const WRITES = [
  ['the review', 'pulls/create-review', 'first'],
  ['a comment on a file', 'pulls/create-review-comment', 'first'],
  ['an edit', 'pulls/update-review-comment', 'second'],
  ['a removal', 'pulls/delete-review-comment', 'second'],
] as const;

const FAULTS = [
  ['fails with 500 before it takes effect', { status: 500, when: 'before' }],
  ['takes effect and is answered with 502', { status: 502, when: 'after' }],
  ['never arrives', { when: 'drop-connection' }],
  ['takes effect and the connection is reset', { when: 'drop-after' }],
  ['is never answered', { when: 'silence' }],
  ['takes effect and is never answered', { when: 'silence-after' }],
  ['takes effect and its answer breaks off', { when: 'break-off-after' }],
] as const;

describe.each(WRITES)('nothing is lost and nothing doubled where %s', (_, operation, at) => {
  test.each(FAULTS)('%s', async (_, fault) =>
    expect(await twoPushes({ operation, ...fault }, at)).toEqual([FIRST, SECOND]),
  );
});

const READS = ['pulls/get', 'pulls/list-files', 'pulls/list-review-comments', 'pulls/list-reviews', 'graphql'] as const;

describe.each(READS)('nothing is lost and nothing doubled where %s', (operation) => {
  test.each([
    ['fails', { status: 503, times: 2 }],
    ['breaks off', { when: 'break-off', times: 2 }],
  ] as const)('%s', async (_, fault) => {
    expect(await twoPushes({ operation, ...fault }, 'second')).toEqual([FIRST, SECOND]);
  });
});

describe('nothing is lost and nothing doubled where the review', () => {
  test.each([
    ['comes too often, for a second', { status: 429, headers: { 'retry-after': '1' } }],
    ['comes too often, and nobody says for how long', { status: 429 }],
    ['runs into the secondary limit, for a second', { status: 403, headers: { 'retry-after': '1' } }],
    [
      'runs into the secondary limit, and nobody says for how long',
      {
        status: 403,
        body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
      },
    ],
  ] as const)('%s', async (_, fault) =>
    expect(await twoPushes({ operation: 'pulls/create-review', ...fault }, 'first')).toEqual([FIRST, SECOND]),
  );
});

describe('what GitHub does not take', () => {
  test('one bad line: the review’s text says what the comments were to say', () =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      github.fail({ operation: 'pulls/create-review', status: 422 });
      expect((await checkPull(github, number)).exitCode).toBe(1);
      expect(ownComments(github, number)).toEqual([]);
      const [review, ...more] = github.reviews(number);
      expect(more).toEqual([]);
      for (const name of ['prod-a', 'prod-b', 'prod-deploy']) expect(review?.body).toContain(`\`role/${name}\``);
      await checkPull(github, number);
      expect(told(github, number)).toEqual(FIRST);
      expect(github.reviews(number).filter(({ body }) => /^- error/m.test(body))).toEqual([]);
      expect(github.violations).toEqual([]);
    }));

  test.each(FAULTS)('the text of the review goes once the comments stand, also where its edit %s', (_, fault) =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      github.fail({ operation: 'pulls/create-review', status: 422 });
      await checkPull(github, number, { fast: true });
      expect(github.reviews(number).filter(({ body }) => /^- error/m.test(body))).toHaveLength(1);
      github.fail({ operation: 'pulls/update-review', ...fault });
      expect((await checkPull(github, number, { fast: true })).exitCode).toBe(1);
      expect(told(github, number)).toEqual(FIRST);
      expect(github.reviews(number).filter(({ body }) => /^- error/m.test(body))).toEqual([]);
      expect(github.violations).toEqual([]);
    }),
  );

  test.each([
    ['a permission that is missing', { status: 403 }, 403],
    ['a pull request that cannot be seen', { status: 404 }, 404],
    ['a limit for longer than a job waits', { status: 429, headers: { 'retry-after': '600' } }, 429],
  ] as const)('%s: said once, and the verdict stays', (_, fault, status) =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      github.fail({ operation: 'pulls/create-review', times: 99, ...fault });
      const result = await checkPull(github, number);
      expect(result.exitCode).toBe(1);
      expect(annotations(result, 'notice')).toMatchObject([{ message: expect.stringContaining(`(${status})`) }]);
      expect(github.writes).toHaveLength(1);
    }),
  );

  test('a GitHub that answers 500 to everything: waited for, but not for long', () =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      github.fail({ status: 500, times: 999 });
      const result = await checkPull(github, number, { fast: true, timeoutSeconds: 15 });
      expect(result.exitCode).toBe(1);
      expect(annotations(result, 'error')).toHaveLength(3);
      expect(annotations(result, 'notice')).toHaveLength(1);
      expect(github.writes).toEqual([]);
    }));

  test('no network at all', () =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      const { serverUrl, token, readOnlyToken } = github;
      const nowhere = { url: 'http://127.0.0.1:9', graphqlUrl: 'http://127.0.0.1:9/graphql' };
      const result = await checkPull(github, number, { server: { ...nowhere, serverUrl, token, readOnlyToken } });
      expect(result.exitCode).toBe(1);
      expect(annotations(result, 'error')).toHaveLength(3);
      expect(annotations(result, 'notice')).toHaveLength(1);
      expect(result.stdout + result.stderr + result.summary).not.toContain(token);
    }));

  test('a head that moved meanwhile: the run of the newer one comments', () =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      let moved = false;
      github.onRequest(({ operation }) => {
        if (operation !== 'pulls/get' || moved) return;
        moved = true;
        github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      });
      const result = await checkPull(github, number);
      expect(result.exitCode).toBe(1);
      expect(annotations(result, 'notice')).toMatchObject([{ message: expect.stringContaining('newer commit') }]);
      expect(github.writes).toEqual([]);
    }));

  test('a comment that somebody deletes meanwhile', () =>
    withGitHub(OPTIONS, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      await checkPull(github, number);
      github.push(number, LATER);
      github.fail({ operation: 'pulls/delete-review-comment', status: 404, when: 'after' });
      await checkPull(github, number);
      expect(told(github, number)).toEqual(SECOND);
    }));

  test('more files than GitHub lists: what is at no listed file stands in the review’s text', () =>
    withGitHub({ ...OPTIONS, limits: { pullFiles: 2 } }, async (github) => {
      const { number } = github.openPull({ changes: CHANGES });
      expect(await checkPull(github, number)).toMatchObject({ exitCode: 1, outputs: { errors: '3' } });
      const said =
        ownComments(github, number).length + (github.reviews(number)[0]?.body.match(/^- error/gm)?.length ?? 0);
      expect(said).toBe(3);
      expect(github.violations).toEqual([]);
    }));
});
