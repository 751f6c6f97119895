import type { Decided } from '../assumptions/decided.ts';
import { locate } from '../source/source.ts';
import { awsAnswer, decidingLayer, declarationsOf, fixText, folded, layerTable } from './explanation.ts';
import { type Linked, ruleLink } from './links.ts';
import { fenced, inMarkdown } from './printable.ts';
import type { ReportedFinding } from './report.ts';

/** How a comment stands to what it tells. */
export interface Told {
  /** What replaces exactly the commented lines, so that one click applies it. */
  readonly suggestion: string | undefined;
  /** The gap lies elsewhere than at the comment. */
  readonly elsewhere: boolean;
}

/** GitHub takes 65,536 characters; the marker stands before. */
const MOST = 60_000;

/** A review comment: who, which role, what is decided and by what, what AWS would answer, and how to mend it. */
export function commentText(finding: ReportedFinding, { suggestion, elsewhere }: Told, link: Linked): string {
  const { subject, location, fix, rule, related } = finding;
  const facts =
    subject === undefined
      ? related.slice(0, 3).map(({ place, message }) => `${link(locate(place))} ${inMarkdown(message)}`)
      : [
          ...declarationsOf(subject, link).map(meantSentence(subject)).slice(0, 1),
          decidingLayer(finding, link),
          answerLine(finding),
        ].filter((line) => line !== undefined);
  const offer =
    suggestion === undefined
      ? [`<sub>${ruleLink(rule)}</sub>`]
      : [fenced(suggestion, 'suggestion'), `<sub>${promise(finding)} ${ruleLink(rule)}</sub>`];
  const more = [
    ...(subject === undefined ? [] : layerTable(subject, link)),
    ...(suggestion === undefined && fix !== undefined
      ? [...(subject === undefined ? [] : ['']), ...fixText(finding, link)]
      : []),
  ];
  const parts = [
    headline(finding),
    ...(elsewhere ? [`This change causes it; the gap is at ${link(location)}.`] : []),
    facts.join('\\\n'),
    ...offer,
  ].filter((part) => part !== '');
  const short = parts.join('\n\n');
  const title = subject === undefined ? 'How to mend it' : 'How it was decided';
  const full = more.length === 0 ? short : [short, '', ...folded(title, more)].join('\n');
  return full.length <= MOST ? full : short.length <= MOST ? short : headline(finding);
}

/** An expectation says itself what is meant. */
function meantSentence({ assumption: { expectation } }: Decided): (declaration: string) => string {
  return (text) => (expectation === undefined ? `${text}, so it is meant to work.` : `${text}.`);
}

/** What the suggestion does; what a change takes away may be meant to go. */
function promise({ rule, subject }: ReportedFinding): string {
  if (rule === 'lost-assumption') return 'If it is still needed: with this it stays allowed.';
  const word = subject === undefined ? 'mended' : (subject.assumption.expectation?.decision ?? 'allowed');
  return `With this it is ${word}.`;
}

/** `**role/a cannot assume role/b.** The trust policy names role/c (one letter off).` */
export function headline({ message, hint }: ReportedFinding): string {
  const [, head = message, tail = ''] = /^(.{1,200}?): (.+)$/s.exec(message) ?? [];
  const near = hint === undefined ? '' : ` (${hint})`;
  if (tail === '') return `**${inMarkdown(`${capital(head)}${near}`)}**`;
  const ended = /^(.*?)([.!?]?)$/s.exec(tail) ?? [];
  return `**${inMarkdown(capital(head))}.** ${inMarkdown(`${capital(ended[1] ?? tail)}${near}`)}${ended[2] === '' ? '.' : (ended[2] ?? '.')}`;
}

/** A sentence starts with a capital; a name stays as it is. */
function capital(text: string): string {
  return /^[a-z]+[ ,]/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}

export function answerLine({ subject }: ReportedFinding): string | undefined {
  const answer = subject === undefined ? undefined : awsAnswer(subject);
  if (answer === undefined) return undefined;
  return subject?.assumption.question.withheld === undefined
    ? `After the deploy AWS would answer: ${answer}`
    : `The run would end with: ${answer}`;
}
