import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyFixes, type FixedFile } from './fixes/apply-fixes.ts';
import type { Fix } from './fixes/fix.ts';
import { isClean, isTracked } from './git/repository.ts';
import type { Report } from './report/report.ts';
import type { RunInput } from './run.ts';
import { UserError } from './user-error.ts';

/** The offered fixes as one change of the files. */
export function fixedFiles(report: Report, { files }: RunInput): ReturnType<typeof applyFixes> {
  const fixes = report.findings.map(({ fix }) => fix).filter((fix): fix is Fix => fix !== undefined);
  return applyFixes(fixes, (path) => files.read(path)?.text);
}

/** Writes them; what git could not give back is never written over. */
export function writeFixes(fixed: readonly FixedFile[], folder: string, force: boolean): void {
  if (fixed.length === 0) return;
  if (!force && !isClean(folder))
    throw new UserError('--fix writes into a clean git working tree only: commit or stash first, or add --force');
  const untracked = force ? undefined : fixed.find(({ path }) => !isTracked(folder, path));
  if (untracked !== undefined)
    throw new UserError(`${untracked.shownPath} is not written: git does not track it, or add --force`);
  const pairs = fixed.map((file) => ({ file, bytes: readFileSync(join(folder, file.path)) }));
  for (const { file, bytes } of pairs) {
    // A file in another encoding than UTF-8 would come back as another file.
    const text = bytes.toString('utf8');
    if (text.replace(/^\uFEFF/, '') !== file.before.replace(/^\uFEFF/, ''))
      throw new UserError(`${file.shownPath} is not written: it is not plain UTF-8, or changed while it was checked`);
  }
  const written = new Set<string>();
  for (const { file, bytes } of pairs) {
    // A file that has a link, too, is one file: what the other path says of it is left for the next time.
    const real = realpathSync(join(folder, file.path));
    if (written.has(real)) continue;
    written.add(real);
    const mark = bytes.toString('utf8').startsWith('\uFEFF') && !file.after.startsWith('\uFEFF') ? '\uFEFF' : '';
    try {
      writeFileSync(join(folder, file.path), mark + file.after);
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/, open .*$/, '') : 'unknown';
      throw new UserError(`${file.shownPath} cannot be written: ${reason}`);
    }
  }
}
