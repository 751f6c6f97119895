/** Fewer are soon looked at one by one. */
export const FEW = 16;

/** What is about somebody or something, found by the names that it writes in full. */
export class ByName<T> {
  readonly #all: readonly T[];
  readonly #naming = new Map<string, number[]>();
  /** Those with a pattern or an unknown, which may mean any. */
  readonly #others: number[] = [];

  constructor(all: readonly T[], namesIn: (one: T) => readonly string[] | undefined) {
    this.#all = all;
    for (const [index, one] of all.entries()) {
      const names = namesIn(one);
      if (names === undefined) this.#others.push(index);
      for (const name of new Set(names)) {
        const naming = this.#naming.get(name);
        if (naming === undefined) this.#naming.set(name, [index]);
        else naming.push(index);
      }
    }
  }

  /** All but those that write other names in full, in their order. */
  on(...names: readonly string[]): readonly T[] {
    const indexes = new Set([...names.flatMap((name) => this.#naming.get(name) ?? []), ...this.#others]);
    return [...indexes]
      .sort((a, b) => a - b)
      .map((index) => this.#all[index])
      .filter((one) => one !== undefined);
  }
}
