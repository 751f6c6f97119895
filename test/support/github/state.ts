import type { Side } from './diff.ts';
import type { GitStore } from './git-store.ts';

export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot' | 'Organization';
}

export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** The repository that this one was forked from. A fork shares its parent's objects, as on GitHub. */
  readonly parent?: Repository;
  readonly store: GitStore;
  readonly branches: Map<string, string>;
  readonly pulls: Map<number, PullRequest>;
  readonly issues: Map<number, Issue>;
  readonly issueComments: Map<number, IssueComment>;
  nextNumber: number;
}

interface Conversation {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  readonly createdAt: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  updatedAt: string;
}

export interface Issue extends Conversation {
  stateReason: string | null;
  closedAt: string | null;
  labels: readonly string[];
  assignees: readonly User[];
}

export interface PullRequest extends Conversation {
  readonly draft: boolean;
  readonly base: { readonly ref: string; sha: string };
  readonly head: { readonly repository: Repository; readonly ref: string; sha: string };
  /** Every head that there has been, so that a commit stays part of the pull request after a force push. */
  readonly heads: string[];
  readonly reviews: Review[];
  readonly comments: ReviewComment[];
}

export interface Review {
  readonly id: number;
  readonly user: User;
  readonly commitId: string;
  readonly state: 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED';
  readonly submittedAt: string | null;
  body: string;
}

/** What a comment hangs on, in the terms of the commit that it was written for. */
export type Anchor =
  | { readonly subject: 'file' }
  | {
      readonly subject: 'line';
      readonly side: Side;
      readonly line: number;
      readonly start: { readonly side: Side; readonly line: number } | null;
      readonly position: number;
    };

export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly user: User;
  readonly path: string;
  readonly commitId: string;
  readonly anchor: Anchor;
  readonly diffHunk: string;
  readonly inReplyTo: number | null;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

export interface IssueComment {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

/** Documented or observed ceilings; a test lowers them instead of making thousands of files. */
export interface Limits {
  /** https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
  readonly pullFiles: number;
  /** https://docs.github.com/rest/commits/commits#compare-two-commits */
  readonly compareFiles: number;
  /** Changed lines of one file above which `patch` is left out; undocumented, seen missing at 2,081. */
  readonly patchLines: number;
  /** https://docs.github.com/rest/git/trees#get-a-tree */
  readonly treeEntries: number;
  /** https://docs.github.com/rest/repos/contents#get-repository-content */
  readonly contentsBytes: number;
  readonly directoryEntries: number;
}

export const GITHUB_LIMITS: Limits = {
  pullFiles: 3000,
  compareFiles: 300,
  patchLines: 2000,
  treeEntries: 100_000,
  contentsBytes: 1024 * 1024,
  directoryEntries: 1000,
};

/** Everything that the server knows. */
export interface World {
  readonly apiUrl: string;
  /** Where people click: `html_url` and the like. */
  readonly htmlUrl: string;
  readonly viewer: User;
  readonly limits: Limits;
  readonly omitsPatch: (path: string) => boolean;
  readonly repositories: Map<string, Repository>;
  nextId(): number;
  /** Seconds since 1970; one more at each call. */
  now(): number;
}

export const timestamp = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

export const fullName = ({ owner, name }: Pick<Repository, 'owner' | 'name'>): string => `${owner}/${name}`;

const KNOWN_IDS: Readonly<Record<string, number>> = {
  'github-actions[bot]': 41898282,
  'dependabot[bot]': 49699333,
  octocat: 583231,
};

export const userNamed = (login: string, type?: User['type']): User => ({
  login,
  id: KNOWN_IDS[login] ?? [...login].reduce((id, letter) => (id * 31 + letter.charCodeAt(0)) % 10_000_000, 7),
  type: type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
});

export const mergeBase = (pull: PullRequest): string =>
  pull.head.repository.store.read('merge-base', pull.base.sha, pull.head.sha).trim();
