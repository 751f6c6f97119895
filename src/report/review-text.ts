import { headline } from './comment.ts';
import { type Linked, ruleLink } from './links.ts';
import { codeSpan } from './printable.ts';
import { countBy, type ReportedFinding } from './report.ts';
import { SEVERITIES } from './severity.ts';
import { plural } from './text.ts';

const MOST_CHARACTERS = 50_000;

/** The first line of a review: what was found at which commit, which stays true when later commits mend it. */
export function reviewHeadline(findings: readonly ReportedFinding[], commit: string): string {
  const counts = countBy(
    SEVERITIES,
    findings.map(({ severity }) => severity),
  );
  const found = SEVERITIES.filter((word) => counts[word] > 0).map((word) => plural(counts[word], word));
  return `**Assume role check** of ${codeSpan(commit.slice(0, 12))}: ${found.length === 0 ? 'no findings' : found.join(', ')}.`;
}

/** The findings that no comment tells, one a line; empty where comments tell all. */
export function restText(rest: readonly ReportedFinding[], link: Linked): string {
  if (rest.length === 0) return '';
  const lines: string[] = ['Not at a line of this change, or more than fit as comments:', ''];
  let length = 0;
  for (const [index, finding] of rest.entries()) {
    const line = `- ${finding.severity} at ${link(finding.location)}: ${headline(finding)} ${ruleLink(finding.rule)}`;
    length += line.length + 1;
    if (length > MOST_CHARACTERS) {
      lines.push(`- and ${rest.length - index} more: the job summary has all`);
      break;
    }
    lines.push(line);
  }
  return lines.join('\n');
}
