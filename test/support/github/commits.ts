import type { GitStore } from './git-store.ts';
import type { PullRequest, Repository } from './state.ts';

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly email: string;
  readonly date: string;
  readonly message: string;
}

export const readCommit = (store: GitStore, sha: string): Commit => {
  const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%B';
  const fields = store.read('log', '-1', `--format=${format}`, sha).split('\0');
  const [hash = '', tree = '', parents = '', author = '', email = '', time = '', message = ''] = fields;
  return {
    sha: hash,
    tree,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author,
    email,
    date: new Date(Number(time) * 1000).toISOString().replace('.000Z', 'Z'),
    message: message.trimEnd(),
  };
};

/** The commits reachable from `to` and not from `from`, oldest first. */
export const commitsBetween = (store: GitStore, from: string, to: string): readonly string[] =>
  store.read('rev-list', '--reverse', '--topo-order', to, `^${from}`).split('\n').filter(Boolean);

/** Whether a comment may be made on this commit: any that the pull request has or once had. */
export const isPartOf = (pull: PullRequest, sha: string): boolean =>
  pull.heads.some((head) => commitsBetween(pull.head.repository.store, pull.base.sha, head).includes(sha));

/** The merge of base and head that `pull_request` workflows run on, or `undefined` in a conflict. */
export const mergeCommit = (repository: Repository, pull: PullRequest): string | undefined => {
  const base = repository.branches.get(pull.base.ref) ?? pull.base.sha;
  const message = `Merge ${pull.head.sha} into ${base}`;
  const time = Date.parse(readCommit(repository.store, pull.head.sha).date) / 1000;
  const sha = repository.store.merge(base, pull.head.sha, { message, author: 'web-flow', time });
  if (sha !== undefined) repository.store.setRef(`refs/pull/${pull.number}/merge`, sha);
  return sha;
};

/** The commit that a `ref` of the API names: a branch, `refs/…`, a hash (abbreviated or not), or `user:branch`. */
export const resolveRef = (repository: Repository, ref: string): string | undefined => {
  const branch = repository.branches.get(ref.replace(/^(refs\/)?heads\//, ''));
  if (branch !== undefined) return branch;
  const pull = /^(?:refs\/)?pull\/(\d+)\/(head|merge)$/.exec(ref);
  if (pull !== null) {
    const found = repository.pulls.get(Number(pull[1]));
    return found === undefined || pull[2] === 'head' ? found?.head.sha : mergeCommit(repository, found);
  }
  if (/^[0-9a-f]{7,40}$/.test(ref)) {
    return repository.store.tryRead('rev-parse', '--quiet', '--verify', `${ref}^{commit}`)?.trim();
  }
  const [owner = '', name = ''] = ref.split(':');
  const forks = [...repository.pulls.values()].map(({ head }) => head.repository);
  return forks.find((fork) => fork.owner === owner)?.branches.get(name);
};
