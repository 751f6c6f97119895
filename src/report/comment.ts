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
          decidingLayer(subject, link),
          answerLine(finding),
        ].filter((line) => line !== undefined);
  const offer =
    suggestion === undefined
      ? [`<sub>${ruleLink(rule)}</sub>`]
      : [fenced(suggestion, 'suggestion'), `<sub>With this it is ${mendedWord(subject)}. ${ruleLink(rule)}</sub>`];
  const more = [
    ...(subject === undefined ? [] : layerTable(subject, link)),
    ...(suggestion === undefined && fix !== undefined ? ['', ...fixText(finding, link)] : []),
  ];
  const parts = [
    headline(finding),
    ...(elsewhere ? [`This change causes it; the gap is at ${link(location)}.`] : []),
    facts.join('\\\n'),
    ...offer,
  ].filter((part) => part !== '');
  const short = parts.join('\n\n');
  const full = more.length === 0 ? short : [short, '', ...folded('How it was decided', more)].join('\n');
  return full.length <= MOST ? full : short.length <= MOST ? short : headline(finding);
}

/** An expectation says itself what is meant. */
function meantSentence({ assumption: { expectation } }: Decided): (declaration: string) => string {
  return (text) => (expectation === undefined ? `${text}, so it is meant to work.` : `${text}.`);
}

function mendedWord(subject: Decided | undefined): string {
  return subject === undefined ? 'mended' : (subject.assumption.expectation?.decision ?? 'allowed');
}

/** `**role/a cannot assume role/b.** The trust policy names role/c.` */
export function headline({ message }: ReportedFinding): string {
  const [, head = message, tail = ''] = /^(.{1,200}?): (.+)$/s.exec(message) ?? [];
  if (tail === '') return `**${inMarkdown(head)}**`;
  const sentence = `${tail.charAt(0).toUpperCase()}${tail.slice(1)}`;
  return `**${inMarkdown(head)}.** ${inMarkdown(sentence)}${/[.!?]$/.test(tail) ? '' : '.'}`;
}

function answerLine({ subject }: ReportedFinding): string | undefined {
  const answer = subject === undefined ? undefined : awsAnswer(subject);
  return answer === undefined ? undefined : `After the deploy AWS would answer: ${answer}`;
}
