import type { Place, Source } from '../source.ts';

/** Nothing that people write nests so deep; a hostile text would end in a stack overflow. */
const DEEPEST = 300;

/** A slip in the text. It ends the block that it stands in, not the file. */
export class SyntaxSlip extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The characters of a text, and where one stands in them. */
export class Scanner {
  readonly source: Source;
  protected readonly text: string;
  protected at = 0;
  /** Inside brackets a line break is but space. */
  protected brackets = 0;
  #depth = 0;

  constructor(source: Source) {
    this.source = source;
    this.text = source.text;
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  protected place(start: number, end = this.at): Place {
    return { source: this.source, start, end };
  }

  protected slip(message: string, offset = this.at): SyntaxSlip {
    return new SyntaxSlip(message, offset);
  }

  protected get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether the text goes on with this. */
  protected sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  protected seesButNot(text: string, longer: string): boolean {
    return this.sees(text) && !this.sees(longer);
  }

  protected code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  protected take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  protected expect(text: string, after: string): void {
    if (!this.take(text)) throw this.slip(`${JSON.stringify(text)} is missing after ${after}`);
  }

  /** A word of the language, which a longer name that starts with it is not. */
  protected takeWord(word: string): boolean {
    if (!this.sees(word) || isNameCode(this.code(word.length))) return false;
    this.at += word.length;
    return true;
  }

  /** Spaces and comments; line breaks too where they mean nothing. */
  protected space(): void {
    for (;;) {
      const code = this.code();
      if (code === SPACE || code === TAB) this.at += 1;
      else if (code === NEWLINE || (code === RETURN && this.code(1) === NEWLINE)) {
        if (this.brackets === 0) return;
        this.at += code === NEWLINE ? 1 : 2;
      } else if (code === HASH || (code === SLASH && this.code(1) === SLASH)) this.#toLineEnd();
      else if (code === SLASH && this.code(1) === STAR) {
        const end = this.text.indexOf('*/', this.at + 2);
        if (end === -1) throw this.slip('a comment is not closed');
        this.at = end + 2;
      } else return;
    }
  }

  /** Spaces, comments and line breaks, wherever one stands. */
  protected lines(): void {
    this.within(() => this.space());
  }

  #toLineEnd(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
    if (end !== -1 && this.text.charCodeAt(end - 1) === RETURN) this.at -= 1;
  }

  protected within<T>(read: () => T): T {
    this.brackets += 1;
    const result = read();
    this.brackets -= 1;
    return result;
  }

  /** Reads as if outside of all brackets, as in a body or in what is put into a template. */
  protected outside<T>(read: () => T, brackets = 0): T {
    const kept = this.brackets;
    this.brackets = brackets;
    const result = read();
    this.brackets = kept;
    return result;
  }

  protected nested<T>(read: () => T): T {
    if (this.#depth >= DEEPEST) throw this.slip('it is nested too deep to be read');
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** Starts anew after a slip. */
  protected resume(offset: number): void {
    this.at = offset;
    this.brackets = 0;
    this.#depth = 0;
  }

  protected get seesName(): boolean {
    return isNameStart(this.code());
  }

  protected name(what = 'a name'): string {
    const start = this.at;
    if (!this.seesName) throw this.slip(this.ended ? `the file ends where ${what} is missing` : `${what} is missing`);
    this.at += 1;
    while (isNameCode(this.code())) this.at += 1;
    return this.text.slice(start, this.at);
  }

  protected digits(): string {
    const start = this.at;
    while (isDigit(this.code())) this.at += 1;
    return this.text.slice(start, this.at);
  }
}

export const NEWLINE = 10;
export const RETURN = 13;
const TAB = 9;
const SPACE = 32;
const HASH = 35;
const STAR = 42;
const SLASH = 47;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 127;
}

export function isNameCode(code: number): boolean {
  return isNameStart(code) || isDigit(code) || code === 45;
}
