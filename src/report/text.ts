import { assumedBy } from '../assumptions/assumed.ts';
import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { sentenceOf } from '../drift/drift.ts';
import { type Location, locate } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { type Paint, plainPaint } from './paint.ts';
import { cutTo, forTerminal } from './printable.ts';
import { type Change, countBy, type Report, type ReportedFinding, type Verification } from './report.ts';

/** For people: each finding with its source, a caret under the text that is wrong, who decided, and the fix. */
export function renderText(report: Report, paint: Paint = plainPaint): string {
  const blocks = report.findings.map((finding) => findingText(finding, paint));
  const diagnostics = report.problems.map(({ place, level, message, reproduction }) => {
    const { path, startLine } = locate(place);
    const told = `${forTerminal(path)}:${startLine}  ${paint[level === 'error' ? 'error' : 'warning'](level)}  ${forTerminal(message)}`;
    if (reproduction === undefined) return told;
    return `${told}\n  case.json  ${forTerminal(reproduction.document)}\n  command    ${forTerminal(reproduction.command)}`;
  });
  const parts = [
    ...blocks,
    ...(diagnostics.length > 0 ? [diagnostics.join('\n')] : []),
    ...changesText(report),
    ...driftText(report),
    ...(report.verification === undefined ? [] : [verificationLine(report.verification)]),
    summaryLine(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function findingText(finding: ReportedFinding, paint: Paint = plainPaint): string {
  const { location, severity, rule, message, status } = finding;
  const head = `${forTerminal(location.path)}:${location.startLine}:${location.startColumn}  ${paint[severity](severity)}  ${paint.bold(rule)}${status === undefined ? '' : `  ${status}`}`;
  const lines = [head, ...wrap(forTerminal(message), '  '), '', ...excerpt(finding, paint)];
  const facts = [...declaredText(finding), ...decidedText(finding), ...assumedText(finding), ...answerText(finding)];
  if (facts.length > 0) lines.push('', ...facts);
  return [...lines, ...fixText(finding, paint)].join('\n');
}

/** The lines around the place, with a caret under it. */
function excerpt({ place, location, hint }: ReportedFinding, paint: Paint): readonly string[] {
  const file = place.source.file;
  const lines: string[] = [];
  const last = Math.min(location.endLine, location.startLine + 4);
  const isBlank = (number: number): boolean => file.line(number).trim() === '';
  // Blank lines within stand as they are; at the edges they say nothing.
  let from = Math.max(1, location.startLine - 2);
  while (from < location.startLine && isBlank(from)) from += 1;
  const to = last < file.lineCount && !isBlank(last + 1) ? last + 1 : last;
  for (let number = from; number <= to; number++) {
    const text = file.line(number);
    const skipped = number === location.startLine ? skippedOf(text, location.startColumn) : 0;
    const shown = text.slice(skipped, skipped + LONGEST);
    lines.push(`${String(number).padStart(6)} | ${forTerminal(shown)}`);
    const moved = { ...location, startColumn: location.startColumn - skipped, endColumn: location.endColumn - skipped };
    if (number === location.startLine)
      lines.push(
        `${' '.repeat(6)} | ${caret(shown, moved)}${hint === undefined ? '' : ` ${paint.dim(forTerminal(hint))}`}`,
      );
  }
  return lines;
}

/** Tools write whole documents in one line: of a longer one only what stands around the place is shown. */
const LONGEST = 240;

function skippedOf(text: string, column: number): number {
  return text.length <= LONGEST ? 0 : Math.max(0, Math.min(column - 1 - 60, text.length - LONGEST));
}

function caret(text: string, { startLine, endLine, startColumn, endColumn }: Location): string {
  const before = forTerminal(text.slice(0, startColumn - 1));
  const end = startLine === endLine ? endColumn - 1 : text.length;
  const covered = forTerminal(text.slice(startColumn - 1, Math.max(end, startColumn)));
  return `${' '.repeat(before.length)}${'^'.repeat(Math.max(1, covered.length))}`;
}

function declaredText({ subject, place, related }: ReportedFinding): readonly string[] {
  if (subject === undefined)
    return related.slice(0, 3).map((one) => `  see          ${where(locate(one.place))}   ${forTerminal(one.message)}`);
  return subject.assumption.declaredBy
    .filter((one) => one.place !== place)
    .slice(0, 3)
    .map((one) => `  declared at  ${where(locate(one.place))}   ${forTerminal(one.text)}`);
}

function decidedText({ subject }: ReportedFinding): readonly string[] {
  if (subject === undefined) return [];
  const layers = subject.explanation().layers.filter(({ verdict }) => verdict !== 'not-applicable');
  const ordered = [...layers].sort((a, b) => Number(a.verdict === 'allow') - Number(b.verdict === 'allow'));
  const reasons = ordered.map(({ reason }) => shorten(forTerminal(reason), 70));
  const width = Math.max(0, ...reasons.map((reason) => reason.length));
  return ordered.map(({ layer, place }, index) => {
    const at = place === undefined ? '' : `   ${where(locate(place), false)}`;
    return `  ${index === 0 ? 'decided by' : '          '}   ${layer.padEnd(9)}${(reasons[index] ?? '').padEnd(width)}${at}`.trimEnd();
  });
}

/** A decision may be another where a value is given in the place of a default. */
function assumedText({ subject }: ReportedFinding): readonly string[] {
  if (subject === undefined) return [];
  return assumedBy(subject.assumption)
    .slice(0, 3)
    .map(({ name, value, place }, index) => {
      const shown = shorten(forTerminal(`the default of ${name}: ${value === '' ? "''" : value}`), 70);
      return `  ${index === 0 ? 'assumes' : '       '}      ${shown}   ${where(locate(place), false)}`;
    });
}

function answerText({ subject }: ReportedFinding): readonly string[] {
  const answer = subject?.explanation().answer;
  if (answer === undefined) return [];
  const [first = '', ...rest] = wrap(forTerminal(answer), '', 110);
  return [`  AWS answers  ${first}`, ...rest.map((line) => `               ${line}`)];
}

function fixText({ fix }: ReportedFinding, paint: Paint): readonly string[] {
  if (fix === undefined) return [];
  const lines = fix.edits.flatMap((edit) => {
    const shown = edit.newText
      .split('\n')
      .map((line, index) => `${String(edit.startLine + index).padStart(6)} | ${forTerminal(line)}`);
    return fix.edits.length > 1 ? [`  ${forTerminal(edit.shownPath)}`, ...shown] : shown;
  });
  return [
    '',
    `  ${paint.bold('fix')}: ${forTerminal(fix.description)}${fix.verified ? ' (decided again: allowed)' : ''}`,
    ...lines,
  ];
}

function where({ path, startLine, startColumn }: Location, column = true): string {
  return forTerminal(column ? `${path}:${startLine}:${startColumn}` : `${path}:${startLine}`);
}

function changesText({ changes }: Report): readonly string[] {
  if (changes === undefined || changes.gained.length + changes.lost.length === 0) return [];
  const lines = (word: string, of: readonly Change[]): readonly string[] =>
    of.flatMap(({ now, before }) => now ?? before ?? []).map((one) => `  ${word}  ${nameOf(one)}`);
  return [['access changes', ...lines('lost  ', changes.lost), ...lines('gained', changes.gained)].join('\n')];
}

/** "verified with AWS: 12 agree, 1 disagrees, 3 not asked" */
export function verificationLine({ agreed, disagreed, notAsked }: Verification): string {
  return `verified with AWS: ${agreed} the same, ${disagreed} different, ${notAsked.length} not asked`;
}

/** So many differences are told to people; the JSON report has all. */
const MOST_DIFFERENCES = 50;

function driftText({ drift: { differences } }: Report): readonly string[] {
  if (differences.length === 0) return [];
  const told = differences.slice(0, MOST_DIFFERENCES).flatMap((difference) => {
    const sides = [
      ...difference.declared.map((text) => `    declared  ${forTerminal(cutTo(text, LONGEST))}`),
      ...difference.deployed.map((text) => `    deployed  ${forTerminal(cutTo(text, LONGEST))}`),
    ];
    const head = `  ${where(locate(difference.place))}  ${forTerminal(sentenceOf(difference))}`;
    return difference.part === 'existence' ? [head] : [head, ...sides];
  });
  const rest = differences.length - MOST_DIFFERENCES;
  return [['drift', ...told, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n')];
}

function nameOf({ assumption }: Decided): string {
  const { action, role } = assumption.question;
  return `${action} on ${forTerminal(`${show(role.arn)} by ${principalOf(assumption)}`)}`;
}

export function summaryLine({ findings, decided, documents, roles, elapsed }: Report): string {
  const severities = countBy(
    ['error', 'warning', 'notice'],
    findings.map(({ severity }) => severity),
  );
  const decisions = countBy(
    ['allowed', 'denied', 'conditional', 'unknown'],
    decided.map(({ decision }) => decision.decision),
  );
  const found = (['error', 'warning', 'notice'] as const)
    .filter((word) => severities[word] > 0)
    .map((word) => plural(severities[word], word));
  const kinds = (['allowed', 'denied', 'conditional', 'unknown'] as const)
    .filter((word) => decisions[word] > 0)
    .map((word) => `${decisions[word]} ${word}`);
  const parts = [
    found.length === 0 ? 'no findings' : found.join(', '),
    `${plural(decided.length, 'assumption')}${kinds.length === 0 ? '' : `: ${kinds.join(', ')}`}`,
    `${plural(documents, 'document')}, ${plural(roles, 'role')}`,
  ];
  return [...parts, ...(elapsed === undefined ? [] : [`${Math.round(elapsed)} ms`])].join(' · ');
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Breaks at spaces; a word longer than the line stays whole. */
function wrap(text: string, indent: string, width = 118): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}
