import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { locate } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { codeSpan, inMarkdown } from './printable.ts';
import { countBy, type Report, type ReportedFinding } from './report.ts';
import { plural, summaryLine } from './text.ts';

/** GitHub drops a job summary over 1 MiB whole; this leaves room. */
const MOST_BYTES = 900_000;

/** Where a place can be looked at: `https://github.com/o/r/blob/SHA/`, or nothing. */
export interface LinkBase {
  readonly blob: string | undefined;
}

/** The job summary: the verdict first, then what changed, then each finding. */
export function renderMarkdown(report: Report, links: LinkBase = { blob: undefined }): string {
  const sections = [
    `## ${verdict(report)}`,
    changesTable(report),
    ...report.findings.map((finding) => findingMarkdown(finding, links)),
    diagnostics(report),
    `<sub>${inMarkdown(summaryLine(report))}</sub>`,
  ];
  return fitting(sections.filter((section) => section !== ''));
}

function verdict({ findings, decided, changes }: Report): string {
  const { error, warning } = countBy(
    ['error', 'warning', 'notice'],
    findings.map(({ severity }) => severity),
  );
  const { allowed } = countBy(
    ['allowed', 'denied', 'conditional', 'unknown'],
    decided.map(({ decision }) => decision.decision),
  );
  const lost = changes?.lost.length ?? 0;
  if (error > 0 && lost > 0) return `❌ This change breaks ${plural(lost, 'assumption')}`;
  if (error > 0) return `❌ ${plural(error, 'error')}: what is declared cannot work`;
  if (warning > 0) return `⚠️ ${plural(warning, 'warning')}`;
  return `✅ ${decided.length === 0 ? 'No assumption of a role is touched' : `${plural(allowed, 'assumption')} allowed, none broken`}`;
}

function changesTable({ changes }: Report): string {
  if (changes === undefined || changes.gained.length + changes.lost.length === 0) return '';
  const row =
    (word: string) =>
    (one: Decided): string =>
      `| ${word} | ${codeSpan(principalOf(one.assumption))} | ${codeSpan(show(one.assumption.question.role.arn))} | ${one.decision.decision} |`;
  return [
    '| | principal | role | now |',
    '|---|---|---|---|',
    ...changes.lost.slice(0, 100).map(row('lost')),
    ...changes.gained.slice(0, 100).map(row('gained')),
  ].join('\n');
}

const ICONS = { error: '❌', warning: '⚠️', notice: 'ℹ️' } as const;

function findingMarkdown(
  { severity, rule, message, location, subject, fix, hint }: ReportedFinding,
  { blob }: LinkBase,
): string {
  const label = codeSpan(`${location.path}:${location.startLine}`);
  const target =
    blob === undefined
      ? label
      : `[${label}](${blob}${location.path.split('/').map(encodeURIComponent).join('/')}#L${location.startLine})`;
  const lines = [
    `${ICONS[severity]} **${rule}** at ${target}${hint === undefined ? '' : ` (${inMarkdown(hint)})`}`,
    '',
    inMarkdown(message),
  ];
  if (subject !== undefined)
    lines.push('', '<details><summary>How it was decided</summary>', '', ...layerTable(subject), '', '</details>');
  for (const edit of fix?.edits ?? [])
    lines.push(
      '',
      `Fix, ${codeSpan(`${edit.shownPath}:${edit.startLine}`)}${fix?.verified === true ? ' (decided again: allowed)' : ''}:`,
      '',
      fenced(edit.newText),
    );
  return lines.join('\n');
}

function layerTable(subject: Decided): readonly string[] {
  const { layers, answer } = subject.explanation();
  const rows = layers.map(({ layer, verdict, reason, place }) => {
    const at = place === undefined ? '' : codeSpan(`${locate(place).path}:${locate(place).startLine}`);
    return `| ${layer} | ${verdict} | ${codeSpan(reason)} | ${at} |`;
  });
  return [
    '| layer | verdict | why | where |',
    '|---|---|---|---|',
    ...rows,
    ...(answer === undefined ? [] : ['', `AWS would answer: ${codeSpan(answer, 600)}`]),
  ];
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
  return `${fence}\n${text.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, (character) => (character === '\n' || character === '\t' ? character : '�'))}\n${fence}`;
}

function diagnostics({ problems }: Report): string {
  if (problems.length === 0) return '';
  const rows = problems
    .slice(0, 50)
    .map(
      ({ place, message, level }) =>
        `- ${level}: ${codeSpan(`${locate(place).path}:${locate(place).startLine}`)} ${inMarkdown(message)}`,
    );
  return [
    `<details><summary>${plural(problems.length, 'diagnostic')}</summary>`,
    '',
    ...rows,
    ...(problems.length > 50 ? [`- and ${problems.length - 50} more`] : []),
    '',
    '</details>',
  ].join('\n');
}

function fitting(sections: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const [index, section] of sections.entries()) {
    bytes += Buffer.byteLength(section) + 2;
    if (bytes > MOST_BYTES) {
      kept.push(`_${sections.length - index} more sections are left out: the summary would be too large._`);
      break;
    }
    kept.push(section);
  }
  return `${kept.join('\n\n')}\n`;
}
