import { readEvents } from './explain/events.ts';
import { noEvents } from './explain-command.ts';
import type { Edit } from './fixes/fix.ts';
import { unifiedDiff } from './fixes/unified-diff.ts';
import { forTerminal } from './report/printable.ts';
import type { RunInput } from './run.ts';
import { locate, type SourceFile } from './source/source.ts';
import type { Suggestion } from './suggest/suggestion.ts';
import { periodOf } from './suggest/usage.ts';
import { type Suggested, suggest } from './suggest.ts';
import { UserError } from './user-error.ts';

interface EventFile {
  readonly name: string;
  readonly text: string;
}

/** `suggest --events FILE…`: text, JSON, or with `--diff` the edits as `git apply` takes them. */
export function suggestFrom(
  files: readonly EventFile[],
  as: 'text' | 'json' | 'diff',
  input: RunInput,
  write: (text: string) => void,
): number {
  const read = files.map(({ name, text }) => {
    const events = readEvents(text);
    if (events === undefined) throw new UserError(noEvents(text, name));
    return { name, ...events };
  });
  const suggested = suggest(
    read.flatMap(({ calls }) => calls),
    input,
  );
  const { worked, refused } = suggested.usage;
  if (worked.length + refused.length === 0) throw new UserError('the events show no call that assumes a role');
  const unread = read.filter((one) => one.unread > 0);
  if (as === 'diff') write(suggested.files.map(unifiedDiff).join(''));
  else if (as === 'json')
    write(
      `${JSON.stringify(
        data(
          suggested,
          unread.reduce((sum, one) => sum + one.unread, 0),
        ),
        null,
        2,
      )}\n`,
    );
  else {
    write(textOf(suggested));
    for (const { name, unread: lines } of unread)
      write(`\n${lines} ${lines === 1 ? 'line' : 'lines'} of ${forTerminal(name)} left out: no JSON\n`);
  }
  return 0;
}

function textOf({ usage, suggestions, left }: Suggested): string {
  const { worked, refused, logs } = usage;
  const head = `${count(worked.length, 'call')} that worked and ${refused.length} that AWS refused, ${periodOf(usage)}, in the logs of ${[...logs].sort().join(', ') || 'no account that is named'}`;
  const rest =
    suggestions.length === 0 ? '\nnothing is missing, and nothing declared is wider than what was used\n' : '';
  const later =
    left === 0
      ? ''
      : `\n${count(left, 'edit')} ${left === 1 ? 'touches' : 'touch'} the lines of others: ask again once those are made\n`;
  return `${forTerminal(head)}\n${suggestions.map(text).join('')}${rest}${later}`;
}

function count(number: number, word: string): string {
  return `${number} ${number === 1 ? word : `${word}s`}`;
}

function text({ message, place, edits, kind }: Suggestion): string {
  const { path, startLine, startColumn } = locate(place);
  const lines = edits.flatMap((edit) => [
    ...(edits.length > 1 || edit.shownPath !== path ? [`  ${edit.shownPath}`] : []),
    ...(kind === 'unused' ? removed(edit, place.source.file) : []),
    ...(kind === 'unused' && isRemoval(edit)
      ? []
      : edit.newText.split('\n').map((line, index) => `    ${edit.startLine + index} | ${line}`)),
  ]);
  return `\n${[`${path}:${startLine}:${startColumn}  ${kind}`, `  ${message}`, ...lines].map(forTerminal).join('\n')}\n`;
}

/** Whole lines that go: the one before them is written again as it was. */
function isRemoval({ startLine, endLine, newText }: Edit): boolean {
  return endLine > startLine && !newText.includes('\n');
}

function removed(edit: Edit, file: SourceFile): readonly string[] {
  if (!isRemoval(edit)) return [];
  const numbers = Array.from({ length: edit.endLine - edit.startLine }, (_, index) => edit.startLine + 1 + index);
  return numbers.map((number) => `    ${number} - ${file.line(number)}`);
}

function data({ usage, suggestions }: Suggested, unread: number): unknown {
  return {
    version: 1,
    calls: usage.worked.length,
    refused: usage.refused.length,
    from: timeOf(usage.from),
    to: timeOf(usage.to),
    logs: [...usage.logs].sort(),
    unread,
    suggestions: suggestions.map(({ kind, message, place, edits }) => {
      const written = edits.map(({ path, startLine, endLine, newText }) => ({ path, startLine, endLine, newText }));
      const [edit, ...more] = written;
      return {
        kind,
        message,
        location: locate(place),
        ...(edit === undefined || more.length > 0 ? {} : { edit }),
        edits: written,
      };
    }),
  };
}

function timeOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
