import { equal } from '../symbolic/pattern.ts';
import { isKnown, split, type Text } from '../symbolic/text.ts';
import { ByName, FEW } from './by-name.ts';
import type { Caller, EntityCaller } from './caller.ts';
import { formsOf } from './match-principal.ts';
import type { Policy, PrincipalElement, PrincipalItem, Statement } from './policy.ts';
import { readService } from './service-name.ts';

const STATEMENTS = new WeakMap<Policy, ByName<Statement>>();
const ITEMS = new WeakMap<PrincipalElement, ByName<PrincipalItem>>();

/** A trust policy's statements, without those of which it is plain that they name others than this caller. */
export function statementsNaming(policy: Policy, caller: Caller): readonly Statement[] {
  const { statements } = policy;
  const keys = statements.length < FEW ? undefined : keysOf(caller);
  if (keys === undefined) return statements;
  let index = STATEMENTS.get(policy);
  if (index === undefined) {
    index = new ByName(statements, ({ principals }) => {
      const named = principals?.items.map(keysNamed) ?? [];
      const known = named.filter((one) => one !== undefined);
      return known.length < named.length ? undefined : known.flat();
    });
    STATEMENTS.set(policy, index);
  }
  return index.on(...keys);
}

/** An element's principals, without those of which it is plain that they are others than this caller. */
export function principalsNaming(element: PrincipalElement, caller: Caller): readonly PrincipalItem[] {
  const { items } = element;
  const keys = items.length < FEW ? undefined : keysOf(caller);
  if (keys === undefined) return items;
  let index = ITEMS.get(element);
  if (index === undefined) {
    index = new ByName(items, keysNamed);
    ITEMS.set(element, index);
  }
  return index.on(...keys);
}

/** Of every text without a slash: an account's id, its root, a unique id. */
const NO_NAME = '/';

/** What a principal that could be the caller has in common with it; undefined where any text could. */
function keysOf(caller: Caller): readonly string[] | undefined {
  switch (caller.kind) {
    case 'service':
      return isKnown(caller.name) ? [caller.name, `service:${readService(caller.name)?.service}`] : undefined;
    case 'web-identity':
    case 'saml':
      return isKnown(caller.provider) ? [caller.provider] : undefined;
    case 'user':
    case 'role':
      return keysOfEntity(caller);
    default:
      return undefined;
  }
}

const KEYS = new WeakMap<EntityCaller, readonly string[] | undefined>();

function keysOfEntity(caller: EntityCaller): readonly string[] | undefined {
  if (KEYS.has(caller)) return KEYS.get(caller);
  const { arn, account, name, uniqueId } = caller;
  const tail = tailOf(arn);
  const { root } = formsOf(caller);
  const plain = isKnown(account) && isKnown(root) ? [account, root, ...(uniqueId === undefined ? [] : [uniqueId])] : [];
  const clear = tail !== undefined && isKnown(name) && equal(account, 'arn:aws:iam::111122223333:role/name') === false;
  const keys = clear ? [tail, sessionsOf(name), ...(plain.length > 0 ? plain : [NO_NAME])] : undefined;
  KEYS.set(caller, keys);
  return keys;
}

/** Undefined where the principal could be anybody. */
function keysNamed({ type, text }: PrincipalItem): readonly string[] | undefined {
  if (type === '*' || (type === 'AWS' && text === '*')) return undefined;
  if (!isKnown(text)) {
    const tail = type === 'AWS' ? tailOf(text) : undefined;
    return tail === undefined ? undefined : [tail];
  }
  switch (type) {
    case 'AWS': {
      const role = /:assumed-role\/([^/]*)\//.exec(text)?.[1];
      if (role !== undefined) return [sessionsOf(role)];
      return [text.includes('/') ? text.slice(text.lastIndexOf('/')) : NO_NAME, text];
    }
    case 'Service':
      return [text, `service:${readService(text)?.service}`];
    default:
      return [text];
  }
}

/** `/name` of the ARN of a user or a role, whatever its account and path are; undefined where the name is not known. */
function tailOf(arn: Text): string | undefined {
  const [scheme, , service, , , resource] = split(arn, ':', 6);
  if (scheme !== 'arn' || service !== 'iam' || resource === undefined) return undefined;
  const last = isKnown(resource) ? resource : resource.parts.at(-1);
  return typeof last === 'string' && last.includes('/') ? last.slice(last.lastIndexOf('/')) : undefined;
}

function sessionsOf(role: string): string {
  return `sessions:${role}`;
}
