import type { SourceFile } from '../source/source.ts';
import type { Edit } from './fix.ts';

/** An edit of whole lines that replaces one range of a file's text. */
export function replaceRange(file: SourceFile, start: number, end: number, newText: string): Edit {
  const from = file.position(start).line;
  const to = file.position(end).line;
  const before = file.text.slice(file.lineStart(from), start);
  const after = file.text.slice(end, file.lineStart(to) + file.line(to).length);
  return {
    path: file.path,
    shownPath: file.shownPath,
    startLine: from,
    endLine: to,
    // The breaks of its lines are put back when it is applied.
    newText: `${before}${newText}${after}`.replaceAll('\r\n', '\n'),
  };
}
