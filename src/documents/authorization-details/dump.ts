import { parseJson } from '../../source/json.ts';
import { type Bytes, END, JsonScanner, JsonSlip, type PassedValue, parsed } from '../../source/json-scan.ts';
import { type Beginning, FilePart, type Place } from '../../source/source.ts';
import type { TextProblem } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import type { Value } from '../../symbolic/value.ts';
import { ABSENCES, Coverage, LISTS, type ListName, PROVIDERS } from './coverage.ts';
import { arnsIn, nameOf } from './mentions.ts';
import { copied, nameBeside, namesIn, plainField, plainName, shownItem, textsOf } from './plain-item.ts';

/** A file outside the repository, which may be larger than what is held at once. */
export interface LargeFile extends Bytes {
  readonly path: string;
  readonly shownPath: string;
}

const SMALL = 16 << 20;
const NONE: readonly number[] = [];

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly at: Beginning;
}

interface ReadEntry {
  readonly value: Value | undefined;
  readonly problems: readonly TextProblem[];
}

/** Where an entity stands, and what it is called. */
interface Entry extends Stretch {
  readonly list: ListName;
  readonly arn: string;
  /** What it is called, where its ARN does not end so. */
  readonly name?: string;
}

/**
 * An account's dump of any size. It is gone through once: who stands where, and who names whom. An entity is read when somebody
 * asks for it.
 */
export class Dump {
  readonly path: string;
  readonly coverage = new Coverage();
  readonly #file: LargeFile;
  readonly #entries: Entry[] = [];
  /** Entries by their own names and by those that they mention. */
  readonly #byName = new Map<string, number[]>();
  readonly #read = new Map<number, ReadEntry>();
  readonly #providers: Stretch[] = [];
  readonly policies: number[] = [];
  /** Roles that trust tokens. */
  readonly trustingTokens: number[] = [];
  /** Lists of a page that another one of the same name replaces, or that are none of a dump. */
  readonly #left = new Set<number>();
  #whole: TextProblem | undefined;
  /** Pages of what another repository declares: which entries they have. */
  readonly #declared: { readonly from: number; readonly to: number }[] = [];
  #isOther = false;
  #pages = 0;

  private constructor(file: LargeFile) {
    this.#file = file;
    this.path = file.path;
  }

  /** Undefined for what is no dump; a slip in the text of one is its problem, and nothing of it is read. */
  static open(file: LargeFile): Dump | undefined {
    const dump = new Dump(file);
    try {
      return dump.#scan(new JsonScanner(file)) ? dump : undefined;
    } catch (error) {
      if (!(error instanceof JsonSlip)) throw error;
      // What can be read as a whole shows more of the slip.
      if (dump.#entries.length === 0 || dump.#isOther || file.size < SMALL) return undefined;
      const damaged = new Dump(file);
      damaged.#whole = { message: error.message, level: 'error', place: damaged.#placeOf(error.at) };
      return damaged;
    }
  }

  /** What keeps all of it from being read. */
  get problem(): TextProblem | undefined {
    return this.#whole;
  }

  /** How many roles, users, groups and policies it has; they are numbered in their order. */
  get size(): number {
    return this.#entries.length;
  }

  list(index: number): ListName | undefined {
    return this.#left.has(index) ? undefined : this.#entries[index]?.list;
  }

  /** Whether another repository declares it. */
  isDeclared(index: number): boolean {
    return this.#declared.some(({ from, to }) => index >= from && index < to);
  }

  arn(index: number): string {
    return this.#entries[index]?.arn ?? '';
  }

  /** All names, of entries and of whom they mention. */
  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** Those that are called so, in whichever case, and those that mention somebody who is. */
  about(name: string): readonly number[] {
    return this.#byName.get(name) ?? NONE;
  }

  /** What an entry is called, in lower case. */
  name(index: number): string {
    return this.#entries[index]?.name ?? nameOf(this.arn(index));
  }

  isCalled(index: number, name: string): boolean {
    const entry = this.#entries[index];
    return entry !== undefined && (entry.name === name || nameOf(entry.arn) === name);
  }

  /** Whom an entry mentions. */
  mentions(index: number): ReadonlySet<string> {
    return this.#reading(index, namesIn) ?? new Set();
  }

  /** Whom it mentions, as ARNs. */
  arns(index: number): readonly string[] {
    return this.#reading(index, (_, text, item) => arnsIn(text, item)) ?? [];
  }

  #reading<T>(index: number, read: (list: ListName, text: string, item: unknown) => T): T | undefined {
    const entry = this.#entries[index];
    if (entry === undefined) return undefined;
    const text = this.#textOf(entry);
    try {
      return read(entry.list, text, JSON.parse(text));
    } catch {
      // The file is another one by now: reading the entry tells so.
      return undefined;
    }
  }

