import type { Assumed } from '../../iam/policy.ts';
import type { Place } from '../../source/source.ts';
import type { Tree } from '../../source/tree.ts';
import type { Guard } from '../../symbolic/guard.ts';
import type { Text, Unknown } from '../../symbolic/text.ts';
import type { TextValue, Value } from '../../symbolic/value.ts';
import type { Noted } from './noted.ts';
import type { Resource, Template } from './template.ts';

/** What an intrinsic function may ask while it is resolved. */
export interface Scope {
  readonly template: Template;
  readonly conditions: { holds(name: string): Guard; same(a: Text, b: Text): Guard };
  /** `undefined` is AWS::NoValue: the member or item is not there. */
  resolve(tree: Tree): Value | undefined;
  /** Under which choices a resource is made. */
  exists(resource: Resource): Guard;
  /** Says that a value leans on defaults. */
  note(assumed: readonly Assumed[]): void;
  /** What a piece of work finds, and the defaults that it leans on. */
  noting<T>(work: () => T): Noted<T>;
  /** An unknown that is its own: equal to nothing but itself. */
  unknown(place: Place, what: string, missing: string): Value;
  /** An unknown that is the same wherever this template names it. */
  named(name: string, shown: string, missing: string, kind?: Unknown['kind']): Unknown;
  /** A value as one text, where it is one. */
  text(tree: Tree | undefined): TextValue | undefined;
  /** The literal text of a value, where nothing of it is unknown. */
  literal(tree: Tree | undefined): string | undefined;
}
