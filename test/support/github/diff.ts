import type { GitStore } from './git-store.ts';

export type FileStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'changed';

export interface FileChange {
  readonly status: FileStatus;
  readonly path: string;
  readonly previousPath?: string;
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
  /** From the first `@@` on, as GitHub sends it; absent for binary files and for pure renames. */
  readonly patch?: string;
}

export type Side = 'LEFT' | 'RIGHT';

export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed';
  /** Lines below the first `@@`, the unit of the API's deprecated `position`. */
  readonly position: number;
  readonly left: number;
  readonly right: number;
}

export interface Hunk {
  readonly lines: readonly DiffLine[];
  /** The hunk's own patch lines, header first. */
  readonly text: readonly string[];
  readonly headerPosition: number;
}

/** What the parent of a first commit holds: nothing. git knows this tree without storing it. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The files that differ between two commits or trees, in git's order, with renames found as GitHub finds them. */
export const changesBetween = (store: GitStore, from: string, to: string): readonly FileChange[] => {
  const fields = store.read('diff-tree', '-r', '-M', '--raw', '--numstat', '-z', from, to).split('\0');
  const patches = patchesBetween(store, from, to);
  const take = (): string => fields.shift() ?? '';

  const entries: Omit<FileChange, 'additions' | 'deletions' | 'patch'>[] = [];
  while (fields[0]?.startsWith(':')) {
    const [, , oldBlob = '', newBlob = '', letter = ''] = take().split(' ');
    const path = take();
    const status = statusOf(letter);
    const blob = status === 'removed' ? oldBlob : newBlob;
    entries.push(status === 'renamed' ? { status, path: take(), previousPath: path, blob } : { status, path, blob });
  }
  return entries.map((entry) => {
    const [added, removed, path] = take().split('\t');
    if (path === '') fields.splice(0, 2); // A rename's two names follow in fields of their own.
    // git counts a binary file as "-".
    const counts = { additions: Number(added) || 0, deletions: Number(removed) || 0 };
    const patch = patches.shift();
    // A file that became a link, or back, is two patches in one entry.
    if (entry.status === 'changed') patches.shift();
    return patch === undefined || entry.status === 'changed' ? { ...entry, ...counts } : { ...entry, ...counts, patch };
  });
};

/** The diff as text, as `application/vnd.github.diff` answers. */
export const diffText = (store: GitStore, from: string, to: string): string =>
  store.read('diff-tree', '-r', '-M', '-p', from, to);

const patchesBetween = (store: GitStore, from: string, to: string): (string | undefined)[] => {
  const text = diffText(store, from, to);
  if (text === '') return [];
  // Every content line starts with a sign, so that only headers start like this.
  return `\n${text}`
    .split('\ndiff --git ')
    .slice(1)
    .map((section) => {
      const start = section.indexOf('\n@@ ');
      return start === -1 ? undefined : section.slice(start + 1).replace(/\n$/, '');
    });
};

const statusOf = (letter: string): FileStatus => {
  switch (letter[0]) {
    case 'A':
      return 'added';
    case 'D':
      return 'removed';
    case 'R':
      return 'renamed';
    case 'T':
      return 'changed';
    default:
      return 'modified';
  }
};

export const hunksOf = (patch: string | undefined): readonly Hunk[] => {
  const hunks: { lines: DiffLine[]; text: string[]; headerPosition: number }[] = [];
  let left = 0;
  let right = 0;
  for (const [position, text] of (patch?.split('\n') ?? []).entries()) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (header !== null) {
      left = Number(header[1]);
      right = Number(header[2]);
      hunks.push({ lines: [], text: [text], headerPosition: position });
      continue;
    }
    const hunk = hunks.at(-1);
    hunk?.text.push(text);
    const sign = text[0];
    if (sign === '\\') continue; // "\ No newline at end of file"
    const kind = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'context';
    hunk?.lines.push({ kind, position, left, right });
    if (kind !== 'added') left += 1;
    if (kind !== 'removed') right += 1;
  }
  return hunks;
};

/** The line of a hunk that a comment may stand on: LEFT is for deletions, RIGHT for additions and context. */
export const isOnSide = (line: DiffLine, side: Side, number: number): boolean =>
  side === 'LEFT' ? line.kind === 'removed' && line.left === number : line.kind !== 'removed' && line.right === number;

/** Where a line of the old file is in the new one, or `null` where it was changed or removed. */
export const followLine = (hunks: readonly Hunk[], line: number): number | null => {
  let shift = 0;
  for (const { lines } of hunks) {
    for (const { kind, left, right } of lines) {
      if (kind !== 'added' && left === line) return kind === 'context' ? right : null;
      if (kind !== 'added' && left > line) return line + shift;
      if (kind === 'added') shift += 1;
      if (kind === 'removed') shift -= 1;
    }
  }
  return line + shift;
};
