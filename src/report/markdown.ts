import type { Decided } from '../assumptions/decided.ts';
import { sentenceOf } from '../drift/drift.ts';
import { locate } from '../source/source.ts';
import { changesGraph } from './changes-graph.ts';
import { answerLine, headline } from './comment.ts';
import { decidingLayer, declarationsOf, fixText, folded, layerTable } from './explanation.ts';
import { type Linked, linksTo, ruleLink } from './links.ts';
import { namesOf } from './names.ts';
import { codeSpan, fenced, inMarkdown } from './printable.ts';
import { type Change, countBy, type Report, type ReportedFinding } from './report.ts';
import { mostSevereFirst } from './severity.ts';
import { plural, summaryLine, verificationLine } from './text.ts';

/** GitHub drops a job summary over 1 MiB whole; this leaves room. */
const MOST_BYTES = 900_000;
/** Rows of one table. */
const MOST_ROWS = 100;

/** The job summary: the verdict first, then what the change does to access, then each finding, then the rest. */
export function renderMarkdown(report: Report, link: Linked = linksTo(undefined)): string {
  const sections = [
    `## ${verdict(report)}`,
    changesTable(report, link),
    report.changes === undefined ? '' : changesGraph(report.changes),
    ...mostSevereFirst(report.findings).map((finding) => findingText(finding, link)),
    restOf(report),
    driftRows(report, link),
    report.verification === undefined ? '' : inMarkdown(verificationLine(report.verification)),
    diagnostics(report, link),
    `<sub>${inMarkdown(summaryLine(report))}</sub>`,
  ];
  return fitting(sections.filter((section) => section !== ''));
}

/** One line that says it all. */
export function verdict({ findings, decided, changes }: Report): string {
  const { error, warning } = countBy(
    ['error', 'warning', 'notice'],
    findings.map(({ severity }) => severity),
  );
  const { allowed } = countBy(
    ['allowed', 'denied', 'conditional', 'unknown'],
    decided.map(({ decision }) => decision.decision),
  );
  const breaks = (changes?.lost.length ?? 0) + (changes?.broken.length ?? 0);
  const opens = changes?.gained.length ?? 0;
  const opened = opens === 0 ? '' : ` and opens ${opens}`;
  if (error > 0 && breaks > 0) return `❌ This change breaks ${plural(breaks, 'assumption')}${opened}`;
  if (error > 0) return `❌ ${plural(error, 'error')}: what is declared cannot work`;
  if (breaks > 0) return `⚠️ This change takes ${plural(breaks, 'assumption')} away${opened}`;
  if (warning > 0) return `⚠️ ${plural(warning, 'warning')}`;
  if (opens > 0) return `✅ This change opens ${plural(opens, 'assumption')} and breaks none`;
  return `✅ ${decided.length === 0 ? 'No assumption of a role is touched' : `${plural(allowed, 'assumption')} allowed, none broken`}`;
}

function changesTable({ changes, findings }: Report, link: Linked): string {
  if (changes === undefined || changes.gained.length + changes.lost.length + changes.broken.length === 0) return '';
  const row =
    (word: string) =>
    ({ now, before }: Change): string => {
      const one = now ?? before;
      if (one === undefined) return '';
      const finding = findings.find(
        ({ subject }) => subject !== undefined && (now === undefined ? isSame(subject, one) : subject === now),
      );
      const at = finding === undefined ? '' : ` at ${link(finding.location)}`;
      const decided = now ?? finding?.subject;
      const after = decided === undefined ? 'no longer declared' : `${decision(decided)}${at}`;
      const { principal, role } = namesOf(one);
      return `| ${word} | ${codeSpan(principal)} | ${codeSpan(role)} | ${before === undefined ? '–' : decision(before)} | ${after} |`;
    };
  const rows = [
    ...changes.lost.map(row('**lost**')),
    ...changes.broken.map(row('**cannot work**')),
    ...changes.gained.map(row('gained')),
  ];
  const rest = rows.length - MOST_ROWS;
  return [
    '| | principal | role | before | after |',
    '|---|---|---|---|---|',
    ...rows.slice(0, MOST_ROWS),
    ...(rest > 0 ? [`| | and ${rest} more | | | |`] : []),
  ].join('\n');
}

