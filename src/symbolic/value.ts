import type { Place } from '../source/source.ts';
import type { Text, Unknown } from './text.ts';

/** A document's value after its own language is resolved (intrinsics, expressions), as far as anyone can know it. */
export type Value = TextValue | ListValue | MapValue | UnknownValue;

export interface TextValue {
  readonly kind: 'text';
  readonly text: Text;
  /** How the document types it; IAM accepts numbers and booleans in some places only. */
  readonly type: 'string' | 'number' | 'boolean';
  readonly place: Place;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
  readonly place: Place;
}

export interface MapValue {
  readonly kind: 'map';
  readonly members: readonly Member[];
  readonly place: Place;
}

export interface Member {
  /** The key as the document writes it. */
  readonly name: string;
  /** The same, symbolic where the document computes its keys. */
  readonly key: Text;
  readonly namePlace: Place;
  readonly value: Value;
}

/** A value of unknown shape: a parameter that holds a list, a macro, a document included at deploy time. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly unknown: Unknown;
  readonly place: Place;
}

export function memberOf(value: Value | undefined, name: string): Value | undefined {
  return value?.kind === 'map' ? value.members.find((member) => member.name === name)?.value : undefined;
}

/** The items of a list, or the one value that stands in its place, as IAM and CloudFormation allow. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return value.kind === 'list' ? value.items : [value];
}
