import { getOctokit } from '@actions/github';
import { afterEach, describe, expect, it } from 'vitest';
import { BASE, CHANGES, refusal } from './support/github/sample.ts';
import { type GitHubOptions, type GitHubServer, startGitHub } from './support/github/server.ts';

let server: GitHubServer;

const start = async (options: GitHubOptions = {}) => {
  server = await startGitHub({ files: BASE, ...options });
  const repository = { owner: 'octo-org', repo: 'octo-repo' };
  const pull = server.openPull({ changes: CHANGES });
  const { rest } = getOctokit(server.token, { baseUrl: server.url });
  return { rest, repository, pull, at: { ...repository, pull_number: pull.number } };
};

afterEach(async () => {
  await server.close();
});

describe('reviews', () => {
  it('posts one review with comments on added, context and removed lines', async () => {
    const { rest, at, pull } = await start();
    await rest.pulls.createReview({
      ...at,
      commit_id: pull.head.sha,
      event: 'COMMENT',
      body: 'summary',
      comments: [
        { path: 'roles.yaml', line: 10, side: 'RIGHT', body: 'added' },
        { path: 'roles.yaml', start_line: 38, start_side: 'RIGHT', line: 41, side: 'RIGHT', body: 'several lines' },
        { path: 'roles.yaml', line: 10, side: 'LEFT', body: 'removed' },
      ],
    });
    const { data } = await rest.pulls.listReviewComments(at);
    expect(data.map(({ body, line, start_line, side }) => [body, start_line, line, side])).toEqual([
      ['added', null, 10, 'RIGHT'],
      ['several lines', 38, 41, 'RIGHT'],
      ['removed', null, 10, 'LEFT'],
    ]);
    expect(data[0]?.user.login).toBe('github-actions[bot]');
    expect(data[0]?.diff_hunk.split('\n').at(-1)).toBe('+changed');
    expect((await rest.pulls.listReviews(at)).data).toMatchObject([{ state: 'COMMENTED', body: 'summary' }]);
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['off the diff', { line: 1 }, 'line must be part of the diff and .* diff hunk can.t be blank'],
    ['left of a context line', { line: 9, side: 'LEFT' }, 'line must be part of the diff'],
    ['a start on the same line', { start_line: 10, line: 10 }, 'start line must precede the end line'],
    ['a start below', { start_line: 11, line: 10 }, 'start line must precede the end line'],
    ['a start in another hunk', { start_line: 10, line: 41 }, 'start line must be part of the same hunk'],
    ['no such file', { path: 'none.yaml', line: 1 }, 'path is invalid'],
    ['no such side', { line: 10, side: 'right' }, 'side is invalid'],
  ])('refuses the whole review for one bad comment: %s', async (_, anchor, message) => {
    const { rest, at } = await start();
    const good = { path: 'roles.yaml', line: 10, body: 'good' };
    const review = rest.pulls.createReview({
      ...at,
      event: 'COMMENT',
      comments: [good, { path: 'roles.yaml', body: 'bad', ...anchor }],
    });
    await expect(review).rejects.toEqual(refusal(422, 'Unprocessable Entity', message));
    expect(server.reviewComments(1)).toEqual([]);
    expect(server.reviews(1)).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  it('refuses a commit that is not of the pull request, the merge commit too', async () => {
    const { rest, at } = await start();
    const review = { ...at, event: 'COMMENT', body: 'x' } as const;
    const message = 'The commitOID is not part of the pull request';
    for (const commit_id of [server.tip(), server.mergeCommit(1), '0'.repeat(40)]) {
      await expect(rest.pulls.createReview({ ...review, commit_id })).rejects.toEqual(refusal(422, message));
    }
    expect(server.violations).toEqual([]);
  });

  it('keeps a review without an event pending: unseen, and in the way of the next', async () => {
    const { rest, at, pull } = await start();
    const comment = { path: 'roles.yaml', line: 10, body: 'x' };
    const { data } = await rest.pulls.createReview({ ...at, comments: [comment] });
    expect(data.state).toBe('PENDING');
    expect((await rest.pulls.listReviewComments(at)).data).toEqual([]);
    const second = rest.pulls.createReview({ ...at, event: 'COMMENT', body: 'x' });
    await expect(second).rejects.toEqual(refusal(422, 'User can only have one pending review per pull request'));
    const single = rest.pulls.createReviewComment({ ...at, ...comment, commit_id: pull.head.sha });
    await expect(single).rejects.toEqual(refusal(422, 'user_id can only have one pending review'));
    expect(server.violations).toEqual([]);
  });

  it('takes file-level comments only one at a time', async () => {
    const { rest, at, pull } = await start({ omitsPatch: (path) => path === 'roles.yaml' });
    const comment = { ...at, commit_id: pull.head.sha, path: 'roles.yaml', body: 'x' };
    await expect(rest.pulls.createReviewComment({ ...comment, line: 10 })).rejects.toEqual(refusal(422, 'of the diff'));
    await expect(rest.pulls.createReviewComment(comment)).rejects.toEqual(refusal(422, '"line" wasn.t supplied'));
    const { data } = await rest.pulls.createReviewComment({ ...comment, subject_type: 'file' });
    expect(data).toMatchObject({ subject_type: 'file', line: null });
    expect(server.violations).toEqual([]);
  });

  it('edits and deletes own comments, and nobody else’s', async () => {
    const { rest, repository, at, pull } = await start();
    const anchor = { path: 'roles.yaml', line: 10 };
    const own = await rest.pulls.createReviewComment({ ...at, ...anchor, commit_id: pull.head.sha, body: 'x' });
    const mine = { ...repository, comment_id: own.data.id };
    await rest.pulls.updateReviewComment({ ...mine, body: 'y' });
    expect(server.reviewComments(1)).toMatchObject([{ body: 'y', login: 'github-actions[bot]' }]);
    await rest.pulls.deleteReviewComment(mine);
    expect(server.reviewComments(1)).toEqual([]);
    await expect(rest.pulls.deleteReviewComment(mine)).rejects.toEqual(refusal(404, 'Not Found'));

    const theirs = { ...repository, comment_id: server.addReviewComment(1, { ...anchor, body: 'human' }) };
    await expect(rest.pulls.updateReviewComment({ ...theirs, body: 'z' })).rejects.toEqual(refusal(403));
    await expect(rest.pulls.deleteReviewComment(theirs)).rejects.toEqual(refusal(403));
    const note = { ...repository, comment_id: server.addIssueComment(1, { body: 'human' }) };
    await expect(rest.issues.updateComment({ ...note, body: 'z' })).rejects.toEqual(refusal(403));
    await expect(rest.issues.deleteComment(note)).rejects.toEqual(refusal(403));
    expect(server.violations).toEqual([]);
  });

  it('threads replies, of people and of ours, but not replies to replies', async () => {
    const { rest, at, pull } = await start();
    const anchor = { path: 'roles.yaml', line: 10, commit_id: pull.head.sha };
    const { data } = await rest.pulls.createReviewComment({ ...at, ...anchor, body: 'x' });
    const reply = server.replies(data.id, 'Not a bug', 'hubot');
    await rest.pulls.createReplyForReviewComment({ ...at, comment_id: data.id, body: 'Noted' });
    const { data: all } = await rest.pulls.listReviewComments(at);
    expect(all.map(({ in_reply_to_id, user }) => [in_reply_to_id, user.login])).toEqual([
      [undefined, 'github-actions[bot]'],
      [data.id, 'hubot'],
      [data.id, 'github-actions[bot]'],
    ]);
    const deeper = rest.pulls.createReplyForReviewComment({ ...at, comment_id: reply, body: 'x' });
    await expect(deeper).rejects.toEqual(refusal(404));
    expect(server.violations).toEqual([]);
  });

  it('updates the body of a review', async () => {
    const { rest, at } = await start();
    const { data } = await rest.pulls.createReview({ ...at, event: 'COMMENT', body: 'x' });
    await rest.pulls.updateReview({ ...at, review_id: data.id, body: 'y' });
    expect(server.reviews(1)).toMatchObject([{ body: 'y' }]);
    expect(server.violations).toEqual([]);
  });
});

describe('a head that moves', () => {
  const comment = { path: 'roles.yaml', line: 41, body: 'on the inserted line' };

  it('carries a comment along while its line is there', async () => {
    const { rest, at, pull } = await start();
    server.addReviewComment(1, comment);
    const head = server.push(1, { 'roles.yaml': `first\n${CHANGES['roles.yaml']}` });
    const { data } = await rest.pulls.listReviewComments(at);
    expect(data).toMatchObject([{ line: 42, original_line: 41, commit_id: head, original_commit_id: pull.head.sha }]);
    expect(server.violations).toEqual([]);
  });

  it.each([
    ['the line is gone', BASE['roles.yaml'], {}],
    ['a force push takes the line away', BASE['roles.yaml'].replace('line 1\n', 'LINE 1\n'), { force: true }],
  ])('makes a comment outdated when %s', async (_, text, options) => {
    const { rest, at, pull } = await start();
    server.addReviewComment(1, comment);
    server.push(1, { 'roles.yaml': text }, options);
    const { data } = await rest.pulls.listReviewComments(at);
    expect(data).toMatchObject([{ line: null, position: null, original_line: 41, commit_id: pull.head.sha }]);
    expect(server.reviewComments(1)[0]?.place).toEqual({ state: 'outdated' });
    expect(server.violations).toEqual([]);
  });

  it('makes a comment outdated when its line is there, but no longer in the diff', async () => {
    const { rest, at } = await start();
    server.addReviewComment(1, { path: 'roles.yaml', line: 8, body: 'on context' });
    server.push(1, { 'roles.yaml': BASE['roles.yaml'] });
    expect((await rest.pulls.listReviewComments(at)).data).toMatchObject([{ line: null, original_line: 8 }]);
  });

  it('forgets the commits before a force push, but still takes comments on them', async () => {
    const { rest, at, pull } = await start();
    server.push(1, { 'other.txt': 'x\n' }, { force: true });
    expect((await rest.pulls.listFiles(at)).data.map(({ filename }) => filename)).toEqual(['other.txt']);
    const comment = { path: 'new.txt', line: 1, body: 'x', commit_id: pull.head.sha };
    expect((await rest.pulls.createReviewComment({ ...at, ...comment })).data.line).toBeNull();
    expect(server.violations).toEqual([]);
  });

  it('still takes comments on an earlier commit', async () => {
    const { rest, at, pull } = await start();
    server.onRequest(({ operation }) => {
      if (operation === 'pulls/create-review') server.push(1, { 'roles.yaml': BASE['roles.yaml'] });
    });
    const comments = [{ path: 'roles.yaml', line: 10, body: 'x' }];
    await rest.pulls.createReview({ ...at, commit_id: pull.head.sha, event: 'COMMENT', comments });
    expect((await rest.pulls.listReviewComments(at)).data).toMatchObject([{ line: null }]);
    expect(server.violations).toEqual([]);
  });

  it('follows a comment on a removed line, and into a renamed file', async () => {
    const { rest, at } = await start();
    server.addReviewComment(1, { path: 'roles.yaml', line: 10, side: 'LEFT', body: 'on the removed line' });
    server.addReviewComment(1, { path: 'new.txt', line: 2, body: 'on a file that moves' });
    server.push(1, { 'new.txt': null, 'newer.txt': 'zero\none\ntwo\n' });
    const { data } = await rest.pulls.listReviewComments(at);
    expect(data.map(({ path, line, side }) => [path, line, side])).toEqual([
      ['roles.yaml', 10, 'LEFT'],
      ['new.txt', 3, 'RIGHT'],
    ]);
    expect(server.violations).toEqual([]);
  });

  it('keeps the base that it was opened on until it is pushed to', async () => {
    const { rest, at, pull } = await start();
    const tip = server.commit({ 'unrelated.txt': 'x\n' });
    expect((await rest.pulls.get(at)).data.base.sha).toBe(pull.base.sha);
    server.push(1, { 'new.txt': 'three\n' });
    expect((await rest.pulls.get(at)).data.base.sha).toBe(tip);
    expect((await rest.pulls.listFiles(at)).data).toHaveLength(4);
  });

  it('conflicts with its base, and then has no merge commit', async () => {
    const { rest, at } = await start();
    server.commit({ 'roles.yaml': 'something else\n' });
    const { data } = await rest.pulls.get(at);
    expect(data).toMatchObject({ mergeable: false, merge_commit_sha: null });
    expect(() => server.mergeCommit(1)).toThrow('conflicts');
    expect(server.violations).toEqual([]);
  });
});