/** What no document declares any longer may be asked again, to tell that it no longer works. */
function isSame(one: Decided, other: Decided): boolean {
  const [a, b] = [namesOf(one), namesOf(other)];
  return a.principal === b.principal && a.role === b.role;
}

function decision({ decision: { decision, requires } }: NonNullable<Change['now']>): string {
  if (decision === 'denied') return '**denied**';
  const [first] = requires;
  return decision === 'conditional' && first !== undefined
    ? `allowed if ${codeSpan(first.key)} is ${first.values
        .slice(0, 3)
        .map((value) => codeSpan(value))
        .join(' or ')}`
    : decision;
}

const ICONS = { error: '❌', warning: '⚠️', notice: 'ℹ️' } as const;

function findingText(finding: ReportedFinding, link: Linked): string {
  const { severity, rule, location, subject, fix, status } = finding;
  const known = status === 'existing' ? ' · was there before' : '';
  const lines = [
    `### ${ICONS[severity]} ${link(location)}`,
    '',
    `${headline(finding)} <sub>${ruleLink(rule)}${known}</sub>`,
  ];
  if (subject !== undefined) {
    const deciding = decidingLayer(finding, link);
    const answer = answerLine(finding);
    const facts = [
      ...declarationsOf(subject, link).map((text) => `- ${text}`),
      ...(deciding === undefined ? [] : [`- ${deciding}`]),
      ...(answer === undefined ? [] : [`- ${answer}`]),
    ];
    lines.push('', ...facts, '', ...folded('How it was decided', layerTable(subject, link)));
  }
  if (fix !== undefined) lines.push('', ...fixText(finding, link));
  return lines.join('\n');
}

/** What the change leaves as it was, and which values would decide the open ones. */
function restOf({ changes, decided }: Report): string {
  const unknown = decided.filter(({ decision }) => decision.decision === 'unknown');
  const missing = [...new Set(unknown.flatMap(({ decision }) => decision.open.map(({ missing }) => missing)))];
  if (changes === undefined && missing.length === 0) return '';
  const parts = [
    ...(changes === undefined || changes.unchanged === 0
      ? []
      : [`${plural(changes.unchanged, 'assumption')} unchanged`]),
    ...(unknown.length === 0 ? [] : [`${unknown.length} unknown`]),
  ];
  if (missing.length === 0) return parts.join(' · ');
  const rows = missing.slice(0, 50).map((value) => `- ${inMarkdown(value)}`);
  const rest = missing.length - rows.length;
  return folded(`${parts.join(' · ')}: give a value for`, [...rows, ...(rest > 0 ? [`- and ${rest} more`] : [])]).join(
    '\n',
  );
}

/** What is declared counts; that something else is deployed is worth knowing, and no finding. */
function driftRows({ drift: { differences } }: Report, link: Linked): string {
  if (differences.length === 0) return '';
  const rows = differences.slice(0, 50).flatMap((difference) => {
    const { place, part, declared, deployed } = difference;
    const sides = [...declared.map((text) => ['declared', text]), ...deployed.map((text) => ['deployed', text])];
    const head = `- ${link(locate(place))} ${inMarkdown(sentenceOf(difference))}`;
    return part === 'existence'
      ? [head]
      : [head, ...sides.map(([side, text]) => `  - ${side} ${codeSpan(text ?? '')}`)];
  });
  const rest = differences.length - 50;
  return folded(`drift: ${plural(differences.length, 'difference')} between what is declared and what is deployed`, [
    ...rows,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ]).join('\n');
}

function diagnostics({ problems }: Report, link: Linked): string {
  if (problems.length === 0) return '';
  const rows = problems.slice(0, 50).map(({ place, message, level, reproduction }) => {
    const told = `- ${level}: ${link(locate(place))} ${inMarkdown(message)}`;
    if (reproduction === undefined) return told;
    return [told, '', fenced(reproduction.document, 'json'), '', fenced(reproduction.command, 'sh'), ''].join('\n');
  });
  const rest = problems.length - rows.length;
  return folded(plural(problems.length, 'diagnostic'), [...rows, ...(rest > 0 ? [`- and ${rest} more`] : [])]).join(
    '\n',
  );
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
