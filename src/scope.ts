import { principalOf } from './assumptions/assumption.ts';
import type { Decided } from './assumptions/decided.ts';
import type { ChangedLines } from './changed-lines.ts';
import type { Checked } from './check.ts';
import { grouped } from './inventory/grouped.ts';
import type { Finding } from './rules/apply.ts';
import type { Severity } from './rules/finding.ts';
import { locate, type Place } from './source/source.ts';
import { show } from './symbolic/text.ts';

/** How the findings of a change stand to it. */
export interface Standing {
  /** New: the base had no such finding, had it as a lesser one, or decided otherwise what it is about. */
  readonly status: 'new' | 'existing';
  /** Whether the change wrote or took away lines of what the finding tells: where it is, what declares it, what decides it. */
  readonly touched: () => boolean;
}

/** Tells each finding's standing. Findings are the same by what they are about; where that reads alike, by the line that they are at. */
export function standings(
  head: Checked,
  base: Checked,
  changed: (path: string) => ChangedLines,
): (finding: Finding) => Standing {
  const before = matched(head.findings.flatMap(told), base.findings.flatMap(told), changed);
  const decidedBefore = wordsOf(base.decided);
  const isNew = (one: Finding): boolean => {
    const earlier = before.get(one);
    if (earlier === undefined || SEVERITIES.indexOf(one.severity) < SEVERITIES.indexOf(earlier.severity)) return true;
    return one.subject !== undefined && decidedBefore.get(keyOf(one.subject))?.has(wordOf(one.subject)) !== true;
  };
  const isTouched = (one: Finding): boolean =>
    placesOf(one).some((place) => {
      const { startLine, endLine, endColumn } = locate(place);
      const last = endColumn === 1 && endLine > startLine ? endLine - 1 : endLine;
      return changed(place.source.path).touches(startLine, last);
    });
  return (finding) => ({
    status: told(finding).some(isNew) ? 'new' : 'existing',
    touched: () => told(finding).some(isTouched),
  });
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];

/** All that a finding stands for: one is told where a slip denies several, or one template says the same in several accounts. */
function told(finding: Finding): readonly Finding[] {
  return [finding, ...finding.alike.flatMap(told)];
}

/** What a finding tells, narrowly: the statement and the resource around it are not meant, whose other lines may change at will. */
function placesOf({ place, related, subject }: Finding): readonly Place[] {
  const miss = subject?.explanation().blockedBy?.miss;
  return [
    place,
    ...related.map((one) => one.place),
    ...(subject?.assumption.declaredBy ?? []).map((one) => one.place),
    ...(miss === undefined ? [] : [miss.place]),
  ];
}

/** The base's finding for each of the head's, each taken once: the same at the same line first, then the one that reads the same, then any. */
function matched(
  head: readonly Finding[],
  base: readonly Finding[],
  changed: (path: string) => ChangedLines,
): ReadonlyMap<Finding, Finding> {
  const found = new Map<Finding, Finding>();
  const taken = new Set<Finding>();
  const match = (keyOf: (one: Finding) => string, fits: (one: Finding, other: Finding) => boolean): void => {
    const byKey = grouped(base, (one) => [keyOf(one)]);
    for (const one of head) {
      if (found.has(one)) continue;
      const other = byKey.get(keyOf(one))?.find((candidate) => !taken.has(candidate) && fits(one, candidate));
      if (other === undefined) continue;
      found.set(one, other);
      taken.add(other);
    }
  };
  const atLine = (one: Finding, other: Finding): boolean => {
    const at = changed(one.place.source.path).before(one.location.startLine);
    return at?.path === other.place.source.path && at.line === other.location.startLine;
  };
  match(({ fingerprint }) => fingerprint, atLine);
  match(
    ({ fingerprint }) => fingerprint,
    (one, other) => one.message === other.message,
  );
  match(
    ({ fingerprint }) => fingerprint,
    () => true,
  );
  // In a file that was moved, what is told by its path reads the same at its line.
  match(textOf, (one, other) => one.place.source.path !== other.place.source.path && atLine(one, other));
  return found;
}

function textOf({ rule, message, principal, role, action }: Finding): string {
  return [rule, message, principal ?? '', role ?? '', action ?? ''].join('\n');
}

/** Each decision that an assumption got, in whichever of its contexts. */
function wordsOf(decided: readonly Decided[]): ReadonlyMap<string, ReadonlySet<string>> {
  const words = new Map<string, Set<string>>();
  for (const one of decided) words.set(keyOf(one), (words.get(keyOf(one)) ?? new Set()).add(wordOf(one)));
  return words;
}

function wordOf({ decision }: Decided): string {
  return decision.decision;
}

function keyOf({ assumption }: Decided): string {
  return [principalOf(assumption), show(assumption.question.role.arn), assumption.expectation?.name ?? ''].join('\n');
}
