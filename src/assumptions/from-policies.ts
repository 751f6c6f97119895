import { ASSUME_ACTIONS, type AssumeAction } from '../iam/actions.ts';

import type { Caller } from '../iam/caller.ts';
import type { PrincipalItem, Statement } from '../iam/policy.ts';
import { principalFault } from '../iam/principal-faults.ts';
import { OPEN_CONTEXT, type Question } from '../iam/question.ts';
import { ALWAYS_CARRIED } from '../iam/services.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import { isKnown, partsOf, type Text } from '../symbolic/text.ts';
import type { Assumption, DeclaredBy } from './assumption.ts';
import { Directory, federatedCaller, onlyUnknown } from './callers.ts';
import { refusedToken } from './providers.ts';

/** The assumptions that policies declare: a grant that names a role, a trust that names a principal. Wildcards are no intent. */
export function declaredByPolicies(inventory: Inventory, now: number): readonly Assumption[] {
  const directory = new Directory(inventory);
  return inventory.entities
    .filter(({ declaration }) => declaration.reason !== 'named')
    .flatMap((entity) =>
      [...granted(entity, directory, now), ...trusted(entity, directory, now)].filter(concernsDocuments),
    );
}

/** Of what stands elsewhere and only names something of the documents, no other relations are asked for. */
function concernsDocuments({ principal, role, question }: Assumption): boolean {
  const reasons = [principal, role].map((end) => end?.declaration.reason);
  const isNamed = question.caller.kind === 'role' || question.caller.kind === 'user';
  if (!reasons.includes('naming') || reasons.includes('asked')) return true;
  return isNamed && (principal === undefined || role === undefined || reasons.includes(undefined));
}

function granted(entity: Entity, directory: Directory, now: number): readonly Assumption[] {
  const found: Assumption[] = [];
  const { caller } = entity;
  // A grant that is taken off again was meant, too.
  for (const { policy, attached, guard } of entity.written) {
    if (attached !== true) continue;
    for (const statement of policy.statements) {
      const { actions, resources } = statement;
      if (
        statement.effect !== 'Allow' ||
        actions.negated ||
        actions.covers['sts:AssumeRole'] === false ||
        resources === undefined ||
        resources.negated
      )
        continue;
      for (const item of resources.items) {
        if (item.variables || hasWildcard(item.text)) continue;
        const declaredBy: DeclaredBy = { kind: 'grant', place: item.place, text: 'grants sts:AssumeRole on this role' };
        const base = { declaredBy: [declaredBy], principal: entity, expectation: undefined };
        const question = { action: 'sts:AssumeRole' as const, caller, given: OPEN_CONTEXT, now };
        const role = directory.role(item.text, item.place.source.path);
        const target = role?.target ?? directory.undeclaredRole(item.text);
        const when = meantWhen(guard, statement.guard, item.guard, entity.declaration.guard, role?.declaration.guard);
        if (target !== undefined && when !== false)
          found.push({ ...base, question: { ...question, role: target, guard: when }, role });
      }
    }
  }
  return found;
}

function trusted(entity: Entity, directory: Directory, now: number): readonly Assumption[] {
  const { target } = entity;
  if (target?.trust === undefined) return [];
  const found: Assumption[] = [];
  for (const statement of target.trust.statements) {
    if (statement.effect !== 'Allow' || statement.principals === undefined || statement.principals.negated) continue;
    for (const item of statement.principals.items) {
      // A principal that cannot exist calls nothing; the rule about it says so.
      if (principalFault(item, undefined) !== undefined || item.lost?.fate === 'gone') continue;
      const named = namedCaller(item, directory);
      if (named === undefined || !meantToAssume(statement, named.action)) continue;
      const when = meantWhen(statement.guard, item.guard, entity.declaration.guard, named.entity?.declaration.guard);
      if (when === false) continue;
      const declaredBy: DeclaredBy = { kind: 'trust', place: item.place, text: 'trusts this principal' };
      const withheld = refusedToken(named.caller, OPEN_CONTEXT, directory.inventory, item.place);
      found.push({
        question: {
          action: named.action,
          caller: named.caller,
          role: target,
          given: OPEN_CONTEXT,
          guard: when,
          now,
          ...(withheld === undefined ? {} : { withheld }),
          ...carriedBy(named.caller),
        },
        declaredBy: [declaredBy],
        principal: named.entity,
        role: entity,
        expectation: undefined,
      });
    }
  }
  return found;
}

interface NamedCaller {
  readonly caller: Caller;
  readonly entity: Entity | undefined;
  readonly action: AssumeAction;
}

/** Whom a principal element names, and what such a caller calls. */
function namedCaller(item: PrincipalItem, directory: Directory): NamedCaller | undefined {
  switch (item.type) {
    case 'AWS': {
      const found = hasWildcard(item.text) ? undefined : directory.principal(item.text, item.place.source.path);
      return found === undefined ? undefined : { ...found, action: 'sts:AssumeRole' };
    }
    case 'Service':
      return onlyUnknown(item.text)
        ? undefined
        : {
            caller: { kind: 'service', name: item.text, region: undefined },
            entity: undefined,
            action: 'sts:AssumeRole',
          };
    case 'Federated': {
      const caller = federatedCaller(item.text);
      if (caller === undefined) return undefined;
      return {
        caller,
        entity: undefined,
        action: caller.kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity',
      };
    }
    default:
      return undefined;
  }
}

/** A statement that only adds sts:TagSession to another one declares nothing of its own. */
function meantToAssume({ actions }: Statement, action: AssumeAction): boolean {
  return actions.covers[action] !== false || ASSUME_ACTIONS.some((other) => actions.covers[other] !== false);
}

function hasWildcard(text: Text): boolean {
  return partsOf(text).some((part) => typeof part === 'string' && /[*?]/.test(part));
}

function carriedBy(caller: Caller): Pick<Question, 'carries'> {
  const carries = caller.kind === 'service' && isKnown(caller.name) ? ALWAYS_CARRIED.get(caller.name) : undefined;
  return carries === undefined ? {} : { carries };
}

/** A declaration counts where it stands, and where both ends exist. */
function meantWhen(...guards: readonly (Guard | undefined)[]): Guard {
  return guards.reduce<Guard>((all, guard) => both(all, guard ?? true), true);
}
