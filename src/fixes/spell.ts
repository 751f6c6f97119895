import type { Finding } from '../rules/apply.ts';
import type { Place, SourceFile } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { inFile, type Spelled } from './text-style.ts';

/** What is wanted as it may stand at a place of a template; undefined where it can only be referred to, and that in a circle. */
export function spelled(wanted: string, place: Place, { subject }: Finding): Spelled | undefined {
  const { file, start } = inFile(place);
  const ends = [subject?.assumption.principal, subject?.assumption.role].flatMap((end) => end?.declaration ?? []);
  const meant = ends.find((one) => show(one.arn) === wanted);
  const generated = resourceNamed(wanted);
  const own = meant?.place.source.file.path === file.path && meant.standing === 'document' ? meant : undefined;
  const id = own?.guard === undefined || own.guard === true ? (own?.id ?? generated) : generated;
  if (id !== undefined && own !== undefined && !isCircle(file, own.place, id, start))
    return { kind: 'attribute', of: id };
  if (generated !== undefined) return own === undefined ? { kind: 'attribute', of: generated } : undefined;
  const account = ends.find((one) => one.place.source.file.path === file.path)?.account;
  return { kind: 'text', text: asNeighbours(wanted, file, start, account === undefined ? undefined : show(account)) };
}

/** The logical id of a role or user whose generated name ends an ARN: the template refers to it rather than to its name. */
function resourceNamed(arn: string): string | undefined {
  return /:(?:role|user)\/(?:[^$]*\/)?\$\{([A-Za-z0-9]+)\}$/.exec(arn)?.[1];
}

/** With the partition and the account as the nearest ARN of the file has them. */
export function asNeighbours(wanted: string, { text }: SourceFile, start: number, account: string | undefined): string {
  const [, own, rest = ''] = /^arn:aws:iam::(\d{12}|\$\{[^{}]+\}):(.*)$/.exec(wanted) ?? [];
  if (own === undefined) return wanted;
  const partition = nearest(text, /arn:(aws|\$\{[^{}\s]+\}):/g, start) ?? 'aws';
  const number =
    account === own
      ? nearest(text, /arn:[^\s:]*(?:::[^\s:]*)?:iam::(\d{12}|\$\{[^{}\s]*(?:AccountId|account_id)[^{}\s]*\}):/g, start)
      : own;
  return `arn:${partition}:iam::${number?.startsWith('${') === true ? number : own}:${rest}`;
}

function nearest(text: string, pattern: RegExp, start: number): string | undefined {
  let best: { readonly found: string | undefined; readonly far: number } | undefined;
  for (const { 1: found, index } of text.matchAll(pattern)) {
    const far = Math.abs(index - start);
    if (best === undefined || far <= best.far) best = { found, far };
    else break;
  }
  return best?.found;
}

/**
 * Whether a resource refers, through others or not, to the one in which a place stands: no stack is made of resources that
 * need each other. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
 */
export function isCircle(file: SourceFile, resource: Place, id: string, at: number): boolean {
  const blocks = blocksBeside(file, resource);
  const edited = blocks?.find(({ start, end }) => at >= start && at < end)?.id;
  if (blocks === undefined || edited === undefined) return true;
  const reached = new Set([id]);
  for (const one of reached) {
    if (one === edited) return true;
    const block = blocks.find((each) => each.id === one);
    const text = block === undefined ? '' : file.text.slice(block.start, block.end).replace(/AWS::\w+::\w+/g, '');
    const words = new Set(text.match(/\w+/g));
    for (const other of blocks) if (words.has(other.id)) reached.add(other.id);
  }
  return false;
}

/** The logical id of the resource in which an offset stands, beside another resource of its template. */
export function resourceAt(file: SourceFile, beside: Place, offset: number): string | undefined {
  return blocksBeside(file, beside)?.find(({ start, end }) => offset >= start && offset < end)?.id;
}

interface Block {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** The entries that stand in the column of this one; undefined where they do not stand in lines of their own. */
function blocksBeside(file: SourceFile, { source, start }: Place): readonly Block[] | undefined {
  const { line } = file.position(source.toFile(start));
  const indent = /^\s*/.exec(file.line(line))?.[0].length ?? 0;
  const blocks: { id: string; start: number; end: number }[] = [];
  let own = false;
  for (let next = 1; next <= file.lineCount; next++) {
    const text = file.line(next);
    if (text.trim() === '' || /^\s*#/.test(text)) continue;
    const depth = text.length - text.trimStart().length;
    const last = blocks.at(-1);
    if (depth > indent) continue;
    if (last !== undefined && last.end === file.text.length) last.end = file.lineStart(next);
    const id = depth === indent ? /^\s*["']?(\w+)["']?\s*:\s*(?:\{\s*)?(?:#.*)?$/.exec(text)?.[1] : undefined;
    if (id !== undefined) blocks.push({ id, start: file.lineStart(next), end: file.text.length });
    if (next === line) own = id !== undefined;
  }
  return own ? blocks : undefined;
}
