import { getOctokit } from '@actions/github';
import { afterEach, describe, expect, it } from 'vitest';
import { BASE, CHANGES, lines, refusal } from './sample.ts';
import { type GitHubOptions, type GitHubServer, startGitHub } from './server.ts';

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

describe('reading', () => {
  it('describes a pull request with the commit that its workflows run on', async () => {
    const { rest, at, pull } = await start();
    const { data } = await rest.pulls.get(at);
    expect(data).toMatchObject({
      number: 1,
      mergeable: true,
      merge_commit_sha: server.mergeCommit(1),
      changed_files: 4,
      commits: 1,
      base: { ref: 'main', sha: server.tip(), repo: { full_name: 'octo-org/octo-repo' } },
      head: { sha: pull.head.sha, label: 'octo-org:change-1' },
    });
    expect(server.violations).toEqual([]);
  });

  it('lists changed files with their status, and hunks as git makes them', async () => {
    const { rest, at } = await start();
    const { data } = await rest.pulls.listFiles(at);
    expect(data.map(({ filename, status, previous_filename }) => [filename, status, previous_filename])).toEqual([
      ['gone.txt', 'removed', undefined],
      ['new.txt', 'added', undefined],
      ['roles.yaml', 'modified', undefined],
      ['stacks/new-name.yaml', 'renamed', 'stacks/old-name.yaml'],
    ]);
    const patch = data.find(({ filename }) => filename === 'roles.yaml')?.patch;
    expect(patch?.split('\n').filter((line) => /^[@+-]/.test(line))).toEqual([
      '@@ -7,7 +7,7 @@ line 6',
      '-line 10',
      '+changed',
      '@@ -38,6 +38,7 @@ line 37',
      '+inserted',
    ]);
    expect(data.find(({ status }) => status === 'renamed')?.patch).toBeUndefined();
    expect(server.violations).toEqual([]);
  });

  it('leaves the patch out where it is large, binary, or meant to be', async () => {
    const { rest, repository } = await start({ limits: { patchLines: 5 }, omitsPatch: (path) => path === 'small.txt' });
    const changes = { 'large.txt': lines(6), 'small.txt': 'x\n', 'binary.bin': 'a\0b', 'shown.txt': lines(5) };
    const { number } = server.openPull({ changes });
    const { data } = await rest.pulls.listFiles({ ...repository, pull_number: number });
    expect(data.filter(({ patch }) => patch !== undefined).map(({ filename }) => filename)).toEqual(['shown.txt']);
    expect(server.violations).toEqual([]);
  });

  it('compares from the merge base, not from the tip of the base', async () => {
    const { rest, repository, pull } = await start();
    const fork = server.tip();
    server.commit({ 'unrelated.txt': 'x\n' });
    const basehead = `main...${pull.head.sha}`;
    const { data } = await rest.repos.compareCommitsWithBasehead({ ...repository, basehead });
    expect(data).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      merge_base_commit: { sha: fork },
    });
    expect(data.files).toHaveLength(4);
    expect(server.violations).toEqual([]);
  });

  it('serves contents as JSON and raw, folders, trees and blobs', async () => {
    const { rest, repository, pull } = await start();
    const file = await rest.repos.getContent({ ...repository, path: 'new.txt', ref: pull.head.sha });
    expect(file.data).toMatchObject({ type: 'file', encoding: 'base64', content: 'b25lCnR3bwo=\n' });
    const raw = await rest.repos.getContent({
      ...repository,
      path: 'stacks/old-name.yaml',
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe(lines(20));
    const root = await rest.repos.getContent({ ...repository, path: '' });
    expect(root.data).toMatchObject([{ name: 'gone.txt' }, { name: 'roles.yaml' }, { name: 'stacks', type: 'dir' }]);
    const tree = await rest.git.getTree({ ...repository, tree_sha: 'main', recursive: '1' });
    expect(tree.data.tree.map(({ path }) => path)).toContain('stacks/old-name.yaml');
    const sha = tree.data.tree.find(({ path }) => path === 'gone.txt')?.sha ?? '';
    const blob = await rest.git.getBlob({ ...repository, file_sha: sha });
    expect(Buffer.from(blob.data.content, 'base64').toString()).toBe('to be removed\n');
    await expect(rest.repos.getContent({ ...repository, path: 'none' })).rejects.toEqual(refusal(404, 'Not Found'));
    expect(server.violations).toEqual([]);
  });

  it('follows a symbolic link inside the repository and describes one that leads out', async () => {
    const { rest, repository } = await start({
      files: {
        'a.txt': 'target\n',
        inside: { mode: '120000', text: 'a.txt' },
        outside: { mode: '120000', text: '/etc/passwd' },
      },
    });
    const inside = await rest.repos.getContent({ ...repository, path: 'inside' });
    expect(inside.data).toMatchObject({ type: 'file', content: 'dGFyZ2V0Cg==\n' });
    const outside = await rest.repos.getContent({ ...repository, path: 'outside' });
    expect(outside.data).toMatchObject({ type: 'symlink', target: '/etc/passwd' });
    expect(server.violations).toEqual([]);
  });

  it('pages with a link header, 30 a page and at most 100', async () => {
    const { rest, repository } = await start();
    const files = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`${index}.txt`, 'x\n']));
    const { number } = server.openPull({ changes: files });
    const at = { ...repository, pull_number: number };
    const first = await rest.pulls.listFiles(at);
    expect(first.data).toHaveLength(30);
    expect(first.headers.link).toMatch(/[?&]page=2>; rel="next", .*[?&]page=5>; rel="last"/);
    expect((await rest.pulls.listFiles({ ...at, per_page: 500 })).data).toHaveLength(100);
    const octokit = getOctokit(server.token, { baseUrl: server.url });
    expect(await octokit.paginate(octokit.rest.pulls.listFiles, { ...at, per_page: 50 })).toHaveLength(130);
    expect(server.violations).toEqual([]);
  });

  it('lists issues, pull requests among them, newest first', async () => {
    const { rest, repository } = await start();
    const created = await rest.issues.create({ ...repository, title: 'Broken', body: 'x', labels: ['iam'] });
    await rest.issues.update({ ...repository, issue_number: created.data.number, body: 'y' });
    const open = await rest.issues.listForRepo(repository);
    expect(open.data.map(({ title, body }) => [title, body])).toEqual([
      ['Broken', 'y'],
      ['Pull request 1', null],
    ]);
    const labelled = await rest.issues.listForRepo({ ...repository, labels: 'iam', creator: 'github-actions[bot]' });
    expect(labelled.data).toHaveLength(1);
    await rest.issues.update({ ...repository, issue_number: created.data.number, state: 'closed' });
    expect((await rest.issues.listForRepo({ ...repository, state: 'closed' })).data).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });

  it('knows several repositories, commits by branch, and refuses strangers', async () => {
    const { rest, repository } = await start({
      repositories: [{ name: 'octo-org/other', files: { 'x.txt': 'x\n' }, private: true }],
    });
    const other = { ...repository, repo: 'other' };
    expect((await rest.repos.get(other)).data).toMatchObject({ private: true, default_branch: 'main' });
    const { data } = await rest.repos.getCommit({ ...other, ref: 'main' });
    expect(data.files?.map(({ filename }) => filename)).toEqual(['x.txt']);
    await expect(rest.repos.get({ owner: 'nobody', repo: 'nothing' })).rejects.toEqual(refusal(404, 'Not Found'));
    expect(server.violations).toEqual([]);
  });

  it('filters and sorts comments as asked', async () => {
    const { rest, repository } = await start();
    const ids = ['a', 'b', 'c'].map((body) => server.addIssueComment(1, { body }));
    const bodies = async (options: object) => {
      const { data } = await rest.issues.listComments({ ...repository, issue_number: 1, ...options });
      return data.map(({ body }) => body).join('');
    };
    expect(await bodies({})).toBe('abc');
    const since = server.issueComments(1).find(({ id }) => id === ids[1])?.createdAt;
    expect(await bodies({ since })).toBe('bc');
    const at = { ...repository, pull_number: 1 };
    for (const line of [1, 2]) server.addReviewComment(1, { path: 'new.txt', line, body: String(line) });
    const newest = await rest.pulls.listReviewComments({ ...at, sort: 'created' });
    expect(newest.data.map(({ body }) => body)).toEqual(['2', '1']);
    const ascending = await rest.pulls.listReviewComments({ ...at, sort: 'updated', direction: 'asc' });
    expect(ascending.data.map(({ body }) => body)).toEqual(['1', '2']);
    expect(server.violations).toEqual([]);
  });

  it('stops where GitHub stops', async () => {
    const limits = { pullFiles: 3, compareFiles: 2, treeEntries: 2, contentsBytes: 100, directoryEntries: 2 };
    const { rest, repository, at, pull } = await start({ limits });
    expect((await rest.pulls.listFiles(at)).data).toHaveLength(3);
    const basehead = `main...octo-org:${pull.head.ref}`;
    expect((await rest.repos.compareCommitsWithBasehead({ ...repository, basehead })).data.files).toHaveLength(2);
    const tree = await rest.git.getTree({ ...repository, tree_sha: 'main', recursive: '1' });
    expect(tree.data).toMatchObject({ truncated: true, tree: { length: 2 } });
    const large = await rest.repos.getContent({ ...repository, path: 'roles.yaml' });
    expect(large.data).toMatchObject({ encoding: 'none', content: '' });
    expect((await rest.repos.getContent({ ...repository, path: '' })).data).toHaveLength(2);
    const diff = rest.pulls.get({ ...at, mediaType: { format: 'diff' } });
    await expect(diff).rejects.toEqual(refusal(406, 'exceeded the maximum number of files'));
    expect(server.violations).toEqual([]);
  });

  it('serves the diff as text', async () => {
    const { rest, at } = await start();
    const { data } = await rest.pulls.get({ ...at, mediaType: { format: 'diff' } });
    expect(String(data)).toContain('rename from stacks/old-name.yaml\nrename to stacks/new-name.yaml\n');
  });
});
