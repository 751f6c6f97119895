import { getOctokit } from '@actions/github';
import { afterEach, describe, expect, it } from 'vitest';
import { routeOf } from './routes.ts';
import { BASE, CHANGES, refusal } from './sample.ts';
import { type GitHubOptions, type GitHubServer, startGitHub } from './server.ts';
import { responseProblems } from './validate.ts';

let server: GitHubServer;

const repository = { owner: 'octo-org', repo: 'octo-repo' };
const issue = { ...repository, issue_number: 1 };
const at = { ...repository, pull_number: 1 };

const start = async (options: GitHubOptions = {}) => {
  server = await startGitHub({ files: BASE, ...options });
  const { head } = server.openPull({ changes: CHANGES });
  const as = (token: string) => getOctokit(token, { baseUrl: server.url });
  return { octokit: as(server.token), rest: as(server.token).rest, as, head };
};

afterEach(async () => {
  await server.close();
});

describe('tokens', () => {
  it('refuses each write of a token that only reads', async () => {
    const { as, head } = await start();
    const comment_id = server.addReviewComment(1, { path: 'new.txt', line: 1, body: 'x' });
    const { rest } = as(server.readOnlyToken);
    const writes = [
      rest.pulls.createReview({ ...at, event: 'COMMENT', body: 'x' }),
      rest.pulls.updateReview({ ...at, review_id: 1, body: 'x' }),
      rest.pulls.createReviewComment({ ...at, commit_id: head.sha, path: 'new.txt', line: 1, body: 'x' }),
      rest.pulls.createReplyForReviewComment({ ...at, comment_id, body: 'x' }),
      rest.pulls.updateReviewComment({ ...repository, comment_id, body: 'x' }),
      rest.pulls.deleteReviewComment({ ...repository, comment_id }),
      rest.issues.createComment({ ...issue, body: 'x' }),
      rest.issues.updateComment({ ...repository, comment_id, body: 'x' }),
      rest.issues.deleteComment({ ...repository, comment_id }),
      rest.issues.create({ ...repository, title: 'x' }),
      rest.issues.update({ ...issue, title: 'x' }),
    ];
    const refused = refusal(403, 'Resource not accessible by integration');
    await Promise.all(writes.map((write) => expect(write).rejects.toEqual(refused)));
    expect((await rest.pulls.listReviewComments(at)).data).toHaveLength(1);
    expect(server.writes).toHaveLength(writes.length);
    expect(server.violations).toEqual([]);
  });

  it('wants a token that it knows', async () => {
    const { as } = await start();
    await expect(as('ghs_other').rest.pulls.get(at)).rejects.toEqual(refusal(401, 'Bad credentials'));
    expect((await fetch(`${server.url}/repos/octo-org/octo-repo`)).status).toBe(401);
  });
});

