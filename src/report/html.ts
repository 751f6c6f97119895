import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { sentenceOf } from '../drift/drift.ts';
import { locate } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { rulePage } from './links.ts';
import { verdict } from './markdown.ts';
import { forHtml } from './printable.ts';
import type { Change, Report, ReportedFinding } from './report.ts';
import { mostSevereFirst } from './severity.ts';
import { plural, summaryLine } from './text.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --error: #cf222e; --warning: #9a6700; --notice: #0969da; --ok: #1a7f37 }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-bottom: .25rem }
code, pre { font: .875em/1.45 ui-monospace, monospace } code { overflow-wrap: anywhere }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 6px }
mark { color: inherit; background: #ff818266; border-radius: 3px }
table { border-collapse: collapse; width: 100% } td, th { border-bottom: 1px solid var(--line); padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: top }
article { border-left: 4px solid var(--line); padding-left: 1rem; margin: 2rem 0 }
.error { border-color: var(--error) } .warning { border-color: var(--warning) } .notice { border-color: var(--notice) }
.denied { color: var(--error); font-weight: 600 } .allowed { color: var(--ok) }
footer, .where { color: #8888; color: color-mix(in srgb, currentColor 65%, transparent) }
`;

/** One page to read or to send: no script, nothing loaded from elsewhere. */
export function renderHtml(report: Report): string {
  const title = verdict(report);
  const parts = [
    `<h1>${forHtml(title)}</h1>`,
    changesTable(report),
    ...mostSevereFirst(report.findings).map(findingHtml),
    driftHtml(report),
    diagnostics(report),
    `<footer><p>${forHtml(summaryLine(report))}</p></footer>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${forHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${parts.filter((part) => part !== '').join('\n')}
</body>
</html>
`;
}

function code(text: string): string {
  return `<code>${forHtml(text)}</code>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], cell: string) =>
    `<tr>${cells.map((text) => `<${cell}>${text}</${cell}>`).join('')}</tr>`;
  return `<table>\n${[row(head, 'th'), ...rows.map((cells) => row(cells, 'td'))].join('\n')}\n</table>`;
}

function changesTable({ changes }: Report): string {
  if (changes === undefined) return '';
  const rows = [
    ...changes.lost.map((one) => changeRow('lost', one)),
    ...changes.broken.map((one) => changeRow('cannot work', one)),
    ...changes.gained.map((one) => changeRow('gained', one)),
  ];
  if (rows.length === 0) return '';
  return table(['', 'principal', 'role', 'before', 'after'], rows);
}

function changeRow(word: string, { now, before }: Change): readonly string[] {
  const assumption = (now ?? before)?.assumption;
  if (assumption === undefined) return [word];
  const role = show(assumption.question.role.arn);
  return [word, code(principalOf(assumption)), code(role), decision(before, '–'), decision(now, 'no longer declared')];
}

function decision(one: Decided | undefined, none: string): string {
  return one === undefined ? none : `<span class="${one.decision.decision}">${one.decision.decision}</span>`;
}

function findingHtml(finding: ReportedFinding): string {
  const { severity, rule, message, hint, location, subject } = finding;
  const answer = subject?.explanation().answer;
  const declared =
    subject?.assumption.declaredBy.slice(0, 5) ??
    finding.related.map(({ place, message }) => ({ place, text: message }));
  const lines = [
    `<article class="${severity}">`,
    `<h2>${forHtml(message)}</h2>`,
    `<p class="where">${code(`${location.path}:${location.startLine}:${location.startColumn}`)} · ${severity} · <a href="${forHtml(rulePage(rule))}">${forHtml(rule)}</a>${hint === undefined ? '' : ` · ${forHtml(hint)}`}</p>`,
    excerpt(finding),
    ...(declared.length === 0
      ? []
      : [`<ul>${declared.map(({ place, text }) => `<li>${at(locate(place))} ${forHtml(text)}</li>`).join('')}</ul>`]),
    ...(answer === undefined ? [] : [`<p>AWS would answer: ${code(answer)}</p>`]),
    ...(subject === undefined ? [] : [layers(subject)]),
    ...fix(finding),
    '</article>',
  ];
  return lines.join('\n');
}

function at({ path, startLine }: { readonly path: string; readonly startLine: number }): string {
  return code(`${path}:${startLine}`);
}

/** The lines around the place, what is wrong marked. */
function excerpt({ place, location: { startLine, startColumn, endLine, endColumn } }: ReportedFinding): string {
  const file = place.source.file;
  const last = Math.min(endLine, startLine + 8);
  const lines: string[] = [];
  for (let number = Math.max(1, startLine - 2); number <= Math.min(file.lineCount, last + 1); number++) {
    const text = file.line(number);
    const from = number < startLine || number > endLine ? text.length : number === startLine ? startColumn - 1 : 0;
    const to = number === endLine ? endColumn - 1 : text.length;
    const marked =
      from < to
        ? `${forHtml(text.slice(0, from))}<mark>${forHtml(text.slice(from, to))}</mark>${forHtml(text.slice(to))}`
        : forHtml(text);
    lines.push(`${String(number).padStart(5)}  ${marked}`);
  }
  return `<pre>${lines.join('\n')}</pre>`;
}

function layers({ explanation }: Decided): string {
  const rows = explanation().layers.map(({ layer, verdict, reason, place }) => [
    layer,
    verdict,
    forHtml(reason),
    place === undefined ? '' : at(locate(place)),
  ]);
  return `<details><summary>How it was decided</summary>\n${table(['layer', 'verdict', 'why', 'where'], rows)}\n</details>`;
}

function fix({ fix }: ReportedFinding): readonly string[] {
  if (fix === undefined) return [];
  return [
    `<p>Fix: ${forHtml(fix.description)}</p>`,
    ...fix.edits.map(
      ({ shownPath, startLine, newText }) =>
        `<p>${at({ path: shownPath, startLine })}</p>\n<pre>${newText.split('\n').map(forHtml).join('\n')}</pre>`,
    ),
  ];
}

function caseHtml(reproduction: Report['problems'][number]['reproduction']): string {
  if (reproduction === undefined) return '';
  return `<pre>${forHtml(reproduction.document)}\n${forHtml(reproduction.command)}</pre>`;
}

function driftHtml({ drift: { differences } }: Report): string {
  if (differences.length === 0) return '';
  const rows = differences.map((difference) => [
    `${at(locate(difference.place))} ${forHtml(sentenceOf(difference))}`,
    difference.declared.map(code).join('<br>'),
    difference.deployed.map(code).join('<br>'),
  ]);
  return `<h2>Drift</h2>\n${table(['', 'declared', 'deployed'], rows)}`;
}

function diagnostics({ problems }: Report): string {
  if (problems.length === 0) return '';
  const rows = problems.map(
    ({ place, level, message, reproduction }) =>
      `<li>${level}: ${at(locate(place))} ${forHtml(message)}${caseHtml(reproduction)}</li>`,
  );
  return `<h2>${plural(problems.length, 'diagnostic')}</h2>\n<ul>\n${rows.join('\n')}\n</ul>`;
}
