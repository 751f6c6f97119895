import type { Edit } from '../fixes/fix.ts';
import type { Place } from '../source/source.ts';

/** What the calls of some time say of one text: it could be narrower, nobody used it, or something is missing there. */
export interface Suggestion {
  readonly kind: 'missing' | 'refused' | 'narrow-grant' | 'narrow-trust' | 'narrow-subject' | 'unused';
  readonly message: string;
  readonly place: Place;
  /** None where there is nothing to write, or where people have to choose. */
  readonly edits: readonly Edit[];
}

export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

export function listed(texts: readonly string[]): string {
  return `${texts.slice(0, 5).join(', ')}${texts.length > 5 ? ` and ${texts.length - 5} others` : ''}`;
}
