import type { AssumeAction } from '../iam/actions.ts';
import { principalsNaming } from '../iam/by-principal.ts';
import type { Caller, ServiceCaller, TargetRole } from '../iam/caller.ts';
import { principalMatches } from '../iam/match-principal.ts';
import { type GivenContext, OPEN_CONTEXT } from '../iam/question.ts';
import { ALWAYS_CARRIED } from '../iam/services.ts';
import type { Intent, PrincipalCaller } from '../inventory/declarations.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import { isKnown, show } from '../symbolic/text.ts';
import { unknownsOf } from '../symbolic/truth.ts';
import type { Assumption } from './assumption.ts';
import { Directory } from './callers.ts';
import { refusedDuration } from './durations.ts';
import { refusedToken } from './providers.ts';
import { presentedToken } from './tokens.ts';

/** The assumptions that documents declare other than by policies: a resource that hands a role to a service, a workflow, a profile. */
export function declaredByIntents(
  intents: readonly Intent[],
  inventory: Inventory,
  now: number,
): readonly Assumption[] {
  const directory = new Directory(inventory);
  return intents.flatMap((intent) => {
    const from = intent.role.place.source.path;
    const named = roleOf(intent, directory, from);
    if (named === undefined) return [];
    const { role, target } = named;
    const found = callerOf(intent, target, directory, now);
    if (found === undefined) return [];
    const { caller, entity, action } = found;
    if (intent.perhapsPassed && isPassedOn(caller, target)) return [];
    const guard = [intent.guard, intent.role.guard, entity?.declaration.guard, role?.declaration.guard].reduce<Guard>(
      (all, one) => both(all, one ?? true),
      true,
    );
    if (guard === false) return [];
    const always = caller.kind === 'service' && isKnown(caller.name) ? ALWAYS_CARRIED.get(caller.name) : undefined;
    const carries = intent.carries?.length === 0 ? [] : [...new Set([...(always ?? []), ...(intent.carries ?? [])])];
    const { kind, text, weight, perhaps } = intent;
    const given = bearingOn(target, together(found.given, intent.given));
    const token = found.given ?? OPEN_CONTEXT;
    const withheld =
      intent.withheld ?? refusedDuration(intent, role) ?? refusedToken(caller, token, inventory, intent.role.place);
    return [
      {
        question: {
          action,
          caller,
          role: target,
          given,
          ...(withheld === undefined ? {} : { withheld }),
          ...(carries.length === 0 ? {} : { carries }),
          guard,
          now,
        },
        declaredBy: [{ kind, place: intent.role.place, text, ...(perhaps === true ? { perhaps } : {}) }],
        principal: entity,
        role,
        expectation: undefined,
        ...(weight === undefined ? {} : { weight }),
      },
    ];
  });
}

/** What the token brings, and what the call says besides. */
function together(token: GivenContext | undefined, given: GivenContext = OPEN_CONTEXT): GivenContext {
  if (token === undefined) return given;
  return {
    ...token,
    keys: new Map([...given.keys, ...token.keys]),
    names: new Map([...(given.names ?? []), ...(token.names ?? [])]),
    ...(given.sent === undefined ? {} : { sent: given.sent }),
  };
}

/** Without what a service says of the resource where nobody asks for it: then all its calls on the role are one question. */
function bearingOn({ trust, organization }: TargetRole, given: GivenContext): GivenContext {
  if (given.sent === undefined) return given;
  const policies = [trust, ...(organization.rcps ?? []).flat()];
  const asked = policies.flatMap((policy) => policy?.statements ?? []).flatMap(({ conditions }) => conditions);
  const names = (key: string): boolean =>
    asked.some(
      ({ keyLower, values }) =>
        keyLower === key || values.some(({ text, variables }) => variables && show(text).toLowerCase().includes(key)),
    );
  return { ...given, keys: new Map([...given.keys].filter(([key]) => !given.sent?.has(key) || names(key))) };
}

/** Workflows and manifests stand outside the account, and name its roles by their ARNs. */
function roleOf({ kind, caller, role, deployment, outside }: Intent, directory: Directory, from: string) {
  return outside === true || kind === 'workflow' || caller.kind === 'token'
    ? directory.roleMeant(role.text, from)
    : directory.roleAsWritten(role.text, deployment, from);
}

