import type { ReportedFinding } from '../report/report.ts';
import { type Location, locate, type Place } from '../source/source.ts';
import { type PullFile, type Side, shownLines } from './diff.ts';

/** Where a comment hangs. */
export type Anchor =
  | {
      readonly kind: 'lines';
      readonly path: string;
      readonly side: Side;
      readonly startLine: number;
      readonly line: number;
    }
  | { readonly kind: 'file'; readonly path: string };

export interface Anchored {
  readonly anchor: Anchor;
  /** The gap lies elsewhere. */
  readonly elsewhere: boolean;
  /** What replaces exactly the lines of the anchor. */
  readonly suggestion: string | undefined;
}

/** What is known of the pull request's diff. */
export interface Diff {
  readonly files: ReadonlyMap<string, PullFile>;
  /** The lines of a document, as the head of the pull request has them; undefined where it has no such lines. */
  readonly atHead: (lines: Lines) => Lines | undefined;
}

export type Lines = Pick<Location, 'path' | 'startLine' | 'endLine'>;

/** The narrowest place in the diff at which a finding can be told; undefined where the change shows none. */
export function anchorOf(finding: ReportedFinding, diff: Diff): Anchored | undefined {
  const gap = atLines(finding.location, diff);
  const fixed = suggested(finding, diff);
  if (fixed !== undefined) return { ...fixed, elsewhere: gap === undefined };
  if (gap !== undefined) return { anchor: gap.anchor, elsewhere: false, suggestion: undefined };
  // Nobody knows what of it changed: https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
  const file = diff.files.get(finding.location.path);
  if (file !== undefined && file.hunks === undefined) return wholeFile(finding, diff);
  const cause = causeInDiff(finding, diff);
  if (cause !== undefined) return { anchor: cause, elsewhere: true, suggestion: undefined };
  return wholeFile(finding, diff);
}

interface AtLines {
  readonly anchor: Extract<Anchor, { readonly kind: 'lines' }>;
  readonly changed: boolean;
}

function atLines(location: Lines, diff: Diff): AtLines | undefined {
  const lines = diff.atHead(location);
  return lines === undefined ? undefined : inHunks(lines, 'RIGHT', diff.files.get(lines.path));
}

function inHunks({ startLine, endLine }: Lines, side: Side, file: PullFile | undefined): AtLines | undefined {
  const shown = shownLines(file?.hunks ?? [], side, startLine, endLine);
  if (file === undefined || shown === undefined) return undefined;
  return {
    anchor: { kind: 'lines', path: file.path, side, startLine: shown.startLine, line: shown.line },
    changed: shown.changed,
  };
}

/** A fix that lies whole in one hunk is offered where one click applies it. */
function suggested({ fix }: ReportedFinding, diff: Diff): Omit<Anchored, 'elsewhere'> | undefined {
  const [edit, ...more] = fix?.edits ?? [];
  if (edit === undefined || more.length > 0) return undefined;
  const lines = { path: edit.shownPath, startLine: edit.startLine, endLine: edit.endLine };
  const wanted = diff.atHead(lines);
  const found = wanted === undefined ? undefined : inHunks(wanted, 'RIGHT', diff.files.get(wanted.path));
  if (wanted === undefined || found === undefined) return undefined;
  const whole = found.anchor.startLine === wanted.startLine && found.anchor.line === wanted.endLine;
  return whole ? { anchor: found.anchor, suggestion: edit.newText } : undefined;
}

/** The changed line that makes the gap: what declares it, what a layer says of it, or what stood there before. */
function causeInDiff(finding: ReportedFinding, diff: Diff): Anchor | undefined {
  const now = placesOf(finding)
    .map((place) => atLines(locate(place), diff))
    .filter((one) => one !== undefined);
  const before = placesBefore(finding)
    .map((place) => takenAway(locate(place), diff))
    .filter((one) => one?.changed === true);
  return (now.find(({ changed }) => changed) ?? before[0] ?? now[0])?.anchor;
}

export function placesOf({ related, subject }: ReportedFinding): readonly Place[] {
  if (subject === undefined) return related.map(({ place }) => place);
  const { declaredBy, principal, role } = subject.assumption;
  const layers = subject.explanation().layers.flatMap(({ place, statement }) => [place, statement?.place]);
  const ends = [principal?.declaration.place, role?.declaration.place];
  return [...declaredBy.map(({ place }) => place), ...layers, ...related.map(({ place }) => place), ...ends].filter(
    (place) => place !== undefined,
  );
}

function placesBefore({ before }: ReportedFinding): readonly Place[] {
  if (before === undefined) return [];
  const layers = before.explanation().layers.flatMap(({ place, statement }) => [place, statement?.place]);
  return [...layers, ...before.assumption.declaredBy.map(({ place }) => place)].filter((place) => place !== undefined);
}

function takenAway(lines: Lines, { files }: Diff): AtLines | undefined {
  const file = [...files.values()].find(({ path, previousPath }) => (previousPath ?? path) === lines.path);
  return inHunks(lines, 'LEFT', file);
}

/** Where no line can be: on the file of the gap, else on one that has to do with it. */
function wholeFile(finding: ReportedFinding, { files }: Diff): Anchored | undefined {
  const paths = [finding.place, ...placesOf(finding), ...placesBefore(finding)].map((place) => locate(place).path);
  const path = paths.find((one) => files.has(one));
  return path === undefined
    ? undefined
    : { anchor: { kind: 'file', path }, elsewhere: path !== finding.location.path, suggestion: undefined };
}
