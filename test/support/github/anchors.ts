import { changesBetween, type FileChange, followLine, hunksOf, isOnSide, type Side } from './diff.ts';
import { type Anchor, mergeBase, type PullRequest, type ReviewComment, type World } from './state.ts';

/** Where a request wants its comment, in the API's words. */
export interface RequestedAnchor {
  readonly path: string;
  readonly position?: number;
  readonly line?: number;
  readonly side?: string;
  readonly start_line?: number;
  readonly start_side?: string;
  readonly subject_type?: 'line' | 'file';
}

/** One reason for a 422; reviews and single comments word the same reasons differently. */
export interface AnchorProblem {
  readonly field: 'path' | 'line' | 'start_line' | 'side' | 'diff_hunk';
  readonly code: 'custom' | 'invalid' | 'missing_field';
  readonly text: string;
}

export type Placement =
  | { readonly anchor: Anchor; readonly diffHunk: string }
  | { readonly problems: readonly AnchorProblem[] };

const BLANK_HUNK: AnchorProblem = { field: 'diff_hunk', code: 'missing_field', text: "can't be blank" };
const BAD_PATH: AnchorProblem = { field: 'path', code: 'invalid', text: 'is invalid' };
const BAD_SIDE: AnchorProblem = { field: 'side', code: 'invalid', text: 'is invalid' };
const OFF_DIFF: AnchorProblem = { field: 'line', code: 'custom', text: 'must be part of the diff' };
const OTHER_HUNK: AnchorProblem = {
  field: 'start_line',
  code: 'custom',
  text: 'must be part of the same hunk as the line.',
};
const NOT_BEFORE: AnchorProblem = { field: 'start_line', code: 'custom', text: 'must precede the end line.' };

/** Drops the patch where GitHub would: of large files, and of those that a test chose. */
export const presentable = (world: World, change: FileChange): FileChange => {
  const { patch, ...rest } = change;
  const isTooLarge = change.additions + change.deletions > world.limits.patchLines;
  return patch === undefined || isTooLarge || world.omitsPatch(change.path) ? rest : change;
};

/** What "Files changed" shows: the diff from the merge base, with the patches that GitHub can show. */
export const pullChanges = (world: World, pull: PullRequest, commit = pull.head.sha): readonly FileChange[] => {
  const { store } = pull.head.repository;
  const base = store.read('merge-base', pull.base.sha, commit).trim();
  return changesBetween(store, base, commit)
    .slice(0, world.limits.pullFiles)
    .map((change) => presentable(world, change));
};

/** The diff position that a comment asks for, or what GitHub has against it. */
export const placeAnchor = (world: World, pull: PullRequest, commit: string, requested: RequestedAnchor): Placement => {
  const change = pullChanges(world, pull, commit).find(({ path }) => path === requested.path);
  if (change === undefined) return { problems: [BAD_PATH, BLANK_HUNK] };
  if (requested.subject_type === 'file') return { anchor: { subject: 'file' }, diffHunk: '' };

  const side = requested.side ?? 'RIGHT';
  if (!isSide(side)) return { problems: [BAD_SIDE] };
  const isWanted = (line: Parameters<typeof isOnSide>[0]): boolean =>
    requested.line === undefined ? line.position === requested.position : isOnSide(line, side, requested.line);
  const hunk = hunksOf(change.patch).find(({ lines }) => lines.some(isWanted));
  const end = hunk?.lines.find(isWanted);
  if (hunk === undefined || end === undefined) {
    return { problems: [OFF_DIFF, ...(requested.start_line === undefined ? [] : [OTHER_HUNK]), BLANK_HUNK] };
  }

  const anchor = {
    subject: 'line',
    side: requested.line === undefined && end.kind === 'removed' ? 'LEFT' : side,
    line: requested.line ?? (end.kind === 'removed' ? end.left : end.right),
    start: null,
    position: end.position,
  } as const;
  const diffHunk = hunk.text.slice(0, end.position - hunk.headerPosition + 1).join('\n');
  if (requested.start_line === undefined) return { anchor, diffHunk };

  const startLine = requested.start_line;
  const startSide =
    requested.start_side === undefined || requested.start_side === 'side' ? anchor.side : requested.start_side;
  if (!isSide(startSide)) return { problems: [BAD_SIDE] };
  // Equal lines are refused too: https://github.com/ubuntu/WSL/pull/244
  if (startSide === anchor.side && startLine >= anchor.line) return { problems: [NOT_BEFORE] };
  const start = hunk.lines.find((line) => isOnSide(line, startSide, startLine));
  if (start === undefined) return { problems: [OTHER_HUNK] };
  if (start.position >= end.position) return { problems: [NOT_BEFORE] };
  return { anchor: { ...anchor, start: { side: startSide, line: startLine } }, diffHunk };
};

const isSide = (text: string): text is Side => text === 'LEFT' || text === 'RIGHT';

export type CurrentPlace =
  | { readonly state: 'file' }
  | { readonly state: 'outdated' }
  | { readonly state: 'current'; readonly line: number; readonly startLine: number | null; readonly position: number };

/** Where a comment stands now that the head may have moved. */
export const currentPlace = (
  world: World,
  pull: PullRequest,
  { anchor, commitId, path }: ReviewComment,
): CurrentPlace => {
  if (anchor.subject === 'file') return { state: 'file' };
  const { side, start } = anchor;
  const then = pullChanges(world, pull, commitId).find((change) => change.path === path);
  const pathThen = side === 'LEFT' ? (then?.previousPath ?? path) : path;
  const line = moved(pull, side, commitId, pathThen, anchor.line);
  const startLine = start === null ? null : moved(pull, start.side, commitId, pathThen, start.line)?.line;
  if (line === undefined || startLine === undefined) return { state: 'outdated' };

  const now = pullChanges(world, pull).find((change) =>
    side === 'LEFT' ? (change.previousPath ?? change.path) === line.path : change.path === line.path,
  );
  const shown = hunksOf(now?.patch)
    .flatMap(({ lines }) => lines)
    .find((candidate) => isOnSide(candidate, side, line.line));
  return shown === undefined
    ? { state: 'outdated' }
    : { state: 'current', line: line.line, startLine, position: shown.position };
};

/** Follows a line from the commit that it was written on to the head (LEFT: from merge base to merge base). */
const moved = (pull: PullRequest, side: Side, commit: string, path: string, line: number) => {
  const { store } = pull.head.repository;
  const [from, to] =
    side === 'RIGHT'
      ? [commit, pull.head.sha]
      : [store.read('merge-base', pull.base.sha, commit).trim(), mergeBase(pull)];
  const change = changesBetween(store, from, to).find(
    (candidate) => (candidate.previousPath ?? candidate.path) === path,
  );
  if (change === undefined) return { path, line };
  if (change.status === 'removed') return undefined;
  // A pure rename has no patch and moves no line.
  const followed = followLine(hunksOf(change.patch), line);
  return followed === null ? undefined : { path: change.path, line: followed };
};
