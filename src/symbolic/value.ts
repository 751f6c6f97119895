import type { Place } from '../source/source.ts';
import { both, type Guard, unless } from './guard.ts';
import type { Text, Unknown } from './text.ts';

/** A document's value after its own language is resolved (intrinsics, expressions), as far as anyone can know it. */
export type Value = SettledValue | ChoiceValue;

/** A value of which the shape at least is known, or known to be unknown. */
export type SettledValue = TextValue | ListValue | MapValue | UnknownValue;

export interface TextValue {
  readonly kind: 'text';
  readonly text: Text;
  /** How the document types it; IAM accepts numbers and booleans in some places only. */
  readonly type: 'string' | 'number' | 'boolean';
  readonly place: Place;
  /** The value that a JSON text encodes, with its places, where its language built the text from it. */
  readonly encodes?: Value;
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

/** One of two values, by a condition that cannot be decided; `undefined` where that branch has none. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly guard: Guard;
  readonly whenTrue: Value | undefined;
  readonly whenFalse: Value | undefined;
  /** What stands for it where a choice cannot be followed. */
  readonly otherwise: UnknownValue;
  readonly place: Place;
}

export interface GuardedValue {
  readonly guard: Guard;
  readonly value: SettledValue;
}

/** A value under each choice that leads to it. */
export function branchesOf(value: Value | undefined, guard: Guard = true): readonly GuardedValue[] {
  if (value === undefined) return [];
  if (value.kind !== 'choice') return [{ guard, value }];
  return [
    ...branchesOf(value.whenTrue, both(guard, value.guard)),
    ...branchesOf(value.whenFalse, both(guard, unless(value.guard))),
  ];
}

/** The items of a list, or the one value in its place, under each choice that leads to them. */
export function guardedItemsOf(value: Value | undefined): readonly GuardedValue[] {
  return branchesOf(value).flatMap(({ guard, value: branch }) =>
    branch.kind === 'list' ? branch.items.flatMap((item) => branchesOf(item, guard)) : [{ guard, value: branch }],
  );
}

/** The value where choices are not followed: a choice is then unknown. */
export function settled(value: Value): SettledValue;
export function settled(value: Value | undefined): SettledValue | undefined;
export function settled(value: Value | undefined): SettledValue | undefined {
  return value?.kind === 'choice' ? value.otherwise : value;
}

export function memberOf(value: Value | undefined, name: string): SettledValue | undefined {
  return value?.kind === 'map' ? settled(value.members.find((member) => member.name === name)?.value) : undefined;
}

/** The items of a list, or the one value that stands in its place, as IAM and CloudFormation allow. */
export function itemsOf(value: Value | undefined): readonly SettledValue[] {
  if (value === undefined) return [];
  return value.kind === 'list' ? value.items.map((item) => settled(item)) : [settled(value)];
}
