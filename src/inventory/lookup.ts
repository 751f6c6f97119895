import { equal } from '../symbolic/pattern.ts';
import { isKnown, keyOf, partsOf, split, type Text } from '../symbolic/text.ts';
import type { Truth } from '../symbolic/truth.ts';

interface Entry<T> {
  readonly key: Text;
  readonly value: T;
}

interface Match<T> {
  readonly value: T;
  readonly truth: Truth;
}

/**
 * Things under a symbolic key, such as an ARN. Keys meet by what follows their last slash, so that a look-up compares the
 * few that could be equal and not all.
 */
export class TextIndex<T> {
  readonly #exact = new Map<string, T[]>();
  readonly #byTail = new Map<string, Entry<T>[]>();
  /** Their tail may be any text. */
  readonly #loose: Entry<T>[] = [];
  /** Their tail is a name that AWS generates; only text that looks so could be it. */
  readonly #generated: Entry<T>[] = [];
  readonly #all: Entry<T>[] = [];
  /** What was found already: a variable's ARN stands in many attachments. */
  readonly #found = new Map<string, readonly Match<T>[]>();

  add(key: Text, value: T): void {
    this.#found.clear();
    const entry = { key, value };
    this.#all.push(entry);
    push(this.#exact, keyOf(key), value);
    const tail = tailOf(key);
    if (tail.sort === 'loose') this.#loose.push(entry);
    else push(this.#byTail, tail.text, entry);
    if (tail.sort === 'generated') this.#generated.push(entry);
  }

  /** Those under this very key. */
  get(key: Text): readonly T[] {
    return this.#exact.get(keyOf(key)) ?? [];
  }

  /** Those whose key is, or could be, this one. */
  find(key: Text): readonly Match<T>[] {
    const known = this.#found.get(keyOf(key));
    if (known !== undefined) return known;
    const found = this.#search(key);
    this.#found.set(keyOf(key), found);
    return found;
  }

  #search(key: Text): readonly Match<T>[] {
    const sure = this.get(key);
    const found: Match<T>[] = sure.map((value) => ({ value, truth: true }));
    if (
      isKnown(key) &&
      this.#loose.length === 0 &&
      this.#generated.length === 0 &&
      this.#byTail.get(tailOf(key).text)?.length === sure.length
    )
      return found;
    for (const { key: other, value } of this.#candidates(key)) {
      if (sure.includes(value)) continue;
      const truth = equal(key, other);
      if (truth !== false) found.push({ value, truth });
    }
    return found;
  }

  #candidates(key: Text): readonly Entry<T>[] {
    const tail = tailOf(key);
    if (tail.sort === 'loose') return this.#all;
    const same = this.#byTail.get(tail.text) ?? [];
    // A generated name that somebody copied by hand has a hyphen and a random run.
    const copied = tail.sort === 'literal' && /[-.][A-Za-z0-9]{8,}$/.test(tail.text) ? this.#generated : [];
    return copied.length === 0 && this.#loose.length === 0 ? same : [...same, ...this.#loose, ...copied];
  }
}

/**
 * Of several things under one name, the one that a reference means: that of its own document. Templates for several accounts
 * often repeat a name; which of them another document means, only the configuration can say.
 */
export function meantBy<T>(
  candidates: readonly T[],
  pathOf: (one: T) => string,
  from: string | undefined,
): T | undefined {
  if (candidates.length < 2) return candidates[0];
  const own = candidates.filter((one) => pathOf(one) === from);
  return own.length === 1 ? own[0] : undefined;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, [value]);
  else found.push(value);
}

function tailOf(key: Text): { readonly sort: 'literal' | 'generated' | 'loose'; readonly text: string } {
  if (isKnown(key)) return { sort: 'literal', text: key.slice(key.lastIndexOf('/') + 1) };
  const tail = split(key, '/').at(-1) ?? key;
  const parts = partsOf(tail);
  if (isKnown(tail)) return { sort: 'literal', text: tail };
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object' && only.kind === 'generated-name')
    return { sort: 'generated', text: keyOf(tail) };
  return { sort: 'loose', text: keyOf(tail) };
}
