import type { Assumed } from '../../iam/policy.ts';

/** What a piece of work finds, and the defaults that it leans on. */
export interface Noted<T> {
  readonly found: T;
  readonly assumes: readonly Assumed[];
}
