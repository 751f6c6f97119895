import { presentable } from '../anchors.ts';
import { commitsBetween, readCommit, resolveRef } from '../commits.ts';
import { changesBetween } from '../diff.ts';
import { GitHubError, notFound } from '../errors.ts';
import { changesOfCommit, showCommit, showFile } from '../shapes/commit.ts';
import { apiOf, htmlOf, showFullRepository } from '../shapes/repository.ts';
import { type Context, type Handler, page, param } from './context.ts';

const get: Handler = ({ world, repository }) => ({ status: 200, body: showFullRepository(world, repository) });

const commitNamed = ({ repository }: Context, ref: string): string => {
  const sha = resolveRef(repository, ref);
  if (sha === undefined) throw notFound();
  return sha;
};

const getCommit: Handler = (context) => {
  const { world, repository } = context;
  const ref = param(context, 'ref');
  const sha = resolveRef(repository, ref);
  if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${ref}`);
  const changes = changesOfCommit(world, repository, readCommit(repository.store, sha));
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  const { items, headers } = page(context, changes, { fallback: 300, maximum: 300 });
  return {
    status: 200,
    headers,
    body: {
      ...showCommit(world, repository, sha),
      stats: { total: additions + deletions, additions, deletions },
      files: items.map((change) => showFile(world, repository, sha, change)),
    },
  };
};

const compare: Handler = (context) => {
  const { world, repository } = context;
  const { store } = repository;
  const [baseName = '', headName] = param(context, 'basehead').split('...');
  if (headName === undefined) throw notFound();
  const base = commitNamed(context, baseName);
  const head = commitNamed(context, headName);
  const ancestor = store.tryRead('merge-base', base, head)?.trim();
  if (ancestor === undefined) {
    throw new GitHubError(404, `No common ancestor between ${baseName} and ${headName}.`);
  }
  const ahead = commitsBetween(store, base, head);
  const behind = commitsBetween(store, head, base);
  const { items, headers, number } = page(context, ahead, { fallback: 250, maximum: 250 });
  const changes = changesBetween(store, ancestor, head).slice(0, world.limits.compareFiles);
  const range = `${baseName}...${headName}`;
  const html = `${htmlOf(world, repository)}/compare/${range}`;
  return {
    status: 200,
    headers,
    body: {
      url: `${apiOf(world, repository)}/compare/${range}`,
      html_url: html,
      permalink_url: `${htmlOf(world, repository)}/compare/${base}...${head}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: showCommit(world, repository, base),
      merge_base_commit: showCommit(world, repository, ancestor),
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: items.map((sha) => showCommit(world, repository, sha)),
      // "The list of changed files is only shown on the first page": https://docs.github.com/rest/commits/commits
      ...(number === 1
        ? { files: changes.map((change) => showFile(world, repository, head, presentable(world, change))) }
        : {}),
    },
  };
};

const statusOf = (ahead: number, behind: number): string => {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
};

export const repos = {
  'repos/get': get,
  'repos/get-commit': getCommit,
  'repos/compare-commits-with-basehead': compare,
} as const;
