import { presentable } from '../anchors.ts';
import { type Commit, readCommit } from '../commits.ts';
import { changesBetween, EMPTY_TREE, type FileChange } from '../diff.ts';
import { type Repository, userNamed, type World } from '../state.ts';
import { apiOf, htmlOf, nodeId, showUser } from './repository.ts';

export const showFile = (world: World, repository: Repository, commit: string, change: FileChange) => {
  // GitHub escapes each character that a URL cannot hold, slashes included.
  const path = encodeURIComponent(change.path);
  const html = htmlOf(world, repository);
  return {
    sha: change.blob,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${commit}/${path}`,
    raw_url: `${html}/raw/${commit}/${path}`,
    contents_url: `${apiOf(world, repository)}/contents/${path}?ref=${commit}`,
    ...(change.patch === undefined ? {} : { patch: change.patch }),
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
};

export const showCommit = (world: World, repository: Repository, sha: string) => {
  const commit = readCommit(repository.store, sha);
  const api = apiOf(world, repository);
  const html = htmlOf(world, repository);
  const who = { name: commit.author, email: commit.email, date: commit.date };
  const account = showUser(world, userNamed(commit.author));
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    commit: {
      author: who,
      committer: who,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    author: account,
    committer: account,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
  };
};

export const changesOfCommit = (world: World, repository: Repository, commit: Commit): readonly FileChange[] =>
  changesBetween(repository.store, commit.parents[0] ?? EMPTY_TREE, commit.sha).map((change) =>
    presentable(world, change),
  );
