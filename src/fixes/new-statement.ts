import type { Statement } from '../iam/policy.ts';
import type { Finding } from '../rules/apply.ts';
import { type SourceFile, textAt } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';
import { isHcl } from './hcl.ts';
import { escapedAt, inBlock, languageAt, listed } from './language.ts';
import { inFile, isJson } from './text-style.ts';

/** A statement that allows one call and nothing else. */
export interface NewStatement {
  readonly actions: readonly string[];
  /** In a trust policy: who may call. */
  readonly principal?: { readonly type: string; readonly name: string };
  /** In other policies: the role. */
  readonly resource?: string;
}

/** It stands behind the last of a policy's statements, laid out as that one is. */
export function addStatement(
  statements: readonly Statement[],
  added: NewStatement,
  finding: Finding,
): Edit | undefined {
  const last = statements.findLast(({ guard }) => guard === true);
  if (last === undefined || last !== statements.at(-1) || last.place.source.derived === true) return undefined;
  const { place } = last;
  const { file, start, end } = inFile(place);
  const text = file.text.slice(start, end);
  if (languageAt(place) === 'hcl') {
    if (/^statement\b/.test(file.line(file.position(start).line).trim())) return asBlock(last, added, finding);
    const members = membersOf(added, (wanted) => listed(wanted, place, finding), HCL);
    return members === undefined ? undefined : asObject(file, start, end, aligned(members, text));
  }
  if (!text.startsWith('{')) return languageAt(place) === 'yaml' ? asLines(last, added, finding) : undefined;
  const quoted = /^\{\s*\\?"/.test(text);
  const neighbour = quoted ? '"' : (/^\{\s*\w+\s*:\s*(["'])/.exec(text)?.[1] ?? /: (\w+:\w)/.exec(text)?.[1] ?? '');
  const value = (wanted: string): string | undefined => listed(wanted, place, finding, neighbour);
  const key = (name: string): string => (quoted ? escapedAt(place, JSON.stringify(name)) : name);
  const block = /^\{[^{}]*\\?"(not_)?actions\\?"\s*:/.test(text);
  const named = block ? argumentsOf(added, value) : membersOf(added, value, { key, sign: ': ', space: '' });
  const members = named?.map(([name, one]) => ({ head: `${key(name)}: `, value: one }));
  return members === undefined ? undefined : asObject(file, start, end, members);
}

type Member = readonly [key: string, value: string];

interface Syntax {
  readonly key: (name: string) => string;
  readonly sign: string;
  /** Within braces. */
  readonly space: string;
}

const HCL: Syntax = { key: (name) => name, sign: ' = ', space: ' ' };

/** `Effect`, `Action` and what they are about, as the language writes them within brackets. */
function membersOf(
  { actions, principal, resource }: NewStatement,
  value: (wanted: string) => string | undefined,
  { key, sign, space }: Syntax,
): readonly Member[] | undefined {
  const about = principal === undefined ? value(resource ?? '*') : value(principal.name);
  if (about === undefined) return undefined;
  const [only, ...more] = actions.map((action) => value(action) ?? action);
  const action: Member = ['Action', more.length === 0 ? (only ?? '') : `[${[only, ...more].join(', ')}]`];
  return principal === undefined
    ? [['Effect', value('Allow') ?? 'Allow'], action, ['Resource', about]]
    : [
        ['Effect', value('Allow') ?? 'Allow'],
        ['Principal', `{${space}${key(principal.type)}${sign}${about}${space}}`],
        action,
      ];
}

/** The same of `aws_iam_policy_document` in JSON, whose Effect is Allow where it says nothing. */
function argumentsOf(
  { actions, principal, resource }: NewStatement,
  value: (wanted: string) => string | undefined,
): readonly Member[] | undefined {
  const about = value(principal?.name ?? resource ?? '*');
  if (about === undefined) return undefined;
  const action: Member = ['actions', JSON.stringify(actions)];
  return principal === undefined
    ? [action, ['resources', `[${about}]`]]
    : [action, ['principals', `[{"type": ${JSON.stringify(principal.type)}, "identifiers": [${about}]}]`]];
}

interface Written {
  readonly head: string;
  readonly value: string;
}

/** As `terraform fmt` lays out members in lines of their own. */
function aligned(members: readonly Member[], text: string): readonly Written[] {
  const longest = Math.max(...members.map(([key]) => key.length));
  const inLines = /^\{\s*\n/.test(text);
  return members.map(([key, value]) => ({ head: `${inLines ? key.padEnd(longest) : key} = `, value }));
}

/** In a list, or in a list with the one that stands alone. */
function asObject(file: SourceFile, start: number, end: number, members: readonly Written[]): Edit | undefined {
  const text = file.text.slice(start, end);
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const hcl = isHcl(file) && / = $/.test(members[0]?.head ?? '');
  const [, lead] = /^\{[ \t]*\r?\n([ \t]*)/.exec(text) ?? [];
  const [, closing = ''] = /\n([ \t]*)\}$/.exec(text) ?? [];
  const parts = members.map(({ head, value }) => `${head}${value}`);
  const space = /^\{ /.test(text) ? ' ' : '';
  const object =
    lead === undefined
      ? `{${space}${parts.join(', ')}${space}}`
      : `{\n${parts.map((part) => `${lead}${part}`).join(hcl ? '\n' : ',\n')}\n${closing}}`;
  const head = file.text.slice(file.lineStart(file.position(start).line), start);
  // `- {…}` in a block of YAML.
  if (/^\s*-\s+$/.test(head) && !isHcl(file) && !isJson(file))
    return replaceRange(file, end, end, `\n${head}${object}`);
  const isListed = /^\s*[\],]/.test(file.text.slice(end, end + 400)) && /[[,]\s*$/.test(file.text.slice(0, start));
  if (!isListed) return replaceRange(file, start, end, `[${text}, ${object}]`);
  return replaceRange(file, end, end, `,${head.trim() === '' ? `\n${head}` : ' '}${object}`);
}

/** A block of YAML: an item of the list, or the one that stands without a list and becomes its first. */
function asLines({ place }: Statement, added: NewStatement, finding: Finding): Edit | undefined {
  const { file, start } = inFile(place);
  const { line, column } = file.position(start);
  const head = file.text.slice(file.lineStart(line), start);
  const dash = /^(\s*)-(\s+)$/.exec(head);
  if (dash === null && head.trim() !== '') return undefined;
  const last = lastLine(file, line, column - 1);
  const own = Array.from({ length: last - line + 1 }, (_, index) => file.line(line + index));
  const quote = /^(?:Effect|Action)\s*:\s*(["']?)/m.exec(textAt(place))?.[1] ?? '';
  const lines = linesOf(added, (wanted) => inBlock(wanted, place, finding, quote));
  if (lines === undefined) return undefined;
  const indent = dash === null ? head : (dash[1] ?? '');
  const gap = dash?.[2] ?? ' ';
  const before = dash === null ? own.map((text, at) => shifted(text, head, at === 0)) : own;
  const fresh = lines.map((text, at) => `${indent}${at === 0 ? '-' : ' '}${gap}${text}`);
  return {
    path: file.path,
    shownPath: file.shownPath,
    startLine: line,
    endLine: last,
    newText: [...before, ...fresh].join('\n'),
  };
}

function shifted(text: string, indent: string, first: boolean): string {
  if (first) return `${indent}- ${text.slice(indent.length)}`;
  return text.trim() === '' ? text : `  ${text}`;
}

function linesOf(
  { actions, principal, resource }: NewStatement,
  value: (wanted: string) => string | undefined,
): readonly string[] | undefined {
  const about = value(principal?.name ?? resource ?? '*');
  if (about === undefined) return undefined;
  const [only, ...more] = actions.map((action) => value(action) ?? action);
  const action = more.length === 0 ? [`Action: ${only}`] : ['Action:', ...[only, ...more].map((one) => `  - ${one}`)];
  const effect = `Effect: ${value('Allow') ?? 'Allow'}`;
  if (principal === undefined) return [effect, ...action, `Resource: ${about}`];
  return [effect, 'Principal:', `  ${principal.type}: ${about}`, ...action];
}

/** The last line of a block whose keys stand in this column. */
function lastLine(file: SourceFile, line: number, column: number): number {
  let last = line;
  for (let next = line + 1; next <= file.lineCount; next++) {
    const text = file.line(next);
    if (text.trim() === '') continue;
    const indent = text.length - text.trimStart().length;
    if (indent < column || (indent === column && /^- /.test(text.trimStart()) && !belongs(file, next, column))) break;
    if (/^\s*#/.test(text) && indent <= column) continue;
    last = next;
  }
  return last;
}

/** A list may stand in the column of its key. */
function belongs(file: SourceFile, line: number, column: number): boolean {
  for (let before = line - 1; before > 0; before--) {
    const text = file.line(before);
    if (text.trim() === '' || /^\s*#/.test(text)) continue;
    const indent = text.length - text.trimStart().length;
    if (indent > column || (indent === column && /^- /.test(text.trimStart()))) continue;
    return indent === column && /:\s*(#.*)?$/.test(text);
  }
  return false;
}

/** One more `statement { … }` behind the last. */
function asBlock(
  { place }: Statement,
  { actions, principal, resource }: NewStatement,
  finding: Finding,
): Edit | undefined {
  const { file, start, end } = inFile(place);
  const from = file.position(start).line;
  const indent = /^\s*/.exec(file.line(from))?.[0] ?? '';
  const last = closingLine(file, Math.max(from, file.position(end).line), indent);
  const about = listed(principal?.name ?? resource ?? '*', place, finding);
  if (about === undefined || last === undefined) return undefined;
  const step = /^\s*/.exec(file.line(from + 1))?.[0].slice(indent.length) || '  ';
  const list = `[${actions.map((action) => JSON.stringify(action)).join(', ')}]`;
  const inner = indent + step;
  const block =
    principal === undefined
      ? [`${inner}actions   = ${list}`, `${inner}resources = [${about}]`]
      : [
          `${inner}actions = ${list}`,
          '',
          `${inner}principals {`,
          `${inner}${step}type        = ${JSON.stringify(principal.type)}`,
          `${inner}${step}identifiers = [${about}]`,
          `${inner}}`,
        ];
  const newText = [file.line(last), '', `${indent}statement {`, ...block, `${indent}}`].join('\n');
  return { path: file.path, shownPath: file.shownPath, startLine: last, endLine: last, newText };
}

function closingLine(file: SourceFile, from: number, indent: string): number | undefined {
  for (let line = from; line <= file.lineCount; line++) {
    const text = file.line(line);
    if (text.startsWith(`${indent}}`)) return text.trim() === '}' ? line : undefined;
  }
  return undefined;
}
