/** Where a value stands in a JSON text; a text includes its quotes. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds single values in a large JSON text that is known to be valid, without a tree of the whole. What lies beside the way is
 * skipped; the starts of an array's items are remembered, so that the next search in it is short.
 */
export class JsonFinder {
  readonly #text: string;
  readonly #items = new Map<number, number[]>();

  constructor(text: string) {
    this.#text = text;
  }

  find(path: readonly (string | number)[]): Found | undefined {
    let at: number | undefined = this.#skipSpace(this.#text.startsWith('\uFEFF') ? 1 : 0);
    for (const step of path) {
      at = typeof step === 'number' ? this.#item(at, step) : this.#member(at, step);
      if (at === undefined) return undefined;
    }
    return { start: at, end: this.#end(at) };
  }

  #item(array: number, index: number): number | undefined {
    if (this.#text[array] !== '[') return undefined;
    const starts = this.#items.get(array) ?? [this.#skipSpace(array + 1)];
    this.#items.set(array, starts);
    for (let last = starts.at(-1); starts.length <= index && last !== undefined; last = starts.at(-1)) {
      if (this.#text[last] === ']') return undefined;
      const comma = this.#skipSpace(this.#end(last));
      if (this.#text[comma] !== ',') return undefined;
      starts.push(this.#skipSpace(comma + 1));
    }
    return starts[index];
  }

  #member(object: number, name: string): number | undefined {
    if (this.#text[object] !== '{') return undefined;
    for (let at = this.#skipSpace(object + 1); this.#text[at] === '"'; ) {
      const keyEnd = this.#end(at);
      const value = this.#skipSpace(this.#skipSpace(keyEnd) + 1);
      if (JSON.parse(this.#text.slice(at, keyEnd)) === name) return value;
      const comma = this.#skipSpace(this.#end(value));
      if (this.#text[comma] !== ',') return undefined;
      at = this.#skipSpace(comma + 1);
    }
    return undefined;
  }

  /** The offset after the value that starts here. */
  #end(start: number): number {
    const text = this.#text;
    const first = text[start];
    if (first === '"') return this.#stringEnd(start);
    if (first !== '{' && first !== '[') {
      let at = start;
      while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at += 1;
      return at;
    }
    let depth = 0;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 34) at = this.#stringEnd(at) - 1;
      else if (code === 123 || code === 91) depth += 1;
      else if ((code === 125 || code === 93) && --depth === 0) return at + 1;
    }
    return text.length;
  }

  #stringEnd(start: number): number {
    for (let at = this.#text.indexOf('"', start + 1); at !== -1; at = this.#text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (this.#text[at - 1 - slashes] === '\\') slashes += 1;
      if (slashes % 2 === 0) return at + 1;
    }
    return this.#text.length;
  }

  #skipSpace(start: number): number {
    let at = start;
    while (/\s/.test(this.#text[at] ?? '')) at += 1;
    return at;
  }
}
