import { createHash } from 'node:crypto';
import type { Decided } from '../assumptions/decided.ts';
import type { Policy } from '../iam/policy.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Place } from '../source/source.ts';

export type Severity = 'error' | 'warning' | 'notice';

/** What a rule sees: who exists, which policies there are, and how every declared assumption was decided. */
export interface World {
  readonly inventory: Inventory;
  readonly decided: readonly Decided[];
  /** What the base of a comparison had decided. */
  readonly before?: readonly Decided[] | undefined;
  /** What the configuration asks of roles, for the rules that somebody switches on. */
  readonly conventions?: Conventions | undefined;
}

export interface Conventions {
  readonly 'role-names'?: readonly string[] | undefined;
  /** In seconds. */
  readonly 'longest-session'?: number | string | undefined;
}

/** One rule: its metadata first, then one pure function. */
export interface Rule {
  readonly id: string;
  /** One line: what it finds. */
  readonly title: string;
  readonly severity: Severity;
  /** A matter of taste or of a team's rules: off until the configuration gives it a level. */
  readonly optIn?: boolean;
  readonly check: (world: World) => readonly Found[];
}

/** What a rule found; the run adds the rest. */
export interface Found {
  readonly message: string;
  /** The narrowest text that is wrong, in the file that a person edits. */
  readonly place: Place;
  /** A few words under the caret: "one letter off". */
  readonly hint?: string | undefined;
  readonly related?: readonly Related[];
  /** The decided assumption that it is about. */
  readonly subject?: Decided | undefined;
  /** The most that it may be, where it is less sure than its rule. */
  readonly weight?: Severity;
  /** The text that should stand at `place`, where one text mends it. */
  readonly replacement?: string | undefined;
  /** What tells it from other findings of its rule, where no principal and role do; never a line number. */
  readonly identity?: string;
}

export interface Related {
  readonly place: Place;
  readonly message: string;
  /** A managed policy that nobody has, and that would allow the call. */
  readonly grants?: Policy;
}

/** Stable over line shifts: the rule and what it is about. */
export function fingerprintOf(rule: string, parts: readonly string[]): string {
  return createHash('sha256')
    .update([rule, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
