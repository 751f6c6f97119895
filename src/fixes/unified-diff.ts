import type { FixedFile } from './apply-fixes.ts';

const CONTEXT = 3;

/** As `git apply` takes it. https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html */
export function unifiedDiff({ path, before, edits }: FixedFile): string {
  const lines = before.split('\n');
  // What follows the last line break is no line of its own.
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const hunks: string[] = [];
  let shift = 0;
  for (const group of groupsOf(edits)) {
    const first = Math.max(1, (group[0]?.startLine ?? 1) - CONTEXT);
    const last = Math.min(count, (group.at(-1)?.endLine ?? 1) + CONTEXT);
    const body: string[] = [];
    let at = first;
    let added = 0;
    for (const { startLine, endLine, newText } of group) {
      for (; at < startLine; at++) body.push(` ${lines[at - 1] ?? ''}`);
      const old = lines.slice(startLine - 1, endLine);
      const carriage = old[0]?.endsWith('\r') === true ? '\r' : '';
      const fresh = newText.split('\n').map((line) => line + carriage);
      // A line that only gets others below or above it stays.
      const same = commonStart(old, fresh);
      body.push(...old.slice(0, same).map((line) => ` ${line}`));
      body.push(...old.slice(same).map((line) => `-${line}`), ...fresh.slice(same).map((line) => `+${line}`));
      added += fresh.length - old.length;
      at = endLine + 1;
    }
    for (; at <= last; at++) body.push(` ${lines[at - 1] ?? ''}`);
    const size = last - first + 1;
    hunks.push(`@@ -${first},${size} +${first + shift},${size + added} @@`, ...body);
    if (last === count && lines.at(-1) !== '') hunks.push('\\ No newline at end of file');
    shift += added;
  }
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('\n')}\n`;
}

/** Edits whose context would overlap share a hunk. */
function groupsOf(edits: FixedFile['edits']): readonly (readonly FixedFile['edits'][number][])[] {
  const groups: FixedFile['edits'][number][][] = [];
  for (const edit of edits) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && edit.startLine - before.endLine <= 2 * CONTEXT) group.push(edit);
    else groups.push([edit]);
  }
  return groups;
}

function commonStart(old: readonly string[], fresh: readonly string[]): number {
  let same = 0;
  while (same < old.length && same < fresh.length && old[same] === fresh[same]) same += 1;
  return same;
}
