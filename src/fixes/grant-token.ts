import type { Finding } from '../rules/apply.ts';
import { textAt } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';
import { inFile } from './text-style.ts';

/** The permission without which a job gets no token, at the place that lacks it. */
export function grantToken({ subject, place }: Finding): Omit<Fix, 'verified'> | undefined {
  if (subject?.assumption.question.withheld?.lacks !== 'id-token') return undefined;
  const { file, start, end } = inFile(place);
  const edits: readonly (Edit | undefined)[] = [
    // `id-token: none`
    /^(none|read)$/.test(textAt(place)) && /id-token["']?\s*:\s*["']?$/.test(file.text.slice(0, start).slice(-20))
      ? replaceRange(file, start, end, 'write')
      : undefined,
    inPermissions(file, start, end),
    inJob(file, start, end),
  ];
  const edit = edits.find((one) => one !== undefined);
  return edit === undefined ? undefined : { description: 'grant id-token: write', edits: [edit] };
}

type File = ReturnType<typeof inFile>['file'];

/** Beside the scopes that `permissions` lists: a scope that it leaves out is none. */
function inPermissions(file: File, start: number, end: number): Edit | undefined {
  if (file.text.slice(start, end) !== 'permissions') return undefined;
  const flow = /^\s*:\s*\{\s*(\}?)/.exec(file.text.slice(end));
  if (flow !== null) {
    const at = end + flow[0].length - (flow[1] ?? '').length;
    return replaceRange(file, at, at, flow[1] === '}' ? 'id-token: write' : 'id-token: write, ');
  }
  const { line } = file.position(start);
  return below(file, line, (indent) => [`${indent}id-token: write`], /permissions\s*:\s*(#.*)?$/);
}

/** A job without any has the default permissions; once it lists some, it has no others, and most read the contents. */
function inJob(file: File, start: number, end: number): Edit | undefined {
  const { line } = file.position(start);
  if (!/^\s*:\s*(#.*)?$/.test(file.text.slice(end, file.lineStart(line) + file.line(line).length))) return undefined;
  const lines = (indent: string): readonly string[] => [
    `${indent}permissions:`,
    `${indent}  id-token: write`,
    `${indent}  contents: read`,
  ];
  return below(file, line, lines, /^\s*[\w-]+\s*:\s*(#.*)?$/);
}

/** Lines in the block that a key begins, before its first. */
function below(file: File, line: number, lines: (indent: string) => readonly string[], key: RegExp): Edit | undefined {
  const own = file.line(line);
  let next = line + 1;
  while (next <= file.lineCount && /^\s*(#.*)?$/.test(file.line(next))) next += 1;
  const indent = next > file.lineCount ? '' : (/^ */.exec(file.line(next))?.[0] ?? '');
  if (!key.test(own) || indent.length <= (/^ */.exec(own)?.[0] ?? '').length) return undefined;
  const newText = [own, ...lines(indent)].join('\n');
  return { path: file.path, shownPath: file.shownPath, startLine: line, endLine: line, newText };
}
