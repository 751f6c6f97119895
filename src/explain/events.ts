import { callOf } from './event-call.ts';
import type { FailedCall } from './failed-call.ts';
import { type Fields, isFields, isList, type Json } from './json.ts';

/** What a file of events holds. */
export interface Events {
  /** The calls to assume a role. */
  readonly calls: readonly FailedCall[];
  /** Lines that are no JSON, and were left out. */
  readonly unread: number;
}

/** So deep events stand within what holds them: a list of lists is no reason to go on and on. */
const DEEPEST = 12;

/**
 * The calls to assume a role among CloudTrail's events: one event, a list, a log file's `Records`, what `lookup-events` prints,
 * EventBridge's `detail`, what CloudWatch Logs holds, exports or finds, what CloudTrail Lake finds, or one event a line.
 * Undefined for what holds no events at all.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function readEvents(text: string): Events | undefined {
  const { values, unread } = parse(text.replace(/^\uFEFF/, ''));
  const events = values.flatMap((value) => eventsIn(value, 0));
  if (events.length === 0) return undefined;
  const calls = events.flatMap((event) => callOf(event) ?? []);
  return { calls, unread };
}

function parse(text: string): { readonly values: readonly Json[]; readonly unread: number } {
  const whole = parseJson(text);
  if (whole !== undefined) return { values: [whole], unread: 0 };
  const values: Json[] = [];
  let unread = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    // CloudWatch Logs exports each line behind its time.
    const one = parseJson(line) ?? parseJson(line.replace(/^\d{4}-\d\d-\d\dT[\d:.]{5,18}Z?\s+/, ''));
    if (one === undefined) unread += 1;
    else values.push(one);
  }
  return { values, unread };
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventsIn(json: Json, depth: number): readonly Fields[] {
  if (depth > DEEPEST) return [];
  if (typeof json === 'string') {
    const inner = json.includes('"eventSource"') ? parseJson(json) : undefined;
    return inner === undefined ? [] : eventsIn(inner, depth + 1);
  }
  if (isList(json)) {
    const row = rowOf(json);
    return row === undefined ? json.flatMap((one) => eventsIn(one, depth + 1)) : eventsIn(row, depth + 1);
  }
  if (!isFields(json)) return [];
  if (typeof json.eventName === 'string' && typeof json.eventSource === 'string') return [json];
  return Object.values(json).flatMap((value) => eventsIn(value, depth + 1));
}

/** CloudTrail Lake gives each column of a row as an object of its own. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html */
function rowOf(list: readonly Json[]): Fields | undefined {
  if (!list.every((one) => isFields(one) && Object.keys(one).length === 1)) return undefined;
  const columns = list.filter(isFields).flatMap((one) => Object.entries(one));
  const names = columns.map(([name]) => name);
  if (!names.includes('eventName') || !names.includes('eventSource')) return undefined;
  return Object.fromEntries(
    columns.map(([name, value]) => [name, typeof value === 'string' ? (jsonIn(value) ?? value) : value]),
  );
}

function jsonIn(text: string): Json | undefined {
  return text.startsWith('{') || text.startsWith('[') ? parseJson(text) : undefined;
}

/** The log of the role's account has a call of another account, too, and does not name the caller: the other log does. */
export function onePerCall(calls: readonly FailedCall[]): readonly FailedCall[] {
  const byId = new Map<string, FailedCall>();
  const others: FailedCall[] = [];
  for (const call of calls) {
    if (call.id === undefined) others.push(call);
    else if (byId.get(call.id)?.principal === undefined) byId.set(call.id, call);
  }
  return [...byId.values(), ...others];
}
