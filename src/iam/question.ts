import type { Place } from '../source/source.ts';
import type { Guard } from '../symbolic/guard.ts';
import type { Text } from '../symbolic/text.ts';
import type { AssumeAction, SessionAction } from './actions.ts';
import type { Caller, TargetRole } from './caller.ts';

/** One question: may this principal call this action on this role, in this context? */
export interface Question {
  readonly action: AssumeAction;
  readonly caller: Caller;
  readonly role: TargetRole;
  readonly given: GivenContext;
  /** What the call always carries, whatever its context: a service that tags each session. */
  readonly carries?: readonly SessionAction[];
  /** Under which choices of the documents the question is meant. */
  readonly guard?: Guard;
  /** Why the call is never made, or refused before any policy is asked: then it is denied. */
  readonly withheld?: Withheld;
  /** Milliseconds since 1970: a time window that is over by then stays over. */
  readonly now: number;
}

/** What keeps a call from being made at all: a job that may not request a token, a session longer than AWS grants. */
export interface Withheld {
  /** "the job deploy" */
  readonly caller: string;
  /** "it has no permission …": how a sentence about the caller goes on. */
  readonly reason: string;
  /** The text to change. */
  readonly place: Place;
  /** What a person reads in its place. */
  readonly answer: string;
  /** The permission that its job lacks; the provider that the role's account lacks. */
  readonly lacks?: 'id-token' | 'provider';
  /** The text that should stand at the place, where one text mends it. */
  readonly replacement?: string;
  /** The other end of it. */
  readonly related?: { readonly place: Place; readonly message: string };
}

/** What is said of the call's context beforehand. Keys are in lower case. */
export interface GivenContext {
  /** `undefined`: the key is said to be absent. */
  readonly keys: ReadonlyMap<string, readonly Text[] | undefined>;
  /** Keys whose value is not known beforehand. */
  readonly unknown: ReadonlySet<string>;
  /** Keys that the call is sure to have, with a value that may be known in part only: what it leaves open, the moment decides. */
  readonly sent?: ReadonlySet<string>;
  /** How the keys were written, by their lower case. */
  readonly names?: ReadonlyMap<string, string>;
  /** Given in full: a key that is neither listed nor derived is absent. Else the caller may choose what it may choose. */
  readonly complete: boolean;
  /** What one call had, as AWS logged it: another call may have more. */
  readonly observed?: true;
  /** The claims of a token, by their names, for conditions of which nobody knows whether they name its issuer. */
  readonly claims?: ReadonlyMap<string, readonly Text[] | undefined>;
}

export const OPEN_CONTEXT: GivenContext = { keys: new Map(), unknown: new Set(), complete: false };

/** What the call needs besides its own action, by what it carries. */
export function sessionActions(given: GivenContext): readonly SessionAction[] {
  const actions: SessionAction[] = [];
  let tags = false;
  for (const [key, values] of given.keys) {
    if (values === undefined || values.length === 0) continue;
    if (key === 'sts:sourceidentity') actions.push('sts:SetSourceIdentity');
    else if (key === 'sts:requestcontextproviders' || key.startsWith('sts:requestcontext/'))
      actions.push('sts:SetContext');
    else if (key === 'aws:tagkeys' || key === 'sts:transitivetagkeys' || key.startsWith('aws:requesttag/')) tags = true;
  }
  return [...(tags ? (['sts:TagSession'] as const) : []), ...new Set(actions)];
}
