import type { Item } from '../iam/item.ts';
import { difference, type NearMiss } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import type { Place } from '../source/source.ts';
import { type SourceFile, textAt } from '../source/source.ts';
import { isKnown } from '../symbolic/text.ts';
import { addGrant } from './add-grant.ts';
import { addPrincipalType } from './add-principal.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';
import { hclValue, isHcl } from './hcl.ts';
import { mendPolicy } from './mend-policy.ts';
import { flowScalar, inFile, isYaml, withQuotes, yamlScalar } from './text-style.ts';

/** Edits that may mend a finding, the smallest first; the run tries each and keeps the first that does. */
export function proposeFixes(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  return proposals(finding).filter(({ edits }) => edits.every(({ path }) => !isDump(finding, path)));
}

/** What a dump shows is deployed, and not mended in the dump's file. */
function isDump({ subject }: Finding, path: string): boolean {
  const ends = [subject?.assumption.principal, subject?.assumption.role];
  return ends.some((one) => one?.declaration.standing === 'dump' && one.declaration.place.source.path === path);
}

function proposals(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  const proposals: Omit<Fix, 'verified'>[] = [];
  if (finding.place.source.derived === true) return proposals;
  const miss = finding.subject?.explanation().blockedBy?.miss;
  if (finding.replacement !== undefined) {
    const edit = replaceText(finding.place, finding.replacement);
    if (edit !== undefined) proposals.push({ description: `write ${finding.replacement}`, edits: [edit] });
  }
  const mended = mendPolicy(finding);
  if (mended !== undefined) proposals.push(mended);
  const granted = addGrant(finding);
  if (miss === undefined || miss.place.source.derived === true)
    return granted === undefined ? proposals : [...proposals, granted];
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
  const typed = miss.wanted === undefined ? undefined : addPrincipalType(miss, typeOf(miss.wanted), finding);
  return [...proposals, addToList(miss, finding), typed, granted].filter((one) => one !== undefined);
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

function isSubstituted(file: SourceFile, start: number): boolean {
  return /(!Sub\s+|"Fn::Sub"\s*:\s*|Fn::Sub:\s*)["']?$/.test(file.text.slice(Math.max(0, start - 30), start));
}

/** The missing principal or role beside those that a statement lists already, where nothing else of it fails. */
function addToList(miss: NearMiss, finding: Finding): Omit<Fix, 'verified'> | undefined {
  if (miss.wanted === undefined) return undefined;
  const { statement, wanted } = miss;
  const items = listOf(miss, wanted);
  const last = items.at(-1);
  if (last === undefined || statement.resources?.negated === true || hidden(last)) return undefined;
  if (isHcl(last.place.source.file)) {
    const value = hclValue(wanted, last.place.source.file, finding);
    const own = value === undefined ? undefined : inHclList(last, value);
    return own === undefined ? undefined : { description: `add ${wanted}`, edits: [own] };
  }
  const edit = items.length === 1 ? (besideOne(last, wanted) ?? afterLast(last, wanted)) : afterLast(last, wanted);
  return edit === undefined ? undefined : { description: `add ${wanted}`, edits: [edit] };
}

/** One more item of a list in HCL, whose items are quoted texts or references. */
function inHclList({ place }: Item, value: string): Edit | undefined {
  const inner = inFile(place);
  const { file, start, end } = withQuotes(inner.file, inner.start, inner.end);
  if (!/^\s*[,\]]/.test(file.text.slice(end, end + 200))) return undefined;
  const head = file.text.slice(file.lineStart(file.position(start).line), start);
  return replaceRange(file, end, end, `,${/^\s*$/.test(head) ? `\n${head}` : ' '}${value}`);
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
  const key = /^(\s*(?:- )?)\S[^:]*:\s*(!\w+\s+)?$/.exec(head);
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
