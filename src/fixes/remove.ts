import type { Place, SourceFile } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';
import { inFile, withQuotes } from './text-style.ts';

/** A list without one of its texts; none where it is not told apart from what surrounds it. */
export function removeItem({ place }: { readonly place: Place }): Edit | undefined {
  if (place.source.derived === true) return undefined;
  const { file, start, end } = inFile(place);
  const range = withQuotes(file, start, end);
  return withoutLine(file, range.start, range.end) ?? withoutPiece(file, range.start, range.end);
}

/** A list of statements without one of them. */
export function removeStatement(place: Place): Edit | undefined {
  if (place.source.derived === true) return undefined;
  const { file, start, end } = inFile(place);
  return withoutLine(file, start, end) ?? withoutBlock(file, start, end) ?? withoutPiece(file, start, end);
}

/** `statement { … }` in lines of its own. */
function withoutBlock(file: SourceFile, start: number, end: number): Edit | undefined {
  const from = file.position(start).line;
  const to = file.position(end).line;
  const head = file.text.slice(file.lineStart(from), start);
  const tail = file.text.slice(end, file.lineStart(to) + file.line(to).length);
  const block = `${head}${file.text.slice(start, end)}`.trim();
  if (!/^statement\s*\{[\s\S]*\}$/.test(block) || tail.trim() !== '') return undefined;
  return withoutLines(file, from, to);
}

/** A dash of a YAML list, with all that stands in the lines of its entry. */
function withoutLine(file: SourceFile, start: number, end: number): Edit | undefined {
  const from = file.position(start).line;
  const head = file.text.slice(file.lineStart(from), start);
  const to = lastLine(file, end);
  const tail = file.text.slice(
    end,
    file.lineStart(file.position(end).line) + file.line(file.position(end).line).length,
  );
  if (!/^\s*-\s+(?:!\w+\s+)?$/.test(head) || !/^\s*(#.*)?$/.test(tail)) return undefined;
  return withoutLines(file, from, to);
}

/** The end of a block may be told as the start of the line after it. */
function lastLine(file: SourceFile, end: number): number {
  const { line, column } = file.position(end);
  return column === 1 && line > 1 ? line - 1 : line;
}

/** Whole lines less: an edit replaces lines, so that the one before them is written anew. */
function withoutLines(file: SourceFile, from: number, to: number): Edit | undefined {
  if (from === 1) return undefined;
  const before = file.line(from - 1);
  return { path: file.path, shownPath: file.shownPath, startLine: from - 1, endLine: to, newText: before };
}

/** `a, ` or `, a` of a list in brackets. */
function withoutPiece(file: SourceFile, start: number, end: number): Edit | undefined {
  const before = file.text.slice(0, start);
  const after = file.text.slice(end);
  // The value of a key is no piece of a list.
  if (!/[[,]\s*$/.test(before.slice(-500))) return undefined;
  const last = /,\s*$/.exec(before.slice(-500))?.[0];
  const next = /^\s*,\s*/.exec(after.slice(0, 500))?.[0];
  if (next !== undefined && !/^[\]}]/.test(after.slice(next.length)))
    return replaceRange(file, start, end + next.length, '');
  if (last !== undefined && /^\s*,?\s*\]/.test(after.slice(0, 500)))
    return replaceRange(file, start - last.length, end, '');
  return undefined;
}
