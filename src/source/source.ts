/** A text with a name, and the way from its offsets to lines and columns of a file. */
export interface Source {
  /** Path relative to the repository's root, with forward slashes. */
  readonly path: string;
  /** The decoded text that offsets count in (UTF-16 units). */
  readonly text: string;
  /** Where an offset of this text stands in the file; the identity unless the text is embedded in another. */
  toFile(offset: number): number;
  /** The file that holds this text: itself, or the outermost one around an embedded text. */
  readonly file: SourceFile;
  /** Written by a tool from what people write: nobody mends anything here. */
  readonly derived?: boolean;
  /** Set where parts of the file are blank in this text, since a slip in the syntax keeps them from being read. */
  readonly lost?: Lost | undefined;
  /** Where the text begins in its file, where it is a part that was read by itself. */
  readonly begins?: number | undefined;
}

/** What of a file is not read, since nobody can say how it is meant. */
export interface Lost {
  /** The first slip. */
  readonly slip: Place;
  /** Whether more is lost than whole entries that the rest may only refer to. */
  readonly beyond: boolean;
}

/** A half-open range of a source's text, in UTF-16 units. Every value that is read keeps the place it came from. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** What reports print: lines and columns start at 1, the end column is exclusive. */
export interface Location {
  readonly path: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A file of the repository. Its line index is made when a place in it is first asked for. */
export class SourceFile implements Source {
  readonly path: string;
  readonly text: string;
  /** How reports print the path: as seen from the folder that a person stands in. */
  readonly shownPath: string;
  /** Whether the file's bytes are this text in UTF-8, as far as that is known: no byte order mark, no other encoding. */
  readonly verbatim: boolean;
  #lineStarts: readonly number[] | undefined;

  constructor(path: string, text: string, shownPath: string = path, verbatim = false) {
    this.path = path;
    this.text = text;
    this.shownPath = shownPath;
    this.verbatim = verbatim;
  }

  get file(): SourceFile {
    return this;
  }

  toFile(offset: number): number {
    return offset;
  }

  /** The text of one line (counted from 1), without its line break. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, starts[number] ?? this.text.length).replace(/\r?\n$|\r$/, '');
  }

  get lineCount(): number {
    return this.#starts().length;
  }

  /** The offset at which a line (counted from 1) starts; the end of the text beyond the last one. */
  lineStart(number: number): number {
    return this.#starts()[number - 1] ?? this.text.length;
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }

  #starts(): readonly number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}

/** Where a part of a file begins: how many UTF-16 units stand before it in the file, and its line and column, from 1. */
export interface Beginning {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A part of a file that is too large to be held as a whole. Its lines and columns are those of the file. */
export class FilePart extends SourceFile {
  readonly #at: Beginning;

  constructor(path: string, text: string, shownPath: string, at: Beginning) {
    super(path, text, shownPath);
    this.#at = at;
  }

  get begins(): number {
    return this.#at.offset;
  }

  override line(number: number): string {
    return super.line(number - this.#at.line + 1);
  }

  override get lineCount(): number {
    return super.lineCount + this.#at.line - 1;
  }

  override lineStart(number: number): number {
    return number < this.#at.line ? 0 : super.lineStart(number - this.#at.line + 1);
  }

  override position(offset: number): { readonly line: number; readonly column: number } {
    const { line, column } = super.position(offset);
    return { line: line + this.#at.line - 1, column: line === 1 ? column + this.#at.column - 1 : column };
  }
}

/** A text inside another, such as a JSON policy in a YAML block or in a JSON string. */
export class EmbeddedSource implements Source {
  readonly text: string;
  readonly #parent: Source;
  readonly #offsets: readonly number[];

  /** `offsets[i]` is where character i of `text` stands in the parent; one more entry marks the end. */
  constructor(parent: Source, text: string, offsets: readonly number[]) {
    this.#parent = parent;
    this.text = text;
    this.#offsets = offsets;
  }

  get path(): string {
    return this.#parent.path;
  }

  get file(): SourceFile {
    return this.#parent.file;
  }

  get derived(): boolean {
    return this.#parent.derived === true;
  }

  get begins(): number | undefined {
    return this.#parent.begins;
  }

  toFile(offset: number): number {
    return this.#parent.toFile(this.#offsets[offset] ?? this.#offsets.at(-1) ?? 0);
  }
}

/** The location of a place in its file. */
export function locate(place: Place): Location {
  const file = place.source.file;
  const start = place.source.toFile(place.start);
  const from = file.position(start);
  const to = file.position(Math.max(start, place.source.toFile(place.end)));
  return {
    path: file.shownPath,
    startLine: from.line,
    startColumn: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

/** Which place it is, among all that are read of the files. */
export function placeKey({ source, start }: Pick<Place, 'source' | 'start'>): string {
  return `${source.path}:${(source.begins ?? 0) + start}`;
}

/** The text that a place covers, as its source wrote it. */
export function textAt(place: Place): string {
  return place.source.text.slice(place.start, place.end);
}
