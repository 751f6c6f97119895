import type { Severity } from '../rules/finding.ts';
import { locate } from '../source/source.ts';
import { forCommandData, forCommandProperty } from './printable.ts';
import type { Report, ReportedFinding } from './report.ts';

/** The runner shows ten annotations of each level a step; the rest vanish silently. */
const MOST = 10;
const ORDER: readonly Severity[] = ['error', 'warning', 'notice'];

/** Workflow commands: annotations that need no token. The most severe first, and what is left out is said. */
export function renderGithub(report: Report): string {
  const lines: string[] = [];
  for (const severity of ORDER) {
    const findings = report.findings.filter((finding) => finding.severity === severity);
    const shown = findings.length > MOST ? findings.slice(0, MOST - 1) : findings;
    lines.push(...shown.map(annotation));
    const rest = findings.length - shown.length;
    if (rest > 0)
      lines.push(
        `::${severity} title=assume-role-check::${forCommandData(`${rest} more of this level: see the job summary`)}`,
      );
  }
  for (const { place, level, message } of report.problems.slice(0, MOST)) {
    const { line } = place.source.file.position(place.source.toFile(place.start));
    lines.push(
      `::warning file=${forCommandProperty(locate(place).path)},line=${line},title=assume-role-check::${forCommandData(`${level === 'error' ? 'not read: ' : ''}${message}`)}`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

function annotation({ severity, rule, message, location, hint }: ReportedFinding): string {
  const { path, startLine, startColumn, endLine, endColumn } = location;
  // Columns are shown only where start and end stand on one line.
  const columns = startLine === endLine ? `,col=${startColumn},endColumn=${endColumn}` : '';
  const text = hint === undefined ? message : `${message} (${hint})`;
  return `::${severity} file=${forCommandProperty(path)},line=${startLine},endLine=${endLine}${columns},title=${forCommandProperty(rule)}::${forCommandData(text)}`;
}
