import type { Source } from '../source.ts';
import type { TextProblem } from '../tree.ts';
import { ExpressionParser } from './expression-parser.ts';
import { NEWLINE, RETURN, SyntaxSlip } from './scanner.ts';
import type { Attribute, Block, Body, Expression, Label, Literal, ParsedBody, Template } from './syntax.ts';

/** Reads a file of HCL. A slip costs the block or attribute at the top that it stands in. */
export function parseHcl(source: Source): ParsedBody {
  return new BodyParser(source).file();
}

/** Reads a text as a template, as `templatefile` and `.tf.json` do; a problem where it is none. */
export function parseTemplate(source: Source): Template | Literal | TextProblem {
  return orProblem(source, () => new ExpressionParser(source).wholeTemplate());
}

export function parseExpression(source: Source): Expression | TextProblem {
  return orProblem(source, () => new ExpressionParser(source).wholeExpression());
}

function orProblem<T>(source: Source, read: () => T): T | TextProblem {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxSlip) return problemOf(error, source);
    throw error;
  }
}

function problemOf({ message, offset }: SyntaxSlip, source: Source): TextProblem {
  const end = Math.min(offset + 1, source.text.length);
  return { message: `not valid HCL: ${message}`, level: 'error', place: { source, start: Math.min(offset, end), end } };
}

const BLOCK_START =
  /^(?:resource|data|ephemeral|module|locals|variable|output|provider|terraform|moved|import|removed|check|include|dependency|dependencies|generate|remote_state|unit|stack|inputs)\b(?=[ \t]*[{"=])/gm;

class BodyParser extends ExpressionParser {
  file(): ParsedBody {
    const attributes: Attribute[] = [];
    const blocks: Block[] = [];
    const problems: TextProblem[] = [];
    const start = this.at;
    for (;;) {
      const from = this.at;
      try {
        this.lines();
        if (this.ended) break;
        if (this.sees('}')) throw this.slip('this "}" closes nothing');
        this.#entry(attributes, blocks);
      } catch (error) {
        if (!(error instanceof SyntaxSlip)) throw error;
        problems.push(problemOf(error, this.source));
        this.resume(this.#nextEntry(Math.max(error.offset, from + 1)));
      }
    }
    return { body: { attributes, blocks, place: this.place(start) }, problems };
  }

  /** The next line that starts, without indentation, as the blocks of Terraform and Terragrunt do. */
  #nextEntry(from: number): number {
    const start = new RegExp(BLOCK_START);
    start.lastIndex = from;
    return start.exec(this.text)?.index ?? this.text.length;
  }

  #body(): Body {
    const attributes: Attribute[] = [];
    const blocks: Block[] = [];
    const start = this.at;
    this.outside(() => {
      for (;;) {
        this.lines();
        if (this.ended) throw this.slip('the file ends before the block is closed', start - 1);
        if (this.sees('}')) return;
        this.#entry(attributes, blocks);
      }
    });
    return { attributes, blocks, place: this.place(start) };
  }

  #entry(attributes: Attribute[], blocks: Block[]): void {
    const start = this.at;
    const name = this.name('an attribute or a block');
    const namePlace = this.place(start);
    this.space();
    if (this.sees('=') && !this.sees('==')) {
      this.at += 1;
      this.space();
      const value = this.expression();
      const repeated = attributes.find((one) => one.name === name);
      if (repeated !== undefined) throw this.slip(`the attribute ${name} is set twice`, start);
      attributes.push({ name, namePlace, value });
    } else blocks.push(this.#block(name, namePlace));
    this.#lineEnd(name);
  }

  #block(type: string, typePlace: Block['typePlace']): Block {
    const labels: Label[] = [];
    while (!this.sees('{')) {
      labels.push(this.#label(type));
      this.space();
    }
    this.at += 1;
    const body = this.nested(() => this.#body());
    this.at += 1;
    return { type, typePlace, labels, body, place: this.place(typePlace.start) };
  }

  #label(type: string): Label {
    const start = this.at;
    if (this.sees('"')) {
      const { place, ...label } = this.quoted();
      if (label.kind === 'literal' && typeof label.value === 'string') return { text: label.value, place };
      throw this.slip('a label takes no template', start);
    }
    if (!this.seesName) throw this.slip(`"=" or a block is missing after ${type}`);
    return { text: this.name(), place: this.place(start) };
  }

  #lineEnd(name: string): void {
    this.space();
    const code = this.code();
    if (code === NEWLINE) this.at += 1;
    else if (code === RETURN && this.code(1) === NEWLINE) this.at += 2;
    else if (!this.ended && !this.sees('}')) throw this.slip(`a new line is missing after ${name}`);
  }
}
