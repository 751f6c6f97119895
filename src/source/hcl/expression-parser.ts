import { CollectionParser } from './collection-parser.ts';
import { isDigit } from './scanner.ts';
import type { BinaryOperator, Expression, Literal } from './syntax.ts';

/** What people write is far shorter; a longer chain is hostile. */
const LONGEST_CHAIN = 500;

const OPERATORS: readonly (readonly [BinaryOperator, number])[] = [
  ['||', 1],
  ['&&', 2],
  ['==', 3],
  ['!=', 3],
  ['>=', 4],
  ['<=', 4],
  ['>', 4],
  ['<', 4],
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
  ['%', 6],
];

/** Expressions, by recursive descent. */
export class ExpressionParser extends CollectionParser {
  /** The whole text as one expression. */
  wholeExpression(): Expression {
    return this.within(() => {
      this.space();
      const expression = this.expression();
      this.space();
      if (!this.ended) throw this.slip('the expression should end here');
      return expression;
    });
  }

  protected expression(): Expression {
    return this.nested(() => {
      const start = this.at;
      const condition = this.#operation(0);
      const end = this.at;
      this.space();
      if (!this.take('?')) {
        this.at = end;
        return condition;
      }
      this.space();
      const whenTrue = this.expression();
      this.space();
      this.expect(':', 'the first result of a conditional');
      this.space();
      const whenFalse = this.expression();
      return { kind: 'conditional', condition, whenTrue, whenFalse, place: this.place(start) };
    });
  }

  #operation(least: number): Expression {
    const start = this.at;
    let left = this.#unary();
    for (let links = 0; ; links++) {
      const end = this.at;
      this.space();
      const found = OPERATORS.find(([operator]) => this.sees(operator));
      if (found === undefined || found[1] <= least) {
        this.at = end;
        return left;
      }
      if (links > LONGEST_CHAIN) throw this.slip('the expression is too long to be read');
      const [operator, strength] = found;
      this.at += operator.length;
      this.space();
      const right = this.#operation(strength);
      left = { kind: 'binary', operator, left, right, place: this.place(start) };
    }
  }

  #unary(): Expression {
    this.space();
    const start = this.at;
    const operator = this.sees('!') ? '!' : this.sees('-') ? '-' : undefined;
    if (operator === undefined) return this.#traversal(this.#term(), start);
    this.at += 1;
    return this.nested(() => {
      const operand = this.#unary();
      return { kind: 'unary', operator, operand, place: this.place(start) };
    });
  }

  /** `.name`, `[key]`, `[*]` and `.*` after a term. */
  #traversal(first: Expression, start: number): Expression {
    let of = first;
    for (let links = 0; ; links++) {
      if (links > LONGEST_CHAIN) throw this.slip('the expression is too long to be read');
      const end = this.at;
      this.space();
      if (this.sees('.') && !this.sees('..')) {
        this.at += 1;
        this.space();
        of = this.take('*') ? this.#attributeSplat(of, start) : this.#step(of, start);
      } else if (this.sees('[')) {
        this.at += 1;
        of = this.#indexOrSplat(of, start);
      } else {
        this.at = end;
        return of;
      }
    }
  }

  /** The name or the legacy index after a dot. */
  #step(of: Expression, start: number): Expression {
    if (!isDigit(this.code())) {
      const name = this.name('an attribute after the dot');
      return { kind: 'attribute', of, name, place: this.place(start) };
    }
    const from = this.at;
    const digits = this.digits();
    const key: Literal = { kind: 'literal', value: Number(digits), written: digits, place: this.place(from) };
    return { kind: 'index', of, key, place: this.place(start) };
  }

  /** `.*`: only what follows with dots is read of each element. */
  #attributeSplat(of: Expression, start: number): Expression {
    const from = this.at;
    let each: Expression = { kind: 'element', place: this.place(from) };
    for (let links = 0; this.sees('.') && !this.sees('..'); links++) {
      if (links > LONGEST_CHAIN) throw this.slip('the expression is too long to be read');
      this.at += 1;
      if (this.sees('*')) throw this.slip('a splat within a splat');
      each = this.#step(each, from);
    }
    return { kind: 'splat', of, each, place: this.place(start) };
  }

  #indexOrSplat(of: Expression, start: number): Expression {
    const key = this.within(() => {
      this.space();
      const read = this.take('*') ? undefined : this.expression();
      this.space();
      return read;
    });
    this.expect(']', 'an index');
    if (key !== undefined) return { kind: 'index', of, key, place: this.place(start) };
    const from = this.at;
    const each = this.nested(() => this.#traversal({ kind: 'element', place: this.place(from) }, from));
    return { kind: 'splat', of, each, place: this.place(start) };
  }

  #term(): Expression {
    const start = this.at;
    if (this.sees('"')) return this.quoted();
    if (this.sees('<<')) return this.heredoc();
    if (isDigit(this.code())) return this.#number();
    if (this.take('(')) {
      const inner = this.within(() => {
        this.space();
        const read = this.expression();
        this.space();
        return read;
      });
      this.expect(')', 'an expression in parentheses');
      return { kind: 'parentheses', inner, place: this.place(start) };
    }
    if (this.sees('[')) return this.tuple();
    if (this.sees('{')) return this.object();
    if (this.seesName) return this.#named();
    throw this.slip(this.ended ? 'the file ends where a value is missing' : 'a value is missing');
  }

  #number(): Expression {
    const match = /^\d+(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.at, this.at + 400));
    const written = match?.[0] ?? '';
    const start = this.at;
    this.at += written.length;
    return { kind: 'literal', value: Number(written), written, place: this.place(start) };
  }

  #named(): Expression {
    const start = this.at;
    let name = this.name();
    while (this.sees('::')) {
      this.at += 2;
      name += `::${this.name('a function')}`;
    }
    const end = this.at;
    this.space();
    if (this.sees('(')) return this.#call(name, start);
    this.at = end;
    const place = this.place(start);
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', place };
    return name === 'null' ? { kind: 'literal', value: null, place } : { kind: 'variable', name, place };
  }

  #call(name: string, start: number): Expression {
    this.at += 1;
    const given: Expression[] = [];
    let expanded = false;
    this.within(() => {
      this.space();
      while (!this.sees(')')) {
        if (expanded) throw this.slip('nothing may follow an expanded argument');
        given.push(this.expression());
        this.space();
        expanded = this.take('...');
        this.space();
        if (this.take(',')) this.space();
        else if (!this.sees(')')) throw this.slip(`a comma or ")" is missing in the arguments of ${name}`);
      }
    });
    this.at += 1;
    return { kind: 'call', name, arguments: given, expanded, place: this.place(start) };
  }
}