  /** An entry as the documents' values are, with its places in the file. */
  read(index: number): ReadEntry {
    const known = this.#read.get(index);
    const entry = this.#entries[index];
    if (known !== undefined || entry === undefined) return known ?? { value: undefined, problems: [] };
    const read = this.#valueOf(entry);
    this.#read.set(index, read);
    return read;
  }

  /** Lists of identity providers. */
  providers(): readonly Value[] {
    return this.#providers.flatMap((list) => this.#valueOf(list).value ?? []);
  }

  #valueOf(stretch: Stretch): ReadEntry {
    const part = new FilePart(this.path, this.#textOf(stretch), this.#file.shownPath, stretch.at);
    const { documents, problems } = parseJson(part);
    const [tree] = documents;
    return { value: tree === undefined ? undefined : valueFromTree(tree), problems };
  }

  #textOf({ start, end }: Stretch): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#file.read(start, end));
  }

  #placeOf(at: Beginning): Place {
    return { source: new FilePart(this.path, ' ', this.#file.shownPath, at), start: 0, end: 1 };
  }

  /** A page, a list of pages, or pages one after another. */
  #scan(scanner: JsonScanner): boolean {
    const page = (): void => {
      if (!scanner.takes('{') || !this.#page(scanner)) {
        this.#isOther = true;
        throw scanner.slip('something else than a dump');
      }
    };
    if (scanner.takes('[')) scanner.each(']', page);
    else
      do page();
      while (scanner.peek() === '{'.charCodeAt(0));
    if (scanner.peek() !== END) throw scanner.slip('not valid JSON: end of file expected');
    return this.#pages > 0;
  }

  /** Whether it is one of a dump. */
  #page(scanner: JsonScanner): boolean {
    const first = this.#entries.length;
    const lists = new Map<string, { readonly list: ListName; readonly from: number; readonly to: number }>();
    const said = new Map<string, unknown>();
    let policiesAlike = true;
    scanner.each('}', () => {
      const key = scanner.key();
      const list = LISTS.find((name) => plainName(name) === plainName(key));
      if (list === undefined || !scanner.takes('[')) {
        const { text, start, end, at } = scanner.value();
        said.set(key, parsed(text, at));
        if (PROVIDERS.some((name) => plainName(name) === plainName(key))) this.#providers.push({ start, end, at });
        return;
      }
      const from = this.#entries.length;
      scanner.each(']', () => {
        const hasVersions = this.#item(list, scanner.value());
        if (list === 'Policies' && !hasVersions) policiesAlike = false;
      });
      lists.set(key, { list, from, to: this.#entries.length });
    });
    this.#endPage(lists, said);
    if (String(plainField(Object.fromEntries(said), 'Declared')) === 'true')
      this.#declared.push({ from: first, to: this.#entries.length });
    const shown = [...lists.values()].filter(({ list, from, to }) =>
      list === 'Policies' ? policiesAlike && to > from : true,
    );
    if (shown.length > 0) this.#pages += 1;
    return shown.length > 0;
  }

  #item(list: ListName, { text, start, end, at }: PassedValue): boolean {
    const item = parsed(text, at);
    const arn = plainField(item, 'Arn');
    if (typeof arn === 'string') {
      const index = this.#entries.length;
      if (list === 'Policies') this.policies.push(index);
      if (list === 'RoleDetailList' && text.includes('Federated')) this.trustingTokens.push(index);
      this.#entries.push({ list, arn, ...nameBeside(arn, list, item), start, end, at });
      const names = new Set([...namesIn(list, text, item), nameOf(arn)]);
      for (const name of names) {
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(copied(name), [index]);
        else known.push(index);
      }
      this.coverage.item(shownItem(list, arn, item));
    }
    return plainField(item, 'PolicyVersionList') !== undefined;
  }

  /** Of lists under one name the one counts that `field` would find; the others are left. */
  #endPage(
    lists: ReadonlyMap<string, { readonly list: ListName; readonly from: number; readonly to: number }>,
    said: ReadonlyMap<string, unknown>,
  ): void {
    for (const [key, { list, from, to }] of lists) {
      const counts = lists.has(list) ? list : [...lists].find(([, other]) => other.list === list)?.[0];
      if (key !== counts) for (let index = from; index < to; index++) this.#left.add(index);
    }
    const facts = Object.fromEntries(said);
    for (const name of ABSENCES) this.coverage.absent(textsOf(plainField(facts, name)));
    const truncated = plainField(facts, 'IsTruncated');
    this.coverage.endPage({
      truncated: truncated === undefined ? undefined : String(truncated),
      hasToken: plainField(facts, 'NextToken') !== undefined,
      lists: new Set([
        ...[...lists.values()].map(({ list }) => list),
        ...LISTS.filter((name) => plainField(facts, name) !== undefined),
      ]),
    });
  }
}
