import type { SourceFile } from '../source/source.ts';

/** A key of a template in block style and what belongs to it. */
export interface Block {
  readonly line: number;
  readonly indent: number;
  /** The last line of what belongs to it. */
  readonly last: number;
}

export function blockAt(file: SourceFile, line: number, indent: number): Block {
  return { line, indent, last: lastOf(file, line, indent) };
}

/** A key one level within a block. */
export function keyIn(file: SourceFile, block: Block, key: string): Block | undefined {
  let level: number | undefined;
  for (let line = block.line + 1; line <= block.last; line++) {
    const text = file.line(line);
    if (isEmpty(text)) continue;
    const indent = text.length - text.trimStart().length;
    level ??= indent;
    if (indent === level && text.trimStart().startsWith(`${key}:`))
      return { line, indent, last: lastOf(file, line, indent) };
  }
  return undefined;
}

export function isBlock(file: SourceFile, { line, last }: Block): boolean {
  return /:\s*(#.*)?$/.test(file.line(line)) && last > line;
}

function isEmpty(text: string): boolean {
  return text.trim() === '' || text.trimStart().startsWith('#');
}

/** A list may stand in the very column of its key. */
function lastOf(file: SourceFile, line: number, indent: number): number {
  let last = line;
  for (let next = line + 1; next <= file.lineCount; next++) {
    const text = file.line(next);
    if (isEmpty(text)) continue;
    const own = text.length - text.trimStart().length;
    if (own < indent || (own === indent && !text.trimStart().startsWith('- '))) break;
    last = next;
  }
  return last;
}
