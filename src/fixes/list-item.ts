import type { Item } from '../iam/item.ts';
import type { Finding } from '../rules/apply.ts';
import { textAt } from '../source/source.ts';
import { isKnown } from '../symbolic/text.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';
import { hclValue, isHcl } from './hcl.ts';
import { flowScalar, inFile, isYaml, withQuotes, yamlScalar } from './text-style.ts';

/** One more text beside those that a document lists, in the style of its list. */
export function addItem(items: readonly Item[], wanted: string, finding: Finding): Edit | undefined {
  const last = items.at(-1);
  if (last === undefined || hidden(last)) return undefined;
  if (isHcl(last.place.source.file)) {
    const value = hclValue(wanted, last.place.source.file, finding);
    return value === undefined ? undefined : inHclList(last, value, items.length);
  }
  return items.length === 1 ? (besideOne(last, wanted) ?? afterLast(last, wanted)) : afterLast(last, wanted);
}

/** One more item of a list in HCL, whose items are quoted texts or references. */
function inHclList({ place }: Item, value: string, count: number): Edit | undefined {
  const inner = inFile(place);
  const { file, start, end } = withQuotes(inner.file, inner.start, inner.end);
  const before = file.text.slice(file.lineStart(file.position(start).line), start);
  if (count === 1 && /[=:]\s*$/.test(before))
    return replaceRange(file, start, end, `[${file.text.slice(start, end)}, ${value}]`);
  if (!/^\s*[,\]]/.test(file.text.slice(end, end + 200))) return undefined;
  return replaceRange(file, end, end, `,${/^\s*$/.test(before) ? `\n${before}` : ' '}${value}`);
}

/** Text that is computed cannot be told apart from what computes it. */
function hidden({ text, place }: Item): boolean {
  return isKnown(text) && !textAt(place).includes(text);
}

/** `- a` gets a line below it, `[a]` one more item. */
function afterLast({ place }: Item, wanted: string): Edit | undefined {
  const inner = inFile(place);
  const { file, start, end } = withQuotes(inner.file, inner.start, inner.end);
  const { line } = file.position(start);
  // The dash must be the item's own: a one-line statement has one, too.
  const dash = /^(\s*-\s+)(?:!\S+\s+)?$/.exec(file.text.slice(file.lineStart(line), start))?.[1];
  if (dash !== undefined && file.position(end).line === line && isYaml(file, start)) {
    return {
      path: file.path,
      shownPath: file.shownPath,
      startLine: line,
      endLine: line,
      newText: `${file.line(line)}\n${dash}${yamlScalar(wanted)}`,
    };
  }
  const inFlow = /^\s*[,\]]/.test(file.text.slice(end, end + 200));
  if (!inFlow) return undefined;
  const indent = /^\s*$/.test(file.text.slice(file.lineStart(line), start))
    ? `\n${file.text.slice(file.lineStart(line), start)}`
    : ' ';
  return replaceRange(file, end, end, `,${indent}${flowScalar(wanted, file)}`);
}

/** A single text becomes a list of two. */
function besideOne({ place, text }: Item, wanted: string): Edit | undefined {
  const inner = inFile(place);
  const { file, start, end } = withQuotes(inner.file, inner.start, inner.end);
  const { line } = file.position(start);
  const head = file.text.slice(file.lineStart(line), start);
  if (file.position(end).line !== line || !/:\s*(!\w+\s+)?$/.test(head)) return undefined;
  if (!isYaml(file, start))
    return replaceRange(file, start, end, `[${file.text.slice(start, end)}, ${flowScalar(wanted, file)}]`);
  const key = /^(\s*(?:- )?)[^\s{[][^{[]*:\s*(!\w+\s+)?$/.exec(head);
  if (head.includes('{') && isKnown(text) && /:\s*$/.test(head))
    return replaceRange(file, start, end, `[${file.text.slice(start, end)}, ${flowScalar(wanted, file)}]`);
  if (key === null || !isKnown(text)) return undefined;
  const indent = `${(key[1] ?? '').replace(/-/g, ' ')}  `;
  const tag = key[2] ?? '';
  // The list starts on a line of its own, and nothing is left behind the key.
  const after = file.lineStart(line) + head.slice(0, head.length - tag.length).trimEnd().length;
  return replaceRange(
    file,
    after,
    end,
    `\n${indent}- ${tag}${file.text.slice(start, end)}\n${indent}- ${yamlScalar(wanted)}`,
  );
}
