import { readEvents } from './explain/events.ts';
import { noEvents } from './explain-command.ts';
import { unifiedDiff } from './fixes/unified-diff.ts';
import { forTerminal } from './report/printable.ts';
import type { RunInput } from './run.ts';
import { locate } from './source/source.ts';
import { type Suggestion, suggest } from './suggest.ts';
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
  const calls = files.flatMap(({ name, text }) => {
    const read = readEvents(text);
    if (read === undefined) throw new UserError(noEvents(text, name));
    return read.calls;
  });
  const suggested = suggest(calls, input);
  if (suggested.used.length === 0) throw new UserError('the events show no call that assumed a role');
  const times = calls.flatMap(({ at }) => at ?? []).sort((a, b) => a - b);
  if (as === 'diff') write(suggested.files.map(unifiedDiff).join(''));
  else if (as === 'json')
    write(
      `${JSON.stringify({ version: 1, calls: suggested.used.length, suggestions: suggested.suggestions.map(data) }, null, 2)}\n`,
    );
  else {
    const days = [times[0], times.at(-1)].map((time) =>
      time === undefined ? '?' : new Date(time).toISOString().slice(0, 10),
    );
    write(`${suggested.used.length} calls that worked, from ${days.join(' to ')}\n`);
    write(suggested.suggestions.map(text).join(''));
    if (suggested.suggestions.length === 0) write('\nnothing declared is wider than what was used\n');
  }
  return 0;
}

function text({ message, place, edit, kind }: Suggestion): string {
  const { path, startLine, startColumn } = locate(place);
  const lines =
    edit === undefined ? [] : edit.newText.split('\n').map((line, index) => `    ${edit.startLine + index} | ${line}`);
  return `\n${[`${path}:${startLine}:${startColumn}  ${kind}`, `  ${message}`, ...lines].map(forTerminal).join('\n')}\n`;
}

function data({ kind, message, place, edit }: Suggestion): unknown {
  const { path = '', startLine = 0, endLine = 0, newText = '' } = edit ?? {};
  return {
    kind,
    message,
    location: locate(place),
    ...(edit === undefined ? {} : { edit: { path, startLine, endLine, newText } }),
  };
}
