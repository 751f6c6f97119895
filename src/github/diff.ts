/** A file of a pull request, with the lines that its diff shows. */
export interface PullFile {
  readonly path: string;
  readonly previousPath: string | undefined;
  /** Its contents at the head; undefined for a file that is gone there. */
  readonly blob: string | undefined;
  /** Undefined where GitHub leaves the diff out: of binary and of large files. */
  readonly hunks: readonly Hunk[] | undefined;
}

export type Hunk = readonly DiffLine[];

/** Its number on the sides that have it. */
export interface DiffLine {
  readonly left: number | undefined;
  readonly right: number | undefined;
}

/** The hunks of a unified diff. */
export function hunksOf(patch: string): readonly Hunk[] {
  const hunks: DiffLine[][] = [];
  let left = 0;
  let right = 0;
  for (const line of patch.split('\n')) {
    const [, from, to] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) {
      left = Number(from);
      right = Number(to);
      hunks.push([]);
    } else if (line.startsWith('+')) hunks.at(-1)?.push({ left: undefined, right: right++ });
    else if (line.startsWith('-')) hunks.at(-1)?.push({ left: left++, right: undefined });
    else if (line.startsWith(' ')) hunks.at(-1)?.push({ left: left++, right: right++ });
  }
  return hunks;
}

export type Side = 'LEFT' | 'RIGHT';

/** The part of some lines that one hunk shows. */
export interface Shown {
  readonly startLine: number;
  readonly line: number;
  /** Whether the change wrote (or took away) one of them. */
  readonly changed: boolean;
}

/** Of a range that reaches into several hunks, the part that the change wrote. */
export function shownLines(hunks: readonly Hunk[], side: Side, startLine: number, endLine: number): Shown | undefined {
  const parts = hunks.map((hunk) => partOf(hunk, side, startLine, endLine)).filter((part) => part !== undefined);
  return parts.find(({ changed }) => changed) ?? parts[0];
}

function partOf(hunk: Hunk, side: Side, startLine: number, endLine: number): Shown | undefined {
  const numberOf = ({ left, right }: DiffLine): number => (side === 'RIGHT' ? right : left) ?? 0;
  const within = hunk.filter((one) => numberOf(one) >= startLine && numberOf(one) <= endLine);
  const [first] = within;
  const last = within.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const changed = within.some(({ left, right }) => left === undefined || right === undefined);
  return { startLine: numberOf(first), line: numberOf(last), changed };
}
