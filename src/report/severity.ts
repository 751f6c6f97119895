import type { Severity } from '../rules/finding.ts';
import type { ReportedFinding } from './report.ts';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];

/** What is capped keeps the most severe; what the change brings stands before what was there. */
export function mostSevereFirst(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const rank = ({ severity, status }: ReportedFinding): number =>
    2 * SEVERITIES.indexOf(severity) + Number(status === 'existing');
  return [...findings].sort((a, b) => rank(a) - rank(b));
}
