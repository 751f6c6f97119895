import { pullChanges } from '../anchors.ts';
import { diffText } from '../diff.ts';
import { GitHubError } from '../errors.ts';
import { showFile } from '../shapes/commit.ts';
import { showPull } from '../shapes/pull-request.ts';
import { mergeBase } from '../state.ts';
import { type Handler, page, pullOf } from './context.ts';

const get: Handler = (context) => {
  const { world, repository, accept } = context;
  const pull = pullOf(context);
  if (!/application\/vnd\.github\.(v3\.)?diff/.test(accept)) {
    return { status: 200, body: showPull(world, repository, pull) };
  }
  if (pullChanges(world, pull).length > world.limits.compareFiles) {
    const limit = world.limits.compareFiles;
    throw new GitHubError(406, `Sorry, the diff exceeded the maximum number of files (${limit}).`, [
      { resource: 'PullRequest', field: 'diff', code: 'too_large' },
    ]);
  }
  const content = diffText(repository.store, mergeBase(pull), pull.head.sha);
  return { status: 200, raw: { type: 'application/vnd.github.diff; charset=utf-8', content } };
};

const listFiles: Handler = (context) => {
  const { world, repository } = context;
  const pull = pullOf(context);
  const { items, headers } = page(context, pullChanges(world, pull));
  return { status: 200, headers, body: items.map((change) => showFile(world, repository, pull.head.sha, change)) };
};

export const pulls = { 'pulls/get': get, 'pulls/list-files': listFiles } as const;
