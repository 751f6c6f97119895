import type { Expression, ForExpression, Literal, ObjectItem } from './syntax.ts';
import { TemplateScanner } from './template-scanner.ts';

/** Lists, objects, and the loops that make them. */
export abstract class CollectionParser extends TemplateScanner {
  protected tuple(): Expression {
    const start = this.at;
    this.at += 1;
    const items: Expression[] = [];
    const loop = this.within(() => {
      this.space();
      const intro = this.#loopStart();
      if (intro !== undefined) {
        const value = this.expression();
        return this.#loopEnd({ ...intro, key: undefined, value, grouped: false });
      }
      while (!this.sees(']')) {
        items.push(this.expression());
        this.space();
        if (this.take(',')) this.space();
        else if (!this.sees(']')) throw this.slip('a comma or "]" is missing in a list');
      }
      return undefined;
    });
    this.expect(']', 'a list');
    const place = this.place(start);
    return loop === undefined ? { kind: 'tuple', items, place } : { ...loop, place };
  }

  protected object(): Expression {
    const start = this.at;
    this.at += 1;
    const items: ObjectItem[] = [];
    const loop = this.outside(() => {
      this.space();
      const intro = this.#loopStart();
      if (intro !== undefined) return this.#objectLoop(intro);
      while (!this.sees('}')) items.push(this.#item());
      return undefined;
    }, 1);
    this.expect('}', 'an object');
    const place = this.place(start);
    return loop === undefined ? { kind: 'object', items, place } : { ...loop, place };
  }

  #item(): ObjectItem {
    const key = this.#bareKey() ?? this.expression();
    this.space();
    if (!this.seesButNot('=', '==') && !this.sees(':')) throw this.slip('"=" is missing after the key of an object');
    this.at += 1;
    this.space();
    // After the value, a line break parts it from the next key.
    const value = this.outside(() => {
      const read = this.expression();
      this.space();
      return read;
    });
    const broken = /[\r\n}]/.test(this.text[this.at] ?? '');
    if (!this.take(',') && !broken) throw this.slip('a comma or a new line is missing after a value of an object');
    this.space();
    return { key, value };
  }

  /** A bare word before `=` or `:` is a key, not a reference. */
  #bareKey(): Literal | undefined {
    if (!this.seesName) return undefined;
    const start = this.at;
    const value = this.name();
    const place = this.place(start);
    const end = this.at;
    this.space();
    const isKey = this.seesButNot('=', '==') || this.seesButNot(':', '::');
    this.at = isKey ? end : start;
    return isKey ? { kind: 'literal', value, place } : undefined;
  }

  /** `for k, v in collection :`; undefined where it is something else that starts with "for". */
  #loopStart(): Pick<ForExpression, 'keyName' | 'valueName' | 'collection'> | undefined {
    const start = this.at;
    if (!this.takeWord('for')) return undefined;
    this.space();
    const names = this.seesName ? this.loopNames() : undefined;
    if (names === undefined || !this.takeWord('in')) {
      this.at = start;
      return undefined;
    }
    this.space();
    const collection = this.expression();
    this.space();
    this.expect(':', 'the collection of a loop');
    this.space();
    return { ...names, collection };
  }

  #objectLoop(intro: Pick<ForExpression, 'keyName' | 'valueName' | 'collection'>): Omit<ForExpression, 'place'> {
    const key = this.expression();
    this.space();
    this.expect('=>', 'the key of a loop');
    this.space();
    const value = this.expression();
    this.space();
    return this.#loopEnd({ ...intro, key, value, grouped: this.take('...') });
  }

  #loopEnd(loop: Omit<ForExpression, 'place' | 'kind' | 'condition'>): Omit<ForExpression, 'place'> {
    this.space();
    if (!this.takeWord('if')) return { kind: 'for', ...loop, condition: undefined };
    this.space();
    const condition = this.expression();
    this.space();
    return { kind: 'for', ...loop, condition };
  }
}
