import type { Assumption } from './assumptions/assumption.ts';
import { Directory, type FoundCaller, federatedCaller } from './assumptions/callers.ts';
import { findCaller } from './assumptions/from-expectations.ts';
import { generatedAs, generatedCaller } from './assumptions/generated-names.ts';
import type { FailedCall } from './explain/failed-call.ts';
import { asPattern, isMasked } from './explain/masked.ts';
import { parseArn } from './iam/arn.ts';
import type { Caller, TargetRole } from './iam/caller.ts';
import { type Entity, type Inventory, inSession } from './inventory/inventory.ts';
import { globMatches } from './symbolic/pattern.ts';
import { isKnown, show } from './symbolic/text.ts';

/** The role that a call names: the declared one, the one whose name AWS generated, the only one that a masked ARN may be. */
export function roleCalled(
  { role }: FailedCall,
  inventory: Inventory,
): { readonly role: Entity | undefined; readonly target: TargetRole } | undefined {
  if (role === undefined) return undefined;
  const directory = new Directory(inventory);
  const found =
    directory.role(role, undefined) ??
    generatedAs(role, inventory) ??
    only(inventory, ({ declaration }) => declaration.kind === 'role' && show(declaration.arn) === role) ??
    only(inventory, ({ declaration }) => declaration.kind === 'role' && isLike(role, show(declaration.arn)));
  // Nothing is asked about a role of which nobody knows the account.
  const target = found?.target ?? (isMasked(role) ? undefined : directory.undeclaredRole(role));
  return target === undefined ? undefined : { role: found, target };
}

/** Who called: a declared user or role, a service, a provider, or somebody that no document declares. */
export function callerCalled(call: FailedCall, inventory: Inventory): FoundCaller | undefined {
  const { principal, sessionOf } = call;
  if (principal === undefined) return undefined;
  const directory = new Directory(inventory);
  const named = findCaller(principal, directory, undefined) ?? namedProvider(principal);
  if (named?.entity !== undefined) return named;
  const found = generatedCaller(principal, inventory) ?? maskedCaller(principal, inventory);
  if (found !== undefined) return found;
  if (isMasked(principal)) return undefined;
  const role = sessionOf === undefined ? undefined : findCaller(sessionOf, directory, undefined);
  const session = sessionName(principal);
  return role?.caller.kind === 'role' && session !== undefined
    ? { caller: inSession(role.caller, session, undefined), entity: role.entity }
    : named;
}

function namedProvider(text: string): FoundCaller | undefined {
  const caller = federatedCaller(text);
  return caller === undefined ? undefined : { caller, entity: undefined };
}

function maskedCaller(principal: string, inventory: Inventory): FoundCaller | undefined {
  if (!isMasked(principal)) return undefined;
  const entity =
    only(inventory, ({ caller }) => show(caller.arn) === principal) ??
    only(inventory, ({ caller }) => isLikeCaller(principal, caller));
  if (entity === undefined) return undefined;
  const session = sessionName(principal);
  const { caller } = entity;
  return { caller: session === undefined ? caller : inSession(caller, session, undefined), entity };
}

function only({ entities }: Inventory, wanted: (entity: Entity) => boolean): Entity | undefined {
  const [one, ...more] = entities.filter(wanted);
  return more.length === 0 ? one : undefined;
}

/** Whether a masked ARN may be this one. */
function isLike(masked: string, arn: string): boolean {
  return isMasked(masked) && globMatches(asPattern(masked), arn);
}

/** Whether a caller may be who the text names: itself, its role's session, or one of those that a masked text may be. */
function isLikeCaller(principal: string, caller: Caller): boolean {
  if (caller.kind === 'service') return show(caller.name) === principal;
  if (caller.kind === 'web-identity' || caller.kind === 'saml') return show(caller.provider) === principal;
  if (!('arn' in caller)) return false;
  const arn = show(caller.arn);
  if (arn === principal || isLike(principal, arn)) return true;
  const [, account, name] = /^arn:[\w-]+:sts::(.+):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  if (account === undefined || name === undefined || caller.kind !== 'role' || show(caller.name) !== name) return false;
  return show(caller.account) === account || isMasked(account) || !isKnown(caller.account);
}

function sessionName(principal: string): string | undefined {
  return /:assumed-role\/[^/]+\/(.+)$/.exec(principal)?.[1];
}

/** Whether an assumption that the documents declare may be the call, as far as AWS says who called what. */
export function mayBe({ question }: Assumption, call: FailedCall): boolean {
  const { role, principal, account, action, anyAction } = call;
  if (role !== undefined && show(question.role.arn) !== role && !isLike(role, show(question.role.arn))) return false;
  if (principal !== undefined && !isLikeCaller(principal, question.caller)) return false;
  if (principal === undefined && account !== undefined && !isOf(account, question.caller)) return false;
  return anyAction === true || question.action.toLowerCase() === action.toLowerCase();
}

function isOf(account: string, caller: Caller): boolean {
  const own =
    'account' in caller ? caller.account : 'provider' in caller ? parseArn(caller.provider)?.account : undefined;
  return own !== undefined && (!isKnown(own) || own === account);
}
