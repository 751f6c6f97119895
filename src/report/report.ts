import type { Decided } from '../assumptions/decided.ts';
import type { Drift } from '../drift/drift.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Problem } from '../inventory/declarations.ts';
import type { Finding } from '../rules/apply.ts';

/** What every format renders: a run's outcome, with nothing left to work out but words. */
export interface Report {
  readonly documents: number;
  readonly principals: number;
  readonly roles: number;
  readonly decided: readonly Decided[];
  readonly findings: readonly ReportedFinding[];
  readonly changes: Changes | undefined;
  readonly problems: readonly Problem[];
  /** How what is deployed differs from what is declared, where AWS shows it; it decides nothing. */
  readonly drift: Drift;
  readonly verification: Verification | undefined;
  /** Milliseconds that the run took; only people are shown it. */
  readonly elapsed: number | undefined;
}

/** What AWS's policy simulator says of the identity side of the assumptions; set where it was asked. */
export interface Verification {
  readonly agreed: number;
  readonly disagreed: number;
  readonly notAsked: readonly { readonly principal: string; readonly role: string; readonly reason: string }[];
}

export interface ReportedFinding extends Finding {
  /** Against the base of a comparison; absent without one. */
  readonly status: 'new' | 'existing' | undefined;
  readonly fix: Fix | undefined;
  /** What it is about, as the base of a comparison had it. */
  readonly before: Decided | undefined;
}

/** One assumption in both worlds; undefined where no document of that world declares it. */
export interface Change {
  readonly now: Decided | undefined;
  readonly before: Decided | undefined;
}

/** Assumptions that the change opens, those that it takes away, and those that it declares without being able to work. */
export interface Changes {
  readonly gained: readonly Change[];
  readonly lost: readonly Change[];
  readonly broken: readonly Change[];
  readonly unchanged: number;
}

export function countBy<T extends string>(words: readonly T[], of: readonly T[]): Readonly<Record<T, number>> {
  const counts = Object.fromEntries(words.map((word) => [word, 0])) as Record<T, number>;
  for (const one of of) counts[one] += 1;
  return counts;
}
