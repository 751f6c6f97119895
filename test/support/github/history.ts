import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { mergeCommit } from './commits.ts';
import { type Changes, checkOut } from './git-store.ts';
import { fullName, mergeBase, type PullRequest, type Repository, timestamp, userNamed, type World } from './state.ts';

interface CommitOptions {
  readonly author?: string;
  readonly message?: string;
}

interface PullOptions extends CommitOptions {
  /** What the head changes against the tip of the base branch. */
  readonly changes: Changes;
  readonly base?: string;
  readonly branch?: string;
  /** From a fork: of its author's, or of the owner named here. */
  readonly fork?: boolean | string;
  readonly user?: string;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
}

export interface PullView {
  readonly number: number;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly ref: string; readonly sha: string; readonly repository: string };
  readonly mergeBase: string;
}

/** People commit, push and open pull requests. */
export interface History {
  /** The newest commit of a branch. */
  tip(branch?: string): string;
  /** Commits to a branch, which starts at the default branch's tip where it is new. */
  commit(changes: Changes, options?: CommitOptions & { readonly branch?: string }): string;
  openPull(options: PullOptions): PullView;
  pull(number: number): PullView;
  /** Moves a pull request's head; `force` replaces its commits in place of adding one. */
  push(number: number, changes: Changes, options?: CommitOptions & { readonly force?: boolean }): string;
  /** `refs/pull/N/merge`, the commit that `pull_request` workflows check out. */
  mergeCommit(number: number): string;
  /** A working copy of a commit, as actions/checkout makes it; `depth` 0 has the whole history. */
  checkout(sha: string, options?: { readonly depth?: number }): string;
}

export const HUMAN = 'octocat';

export const pullAt = (repository: Repository, number: number): PullRequest => {
  const pull = repository.pulls.get(number);
  if (pull === undefined) throw new Error(`There is no pull request ${number} in ${fullName(repository)}`);
  return pull;
};

export const historyOf = (world: World, repository: Repository, directory: string): History => ({
  tip: (branch) => tipOf(repository, branch),
  commit: (changes, { branch = repository.defaultBranch, ...options } = {}) => {
    const parent = repository.branches.get(branch) ?? tipOf(repository);
    const sha = commitOn(world, repository, parent, changes, options);
    repository.branches.set(branch, sha);
    repository.store.setRef(`refs/heads/${branch}`, sha);
    return sha;
  },
  openPull: (options) => view(openPull(world, repository, options)),
  pull: (number) => view(pullAt(repository, number)),
  push: (number, changes, { force = false, ...options } = {}) => {
    const pull = pullAt(repository, number);
    const parent = force ? mergeBase(pull) : pull.head.sha;
    moveHead(repository, pull, commitOn(world, repository, parent, changes, { author: pull.user.login, ...options }));
    // GitHub renews `base.sha` when the head moves, not when the base branch does.
    pull.base.sha = tipOf(repository, pull.base.ref);
    pull.updatedAt = timestamp(world.now());
    return pull.head.sha;
  },
  mergeCommit: (number) => {
    const sha = mergeCommit(repository, pullAt(repository, number));
    if (sha === undefined) throw new Error(`Pull request ${number} conflicts with its base`);
    return sha;
  },
  checkout: (sha, { depth = 1 } = {}) => {
    const workspace = mkdtempSync(join(directory, 'workspace-'));
    checkOut(repository.store, sha, workspace, depth);
    return workspace;
  },
});

const tipOf = (repository: Repository, branch = repository.defaultBranch): string => {
  const sha = repository.branches.get(branch);
  if (sha === undefined) throw new Error(`There is no branch ${branch} in ${fullName(repository)}`);
  return sha;
};

const commitOn = (
  world: World,
  { store }: Repository,
  parent: string,
  changes: Changes,
  { author = HUMAN, message = 'Change' }: CommitOptions,
): string => store.commit({ parents: [parent], changes, author, message, time: world.now() });

const openPull = (world: World, repository: Repository, options: PullOptions): PullRequest => {
  const { changes, base = repository.defaultBranch, fork = false, user = HUMAN } = options;
  const number = repository.nextNumber;
  repository.nextNumber += 1;
  const now = timestamp(world.now());
  const owner = fork === true ? user : fork;
  const head = owner === false ? repository : forkOf(world, repository, owner);
  const pull: PullRequest = {
    id: world.nextId(),
    number,
    user: userNamed(user),
    title: options.title ?? `Pull request ${number}`,
    body: options.body ?? null,
    state: 'open',
    draft: options.draft ?? false,
    createdAt: now,
    updatedAt: now,
    base: { ref: base, sha: tipOf(repository, base) },
    head: { repository: head, ref: options.branch ?? `change-${number}`, sha: '' },
    heads: [],
    reviews: [],
    comments: [],
  };
  moveHead(repository, pull, commitOn(world, repository, pull.base.sha, changes, { author: user, ...options }));
  repository.pulls.set(number, pull);
  return pull;
};

const moveHead = (repository: Repository, pull: PullRequest, sha: string): void => {
  pull.head.sha = sha;
  pull.heads.push(sha);
  pull.head.repository.branches.set(pull.head.ref, sha);
  // A fork's branches are not refs of the parent, but `refs/pull/` always is.
  if (pull.head.repository === repository) repository.store.setRef(`refs/heads/${pull.head.ref}`, sha);
  repository.store.setRef(`refs/pull/${pull.number}/head`, sha);
};

const forkOf = (world: World, parent: Repository, owner: string): Repository => {
  const known = world.repositories.get(`${owner}/${parent.name}`);
  if (known !== undefined) return known;
  const branches = new Map(parent.branches);
  const own = { pulls: new Map(), issues: new Map(), issueComments: new Map(), nextNumber: 1 };
  const fork: Repository = { ...parent, id: world.nextId(), owner, parent, branches, ...own };
  world.repositories.set(fullName(fork), fork);
  return fork;
};

const view = (pull: PullRequest): PullView => ({
  number: pull.number,
  base: { ...pull.base },
  head: { ref: pull.head.ref, sha: pull.head.sha, repository: fullName(pull.head.repository) },
  mergeBase: mergeBase(pull),
});
