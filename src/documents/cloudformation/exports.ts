import { keyOf, type Text } from '../../symbolic/text.ts';
import type { Value } from '../../symbolic/value.ts';
import type { Noted } from './noted.ts';

/** Exports that hang on each other in a longer chain are not followed. */
const DEEPEST = 8;

/**
 * What the templates of the repository export, for those that import it. Exports are unique in an account and region; one that
 * several templates give is nobody's.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export class Exports {
  readonly #values = new Map<string, (() => Noted<Value | undefined>)[]>();
  readonly #open = new Set<string>();

  add(account: Text, name: Text, value: () => Noted<Value | undefined>): void {
    const key = keyIn(account, name);
    this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
  }

  /** The exported value; undefined where no template exports it, or more than one. */
  find(account: Text, name: Text): Noted<Value | undefined> | undefined {
    const key = keyIn(account, name);
    const found = this.#values.get(key) ?? [];
    const [only] = found;
    // Two templates that import from each other would never be deployed.
    if (only === undefined || found.length > 1 || this.#open.has(key) || this.#open.size >= DEEPEST) return undefined;
    this.#open.add(key);
    try {
      return only();
    } finally {
      this.#open.delete(key);
    }
  }
}

function keyIn(account: Text, name: Text): string {
  return `${keyOf(account)}\n${keyOf(name)}`;
}
