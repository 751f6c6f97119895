import { parseJson } from '../source/json.ts';
import type { SourceFile } from '../source/source.ts';
import { type ListTree, type MapTree, member, type Tree } from '../source/tree.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';

/** The whole of a JSON file; undefined where it cannot be read. */
export function jsonIn(file: SourceFile): Tree | undefined {
  const { documents, problems } = parseJson(file);
  return problems.length === 0 ? documents[0] : undefined;
}

/** The resource of a Terraform file in JSON whose name stands at this offset. */
export function resourceInJson(
  file: SourceFile,
  offset: number,
): { readonly type: string; readonly name: string; readonly body: MapTree } | undefined {
  const types = member(jsonIn(file), 'resource');
  for (const { key, value } of types?.kind === 'map' ? types.entries : [])
    for (const { key: name, value: body } of value.kind === 'map' ? value.entries : [])
      if (body.kind === 'map' && offset >= name.place.start - 1 && offset <= body.place.end)
        return { type: key.text, name: name.text, body };
  return undefined;
}

/** One more member at the end of an object, laid out as the others are. */
export function withMember(file: SourceFile, { place, entries }: MapTree, key: string, value: unknown): Edit {
  const last = entries.at(-1);
  const at = last === undefined ? place.start + 1 : endOf(file, last.value);
  const lead = last === undefined ? undefined : leadOf(file, last.key.place.start - 1);
  const own = lead ?? `${indentAt(file, place.start)}${stepOf(file)}`;
  const text = `${JSON.stringify(key)}: ${written(value, file, own)}`;
  if (last !== undefined) return replaceRange(file, at, at, lead === undefined ? `, ${text}` : `,\n${own}${text}`);
  return replaceRange(file, at, place.end - 1, `\n${own}${text}\n${indentAt(file, place.start)}`);
}

/** One more item at the end of a list. */
export function withItem(file: SourceFile, { place, items }: ListTree, value: unknown): Edit {
  const last = items.at(-1);
  if (last === undefined)
    return replaceRange(file, place.start + 1, place.end - 1, written(value, file, indentAt(file, place.start)));
  const lead = leadOf(file, startOf(file, last));
  const at = endOf(file, last);
  const text = written(value, file, lead ?? indentAt(file, place.start));
  return replaceRange(file, at, at, lead === undefined ? `, ${text}` : `,\n${lead}${text}`);
}

/** The place of a text lies within its quotes. */
function startOf({ text }: SourceFile, { kind, place }: Tree): number {
  return kind === 'scalar' && text[place.start - 1] === '"' ? place.start - 1 : place.start;
}

function endOf({ text }: SourceFile, { kind, place }: Tree): number {
  return kind === 'scalar' && text[place.end] === '"' ? place.end + 1 : place.end;
}

/** What stands before something that begins its line. */
function leadOf(file: SourceFile, start: number): string | undefined {
  const head = file.text.slice(file.lineStart(file.position(start).line), start);
  return head.trim() === '' ? head : undefined;
}

function indentAt(file: SourceFile, start: number): string {
  return /^\s*/.exec(file.line(file.position(start).line))?.[0] ?? '';
}

/** The indent that each level of the file has more. */
export function stepOf({ text }: SourceFile): string {
  return /^\uFEFF?\s*[[{]\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
}

function written(value: unknown, file: SourceFile, indent: string): string {
  if (!file.text.trim().includes('\n')) return JSON.stringify(value);
  return JSON.stringify(value, null, stepOf(file)).replaceAll('\n', `\n${indent}`);
}
