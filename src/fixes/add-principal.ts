import type { NearMiss } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';
import { hclValue } from './hcl.ts';
import { inBlock, languageAt, listed } from './language.ts';
import { inFile } from './text-style.ts';

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
  const edit =
    languageAt(principals.place) === 'hcl'
      ? inHcl(principals.place, type, wanted, finding)
      : inMap(principals.place, type, wanted, finding);
  return edit === undefined ? undefined : { description: `add ${wanted}`, edits: [edit] };
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
  if (body === undefined || body.trim() === '') return undefined;
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