describe('requests', () => {
  it.each([
    ['a key that GitHub does not know', { subject: 'x', body: 'x' }, '"subject" is not a permitted key'],
    ['a value of another type', { body: 7 }, "For 'body', must be string"],
    ['a missing key', {}, "must have required property 'body'"],
  ])('refuses and records %s', async (_, body, message) => {
    const { octokit } = await start();
    const call = octokit.request(`POST /repos/octo-org/octo-repo/issues/1/comments`, { data: body });
    await expect(call).rejects.toEqual(refusal(422, 'Invalid request', message));
    expect(server.violations).toMatchObject([{ kind: 'request', operation: 'issues/create-comment' }]);
    expect(server.issueComments(1)).toEqual([]);
  });

  it('looks into lists, parameters and the text of the body', async () => {
    const { octokit } = await start();
    const review = { event: 'COMMENT', comments: [{ path: 'new.txt', line: 1, body: 'x', subject_type: 'line' }] };
    const calls = [
      octokit.request('POST /repos/octo-org/octo-repo/pulls/1/reviews', { data: review }),
      octokit.request('POST /repos/octo-org/octo-repo/pulls/1/reviews', { data: { event: 'LGTM' } }),
      octokit.request('GET /repos/octo-org/octo-repo/pulls/one', {}),
      octokit.request('GET /repos/octo-org/octo-repo/pulls/1/files?perpage=100', {}),
    ];
    await Promise.all(calls.map((call) => expect(call).rejects.toEqual(refusal(422, 'Invalid request'))));
    expect(server.violations).toHaveLength(calls.length);
    const headers = { authorization: `token ${server.token}` };
    const malformed = { method: 'POST', headers, body: '{' };
    expect((await fetch(`${server.url}/repos/octo-org/octo-repo/issues`, malformed)).status).toBe(400);
  });

  it('answers 404 where there is nothing', async () => {
    const { octokit, rest } = await start();
    await expect(octokit.request('GET /user')).rejects.toEqual(refusal(404, 'Not Found'));
    await expect(rest.pulls.get({ ...at, pull_number: 99 })).rejects.toEqual(refusal(404, 'Not Found'));
    await expect(rest.issues.createComment({ ...issue, issue_number: 99, body: 'x' })).rejects.toEqual(refusal(404));
    expect(server.requests.map(({ operation, status }) => [operation, status])).toEqual([
      [null, 404],
      ['pulls/get', 404],
      ['issues/create-comment', 404],
    ]);
    expect(server.violations).toEqual([]);
  });

  it('counts characters of a body, not code units', async () => {
    const { rest, head } = await start();
    const fits = '😀'.repeat(65_536);
    await rest.issues.createComment({ ...issue, body: fits });
    const body = `${fits}.`;
    const anchor = { path: 'new.txt', line: 1 };
    const calls = [
      rest.issues.createComment({ ...issue, body }),
      rest.issues.create({ ...repository, title: 'x', body }),
      rest.pulls.createReviewComment({ ...at, ...anchor, commit_id: head.sha, body }),
      rest.pulls.createReview({ ...at, event: 'COMMENT', body }),
      rest.pulls.createReview({ ...at, event: 'COMMENT', comments: [{ ...anchor, body }] }),
    ];
    const tooLong = refusal(422, 'Body is too long \\(maximum is 65536 characters\\)');
    await Promise.all(calls.map((call) => expect(call).rejects.toEqual(tooLong)));
    await expect(rest.issues.createComment({ ...issue, body: ' ' })).rejects.toEqual(refusal(422, 'Validation Failed'));
    expect(server.violations).toEqual([]);
  });

  it('are answered only with what GitHub documents', async () => {
    await start();
    const route = routeOf('DELETE', '/repos/o/r/issues/comments/1')?.route;
    if (route === undefined) throw new Error('There is no such route');
    expect(responseProblems(route, 204, undefined)).toEqual([]);
    expect(responseProblems(route, 204, {})).toHaveLength(1);
    expect(responseProblems(route, 200, {})).toHaveLength(1);
    expect(responseProblems(route, 404, {})).toHaveLength(1);
    const list = routeOf('GET', '/repos/o/r/issues/1/comments')?.route ?? route;
    expect(responseProblems(list, 200, [{ id: 'one' }])).toEqual(["For '0', must have required property 'node_id'."]);
  });

  it('lives below a base path on GitHub Enterprise Server', async () => {
    const { rest } = await start({ basePath: '/api/v3', serverUrl: 'https://github.example.com' });
    const { data } = await rest.pulls.get(at);
    expect(data.url).toBe(`${server.url}/repos/octo-org/octo-repo/pulls/1`);
    expect(data.html_url).toBe('https://github.example.com/octo-org/octo-repo/pull/1');
    expect(server.url).toMatch(/\/api\/v3$/);
    const elsewhere = getOctokit(server.token, { baseUrl: server.url.replace('/api/v3', '') });
    await expect(elsewhere.rest.pulls.get(at)).rejects.toEqual(refusal(404));
  });
});

describe('faults', () => {
  it('fails before the write, with headers and a body of choice', async () => {
    const { rest } = await start();
    server.fail({
      operation: 'issues/create-comment',
      status: 403,
      headers: { 'retry-after': '1' },
      body: { message: 'You have exceeded a secondary rate limit' },
    });
    const call = rest.issues.createComment({ ...issue, body: 'x' });
    await expect(call).rejects.toMatchObject({ status: 403, response: { headers: { 'retry-after': '1' } } });
    expect(server.issueComments(1)).toEqual([]);
    await rest.issues.createComment({ ...issue, body: 'x' });
    expect(server.issueComments(1)).toHaveLength(1);
  });

  it('fails after the write took effect', async () => {
    const { rest } = await start();
    server.fail({ method: 'POST', status: 502, when: 'after' });
    await expect(rest.issues.createComment({ ...issue, body: 'x' })).rejects.toEqual(refusal(502, 'Bad Gateway'));
    expect(server.issueComments(1)).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['drop-connection', 0],
    ['drop-after', 1],
  ] as const)('drops the connection: %s', async (when, written) => {
    const { rest } = await start();
    server.fail({ operation: 'issues/create-comment', when });
    await expect(rest.issues.createComment({ ...issue, body: 'x' })).rejects.toEqual(refusal(500));
    expect(server.issueComments(1)).toHaveLength(written);
    expect(server.requests.at(-1)?.status).toBeNull();
  });

  it('hits the nth request, as often as asked', async () => {
    const { rest } = await start();
    server.fail({ operation: 'repos/get', nth: 2, times: 2, status: 500 });
    const statuses: unknown[] = [];
    for (let count = 0; count < 4; count += 1) {
      await rest.pulls.get(at);
      await rest.repos.get(repository).catch(() => undefined);
      statuses.push(server.requests.at(-1)?.status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
  });

  it('lets a listener change the world between two calls, until it is told to stop', async () => {
    const { rest } = await start();
    const stop = server.onRequest(async ({ operation, body }) => {
      await Promise.resolve();
      if (operation === 'issues/create-comment') server.addIssueComment(1, { body: `before ${JSON.stringify(body)}` });
    });
    await rest.issues.createComment({ ...issue, body: 'x' });
    stop();
    await rest.issues.createComment({ ...issue, body: 'y' });
    const { data } = await rest.issues.listComments(issue);
    expect(data.map(({ body, user }) => [body, user?.login])).toEqual([
      ['before {"body":"x"}', 'octocat'],
      ['x', 'github-actions[bot]'],
      ['y', 'github-actions[bot]'],
    ]);
  });
});
