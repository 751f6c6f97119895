import { check } from './check.ts';
import { verifiedFixes } from './check-fixes.ts';
import { readEvents } from './explain/events.ts';
import type { FailedCall, OtherFailure } from './explain/failed-call.ts';
import { readMessage } from './explain/message.ts';
import { explainCall } from './explain-call.ts';
import {
  type ExplainedCall,
  type ExplainedOther,
  explanationData,
  explanationText,
  otherData,
  otherText,
} from './report/explained-call.ts';
import type { Finding } from './rules/apply.ts';
import { configurationOf, type RunInput } from './run.ts';
import { textAt } from './source/source.ts';
import { UserError } from './user-error.ts';

/** So many calls of a log are told apart; the rest ask the same or can be asked by themselves. */
const MOST = 20;

/** From AWS's error, or CloudTrail's events, to the edit that ends it. Exit status 0 where the documents explain it, else 1. */
export function explainMessage(pasted: string, json: boolean, input: RunInput, write: (text: string) => void): number {
  const failure = readMessage(pasted);
  if (failure === undefined)
    throw new UserError(
      'this is no error that AWS answers to a call that assumes a role: give the whole message, or a CloudTrail event with --event',
    );
  if (failure.kind === 'call') return tell([explainCall(failure.call, pasted, checkInput(input))], json, write);
  const explained = explainOther(failure.failure, input);
  write(json ? `${JSON.stringify({ version: 1, calls: [otherData(explained)] }, null, 2)}\n` : otherText(explained));
  return failure.failure.what === 'policy' && explained.findings.length === 0 ? 1 : 0;
}

export function explainEvents(
  text: string,
  shown: string,
  json: boolean,
  input: RunInput,
  write: (text: string) => void,
): number {
  const calls = readEvents(text);
  if (calls === undefined) throw new UserError(`${shown} holds no CloudTrail event`);
  const refused = distinct(calls.filter(({ succeeded }) => !succeeded));
  const told = refused.length > 0 ? refused : distinct(calls);
  if (told.length === 0) throw new UserError(`${shown} holds no event of a call that assumes a role`);
  const explained = told.slice(0, MOST).map((call) => explainCall(call, shown, checkInput(input)));
  const status = tell(explained, json, write);
  if (!json && told.length > MOST) write(`\nand ${told.length - MOST} calls more: give fewer events at a time\n`);
  return status;
}

function checkInput(input: RunInput): Parameters<typeof explainCall>[2] {
  const configuration = configurationOf(input);
  const { files, account, repository, now } = input;
  return { files, configuration, suppressing: configuration, account, repository, now };
}

/** One call that was tried again and again is one. */
function distinct(calls: readonly FailedCall[]): readonly FailedCall[] {
  const seen = new Map<string, FailedCall>();
  for (const call of calls) {
    const { principal, role, action, named } = call;
    const who = principal?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
    const subject = [...call.context].filter(([key]) => key.endsWith(':sub'));
    const key = JSON.stringify([who, role, action, named, subject]);
    if (!seen.has(key)) seen.set(key, call);
  }
  return [...seen.values()];
}

function tell(explained: readonly ExplainedCall[], json: boolean, write: (text: string) => void): number {
  write(
    json
      ? `${JSON.stringify({ version: 1, calls: explained.map(explanationData) }, null, 2)}\n`
      : explained.map(explanationText).join('\n'),
  );
  return explained.every(({ decided }) => decided.some(({ decision }) => isExplained(decision.decision))) ? 0 : 1;
}

/** An allowed call that AWS refused, and one that hangs on a value, are not explained by the documents. */
function isExplained(decision: string): boolean {
  return decision === 'denied' || decision === 'conditional';
}

const ABOUT_TEXT = ['invalid-policy', 'invalid-principal', 'principal-not-found', 'unknown-action'];

/** A policy that could not be saved: what the documents have of it. */
function explainOther(failure: OtherFailure, input: RunInput): ExplainedOther {
  if (failure.what !== 'policy') return { failure, findings: [] };
  const checked = check(checkInput(input));
  const about = checked.findings.filter(({ rule }) => ABOUT_TEXT.includes(rule));
  const named = about.filter((finding) => names(finding, failure.subject));
  const meant = named.length > 0 || failure.subject !== undefined ? named : about;
  const fixes = verifiedFixes(checkInput(input), checked, meant);
  const findings = meant.map((finding) => ({
    ...finding,
    status: undefined,
    fix: fixes.get(finding),
    before: undefined,
  }));
  return { failure, findings };
}

function names({ place, message }: Finding, subject: string | undefined): boolean {
  const value = subject?.replace(/^[^:]*: ?/, '').replace(/"/g, '');
  return value !== undefined && value !== '' && (textAt(place).includes(value) || message.includes(value));
}
