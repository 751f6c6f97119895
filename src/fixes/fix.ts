/** An edit of whole lines, as a review suggestion takes it. */
export interface Edit {
  readonly path: string;
  /** How reports print the path. */
  readonly shownPath: string;
  readonly startLine: number;
  readonly endLine: number;
  /** The lines that replace startLine to endLine, without the last line's break. */
  readonly newText: string;
}

export interface Fix {
  readonly description: string;
  readonly edits: readonly Edit[];
  /** Applied and decided again: with it, the finding is gone and nothing else breaks. */
  readonly verified: boolean;
}

/** The text with one edit applied; the file's own line breaks are kept. */
export function applyEdit(text: string, { startLine, endLine, newText }: Edit): string {
  const lines = text.split('\n');
  const carriage = lines[startLine - 1]?.endsWith('\r') === true ? '\r' : '';
  const replacement = newText.split('\n').map((line) => line + carriage);
  return [...lines.slice(0, startLine - 1), ...replacement, ...lines.slice(endLine)].join('\n');
}
