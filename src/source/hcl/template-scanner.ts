import { isNameCode, NEWLINE, RETURN, Scanner } from './scanner.ts';
import type { Expression, Literal, Template } from './syntax.ts';
import { type Directive, type FlatPart, flushHeredoc, joinDirectives, trimAroundMarkers } from './template-parts.ts';

const QUOTE = 34;
const DOLLAR = 36;
const PERCENT = 37;
const BACKSLASH = 92;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Quoted strings, heredocs and template files. */
export abstract class TemplateScanner extends Scanner {
  protected abstract expression(): Expression;

  /** The whole text as a template, as `templatefile` reads one. */
  wholeTemplate(): Template | Literal {
    const start = this.at;
    const parts = this.#lines(() => this.ended);
    trimAroundMarkers(parts);
    return this.#finish(parts, start, this.at);
  }

  protected quoted(): Template | Literal {
    const opening = this.at;
    this.at += 1;
    const parts: FlatPart[] = [];
    let from = this.at;
    const flush = (): void => {
      if (this.at > from) parts.push(this.#piece(from, this.at, 0));
      from = this.at;
    };
    for (;;) {
      const code = this.code();
      if (Number.isNaN(code) || code === NEWLINE) throw this.slip('a quoted text is not closed on its line', opening);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        flush();
        const text = this.#escape();
        parts.push({ kind: 'text', text, start: from, end: this.at, run: 0 });
        from = this.at;
      } else if (this.#atEscapedMarker()) {
        flush();
        parts.push(this.#escapedMarker(0));
        from = this.at;
      } else if (this.#atMarker()) {
        flush();
        parts.push(this.outside(() => this.#marker()));
        from = this.at;
      } else this.at += 1;
    }
    flush();
    trimAroundMarkers(parts);
    const end = this.at;
    this.at += 1;
    return this.#finish(parts, opening + 1, end);
  }

  protected heredoc(): Template | Literal {
    const opening = this.at;
    this.at += 2;
    const flushed = this.take('-');
    const word = this.name('the word that ends the heredoc');
    if (this.code() === RETURN) this.at += 1;
    if (this.code() !== NEWLINE) throw this.slip('a heredoc starts on the line after its word');
    this.at += 1;
    const start = this.at;
    const parts = this.#lines(() => {
      if (this.ended) throw this.slip(`the heredoc has no line ${word} at its end`, opening);
      return this.#heredocEnd(word) !== undefined;
    });
    const end = this.at;
    trimAroundMarkers(parts);
    if (flushed) flushHeredoc(parts);
    this.at = this.#heredocEnd(word) ?? end;
    return this.#finish(parts, start, end);
  }

  /** The offset after the closing word, where the line holds nothing else. */
  #heredocEnd(word: string): number | undefined {
    let offset = this.at;
    const blank = (): boolean => this.text[offset] === ' ' || this.text[offset] === '\t';
    while (blank()) offset += 1;
    if (!this.text.startsWith(word, offset) || isNameCode(this.text.charCodeAt(offset + word.length))) return undefined;
    offset += word.length;
    const end = offset;
    while (blank()) offset += 1;
    const next = this.text.charCodeAt(offset);
    return Number.isNaN(next) || next === NEWLINE || next === RETURN ? end : undefined;
  }

  /** Text without escapes, in pieces of at most a line; `ends` is asked at the start of each line. */
  #lines(ends: () => boolean): FlatPart[] {
    const parts: FlatPart[] = [];
    let run = 0;
    let from = this.at;
    const flush = (): void => {
      if (this.at > from) parts.push(this.#piece(from, this.at, run));
      from = this.at;
    };
    let lineStarts = true;
    for (;;) {
      if ((lineStarts || this.ended) && ends()) break;
      lineStarts = false;
      if (this.#atEscapedMarker()) {
        flush();
        parts.push(this.#escapedMarker(run));
        from = this.at;
      } else if (this.#atMarker()) {
        flush();
        parts.push(this.outside(() => this.#marker()));
        from = this.at;
      } else {
        lineStarts = this.code() === NEWLINE;
        this.at += 1;
        if (lineStarts) flush();
        if (lineStarts) run += 1;
      }
    }
    flush();
    return parts;
  }

  #piece(start: number, end: number, run: number): FlatPart {
    return { kind: 'text', text: this.text.slice(start, end), start, end, run };
  }

  #atMarker(): boolean {
    const code = this.code();
    return (code === DOLLAR || code === PERCENT) && this.text[this.at + 1] === '{';
  }

  /** `$${` and `%%{` are `${` and `%{`. */
  #atEscapedMarker(): boolean {
    const code = this.code();
    return (code === DOLLAR || code === PERCENT) && this.code(1) === code && this.text[this.at + 2] === '{';
  }

  #escapedMarker(run: number): FlatPart {
    const start = this.at;
    this.at += 3;
    return { kind: 'text', text: this.text.slice(start + 1, this.at), start, end: this.at, run };
  }

  #escape(): string {
    const letter = this.text[this.at + 1] ?? '';
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.at += 2;
      return simple;
    }
    const digits = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(this.text.slice(this.at, this.at + 10));
    const code = Number.parseInt(digits?.[1] ?? digits?.[2] ?? '', 16);
    if (digits === null || code > 0x10ffff) throw this.slip(`\\${letter} is no escape that HCL knows`);
    this.at += digits[0].length;
    return String.fromCodePoint(code);
  }

  #marker(): FlatPart {
    const start = this.at;
    const isDirective = this.code() === PERCENT;
    this.at += 2;
    const trimsBefore = this.take('~');
    return this.within(() => {
      this.space();
      const directive: Directive = isDirective
        ? this.#directive()
        : { kind: 'interpolation', value: this.expression() };
      this.space();
      const trimsAfter = this.take('~');
      this.expect('}', isDirective ? 'a template directive' : 'what ${ puts in');
      return { kind: 'marker', directive, trimsBefore, trimsAfter, start, end: this.at };
    });
  }

  #directive(): Directive {
    const start = this.at;
    const word = this.name('a template directive');
    this.space();
    switch (word) {
      case 'if':
        return { kind: 'if', condition: this.expression() };
      case 'for': {
        const names = this.loopNames();
        if (!this.takeWord('in')) throw this.slip('"in" is missing after the names of a loop');
        this.space();
        return { kind: 'for', ...names, collection: this.expression() };
      }
      case 'else':
      case 'endif':
      case 'endfor':
        return { kind: word };
      default:
        throw this.slip(`%{ ${word} } is no template directive`, start);
    }
  }

  /** `v` or `k, v`, as loops name what they stand at. */
  protected loopNames(): { readonly keyName: string | undefined; readonly valueName: string } {
    const first = this.name();
    this.space();
    if (!this.take(',')) return { keyName: undefined, valueName: first };
    this.space();
    const valueName = this.name();
    this.space();
    return { keyName: first, valueName };
  }

  #finish(parts: readonly FlatPart[], start: number, end: number): Template | Literal {
    const place = this.place(start, end);
    const joined = joinDirectives(parts, this.source);
    const [only] = joined;
    if (only === undefined) return { kind: 'literal', value: '', place };
    const plain = joined.length === 1 && only.kind === 'text' && only.text.length === end - start;
    return plain ? { kind: 'literal', value: only.text, place } : { kind: 'template', parts: joined, place };
  }
}
