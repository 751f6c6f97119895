/** One line, as far as its indent goes. */
interface Line {
  readonly start: number;
  readonly end: number;
  /** Undefined where nothing stands there, or a comment. */
  readonly indent: number | undefined;
  /** It begins with the end of what another line begins. */
  readonly closing: boolean;
}

/** Less than any indent: the mark between two documents. */
const BETWEEN = -1;

/** A part of a text: an entry of a section (`Resources`), or the section itself. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** The section whose entry it is; undefined for what is no entry. */
  readonly section: string | undefined;
}

/** How a text is laid out by its indents alone, which stay where a slip leaves the rest of its syntax in doubt. */
export class Outline {
  readonly #text: string;
  readonly #lines: readonly Line[];

  constructor(text: string, syntax: 'YAML' | 'JSON') {
    this.#text = text;
    this.#lines = linesOf(text, syntax);
  }

  /** The entry that an offset stands in. */
  partAt(offset: number): Part | undefined {
    const line = this.#lineAt(offset);
    return line === undefined ? undefined : this.#part(this.#firstOf(line));
  }

  /** The entry before, for an offset in the first line of another part. */
  entryBefore(offset: number): Part | undefined {
    const line = this.#lineAt(offset);
    const before = line === undefined || line !== this.#firstOf(line) ? undefined : this.#lineBefore(line);
    return before === undefined || this.#chain(before).length === 1 ? undefined : this.#part(this.#firstOf(before));
  }

  /** Whether an offset stands in an entry of a section. */
  isInEntry(offset: number): boolean {
    const line = this.#lineAt(offset);
    return line !== undefined && this.#chain(line).length > 1;
  }

  #lineAt(offset: number): number | undefined {
    let at = this.#lines.findIndex(({ end }) => offset <= end);
    if (at === -1) at = this.#lines.length - 1;
    // A mark between documents ends what stands before it.
    const indent = this.#lines[at]?.indent;
    return indent === undefined || indent === BETWEEN ? this.#lineBefore(at) : at;
  }

  #lineBefore(line: number): number | undefined {
    for (let at = line - 1; at >= 0; at--) if (this.#lines[at]?.indent !== undefined) return at;
    return undefined;
  }

  /** The lines that a line stands under, outermost first, and itself; the brace around everything is none. */
  #chain(line: number): readonly number[] {
    const chain = [line];
    let indent = this.#lines[line]?.indent ?? 0;
    for (let at = line - 1; at >= 0 && indent > 0; at--) {
      const above = this.#lines[at]?.indent;
      if (above === undefined || above >= indent) continue;
      chain.unshift(at);
      indent = above;
    }
    const [outermost] = chain;
    return outermost !== undefined && this.#text.startsWith('{', this.#contentOf(outermost)) && chain.length > 1
      ? chain.slice(1)
      : chain;
  }

  /** The first line of the entry, or of the section, that a line belongs to. */
  #firstOf(line: number): number {
    const [section = line, entry = section] = this.#chain(line);
    const { indent, closing } = this.#lines[entry] ?? { indent: 0, closing: false };
    for (let at = entry - 1; closing && at >= 0; at--) {
      const above = this.#lines[at];
      if (above?.indent === undefined || above.indent > (indent ?? 0)) continue;
      return above.indent === indent ? this.#firstOf(at) : entry;
    }
    return entry;
  }

  #part(first: number): Part {
    const { start, indent = 0 } = this.#lines[first] ?? { start: 0 };
    let last = first;
    for (let at = first + 1; at < this.#lines.length; at++) {
      const line = this.#lines[at];
      if (line?.indent === undefined) continue;
      if (line.indent < indent || (line.indent === indent && !line.closing)) break;
      last = at;
    }
    const [section, entry] = this.#chain(first);
    return {
      start,
      end: this.#lines[last]?.end ?? start,
      name: this.#name(first),
      section: entry === undefined || section === undefined ? undefined : this.#name(section),
    };
  }

  #name(line: number): string {
    const written = this.#text.slice(this.#contentOf(line), this.#lines[line]?.end).trim();
    return /^["']?([\w:]*\w)/.exec(written)?.[1] ?? written.slice(0, 40);
  }

  #contentOf(line: number): number {
    const { start, indent = 0 } = this.#lines[line] ?? { start: 0 };
    return start + (Number.isFinite(indent) ? indent : 0);
  }
}

function linesOf(text: string, syntax: 'YAML' | 'JSON'): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const written of text.split('\n')) {
    const space = /^\s*/.exec(written)?.[0] ?? '';
    const content = written.slice(space.length);
    const empty = content === '' || (syntax === 'YAML' && content.startsWith('#'));
    const indent = empty ? undefined : syntax === 'YAML' ? yamlIndent(written, space) : space.length;
    lines.push({ start, end: start + written.length, indent, closing: /^[\]}]/.test(content) });
    start += written.length + 1;
  }
  return lines;
}

function yamlIndent(written: string, space: string): number {
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(written)) return BETWEEN;
  // A tab does not indent: the line belongs to the one above, whatever was meant.
  return space.includes('\t') ? Number.POSITIVE_INFINITY : space.length;
}
