import { EVERYTHING_ASKED } from './documents/authorization-details/asked.ts';
import { onePerCall, readEvents } from './explain/events.ts';
import type { FailedCall, Failure } from './explain/failed-call.ts';
import { readMessage } from './explain/message.ts';
import { explainCall } from './explain-call.ts';
import { explainOther } from './explain-other.ts';
import { type ExplainedCall, explanationData, explanationText, headOf, isReason } from './report/explained-call.ts';
import { type ExplainedOther, otherData, otherText } from './report/explained-other.ts';
import { forTerminal } from './report/printable.ts';
import { configurationOf, type RunInput } from './run.ts';
import { UserError } from './user-error.ts';

/** So many calls of a log are told apart; the rest ask the same or can be asked by themselves. */
const MOST = 20;

type Explained =
  | { readonly kind: 'call'; readonly explained: ExplainedCall }
  | { readonly kind: 'other'; readonly explained: ExplainedOther };

/** From AWS's error, or CloudTrail's events, to the edit that ends it. Exit status 0 where the documents explain it, else 1. */
export function explainMessage(pasted: string, json: boolean, input: RunInput, write: (text: string) => void): number {
  // An event that is pasted says more than the sentence in it.
  const events = /^\s*[[{]/.test(pasted) ? readEvents(pasted) : undefined;
  if (events !== undefined) return explainEvents(pasted, 'the pasted text', json, input, write);
  const readings = readMessage(pasted);
  if (readings.length === 0)
    throw new UserError(
      'this is no error that AWS answers to a call that assumes a role: give the whole message, or a CloudTrail event with --event',
    );
  const explained = readings.map((reading) => reading.slice(0, MOST).map((one) => explain(one, pasted, input)));
  const [best = []] = [...explained].sort((one, other) => declaredIn(other) - declaredIn(one));
  const left = Math.max(0, (readings[explained.indexOf(best)]?.length ?? 0) - MOST);
  return tell(best, { left, unread: 0, shown: '' }, json, write);
}

export function explainEvents(
  text: string,
  shown: string,
  json: boolean,
  input: RunInput,
  write: (text: string) => void,
): number {
  const events = readEvents(text);
  if (events === undefined) throw new UserError(noEvents(text, shown));
  const calls = onePerCall(events.calls);
  const { unread } = events;
  const refused = distinct(calls.filter(({ succeeded }) => !succeeded));
  const told = refused.length > 0 ? refused : distinct(calls);
  if (told.length === 0) throw new UserError(`${shown} holds no event of a call that assumes a role`);
  const explained = told
    .slice(0, MOST)
    .map((call) =>
      call.other === undefined
        ? explain({ kind: 'call', call }, shown, input)
        : explain(
            { kind: 'other', failure: { ...call.other, role: call.other.role ?? call.role } },
            shown,
            input,
            call,
          ),
    );
  return tell(explained, { left: Math.max(0, told.length - MOST), unread, shown }, json, write);
}

/** Why a text holds no events: what is cut off is told apart from what is something else. */
export function noEvents(text: string, shown: string): string {
  if (text.trim() === '') return `${shown} is empty`;
  if (!/^\uFEFF?\s*[[{]/.test(text)) return `${shown} holds no CloudTrail event: it is no JSON`;
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return `${shown} holds no CloudTrail event: its JSON is not whole`;
  }
  return `${shown} holds no CloudTrail event`;
}

function explain(failure: Failure, pasted: string, input: RunInput, call?: FailedCall): Explained {
  const checkInput = checkInputOf(input);
  if (failure.kind === 'call') return { kind: 'call', explained: explainCall(failure.call, pasted, checkInput) };
  const head = call === undefined ? undefined : headOf(call);
  return { kind: 'other', explained: explainOther(failure.failure, head, checkInput) };
}

function checkInputOf(input: RunInput): Parameters<typeof explainCall>[2] {
  const configuration = configurationOf(input);
  const { files, account, repository, now } = input;
  return {
    files,
    configuration,
    suppressing: configuration,
    account,
    repository,
    now,
    askedBesides: [EVERYTHING_ASKED],
  };
}

/** How many of the calls have both ends declared, less those that have not: so a text is read as it was meant. */
function declaredIn(all: readonly Explained[]): number {
  return all
    .map((one) => one.kind === 'other' || one.explained.decided.some(({ assumption }) => bothDeclared(assumption)))
    .reduce((sum, declared) => sum + (declared ? 1 : -1), 0);
}

function bothDeclared({ role, principal }: ExplainedCall['decided'][number]['assumption']): boolean {
  return role !== undefined && principal !== undefined;
}

/** One call that was tried again and again is one. */
function distinct(calls: readonly FailedCall[]): readonly FailedCall[] {
  const seen = new Map<string, FailedCall>();
  for (const call of calls) {
    const { principal, role, action, named, other, account } = call;
    const who = principal?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1') ?? account;
    const subject = [...call.context].filter(([key]) => key.endsWith(':sub'));
    const key = JSON.stringify([who, role, action, named, other, subject]);
    if (!seen.has(key)) seen.set(key, call);
  }
  return [...seen.values()];
}

interface Rest {
  /** Calls that are not told. */
  readonly left: number;
  /** Lines that are no JSON. */
  readonly unread: number;
  readonly shown: string;
}

function tell(all: readonly Explained[], rest: Rest, json: boolean, write: (text: string) => void): number {
  const { left, unread, shown } = rest;
  if (json) {
    const calls = all.map((one) => (one.kind === 'call' ? explanationData(one.explained) : otherData(one.explained)));
    write(`${JSON.stringify({ version: 1, calls, left, unread }, null, 2)}\n`);
  } else {
    write(
      all.map((one) => (one.kind === 'call' ? explanationText(one.explained) : otherText(one.explained))).join('\n'),
    );
    if (left > 0) write(`\nand ${left} ${left === 1 ? 'call' : 'calls'} more: give fewer at a time\n`);
    if (unread > 0)
      write(`\n${unread} ${unread === 1 ? 'line' : 'lines'} of ${forTerminal(shown)} left out: no JSON\n`);
  }
  return all.every(isExplained) ? 0 : 1;
}

/** An allowed call that AWS refused, and one that hangs on a value, are not explained by the documents. */
function isExplained(one: Explained): boolean {
  if (one.kind === 'call') return isReason(one.explained);
  const { failure, findings, places } = one.explained;
  return failure.what !== 'policy' || findings.length > 0 || places.length > 0;
}
