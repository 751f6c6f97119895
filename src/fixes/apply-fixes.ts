import { applyEdit, type Edit, type Fix } from './fix.ts';

/** One file with the edits that can be made together. */
export interface FixedFile {
  readonly path: string;
  readonly shownPath: string;
  readonly before: string;
  readonly after: string;
  /** By line, from the first. */
  readonly edits: readonly Edit[];
}

/** All fixes in one go: of two that touch the same lines the first is made. A fix is made whole or not at all. */
export function applyFixes(
  fixes: readonly Fix[],
  textOf: (path: string) => string | undefined,
): { readonly files: readonly FixedFile[]; readonly left: readonly Fix[] } {
  const taken = new Map<string, Edit[]>();
  const left: Fix[] = [];
  for (const fix of fixes) {
    if (fix.edits.every((edit) => isAmong(edit, taken.get(edit.path) ?? []))) continue;
    const free = fix.edits.every(
      (edit) => textOf(edit.path) !== undefined && !(taken.get(edit.path) ?? []).some((other) => overlap(edit, other)),
    );
    if (!free) left.push(fix);
    else for (const edit of fix.edits) taken.set(edit.path, [...(taken.get(edit.path) ?? []), edit]);
  }
  const files = [...taken].map(([path, edits]): FixedFile => {
    const before = textOf(path) ?? '';
    const ordered = [...edits].sort((a, b) => a.startLine - b.startLine);
    // From the last line up, so that no edit moves the lines of another.
    const after = ordered.reduceRight(applyEdit, before);
    return { path, shownPath: ordered[0]?.shownPath ?? path, before, after, edits: ordered };
  });
  return { files, left };
}

/** Two findings may be mended by one edit. */
function isAmong(edit: Edit, others: readonly Edit[]): boolean {
  return others.some(
    (other) => other.startLine === edit.startLine && other.endLine === edit.endLine && other.newText === edit.newText,
  );
}

function overlap(one: Edit, other: Edit): boolean {
  return one.startLine <= other.endLine && other.startLine <= one.endLine;
}
