import type { NearMiss } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import type { Place } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';
import { hclValue } from './hcl.ts';
import { escapedAt, inBlock, languageAt, listed } from './language.ts';
import { inFile, type Range } from './text-style.ts';

/** A sort of principal that a statement does not name yet, beside those that it names. */
export function addPrincipalType(
  { element, statement, wanted }: NearMiss,
  type: string,
  finding: Finding,
): Omit<Fix, 'verified'> | undefined {
  const { principals } = statement;
  if (element !== 'principal' || wanted === undefined || principals === undefined || principals.negated)
    return undefined;
  if (principals.items.some((item) => item.type === type || item.type === '*')) return undefined;
  const empty = emptyList(principals.place, type);
  if (empty !== undefined) {
    const value = listed(wanted, principals.place, finding);
    if (value === undefined || empty.start === empty.end) return undefined;
    return { description: `add ${wanted}`, edits: [replaceRange(empty.file, empty.start, empty.end, `[${value}]`)] };
  }
  const edit =
    languageAt(principals.place) === 'hcl'
      ? inHcl(principals.place, type, wanted, finding)
      : inMap(principals.place, type, wanted, finding);
  return edit === undefined ? undefined : { description: `add ${wanted}`, edits: [edit] };
}

/** The list of the type in which nobody stands; an empty range where something else stands there. */
function emptyList(place: Place, type: string): Range | undefined {
  const { file, start, end } = inFile(place);
  const found = new RegExp(`\\b${type}\\b\\\\?["']?\\s*[:=]\\s*(\\[\\s*\\])?`).exec(file.text.slice(start, end));
  if (found === null) return undefined;
  const to = start + found.index + found[0].length;
  return { file, start: to - (found[1] ?? '').length, end: to };
}

/** `Principal = { … }` gets a key, `principals { … }` a block of its own before it. */
function inHcl(place: Parameters<typeof inFile>[0], type: string, wanted: string, finding: Finding): Edit | undefined {
  const { file, start, end } = inFile(place);
  const value = hclValue(wanted, place, finding);
  const text = file.text.slice(start, end);
  if (value === undefined) return undefined;
  const body = /^\{([\s\S]*?)\s*\}$/.exec(text)?.[1];
  if (body !== undefined && body.trim() !== '') {
    const gap = /^\s*\n[ \t]*/.exec(body)?.[0];
    const at = start + 1 + body.length;
    return replaceRange(file, at, at, `${gap ?? ', '}${type} = ${value}`);
  }
  const { line } = file.position(start);
  const [, indent] = /^(\s*)principals\s*\{\s*$/.exec(file.line(line)) ?? [];
  if (indent === undefined) return undefined;
  const own = file.line(line + 1);
  // A block that names the type and nobody.
  if (new RegExp(`^\\s*type\\s*=\\s*"${type}"\\s*$`).test(own) && /^\s*\}\s*$/.test(file.line(line + 2))) {
    const newText = `${own}\n${/^\s*/.exec(own)?.[0] ?? ''}identifiers = [${value}]`;
    return { path: file.path, shownPath: file.shownPath, startLine: line + 1, endLine: line + 1, newText };
  }
  const lines = [
    `${indent}principals {`,
    `${indent}  type        = ${JSON.stringify(type)}`,
    `${indent}  identifiers = [${value}]`,
    `${indent}}`,
    file.line(line),
  ];
  return { path: file.path, shownPath: file.shownPath, startLine: line, endLine: line, newText: lines.join('\n') };
}

function inMap(place: Parameters<typeof inFile>[0], type: string, wanted: string, finding: Finding): Edit | undefined {
  const { file, start, end } = inFile(place);
  const text = file.text.slice(start, end);
  const { line, column } = file.position(start);
  if (!text.startsWith('{')) {
    // A block of its own: the new key comes first, in its column.
    const head = file.text.slice(file.lineStart(line), start);
    if (languageAt(place) !== 'yaml' || head.trim() !== '' || !/^\w+:/.test(text)) return undefined;
    const value = inBlock(wanted, place, finding, /^\w+:\s*(["']?)/.exec(text)?.[1]);
    if (value === undefined) return undefined;
    const own = `${' '.repeat(column - 1)}${type}: ${value}`;
    return {
      path: file.path,
      shownPath: file.shownPath,
      startLine: line,
      endLine: line,
      newText: `${own}\n${file.line(line)}`,
    };
  }
  const body = /^\{([\s\S]*?)\s*\}$/.exec(text)?.[1];
  if (body === undefined) return undefined;
  if (body.trim() === '') {
    const alone = listed(wanted, place, finding);
    const key = languageAt(place) === 'json' ? escapedAt(place, JSON.stringify(type)) : type;
    return alone === undefined ? undefined : replaceRange(file, start, end, `{${key}: ${alone}}`);
  }
  const value = listed(wanted, place, finding, /^\{\s*\w+:\s*\[?\s*([^\s"'])/.test(text) ? '' : undefined);
  if (value === undefined) return undefined;
  const quote = /^\{\s*(\\?")/.exec(text)?.[1] ?? '';
  const gap = /^\s*\n[ \t]*/.exec(body)?.[0] ?? ' ';
  return replaceRange(
    file,
    start + 1 + body.length,
    start + 1 + body.length,
    `,${gap}${quote}${type}${quote}: ${value}`,
  );
}
