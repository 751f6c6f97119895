import type { Item } from '../iam/item.ts';
import { difference, type NearMiss } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import type { Place } from '../source/source.ts';
import { type SourceFile, textAt } from '../source/source.ts';
import { isKnown, show, type Text } from '../symbolic/text.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';

/** Edits that may mend a finding, the smallest first; the run tries each and keeps the first that does. */
export function proposeFixes(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  const proposals: Omit<Fix, 'verified'>[] = [];
  if (finding.place.source.derived === true) return proposals;
  const miss = finding.subject?.explanation().blockedBy?.miss;
  if (finding.replacement !== undefined) {
    const edit = replaceText(finding.place, finding.replacement);
    if (edit !== undefined) proposals.push({ description: `write ${finding.replacement}`, edits: [edit] });
  }
  if (miss === undefined || miss.place.source.derived === true) return proposals;
  // An expectation fails at another place than its cause: the cause is what is mended.
  const anotherService = finding.rule === 'service-not-trusted';
  if (finding.replacement === undefined && !anotherService && isSlip(miss) && miss.wanted !== undefined) {
    const edit = replaceText(miss.place, miss.wanted);
    if (edit !== undefined) proposals.push({ description: `write ${miss.wanted}`, edits: [edit] });
  }
  const [only] = miss.statement.actions.items;
  if (
    finding.rule === 'wrong-assume-action' &&
    only !== undefined &&
    miss.wanted !== undefined &&
    miss.statement.actions.items.length === 1
  ) {
    const edit = replaceText(only.place, miss.wanted);
    if (edit !== undefined) proposals.push({ description: `write ${miss.wanted}`, edits: [edit] });
  }
  const added = addToList(miss);
  return added === undefined ? proposals : [...proposals, added];
}

/** Text that differs by a slip is replaced; other text means something of its own. */
function isSlip({ written, wanted }: NearMiss): boolean {
  return written !== undefined && wanted !== undefined && difference(written, wanted) !== undefined;
}

/** One scalar's text, its quotes kept. Only text that stands in the file as it reads is replaced. */
function replaceText(place: Place, text: string): Edit | undefined {
  const { file, start, end } = inFile(place);
  if (/[\n\r]/.test(textAt(place)) || file.text.slice(start, end) !== textAt(place) || /["'\\]/.test(text))
    return undefined;
  if (!text.includes('${') || isSubstituted(file, start)) return replaceRange(file, start, end, text);
  const quoted = withQuotes(file, start, end);
  const quote = quoted.start < start ? file.text.charAt(quoted.start) : '';
  return isYaml(file, start) ? replaceRange(file, quoted.start, quoted.end, `!Sub ${quote}${text}${quote}`) : undefined;
}

interface Range {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

function inFile({ source, start, end }: Place): Range {
  return { file: source.file, start: source.toFile(start), end: source.toFile(end) };
}

function withQuotes(file: SourceFile, start: number, end: number): Range {
  const quote = file.text[start - 1];
  const quoted = (quote === '"' || quote === "'") && file.text[end] === quote;
  return quoted ? { file, start: start - 1, end: end + 1 } : { file, start, end };
}

function isSubstituted(file: SourceFile, start: number): boolean {
  return /(!Sub\s+|"Fn::Sub"\s*:\s*|Fn::Sub:\s*)["']?$/.test(file.text.slice(Math.max(0, start - 30), start));
}

/** Flow style within brackets and quotes is JSON, or YAML that reads as JSON. */
function isYaml(file: SourceFile, start: number): boolean {
  return !/^\uFEFF?\s*[[{]/.test(file.text) && file.text[start] !== '{';
}

/** The missing principal or role beside those that a statement lists already, where nothing else of it fails. */
function addToList(miss: NearMiss): Omit<Fix, 'verified'> | undefined {
  if (miss.wanted === undefined) return undefined;
  const { statement, wanted } = miss;
  const items = listOf(miss, wanted);
  const last = items.at(-1);
  if (last === undefined || statement.resources?.negated === true || hidden(last)) return undefined;
  const edit = items.length === 1 ? (besideOne(last, wanted) ?? afterLast(last, wanted)) : afterLast(last, wanted);
  return edit === undefined ? undefined : { description: `add ${wanted}`, edits: [edit] };
}

/** The list in which the missing text belongs. */
function listOf({ element, statement }: NearMiss, wanted: string): readonly Item[] {
  switch (element) {
    case 'resource':
      return statement.resources?.items ?? [];
    case 'principal':
      return statement.principals?.items.filter(({ type }) => type === typeOf(wanted)) ?? [];
    case 'action':
      return statement.actions.negated ? [] : statement.actions.items;
    default:
      return [];
  }
}

function typeOf(wanted: string): string {
  if (/:(oidc|saml)-provider\//.test(wanted)) return 'Federated';
  return wanted.startsWith('arn:') || /^\d{12}$/.test(wanted) ? 'AWS' : 'Service';
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
  return replaceRange(file, end, end, `,${indent}${flowScalar(wanted, file, start)}`);
}

/** A single text becomes a list of two. */
function besideOne({ place, text }: Item, wanted: string): Edit | undefined {
  const inner = inFile(place);
  const { file, start, end } = withQuotes(inner.file, inner.start, inner.end);
  const { line } = file.position(start);
  const head = file.text.slice(file.lineStart(line), start);
  if (file.position(end).line !== line || !/:\s*(!\w+\s+)?$/.test(head)) return undefined;
  if (!isYaml(file, start))
    return replaceRange(file, start, end, `[${file.text.slice(start, end)}, ${flowScalar(wanted, file, start)}]`);
  const key = /^(\s*(?:- )?)\S[^:]*:\s*(!\w+\s+)?$/.exec(head);
  if (head.includes('{') && isKnown(text) && /:\s*$/.test(head))
    return replaceRange(file, start, end, `[${file.text.slice(start, end)}, ${flowScalar(wanted, file, start)}]`);
  if (key === null || !isKnown(text)) return undefined;
  const indent = `${(key[1] ?? '').replace(/-/g, ' ')}  `;
  const tag = key[2] ?? '';
  const from = start - tag.length;
  return replaceRange(
    file,
    from,
    end,
    `\n${indent}- ${tag}${file.text.slice(start, end)}\n${indent}- ${yamlScalar(wanted)}`,
  );
}

function yamlScalar(text: Text): string {
  const plain = show(text);
  const own = resourceNamed(plain);
  if (own !== undefined) return `!GetAtt ${own}.Arn`;
  if (plain.includes('${')) return `!Sub ${plain}`;
  return /^\d+$/.test(plain) ? `"${plain}"` : plain;
}

function flowScalar(text: string, file: SourceFile, start: number): string {
  const own = resourceNamed(text);
  const sub = text.includes('${');
  if (isYaml(file, start))
    return own !== undefined ? `!GetAtt ${own}.Arn` : `${sub ? '!Sub ' : ''}${JSON.stringify(text)}`;
  if (own !== undefined) return `{"Fn::GetAtt": ["${own}", "Arn"]}`;
  return sub ? `{"Fn::Sub": ${JSON.stringify(text)}}` : JSON.stringify(text);
}

/** The logical id of a role or user whose generated name ends an ARN: the template refers to it rather than to its name. */
function resourceNamed(arn: string): string | undefined {
  return /:(?:role|user)\/(?:[^$]*\/)?\$\{([A-Za-z0-9]+)\}$/.exec(arn)?.[1];
}
