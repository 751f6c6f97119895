import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A file's text; `null` in {@link Changes} removes the file. The long form makes symbolic links and executables. */
export type FileContent = string | { readonly text: string; readonly mode: '100755' | '120000' };
export type Files = Readonly<Record<string, FileContent>>;
export type Changes = Readonly<Record<string, FileContent | null>>;

export interface NewCommit {
  readonly parents: readonly string[];
  /** What differs from the first parent (from nothing, without parents). */
  readonly changes: Changes;
  readonly message: string;
  readonly author: string;
  /** Seconds since 1970: the same story always yields the same hashes. */
  readonly time: number;
}

/** A bare git repository: hashes, trees, renames, patches and merge bases are git's own, as they are on GitHub. */
export interface GitStore {
  readonly directory: string;
  /** Runs git on immutable objects; answers are remembered, so name objects by hash only. */
  read(...args: readonly string[]): string;
  /** Like `read`, but `undefined` where git exits with an error. */
  tryRead(...args: readonly string[]): string | undefined;
  blob(hash: string): Buffer;
  commit(commit: NewCommit): string;
  /** The commit that GitHub tests (`refs/pull/N/merge`), or `undefined` where the two conflict. */
  merge(base: string, head: string, commit: Pick<NewCommit, 'message' | 'author' | 'time'>): string | undefined;
  setRef(name: string, hash: string): void;
}

// The developer's own git configuration must not change what a test sees.
const ISOLATED = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };

export const openGitStore = (directory: string): GitStore => {
  mkdirSync(directory, { recursive: true });
  const answers = new Map<string, string>();
  const merges = new Map<string, string>();
  const refs = new Map<string, string>();

  const git = (args: readonly string[], input?: Buffer, env: Readonly<Record<string, string>> = {}): Buffer =>
    execFileSync('git', ['--git-dir', directory, '-c', 'core.quotePath=off', ...args], {
      env: { PATH: process.env.PATH, ...ISOLATED, ...env },
      maxBuffer: 1 << 28,
      stdio: 'pipe',
      ...(input === undefined ? {} : { input }),
    });

  git(['init', '--quiet', '--bare', '--template=']);
  git(['config', 'gc.auto', '0']);
  // GitHub serves any commit by its hash; actions/checkout relies on it.
  git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);

  const read = (...args: readonly string[]): string => {
    const key = args.join('\0');
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = git(args).toString();
    answers.set(key, answer);
    return answer;
  };

  return {
    directory,
    read,
    tryRead: (...args) => {
      try {
        return read(...args);
      } catch (error) {
        if (error instanceof Error && 'status' in error) return undefined;
        throw error;
      }
    },
    blob: (hash) => git(['cat-file', 'blob', hash]),
    commit: (commit) => git(['fast-import', '--quiet', '--force'], importStream(commit)).toString().trim(),
    merge: (base, head, { message, author, time }) => {
      const known = merges.get(`${base} ${head}`);
      if (known !== undefined) return known;
      let tree: string;
      try {
        tree = git(['merge-tree', '--write-tree', base, head]).toString().trim();
      } catch (error) {
        // 1 is a conflict; anything else is trouble. https://git-scm.com/docs/git-merge-tree#_exit_status
        if (error instanceof Error && 'status' in error && error.status === 1) return undefined;
        throw error;
      }
      const who = identity(author);
      const date = `${time} +0000`;
      const env = {
        GIT_AUTHOR_NAME: who.name,
        GIT_AUTHOR_EMAIL: who.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: who.name,
        GIT_COMMITTER_EMAIL: who.email,
        GIT_COMMITTER_DATE: date,
      };
      const parents = ['-p', base, '-p', head];
      const commit = git(['commit-tree', tree, ...parents, '-m', message], undefined, env)
        .toString()
        .trim();
      merges.set(`${base} ${head}`, commit);
      return commit;
    },
    setRef: (name, hash) => {
      if (refs.get(name) === hash) return;
      git(['update-ref', name, hash]);
      refs.set(name, hash);
    },
  };
};

/** Makes a working copy as actions/checkout does: shallow, detached, with an `origin` to fetch more from. */
export const checkOut = (store: GitStore, commit: string, directory: string, depth: number): void => {
  mkdirSync(directory, { recursive: true });
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-C', directory, '-c', 'advice.detachedHead=false', ...args], {
      env: { PATH: process.env.PATH, ...ISOLATED },
      stdio: 'pipe',
    });
  };
  git('init', '--quiet', '--template=');
  git('remote', 'add', 'origin', `file://${store.directory}`);
  // Like `fetch-depth`, 0 is the whole history.
  git('fetch', '--quiet', '--no-tags', ...(depth === 0 ? [] : [`--depth=${depth}`]), 'origin', commit);
  git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
};

const identity = (login: string) => ({ name: login, email: `${login}@users.noreply.github.com` });

// https://git-scm.com/docs/git-fast-import#_input_format
const importStream = ({ parents, changes, message, author, time }: NewCommit): Buffer => {
  const { name, email } = identity(author);
  const who = `${name} <${email}> ${time} +0000`;
  const [first, ...merged] = parents;
  const parts: string[] = ['commit refs/double/latest\nmark :1\n', `author ${who}\ncommitter ${who}\n`, data(message)];
  if (first !== undefined) parts.push(`from ${first}\n`);
  for (const parent of merged) parts.push(`merge ${parent}\n`);
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) {
      parts.push(`D ${quoted(path)}\n`);
      continue;
    }
    const { text, mode } = typeof content === 'string' ? { text: content, mode: '100644' } : content;
    parts.push(`M ${mode} inline ${quoted(path)}\n`, data(text));
  }
  parts.push('get-mark :1\n');
  return Buffer.from(parts.join(''));
};

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

const quoted = (path: string): string => `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
