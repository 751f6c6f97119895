import type { Decided } from '../assumptions/decided.ts';
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
  /** Milliseconds that the run took; only people are shown it. */
  readonly elapsed: number | undefined;
}

export interface ReportedFinding extends Finding {
  /** Against the base of a comparison; absent without one. */
  readonly status: 'new' | 'existing' | undefined;
  readonly fix: Fix | undefined;
}

/** Assumptions that the change opens, and those that it takes away. */
export interface Changes {
  readonly gained: readonly Decided[];
  readonly lost: readonly Decided[];
}

export function countBy<T extends string>(words: readonly T[], of: readonly T[]): Readonly<Record<T, number>> {
  const counts = Object.fromEntries(words.map((word) => [word, 0])) as Record<T, number>;
  for (const one of of) counts[one] += 1;
  return counts;
}
