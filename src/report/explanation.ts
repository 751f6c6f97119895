import type { Decided } from '../assumptions/decided.ts';
import type { LayerReport, LayerVerdict } from '../iam/layer-report.ts';
import { LAYER_POLICIES, layerSentence } from '../rules/words.ts';
import { locate } from '../source/source.ts';
import type { Linked } from './links.ts';
import { codeSpan, fenced, inMarkdown } from './printable.ts';
import type { ReportedFinding } from './report.ts';

const VERDICTS: Readonly<Record<LayerVerdict, string>> = {
  allow: 'allows',
  'no-allow': '**does not allow**',
  'explicit-deny': '**denies**',
  conditional: 'depends on the call',
  unknown: 'unknown',
  'not-applicable': '–',
};

/** The layer that decides, and the statement; what the headline says already is not said again. */
export function decidingLayer({ subject, message }: ReportedFinding, link: Linked): string | undefined {
  const layer = subject?.explanation().blockedBy;
  if (layer === undefined) return undefined;
  const statement = layer.statement?.place ?? layer.miss?.statement.place ?? layer.place;
  const by = `Decided by the ${LAYER_POLICIES[layer.layer]}`;
  const at = statement === undefined ? '' : `, by the statement at ${link(locate(statement))}`;
  const isTold = [layer.reason, layerSentence(layer)].some((words) => message.includes(words));
  return isTold ? `${by}${at}.` : `${by}: ${inMarkdown(layer.reason)}${at}.`;
}

/** `[tools.yaml:24] grants sts:AssumeRole on this role`: why it is believed to be meant. */
export function declarationsOf({ assumption }: Decided, link: Linked): readonly string[] {
  return assumption.declaredBy.slice(0, 3).map(({ place, text }) => `${link(locate(place))} ${inMarkdown(text)}`);
}

/** Every layer, its verdict, why, and where. */
export function layerTable({ explanation }: Decided, link: Linked): readonly string[] {
  const { layers } = explanation();
  const row = ({ layer, verdict, reason, place }: LayerReport): string =>
    `| ${LAYER_POLICIES[layer]} | ${VERDICTS[verdict]} | ${inMarkdown(reason)} | ${place === undefined ? '' : link(locate(place))} |`;
  const silent = layers.filter(({ verdict }) => verdict === 'not-applicable');
  const rest = [...new Set(silent.map(({ reason }) => reason))].map((reason) => {
    const names = silent.filter((one) => one.reason === reason).map(({ layer }) => LAYER_POLICIES[layer]);
    return `| ${names.join(', ')} | – | ${inMarkdown(reason)} | |`;
  });
  const speaking = layers.filter(({ verdict }) => verdict !== 'not-applicable').map(row);
  return ['| layer | verdict | why | where |', '|---|---|---|---|', ...speaking, ...rest];
}

export function awsAnswer({ explanation }: Decided): string | undefined {
  const { answer } = explanation();
  return answer === undefined ? undefined : codeSpan(answer, 600);
}

/** The edits of a fix, each with its place. */
export function fixText({ fix, subject }: ReportedFinding, link: Linked): readonly string[] {
  if (fix === undefined) return [];
  const wanted = subject?.assumption.expectation?.decision ?? 'allowed';
  const proof = fix.verified
    ? ` Decided again with it: ${subject === undefined ? 'the finding is gone' : wanted}.`
    : '';
  return [
    `**Fix:** ${inMarkdown(fix.description)}.${proof}`,
    ...fix.edits.flatMap(({ shownPath, startLine, endLine, newText }) => {
      const at = link({ path: shownPath, startLine, startColumn: 1, endLine, endColumn: 1 });
      return ['', `${at}${endLine > startLine ? ` and the ${endLine - startLine} below` : ''}:`, '', fenced(newText)];
    }),
  ];
}

/** A folded part. */
export function folded(title: string, lines: readonly string[]): readonly string[] {
  return ['<details>', `<summary>${title}</summary>`, '', ...lines, '', '</details>'];
}
