/**
 * The language between `${{` and `}}`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | boolean | null }
  /** `github.event.inputs.stage`, names in lower case but for the last. */
  | { readonly kind: 'path'; readonly names: readonly string[]; readonly source: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly source: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'and' | 'or' | '==' | '!='; readonly left: Expression; readonly right: Expression }
  /** What this reader does not follow: comparisons of numbers, computed indexes, slips. */
  | { readonly kind: 'other'; readonly source: string };

const TOKEN = /\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|<=|>=|[!<>()[\],.*])|([A-Za-z_][\w-]*)|(-?[\d.][\w.+-]*))/y;

interface Token {
  readonly sort: 'text' | 'sign' | 'name' | 'number';
  readonly text: string;
}

/** Reads an expression; one that it cannot follow is of kind `other`. */
export function parseExpression(source: string): Expression {
  const tokens = tokensOf(source);
  const other: Expression = { kind: 'other', source: source.trim() };
  if (tokens === undefined) return other;
  const reader = new Reader(tokens, source.trim());
  const parsed = reader.or(0);
  return reader.done ? parsed : other;
}

function tokensOf(source: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (source.slice(TOKEN.lastIndex).trim() !== '') {
    const match = TOKEN.exec(source);
    if (match === null) return undefined;
    const [, text, sign, name, number] = match;
    if (text !== undefined) tokens.push({ sort: 'text', text: text.slice(1, -1).replaceAll("''", "'") });
    else if (sign !== undefined) tokens.push({ sort: 'sign', text: sign });
    else if (name !== undefined) tokens.push({ sort: 'name', text: name });
    else tokens.push({ sort: 'number', text: number ?? '' });
  }
  return tokens;
}

/** Deeper than anybody writes; a hostile file nests more. */
const MAX_DEPTH = 50;

class Reader {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;
  #failed = false;

  constructor(tokens: readonly Token[], source: string) {
    this.#tokens = tokens;
    this.#source = source;
  }

  get done(): boolean {
    return !this.#failed && this.#at === this.#tokens.length;
  }

  or(depth: number): Expression {
    let left = this.#and(depth);
    while (this.#take('||')) left = { kind: 'or', left, right: this.#and(depth) };
    return left;
  }

  #and(depth: number): Expression {
    let left = this.#comparison(depth);
    while (this.#take('&&')) left = { kind: 'and', left, right: this.#comparison(depth) };
    return left;
  }

  #comparison(depth: number): Expression {
    const left = this.#unary(depth);
    for (const kind of ['==', '!='] as const) if (this.#take(kind)) return { kind, left, right: this.#unary(depth) };
    for (const sign of ['<', '>', '<=', '>='])
      if (this.#take(sign)) {
        this.#unary(depth);
        return { kind: 'other', source: this.#source };
      }
    return left;
  }

  #unary(depth: number): Expression {
    if (depth > MAX_DEPTH) return this.#fail();
    if (this.#take('!')) return { kind: 'not', operand: this.#unary(depth + 1) };
    if (this.#take('(')) {
      const inner = this.or(depth + 1);
      return this.#take(')') ? inner : this.#fail();
    }
    const token = this.#tokens[this.#at];
    if (token === undefined || token.sort === 'sign') return this.#fail();
    this.#at += 1;
    if (token.sort !== 'name') return { kind: 'literal', value: token.text };
    if (this.#take('(')) return this.#call(token.text.toLowerCase(), depth);
    if (/^(true|false)$/i.test(token.text)) return { kind: 'literal', value: /^true$/i.test(token.text) };
    if (/^null$/i.test(token.text)) return { kind: 'literal', value: null };
    return this.#path([token.text.toLowerCase()]);
  }

  #call(name: string, depth: number): Expression {
    const args: Expression[] = [];
    if (!this.#take(')')) {
      do args.push(this.or(depth + 1));
      while (this.#take(','));
      if (!this.#take(')')) return this.#fail();
    }
    // What follows a call picks a part of its result.
    return this.#peek('.') || this.#peek('[')
      ? this.#path([`${name}()`])
      : { kind: 'call', name, args, source: this.#source };
  }

  #path(names: string[]): Expression {
    for (;;) {
      if (this.#take('.')) {
        const next = this.#tokens[this.#at];
        if (next === undefined || (next.sort !== 'name' && next.text !== '*')) return this.#fail();
        this.#at += 1;
        names.push(next.text);
      } else if (this.#take('[')) {
        const index = this.or(MAX_DEPTH / 2);
        if (!this.#take(']')) return this.#fail();
        names.push(index.kind === 'literal' && typeof index.value === 'string' ? index.value : '*');
      } else return { kind: 'path', names, source: names.join('.') };
    }
  }

  #peek(sign: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.sort === 'sign' && token.text === sign;
  }

  #take(sign: string): boolean {
    if (!this.#peek(sign)) return false;
    this.#at += 1;
    return true;
  }

  #fail(): Expression {
    this.#failed = true;
    return { kind: 'other', source: this.#source };
  }
}

/** The literal pieces of a text and the expressions between them. */
export function piecesOf(text: string): readonly (string | Expression)[] {
  const pieces: (string | Expression)[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('${{', at);
    const end = start === -1 ? -1 : text.indexOf('}}', start);
    if (end === -1) return at < text.length ? [...pieces, text.slice(at)] : pieces;
    if (start > at) pieces.push(text.slice(at, start));
    pieces.push(parseExpression(text.slice(start + 3, end)));
    at = end + 2;
  }
}
