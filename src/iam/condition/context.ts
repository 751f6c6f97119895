import type { Text, Unknown } from '../../symbolic/text.ts';

/** What is known of one condition key in a call. */
export type KeyValue =
  /** In the call, with these values; a key that can hold several may hold none. `inPart`: the moment decides what is not known of them. */
  | { readonly kind: 'present'; readonly values: readonly Text[]; readonly inPart?: boolean }
  /** Not in the call; `unlisted` tells where a call could have it, but a context that is given in full leaves it out. */
  | { readonly kind: 'absent'; readonly unlisted?: string }
  /** The caller or the moment decides; `earliest` bounds a time from below (milliseconds since 1970), `always`: it is never absent. */
  | { readonly kind: 'supplied'; readonly earliest?: number; readonly always?: boolean }
  /** Settled by facts that the documents do not give. */
  | { readonly kind: 'unresolved'; readonly unknown: Unknown }
  /** One of these, by a value that the documents leave open; without one, AWS's documentation does not say which. */
  | { readonly kind: 'either'; readonly options: readonly KeyValue[]; readonly by?: Unknown };

export const ABSENT: KeyValue = { kind: 'absent' };
export const SUPPLIED: KeyValue = { kind: 'supplied' };

export function present(...values: readonly Text[]): KeyValue {
  return { kind: 'present', values };
}

/** Gives the value of a condition key (in lower case) for the call that is decided. */
export interface Context {
  lookup(key: string): KeyValue;
}