interface Calling {
  readonly caller: Caller;
  readonly entity: Entity | undefined;
  readonly action: AssumeAction;
  readonly given?: GivenContext;
}

function callerOf(
  { kind, caller, role, deployment }: Intent,
  target: TargetRole,
  directory: Directory,
  now: number,
): Calling | undefined {
  switch (caller.kind) {
    case 'service': {
      const names = [caller.name, ...(caller.others ?? [])].map(
        (name): ServiceCaller => ({ kind: 'service', name, region: caller.region }),
      );
      const [first] = names;
      const own = names.find((name) => isNamed(name, target)) ?? first;
      return own === undefined ? undefined : { caller: own, entity: undefined, action: 'sts:AssumeRole' };
    }
    case 'web-identity':
      return {
        caller: { kind: 'web-identity', provider: caller.provider },
        entity: undefined,
        action: 'sts:AssumeRoleWithWebIdentity',
      };
    case 'token':
      return {
        ...presentedToken(caller, role.text, target, now),
        entity: undefined,
        action: 'sts:AssumeRoleWithWebIdentity',
      };
    case 'principal': {
      if (kind === 'workflow') {
        const meant = directory.roleMeant(caller.arn, role.place.source.path)?.role;
        if (meant !== undefined)
          return { caller: limited(meant.caller, caller, directory), entity: meant, action: 'sts:AssumeRole' };
      }
      const found = directory.principalAsWritten(caller.arn, deployment, role.place.source.path);
      return found && { ...found, caller: limited(found.caller, caller, directory), action: 'sts:AssumeRole' };
    }
  }
}

/**
 * A session that was opened with policies of its own, which allow together what one of them allows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
function limited(
  caller: Caller,
  { sessionPolicy, managedSessionPolicies }: PrincipalCaller,
  { inventory }: Directory,
): Caller {
  if (caller.kind !== 'role') return caller;
  const [first] = managedSessionPolicies ?? [];
  if (managedSessionPolicies === undefined || first === undefined)
    return sessionPolicy === undefined ? caller : { ...caller, sessionPolicy };
  const found = managedSessionPolicies.map((arn) => inventory.managed(arn));
  const managed = found.flatMap(({ policies }) => policies);
  const policies = [...(sessionPolicy === undefined ? [] : [sessionPolicy]), ...managed.map(({ policy }) => policy)];
  const open = [
    ...found.flatMap((one) => one.open),
    ...managed.flatMap(({ attached }) => unknownsOf(attached)),
    ...policies.flatMap((policy) => policy.open),
  ];
  return {
    ...caller,
    sessionPolicy: {
      name: policies.map(({ name }) => name).join(' and ') || 'managed session policies',
      variables: true,
      statements: policies.flatMap(({ statements }) => statements),
      open,
      place: sessionPolicy?.place ?? first.place,
    },
  };
}

/** Whether the role's trust policy may name a service so. */
function isNamed(service: ServiceCaller, { trust }: TargetRole): boolean {
  return (trust?.statements ?? []).some(
    ({ effect, principals }) =>
      effect === 'Allow' &&
      principals?.negated === false &&
      principalsNaming(principals, service).some((item) => principalMatches(item, service, 'Allow', false).length > 0),
  );
}

/** Whether a role is for a service to assume: it trusts nobody else, or its holder may pass roles on. */
function isPassedOn(caller: Caller, { trust }: TargetRole): boolean {
  const trusted = trust?.statements.flatMap(({ principals }) => principals?.items ?? []) ?? [];
  if (trusted.length > 0 && trusted.every(({ type }) => type === 'Service')) return true;
  if (caller.kind !== 'role' && caller.kind !== 'user') return true;
  return caller.identity.policies.some(({ policy }) =>
    policy.statements.some(
      ({ effect, actions }) =>
        effect === 'Allow' && actions.items.some(({ text }) => /^iam:(\*|pass.*)$/i.test(show(text))),
    ),
  );
}
