import { describe, expect, test } from 'vitest';
import { check, type Documents, type Location, place, type ReportedFinding } from '../support/documents.ts';

/** A path and a marker in its text, as `place` takes them. */
export type At = readonly [path: string, marker: string];

interface ExpectedFinding {
  /** What the message holds. */
  readonly says: string | readonly string[];
  readonly at: At;
  readonly related?: readonly (readonly [path: string, marker: string, message: string])[];
  readonly principal?: string;
  readonly role?: string;
  readonly action?: string;
  /** Of the assumption that it is about; denied where nothing else is said. */
  readonly decision?: string;
  readonly severity?: string;
  /** The line or lines that the fix writes; false where none is offered. */
  readonly fix?: string | false;
}

interface Case {
  readonly name: string;
  readonly documents: Documents;
  readonly options?: readonly string[];
  /** What other rules find there. */
  readonly others?: readonly string[];
}

export interface BadCase extends Case {
  readonly findings: readonly ExpectedFinding[];
}

export interface GoodCase extends Case {
  /** Decisions that show that the case is about something. */
  readonly decided: readonly (readonly [principal: string, role: string, decision: string])[];
}

/** Each case is checked through the command line: what one rule finds, and where, and what it leaves alone. */
export function ruleCases(
  rule: string,
  cases: { readonly bad: readonly BadCase[]; readonly good: readonly GoodCase[] },
) {
  describe(`${rule} finds`, () => {
    for (const one of cases.bad) test(one.name, () => finds(rule, one));
  });
  describe(`${rule} leaves alone`, () => {
    for (const one of cases.good) test(one.name, () => leavesAlone(rule, one));
  });
}

function finds(rule: string, { documents, options = [], others = [], findings }: BadCase): void {
  const { status, report } = check(documents, ...options);
  expect(report.diagnostics).toEqual([]);
  const found = report.findings.filter((finding) => finding.rule === rule);
  expect(found.map(shown)).toEqual(findings.map((expected) => shownExpectation(rule, expected, documents)));
  for (const [index, expected] of findings.entries()) {
    const finding = found[index];
    for (const part of [expected.says].flat()) expect(finding?.message).toContain(part);
    if (expected.fix !== undefined)
      expect(finding?.fix?.edits.map(({ newText }) => newText) ?? false).toEqual(expected.fix && [expected.fix]);
    if (expected.principal === undefined) continue;
    const subject = report.assumptions.filter(
      (one) => one.principal === expected.principal && one.role === expected.role,
    );
    expect(subject.map(({ decision }) => decision)).toContain(expected.decision ?? 'denied');
  }
  expect(otherRules(rule, report.findings)).toEqual([...others].sort());
  expect(status).toBe(report.findings.some(({ severity }) => severity === 'error') ? 1 : 0);
}

/** What of a finding is compared as a whole; its message is compared by its parts. */
function shown({ rule, severity, location, related, principal, role, action }: ReportedFinding) {
  // In no order: which of them declares it first says nothing.
  const near = related.map((one) => `${textOf(one.location)} ${one.message}`).sort();
  return { rule, severity, at: textOf(location), related: near, principal, role, action };
}

function textOf({ path, startLine, startColumn, endLine, endColumn }: Location): string {
  return `${path}:${startLine}:${startColumn}-${endLine}:${endColumn}`;
}

function shownExpectation(rule: string, expected: ExpectedFinding, documents: Documents): ReturnType<typeof shown> {
  const { at, related = [], principal, role, action, severity = 'error' } = expected;
  return shown({
    rule,
    severity,
    message: '',
    location: place(documents, ...at),
    related: related.map(([path, marker, message]) => ({ location: place(documents, path, marker), message })),
    ...(principal === undefined ? {} : { principal }),
    ...(role === undefined ? {} : { role }),
    ...(action === undefined ? {} : { action }),
  });
}

function leavesAlone(rule: string, { documents, options = [], others = [], decided }: GoodCase): void {
  const { report } = check(documents, ...options);
  expect(report.diagnostics).toEqual([]);
  expect(report.findings.filter((finding) => finding.rule === rule)).toEqual([]);
  expect(otherRules(rule, report.findings)).toEqual([...others].sort());
  const decisions = report.assumptions.map((one) => [one.principal, one.role, one.decision]);
  expect(decisions).toEqual(expect.arrayContaining(decided.map((one) => [...one])));
}

function otherRules(rule: string, findings: readonly ReportedFinding[]): readonly string[] {
  return findings
    .map((finding) => finding.rule)
    .filter((id) => id !== rule)
    .sort();
}
