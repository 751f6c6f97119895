import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { check, type Documents, type JsonReport, type Location, type ReportedFinding } from '../support/documents.ts';
import { BREAKS, type Break } from './breaks.ts';
import {
  accountsOf,
  arnOf,
  callerArn,
  documentsOf,
  type Estate,
  estates,
  partsOf,
  withProbes,
} from './broken-estate.ts';

/** More of them, and others, by hand: `BROKEN_ESTATES=1000 BROKEN_SEED=2 npx vitest run test/properties/broken-estates`. */
const RUNS = Number(process.env.BROKEN_ESTATES ?? 3);
const SEED = Number(process.env.BROKEN_SEED ?? 7);

describe('of an estate with one thing wrong, the finding names it at its place, and the offered fix ends it', () => {
  test.each(BREAKS)('$name', (broken) => {
    fc.assert(
      fc.property(estates.filter(broken.fits), (estate) => isFoundAndMended(broken, estate)),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

function isFoundAndMended(broken: Break, estate: Estate): void {
  const accounts = accountsOf(estate);
  const target = arnOf(estate.target, accounts.target);
  const call = `${callerArn(estate)} ${target} sts:AssumeRole`;
  const parts = partsOf(estate);
  const sound = check(unmarked(documentsOf(estate, parts)).documents).report;
  expect([sound.findings, sound.diagnostics, decisions(sound).get(call)]).toEqual([[], [], 'allowed']);

  const { documents, marks } = unmarked(documentsOf(estate, { ...parts, ...broken.parts(parts, estate) }));
  const { report } = check(documents);
  const found = report.findings.filter(({ rule }) => broken.rules.includes(rule));
  expect(found).not.toEqual([]);
  for (const mark of marks) {
    const fits = broken.around === true ? isAround : isAt;
    expect(found.filter(({ location }) => fits(location, mark))).not.toEqual([]);
  }

  const fixes = report.findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix.edits as readonly Edit[]]));
  expect(fixes.length > 0).toBe(broken.mends);
  for (const edits of fixes) {
    const mended = applied(documents, edits);
    const after = check(mended).report;
    // Other calls of the same slip have findings of their own.
    const about = ({ rule, principal, role }: ReportedFinding): string => `${rule} ${principal} ${role}`;
    const told = new Set(report.findings.filter(({ role }) => role !== target).map(about));
    const left = after.findings.filter((one) => one.rule !== broken.leaves && !told.has(about(one)));
    expect([left, after.diagnostics, decisions(after).get(call)]).toEqual([[], [], 'allowed']);
    const [before, during] = [decisions(sound), decisions(report)];
    for (const [one, decision] of decisions(after))
      expect([before.get(one) ?? decision, during.get(one)]).toContain(decision);
    expect(probed(estate, mended)).toEqual(probed(estate, documents));
    for (const [path, text] of Object.entries(mended)) differsOnlyIn(edits, path, documents[path] ?? '', text);
  }
}

/** What may be called besides. */
function probed(estate: Estate, documents: Documents): readonly unknown[] {
  const { assumptions } = check(withProbes(estate, documents)).report;
  const names = ['stranger', 'decoy'];
  const found = names.map((name) => assumptions.find((one) => one.name === name)?.decision);
  expect(found).not.toContain(undefined);
  return found;
}

/** The documents without the marks, and where each of them stood. */
function unmarked(marked: Documents): { readonly documents: Documents; readonly marks: readonly Location[] } {
  const marks = Object.entries(marked).flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const start = line.indexOf('\uE000') + 1;
      const at = { path, startLine: index + 1, endLine: index + 1 };
      return start === 0 ? [] : [{ ...at, startColumn: start, endColumn: line.indexOf('\uE001') }];
    }),
  );
  const plain = Object.entries(marked).map(([path, text]) => [path, text.replace(/[\uE000\uE001]/g, '')]);
  return { documents: Object.fromEntries(plain), marks };
}

function isAt(location: Location, mark: Location): boolean {
  return JSON.stringify(location, ORDER) === JSON.stringify(mark, ORDER);
}

const ORDER = ['path', 'startLine', 'startColumn', 'endLine', 'endColumn'];

function isAround({ path, startLine, endLine }: Location, mark: Location): boolean {
  return path === mark.path && startLine <= mark.startLine && endLine >= mark.endLine;
}

function decisions({ assumptions }: JsonReport): ReadonlyMap<string, string> {
  return new Map(assumptions.map((one) => [`${one.principal} ${one.role} ${one.name ?? one.action}`, one.decision]));
}

function applied(documents: Documents, edits: readonly Edit[]): Documents {
  const mended: Record<string, string> = { ...documents };
  for (const edit of [...edits].sort((a, b) => b.startLine - a.startLine))
    mended[edit.path] = applyEdit(mended[edit.path] ?? '', edit);
  return mended;
}

/** Every line outside of the edits stays, in its order; so do the line breaks. */
function differsOnlyIn(edits: readonly Edit[], path: string, before: string, after: string): void {
  const own = edits.filter((edit) => edit.path === path);
  const kept = before
    .split('\n')
    .filter((_, index) => !own.some(({ startLine, endLine }) => index + 1 >= startLine && index + 1 <= endLine));
  let at = 0;
  for (const line of after.split('\n')) if (line === kept[at]) at += 1;
  expect(kept.slice(at)).toEqual([]);
  if (before.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
}
