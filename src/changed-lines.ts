import { diffArrays } from 'diff';
import type { Files } from './documents/files.ts';
import type { SourceFile } from './source/source.ts';

/** What a change did to the lines of one file of its head. */
export interface ChangedLines {
  /** Whether it wrote one of these lines, or took one away between them. */
  readonly touches: (startLine: number, endLine: number) => boolean;
  /** Where a line stood before; undefined for one that the change wrote. */
  readonly before: (line: number) => { readonly path: string; readonly line: number } | undefined;
}

/** Texts that differ in more lines than this are not compared line by line: all of such a file is changed. */
const MOST_DIFFERENT = 3000;

/** Tells the changed lines of each file, worked out when it is first asked for. */
export function changedLines(head: Files, base: Files): (path: string) => ChangedLines {
  const known = new Map<string, ChangedLines>();
  return (path) => {
    const found = known.get(path) ?? compareFile(path, head, base);
    known.set(path, found);
    return found;
  };
}

function compareFile(path: string, head: Files, base: Files): ChangedLines {
  const now = head.read(path);
  const before = base.read(path);
  // What is no file of the run, such as text that somebody asks about, is as it was.
  if (now === undefined || now.text === before?.text) return unchanged(path);
  if (before !== undefined) return compareTexts(now, before);
  const [earlier, lines] = movedFrom(now, head, base) ?? [];
  return earlier === undefined ? ALL_NEW : (lines ?? unchanged(earlier.path));
}

const ALL_NEW: ChangedLines = { touches: () => true, before: () => undefined };

function unchanged(path: string): ChangedLines {
  return { touches: () => false, before: (line) => ({ path, line }) };
}

/** A file that was moved is what it was, as git tells: it has most lines of one that is gone. */
function movedFrom(now: SourceFile, head: Files, base: Files): [SourceFile, ChangedLines | undefined] | undefined {
  const stay = new Set(head.documents);
  const gone = base.documents
    .filter((path) => !stay.has(path))
    .map((path) => base.read(path))
    .filter((file) => file !== undefined);
  const same = gone.find(({ text }) => text === now.text);
  if (same !== undefined) return [same, undefined];
  for (const file of gone.filter(({ path }) => nameOf(path) === nameOf(now.path))) {
    const lines = compareTexts(now, file);
    const kept = Array.from({ length: now.lineCount }, (_, index) => lines.before(index + 1)).filter(Boolean);
    if (2 * kept.length > now.lineCount) return [file, lines];
  }
  return undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function compareTexts(now: SourceFile, before: SourceFile): ChangedLines {
  const parts = diffArrays(linesOf(before), linesOf(now), { maxEditLength: MOST_DIFFERENT });
  if (parts === undefined) return ALL_NEW;
  const earlier = new Map<number, number>();
  /** Lines that something was taken away above. */
  const cuts = new Set<number>();
  let [left, right] = [1, 1];
  for (const { value, added, removed } of parts) {
    if (removed) {
      cuts.add(right);
      left += value.length;
    } else if (added) right += value.length;
    else for (const _ of value) earlier.set(right++, left++);
  }
  return {
    touches: (startLine, endLine) => {
      for (let line = startLine; line <= endLine; line++)
        if (!earlier.has(line) || (line > startLine && cuts.has(line))) return true;
      return false;
    },
    before: (line) => {
      const found = earlier.get(line);
      return found === undefined ? undefined : { path: before.path, line: found };
    },
  };
}

/** Line breaks differ by the machine that wrote them. */
function linesOf(file: SourceFile): string[] {
  return file.text.split('\n').map((line) => line.replace(/\r$/, ''));
}
