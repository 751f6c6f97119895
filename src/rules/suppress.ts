import type { IgnoreEntry } from '../config/schema.ts';
import type { Suppression } from '../inventory/declarations.ts';
import { globMatches } from '../symbolic/pattern.ts';
import type { Finding } from './apply.ts';

/** Leaves out what the configuration or the document says to ignore; entries past their date no longer count. */
export function withoutSuppressed(
  findings: readonly Finding[],
  ignored: readonly IgnoreEntry[],
  inDocuments: readonly Suppression[],
  now: number,
): readonly Finding[] {
  const today = new Date(now).toISOString().slice(0, 10);
  const current = ignored.filter((entry) => entry.until === undefined || entry.until >= today);
  return findings.filter((finding) => {
    const byEntry = current.some((entry) => entryCovers(entry, finding));
    return !byEntry && !inDocuments.some((one) => covers(one, finding)) && !commentAbove(finding);
  });
}

function entryCovers(entry: IgnoreEntry, finding: Finding): boolean {
  const fits = (glob: string | undefined, text: string | undefined): boolean =>
    glob === undefined || (text !== undefined && globMatches(glob, text));
  return (
    entry.rule === finding.rule &&
    fits(entry.role, finding.role) &&
    fits(entry.principal, finding.principal) &&
    fits(entry.path, finding.place.source.path)
  );
}

function covers({ rule, within }: Suppression, { place, rule: found }: Finding): boolean {
  if (rule !== found || place.source.file !== within.source.file) return false;
  const at = place.source.toFile(place.start);
  return at >= within.start && at < within.end;
}

/** `# assume-role-check: ignore[open-trust] sandbox account` on the line above, or at the end of the line itself. */
function commentAbove({ rule, place, location }: Finding): boolean {
  const file = place.source.file;
  return [location.startLine, location.startLine - 1].some((line) => {
    const match = /(?:#|\/\/)\s*assume-role-check:\s*ignore\[([\w-]+(?:\s*,\s*[\w-]+)*)\]\s+\S/.exec(file.line(line));
    if (match?.[1] === undefined) return false;
    const alone = line === location.startLine || /^\s*(#|\/\/)/.test(file.line(line));
    return alone && match[1].split(',').some((one) => one.trim() === rule);
  });
}
