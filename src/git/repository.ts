import { execFileSync } from 'node:child_process';

/** Runs git without a shell and without what a repository's own configuration could start. */
function git(folder: string, args: readonly string[], input?: string): Buffer | undefined {
  try {
    return execFileSync('git', ['-c', 'core.quotepath=off', '-c', 'core.fsmonitor=false', ...args], {
      cwd: folder,
      input,
      maxBuffer: 1024 * 1024 * 1024,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

function gitText(folder: string, args: readonly string[]): string | undefined {
  return git(folder, args)?.toString('utf8').trim();
}

/** The folder of the repository that holds a folder, where there is one. */
export function topLevel(folder: string): string | undefined {
  const found = gitText(folder, ['rev-parse', '--show-toplevel']);
  return found === undefined || found === '' ? undefined : found;
}

/** A revision's commit, where this clone has it. */
export function commitOf(folder: string, revision: string): string | undefined {
  const found = gitText(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  return found !== undefined && /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
}

/** A commit's parents as it names them, also those that a shallow clone does not have. */
export function parentsOf(folder: string, revision: string): readonly string[] {
  const raw = gitText(folder, ['cat-file', 'commit', '--end-of-options', revision]);
  const head = raw?.split('\n\n')[0] ?? '';
  return [...head.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent = '']) => parent);
}

/** Where two commits' histories meet; a shallow clone may not know. */
export function mergeBase(folder: string, one: string, other: string): string | undefined {
  const found = gitText(folder, ['merge-base', one, other]);
  return found !== undefined && /^[0-9a-f]{40,64}$/.test(found) ? found : undefined;
}

interface ChangedFile {
  readonly path: string;
  /** The blob at the revision; undefined for a file that is new since. */
  readonly blob: string | undefined;
}

/** What differs between a commit and the working tree, untracked files included. */
export function changedSince(folder: string, commit: string): readonly ChangedFile[] | undefined {
  const raw = git(folder, [
    'diff',
    '--raw',
    '-z',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--no-abbrev',
    '--relative',
    '--end-of-options',
    commit,
    '--',
  ])?.toString('utf8');
  const untracked = git(folder, ['ls-files', '--others', '--exclude-standard', '-z'])?.toString('utf8');
  if (raw === undefined || untracked === undefined) return undefined;
  const changed: ChangedFile[] = [];
  const fields = raw.split('\0');
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, , blob = '', , status = ''] = (fields[i] ?? '').split(' ');
    changed.push({ path: fields[i + 1] ?? '', blob: status === 'A' ? undefined : blob });
  }
  return [
    ...changed,
    ...untracked
      .split('\0')
      .filter((path) => path !== '')
      .map((path) => ({ path, blob: undefined })),
  ];
}

/** The contents of blobs, in one call of git. */
export function readBlobs(folder: string, blobs: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  if (blobs.length === 0) return contents;
  const output = git(folder, ['cat-file', '--batch'], `${blobs.join('\n')}\n`);
  if (output === undefined) return contents;
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    if (end === -1) break;
    const [blob = '', kind, size] = output.subarray(at, end).toString('latin1').split(' ');
    at = end + 1;
    if (kind === 'missing' || size === undefined) continue;
    contents.set(blob, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return contents;
}

/** Whether git could give back every file as it is; a folder outside of git is not clean. */
export function isClean(folder: string): boolean {
  return gitText(folder, ['status', '--porcelain']) === '';
}

/** Whether git has a file, so that it could give it back. */
export function isTracked(folder: string, path: string): boolean {
  const found = gitText(folder, ['ls-files', '--', `:(literal)${path}`]);
  return found !== undefined && found !== '';
}

/** Where the remote `origin` is, as this clone writes it. */
export function originUrl(folder: string): string | undefined {
  const found = gitText(folder, ['config', '--local', '--get', 'remote.origin.url']);
  return found === '' ? undefined : found;
}

/** The default branch of `origin`, where this clone knows it. */
export function defaultBranch(folder: string): string | undefined {
  const found = gitText(folder, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  return found?.startsWith('origin/') === true ? found.slice('origin/'.length) : undefined;
}
