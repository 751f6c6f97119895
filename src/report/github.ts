import { sentenceOf } from '../drift/drift.ts';
import type { Severity } from '../rules/finding.ts';
import { locate } from '../source/source.ts';
import { forCommandData, forCommandProperty, forLog } from './printable.ts';
import type { Report, ReportedFinding } from './report.ts';
import { mostSevereFirst, SEVERITIES } from './severity.ts';

/**
 * The runner shows ten annotations of each level a step; the rest vanish silently.
 * https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
 */
const MOST = 10;

/** Workflow commands: annotations that need no token. The most severe first, and what is left out is said. `kept` of each level are left for the run itself. */
export function renderGithub(report: Report, kept = 0): string {
  const problems = (level: 'error' | 'warning') => report.problems.filter((one) => one.level === level).map(notRead);
  const drift = report.drift.differences.map(
    (one) => `drift: ${forLog(`${locate(one.place).path}:${locate(one.place).startLine} ${sentenceOf(one)}`)}`,
  );
  const annotations = SEVERITIES.flatMap((severity) => {
    const found = mostSevereFirst(report.findings).filter((finding) => finding.severity === severity);
    const lines = found.map(annotation);
    const all = severity === 'warning' ? [...problems('error'), ...lines, ...problems('warning')] : lines;
    return fitting(severity, all, MOST - kept);
  });
  // Drift is no annotation: it would take the place of a finding.
  return [...annotations, ...drift].map((line) => `${line}\n`).join('');
}

function fitting(severity: Severity, lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  const rest = lines.length - most + 1;
  const more = `::${severity} title=assume-role-check::${rest} more of this level: the job summary and the report have all`;
  return [...lines.slice(0, most - 1), more];
}

function annotation({ severity, rule, message, location, hint }: ReportedFinding): string {
  const { path, startLine, startColumn, endLine, endColumn } = location;
  // Columns are shown only where start and end stand on one line.
  const columns = startLine === endLine ? `,col=${startColumn},endColumn=${endColumn}` : '';
  const text = hint === undefined ? message : `${message} (${hint})`;
  return `::${severity} file=${forCommandProperty(path)},line=${startLine},endLine=${endLine}${columns},title=${forCommandProperty(rule)}::${forCommandData(text)}`;
}

function notRead({ place, level, message }: Report['problems'][number]): string {
  const { path, startLine } = locate(place);
  const text = `${level === 'error' ? 'not read: ' : ''}${message}`;
  return `::warning file=${forCommandProperty(path)},line=${startLine},title=assume-role-check::${forCommandData(text)}`;
}
