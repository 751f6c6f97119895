import { onePerCall } from '../explain/events.ts';
import type { FailedCall } from '../explain/failed-call.ts';
import { parseArn } from '../iam/arn.ts';
import type { Caller } from '../iam/caller.ts';
import type { Entity } from '../inventory/inventory.ts';
import { isKnown, show } from '../symbolic/text.ts';

/** One call, and how often CloudTrail has it. */
export interface Use {
  readonly call: FailedCall;
  readonly times: number;
  /** When it was made last, in milliseconds since 1970. */
  readonly last: number | undefined;
}

/** What the events of some time show. */
export interface Usage {
  readonly worked: readonly Use[];
  readonly refused: readonly Use[];
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** The accounts whose logs these are: of the calls between others nothing is known. */
  readonly logs: ReadonlySet<string>;
}

export function usageOf(all: readonly FailedCall[]): Usage {
  const events = onePerCall(all);
  const times = events.flatMap(({ at }) => at ?? []);
  const logs = all.flatMap(
    ({ log, principal, account, role }) => log ?? accountOf(principal) ?? account ?? accountOf(role) ?? [],
  );
  const counted = (succeeded: boolean): readonly Use[] =>
    uses(events.filter((one) => one.succeeded === succeeded && one.role !== undefined && one.other === undefined));
  return {
    worked: counted(true),
    refused: counted(false),
    from: times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b)),
    to: times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b)),
    logs: new Set(logs),
  };
}

/** The same caller, role, action and subject, whatever the session is called; in an order that their order in the files does not change. */
function uses(events: readonly FailedCall[]): readonly Use[] {
  const byKey = new Map<string, FailedCall[]>();
  for (const event of events) {
    const key = keyOf(event);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [event]);
    else same.push(event);
  }
  return [...byKey]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, all]): readonly Use[] => {
      const [call] = [...all].sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
      return call === undefined ? [] : [{ call, times: all.length, last: call.at }];
    });
}

function keyOf({ principal, account, role, action, context }: FailedCall): string {
  const subjects = [...context].filter(([key]) => key.endsWith(':sub')).map(([, values]) => values);
  return JSON.stringify([roleOfSession(principal) ?? account, role, action, subjects]);
}

function roleOfSession(principal: string | undefined): string | undefined {
  return principal?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
}

function accountOf(arn: string | undefined): string | undefined {
  const account = arn === undefined ? undefined : parseArn(arn)?.account;
  return account !== undefined && isKnown(account) && /^\d{12}$/.test(account) ? account : undefined;
}

/** Who called, as a trust policy names it: a session's ARN does not show its role's path, so the event or the documents have to. */
export function callerOf({ principal, sessionOf }: FailedCall, entities: readonly Entity[]): string | undefined {
  if (sessionOf !== undefined) return sessionOf;
  const [, account, name] = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal ?? '') ?? [];
  if (account === undefined) return principal;
  const declared = entities.find(
    ({ declaration }) => declaration.kind === 'role' && declaration.name === name && declaration.account === account,
  );
  return typeof declared?.declaration.arn === 'string' ? declared.declaration.arn : undefined;
}

/** Whether a caller of the documents made the call; of a caller that no event names, whether it may have. */
export function madeBy({ principal, sessionOf, account }: FailedCall, caller: Caller): boolean {
  if (caller.kind === 'service') return show(caller.name) === principal;
  if (caller.kind === 'web-identity' || caller.kind === 'saml') return show(caller.provider) === principal;
  if (caller.kind !== 'user' && caller.kind !== 'role') return false;
  const [arn, own] = [show(caller.arn), show(caller.account)];
  if (principal === undefined) return account === own;
  if (arn === principal || arn === sessionOf) return true;
  const [, where, name] = /^arn:[\w-]+:sts::([^:]+):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return caller.kind === 'role' && where === own && name === show(caller.name);
}

/** Whether the logs of one of the accounts are there: a call is in that of its caller and in that of its role. */
export function isLogged({ logs }: Usage, ...accounts: readonly string[]): boolean {
  return accounts.some((account) => logs.has(account));
}

export function timesOf({ times, last }: Pick<Use, 'times' | 'last'>): string {
  const often = times === 1 ? 'once' : `${times} times`;
  return last === undefined ? often : `${often}, ${times === 1 ? 'on' : 'last on'} ${dayOf(last)}`;
}

export function periodOf({ from, to }: Usage): string {
  if (from === undefined || to === undefined) return 'in the time of the events';
  const [first, last] = [dayOf(from), dayOf(to)];
  return first === last ? `on ${first}` : `from ${first} to ${last}`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
