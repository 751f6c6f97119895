import type { Beginning } from './source.ts';

/** A file's bytes, a piece at a time: it may be larger than what a program holds at once. */
export interface Bytes {
  readonly size: number;
  /** From one offset to another, as far as there are any. */
  read(start: number, end: number): Uint8Array;
}

/** A value that was passed over: where it stands, in bytes and as people count. */
export interface PassedValue {
  readonly start: number;
  readonly end: number;
  readonly at: Beginning;
  /** Its JSON. */
  readonly text: string;
}

/** Why a text is no JSON, and where that shows. */
export class JsonSlip extends Error {
  readonly at: Beginning;

  constructor(message: string, at: Beginning) {
    super(message);
    this.at = at;
  }
}

const WINDOW = 1 << 20;
/** One value that is read as a whole, such as an entity with all its policies. */
const MOST_BYTES = 64 << 20;
const MAX_DEPTH = 400;

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];
export const END = -1;

/**
 * Walks through a JSON text of any size, of which only single values are ever held. What is passed over is not checked beyond its
 * brackets and quotes: whoever reads a value parses it.
 */
export class JsonScanner {
  readonly #bytes: Bytes;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #window: Uint8Array = new Uint8Array(0);
  /** Where the window begins in the file. */
  #base = 0;
  #next = 0;
  #line = 1;
  /** Bytes before the line, and how many of all bytes so far are no UTF-16 unit of their own. */
  #lineStart = 0;
  #surplus = 0;
  #surplusAtLine = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#fill();
    const [first, second, third] = this.#window;
    // A byte order mark is no part of the text.
    if (first === 0xef && second === 0xbb && third === 0xbf) this.#next = this.#surplus = this.#surplusAtLine = 3;
    this.#lineStart = this.#next;
  }

  /** The next byte that is no space, still to be read; `END` behind the last one. */
  peek(): number {
    for (;;) {
      const byte = this.#window[this.#next];
      if (byte === undefined) {
        if (!this.#fill()) return END;
      } else if (byte === NEWLINE) {
        this.#next += 1;
        this.#newLine();
      } else if (byte === 0x20 || byte === 0x09 || byte === 0x0d) this.#next += 1;
      else return byte;
    }
  }

  /** Whether the next byte is this one, which is then read. */
  takes(character: string): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false;
    this.#next += 1;
    return true;
  }

  /** Reads the bytes between a list's or an object's brackets: calls for each item, which reads it. */
  each(close: ']' | '}', item: () => void): void {
    if (this.takes(close)) return;
    do {
      if (this.peek() === END) throw this.slip('the text ends before it is complete: it is cut off');
      item();
    } while (this.takes(','));
    if (!this.takes(close)) throw this.slip(this.#unexpected(close === ']' ? 'close bracket' : 'close brace'));
  }

  /** A member's key, with the colon behind it. */
  key(): string {
    if (this.peek() !== QUOTE) throw this.slip(this.#unexpected('property name'));
    const { text, at } = this.value();
    if (!this.takes(':')) throw this.slip(this.#unexpected('colon'));
    return String(parsed(text, at));
  }

  /** Passes over the value that comes next. */
  value(): PassedValue {
    const first = this.peek();
    const [start, at] = [this.#base + this.#next, this.here()];
    if (first === OPEN_LIST || first === OPEN_MAP || first === QUOTE) this.#passNested(start);
    else this.#passPlain();
    const end = this.#base + this.#next;
    if (end === start) throw this.slip(this.#unexpected('value'));
    return { start, end, at, text: this.text(start, end, at) };
  }

  text(start: number, end: number, at: Beginning): string {
    const bytes =
      start >= this.#base ? this.#window.subarray(start - this.#base, end - this.#base) : this.#bytes.read(start, end);
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw new JsonSlip('it is not UTF-8', at);
    }
  }

  here(): Beginning {
    const offset = this.#base + this.#next - this.#surplus;
    return { offset, line: this.#line, column: offset - (this.#lineStart - this.#surplusAtLine) + 1 };
  }

  slip(message: string): JsonSlip {
    return new JsonSlip(message, this.here());
  }

  #unexpected(wanted: string): string {
    return this.peek() === END
      ? 'the text ends before it is complete: it is cut off'
      : `not valid JSON: ${wanted} expected`;
  }

  #passPlain(): void {
    for (;;) {
      const byte = this.#window[this.#next];
      if (byte === undefined) {
        if (!this.#fill()) return;
      } else if (byte <= 0x20 || byte === 0x2c || byte === CLOSE_LIST || byte === CLOSE_MAP) return;
      else this.#next += 1;
    }
  }

  /** To the end of a list, an object or a text: the inner loop over all the bytes of a file. */
  #passNested(start: number): void {
    let depth = 0;
    let quoted = false;
    let escaped = false;
    for (;;) {
      const window = this.#window;
      let next = this.#next;
      for (; next < window.length; next++) {
        const byte = window[next] ?? 0;
        if (byte >= 0x80) this.#surplus += byte < 0xc0 ? 1 : byte >= 0xf0 ? -1 : 0;
        else if (escaped) escaped = false;
        else if (quoted) {
          if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) {
            quoted = false;
            if (depth === 0) {
              this.#next = next + 1;
              return;
            }
          }
        } else if (byte === QUOTE) quoted = true;
        else if (byte === OPEN_MAP || byte === OPEN_LIST) {
          depth += 1;
          if (depth > MAX_DEPTH) {
            this.#next = next;
            throw this.slip('it is nested too deep to be read');
          }
        } else if (byte === CLOSE_MAP || byte === CLOSE_LIST) {
          depth -= 1;
          if (depth === 0) {
            this.#next = next + 1;
            return;
          }
        } else if (byte === NEWLINE) {
          this.#next = next + 1;
          this.#newLine();
        }
      }
      this.#next = next;
      if (this.#base + next - start > MOST_BYTES)
        throw this.slip('more than 64 MB of one role, user, group or policy are not read');
      if (!this.#fill()) throw this.slip('the text ends before it is complete: it is cut off');
    }
  }

  #newLine(): void {
    this.#line += 1;
    this.#lineStart = this.#base + this.#next;
    this.#surplusAtLine = this.#surplus;
  }

  #fill(): boolean {
    this.#base += this.#window.length;
    this.#next = 0;
    this.#window = this.#bytes.read(this.#base, Math.min(this.#bytes.size, this.#base + WINDOW));
    return this.#window.length > 0;
  }
}

/** A value's JSON as JavaScript has it. */
export function parsed(text: string, at: Beginning): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonSlip('not valid JSON', at);
  }
}
