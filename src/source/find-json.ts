/** The members of an object that a search has passed, and where the next one starts; undefined behind the last. */
interface Passed {
  readonly members: Map<string, number>;
  next: number | undefined;
}

/**
 * Finds single values in a large JSON text that is known to be valid, without a tree of the whole. What lies beside the way is
 * skipped once: the starts of an array's items and of an object's members are remembered for the next search through them.
 */
export class JsonFinder {
  readonly #text: string;
  readonly #items = new Map<number, number[]>();
  readonly #passed = new Map<number, Passed>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the value starts; a text starts at its quote. */
  find(path: readonly (string | number)[]): number | undefined {
    let at: number | undefined = this.#skipSpace(this.#text.startsWith('\uFEFF') ? 1 : 0);
    for (const step of path) {
      at = typeof step === 'number' ? this.#item(at, step) : this.#member(at, step);
      if (at === undefined) return undefined;
    }
    return at;
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
    const passed = this.#passed.get(object) ?? { members: new Map(), next: this.#skipSpace(object + 1) };
    this.#passed.set(object, passed);
    const { members } = passed;
    while (!members.has(name) && passed.next !== undefined) passed.next = this.#pass(passed.next, members);
    return members.get(name);
  }

  /** Remembers the member that starts here; the start of the next one, where there is one. */
  #pass(start: number, members: Map<string, number>): number | undefined {
    if (this.#text[start] !== '"') return undefined;
    const keyEnd = this.#end(start);
    const value = this.#skipSpace(this.#skipSpace(keyEnd) + 1);
    const name = JSON.parse(this.#text.slice(start, keyEnd)) as string;
    if (!members.has(name)) members.set(name, value);
    const comma = this.#skipSpace(this.#end(value));
    return this.#text[comma] === ',' ? this.#skipSpace(comma + 1) : undefined;
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
