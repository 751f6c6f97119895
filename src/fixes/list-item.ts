import type { Item } from '../iam/item.ts';
import type { Finding } from '../rules/apply.ts';
import { textAt } from '../source/source.ts';
import { isKnown } from '../symbolic/text.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';
import { escapedAt, inBlock, languageAt, listed } from './language.ts';
import { inFile, isYaml, type Range, withQuotes, yamlScalar } from './text-style.ts';

/** One more text beside those that an element has: in its list, or in a list with the one that stands alone. */
export function addItem(items: readonly Item[], wanted: string, finding: Finding): Edit | undefined {
  const last = items.at(-1);
  if (last === undefined || hidden(last)) return undefined;
  // What stands elsewhere as one text may be asked for as one.
  if (items.length === 1 && !isWithinStatement(last, finding)) return undefined;
  const { place } = last;
  const range = quotedRange(last);
  const neighbour = range.file.text.slice(range.start, range.end);
  if (languageAt(place) === 'yaml' && !isFollowedInFlow(range)) {
    const line = inBlock(wanted, place, finding, neighbour);
    const block = line === undefined ? undefined : (besideInBlock(items, range, line) ?? belowDash(range, line));
    if (block !== undefined) return block;
  }
  const value = listed(wanted, place, finding, neighbour);
  if (value === undefined) return undefined;
  return items.length === 1 ? (besideOne(range, value) ?? afterLast(range, value)) : afterLast(range, value);
}

/** Within brackets something of them follows. */
function isFollowedInFlow({ file, end }: Range): boolean {
  return /^\s*[,\]}]/.test(file.text.slice(end, end + 200));
}

/** Whether a text stands in the very statement that lacks another, and not in a mapping, a parameter or a local. */
function isWithinStatement({ place }: Item, { subject }: Finding): boolean {
  const blocked = subject?.explanation().blockedBy;
  const statement = blocked?.miss?.statement ?? blocked?.statement;
  if (statement === undefined) return true;
  const [inner, outer] = [inFile(place), inFile(statement.place)];
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

/** Text that is computed cannot be told apart from what computes it. */
function hidden({ text, place }: Item): boolean {
  if (!isKnown(text) || textAt(place).includes(text)) return false;
  const { file, start } = inFile(place);
  // `!Sub …` and `{"Fn::Sub": …}` stand whole where the text does.
  return !/(!\w+\s+|"Fn::Sub"\s*:\s*)["']?$/.test(file.text.slice(Math.max(0, start - 30), start));
}

/** With the quotes around it, those that are escaped in another text included, and with the function of JSON that it is given to. */
function quotedRange({ place }: Item): Range {
  const { file, start, end } = inFile(place);
  const escaped = file.text.slice(start - 2, start) === '\\"' && file.text.slice(end, end + 2) === '\\"';
  if (escaped) return { file, start: start - 2, end: end + 2 };
  const quoted = withQuotes(file, start, end);
  const opening = /\{\s*"(?:Ref|Fn::\w+)"\s*:\s*$/.exec(file.text.slice(Math.max(0, quoted.start - 200), quoted.start));
  const closing = /^\s*\}/.exec(file.text.slice(quoted.end, quoted.end + 200));
  if (opening === null || closing === null) return quoted;
  return { file, start: quoted.start - opening[0].length, end: quoted.end + closing[0].length };
}

/** `- a` gets a line below it. */
function belowDash({ file, start, end }: Range, value: string): Edit | undefined {
  const { line } = file.position(start);
  // The dash must be the item's own: a one-line statement has one, too.
  const dash = /^(\s*-\s+)(?:!\S+\s+)?$/.exec(file.text.slice(file.lineStart(line), start))?.[1];
  if (dash === undefined || file.position(end).line !== line || !isYaml(file, start)) return undefined;
  const newText = `${file.line(line)}\n${dash}${value}`;
  return { path: file.path, shownPath: file.shownPath, startLine: line, endLine: line, newText };
}

/** `[a]` gets one more item, in a line of its own where the others have theirs. */
function afterLast({ file, start, end }: Range, value: string): Edit | undefined {
  if (!/^\s*[,\]]/.test(file.text.slice(end, end + 200))) return undefined;
  const head = file.text.slice(file.lineStart(file.position(start).line), start);
  return replaceRange(file, end, end, `,${/^\s*$/.test(head) ? `\n${head}` : ' '}${value}`);
}

/** A single text becomes a list of two. */
function besideOne({ file, start, end }: Range, value: string): Edit | undefined {
  const head = file.text.slice(file.lineStart(file.position(start).line), start);
  if (file.position(end).line !== file.position(start).line || !/[:=]\s*(!\w+\s+)?$/.test(head)) return undefined;
  const tag = /:\s*(!\w+\s+)$/.exec(head)?.[1] ?? '';
  return replaceRange(file, start - tag.length, end, `[${tag}${file.text.slice(start, end)}, ${value}]`);
}

/** The same of a YAML block, whose list stands in lines of its own. */
function besideInBlock(items: readonly Item[], { file, start, end }: Range, value: string): Edit | undefined {
  const [only, ...more] = items;
  if (only === undefined || more.length > 0) return undefined;
  const { text } = only;
  const { line } = file.position(start);
  const head = file.text.slice(file.lineStart(line), start);
  const key = /^(\s*(?:- )?)[^\s{[][^:{]*(?::[^\s:{][^:{]*)*:\s+(!\w+\s+)?$/.exec(head);
  if (key === null || !isKnown(text) || file.position(end).line !== line || file.text[start] === '{') return undefined;
  const indent = `${(key[1] ?? '').replace(/-/g, ' ')}  `;
  const tag = key[2] ?? '';
  const first = `${tag}${file.text.slice(start, end)}`;
  const from = start - (head.length - head.slice(0, head.length - tag.length).trimEnd().length);
  return replaceRange(file, from, end, `\n${indent}- ${first}\n${indent}- ${value}`);
}

/** Several texts in the place of one, each as its neighbours are written. */
export function replaceItem(item: Item, texts: readonly string[]): Edit | undefined {
  if (hidden(item) || item.place.source.derived === true) return undefined;
  const { file, start, end } = quotedRange(item);
  const head = file.text.slice(file.lineStart(file.position(start).line), start);
  const dash = languageAt(item.place) === 'yaml' ? /^(\s*-\s+)$/.exec(head)?.[1] : undefined;
  if (dash !== undefined)
    return replaceRange(file, start, end, texts.map((text) => yamlScalar({ kind: 'text', text })).join(`\n${dash}`));
  const pieces = texts.map((text) => escapedAt(item.place, JSON.stringify(text))).join(', ');
  if (/^\s*[,\]]/.test(file.text.slice(end, end + 200)) && /[[,]\s*$/.test(file.text.slice(0, start)))
    return replaceRange(file, start, end, pieces);
  if (!/[:=]\s*$/.test(head)) return undefined;
  const plain = languageAt(item.place) === 'yaml' && !/["']/.test(file.text.charAt(start)) && !head.includes('{');
  const [only = ''] = texts;
  if (texts.length === 1)
    return replaceRange(file, start, end, plain ? yamlScalar({ kind: 'text', text: only }) : pieces);
  return replaceRange(file, start, end, `[${pieces}]`);
}
