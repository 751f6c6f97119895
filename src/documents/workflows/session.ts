import { parsePolicy } from '../../iam/parse-policy.ts';
import type { GivenContext } from '../../iam/question.ts';
import type { PrincipalCaller } from '../../inventory/declarations.ts';
import { isKnown, type Text } from '../../symbolic/text.ts';
import { policyValue } from '../policy-text.ts';
import { type CredentialStep, placeIn } from './credential-steps.ts';
import { fill, type Scope } from './evaluate.ts';
import type { Repository } from './repository.ts';

/** What leaves a session with less than its role has. */
export type SessionLimits = Pick<PrincipalCaller, 'sessionPolicy' | 'managedSessionPolicies'>;

/** Both kinds of policy limit the session together: it may do what one of them allows. */
export function sessionLimits(
  { sessionPolicy: inline, managedSessionPolicies: managed }: CredentialStep,
  scope: Scope,
  job: string,
): SessionLimits {
  const limits: { -readonly [K in keyof SessionLimits]: SessionLimits[K] } = {};
  if (inline !== undefined) {
    const { place } = inline;
    const value = policyValue({ kind: 'text', text: fill(inline.text, scope), type: 'string', place });
    limits.sessionPolicy = parsePolicy(value, 'session', `session policy of the job ${job}`);
  }
  if (managed !== undefined)
    limits.managedSessionPolicies = linesOf(managed.text, scope).map(({ written, text }) => ({
      text,
      place: placeIn(managed, written),
    }));
  return limits;
}

interface Line {
  readonly written: string;
  readonly text: Text;
}

/** The lines of an input that takes several, without the empty ones. */
function linesOf(input: string, scope: Scope): readonly Line[] {
  const lines = input.split('\n').map((line) => line.trim());
  return lines.flatMap((written): readonly Line[] => {
    const text = fill(written, scope);
    const all = isKnown(text) ? text.split('\n').map((line) => line.trim()) : [text];
    return all.filter((one) => one !== '').map((one) => ({ written, text: one }));
  });
}

/**
 * What the call says of the session. The action's own tags, which it adds to each but those that a token opens:
 * https://github.com/aws-actions/configure-aws-credentials#session-tagging-and-name
 */
export function sessionContext(credential: CredentialStep, scope: Scope, { name }: Repository): GivenContext {
  const { externalId, sessionName, ownTags, by } = credential;
  const keys = new Map<string, readonly Text[] | undefined>();
  const names = new Map<string, string>();
  const set = (key: string, value: Text | undefined): void => {
    names.set(key.toLowerCase(), key);
    keys.set(key.toLowerCase(), value === undefined ? undefined : [value]);
  };
  if (sessionName !== undefined) set('sts:RoleSessionName', fill(sessionName, scope));
  if (ownTags) {
    set('aws:RequestTag/GitHub', 'Actions');
    set('aws:RequestTag/Repository', name);
  }
  const sent = new Set(keys.keys());
  if (by === 'credentials' && externalId !== undefined)
    set('sts:ExternalId', externalId === null ? undefined : fill(externalId, scope));
  return { keys, names, sent, unknown: new Set(), complete: false };
}
