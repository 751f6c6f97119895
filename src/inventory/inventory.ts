import type { Attached, Boundary, Caller, EntityCaller, IdentityPolicies, TargetRole } from '../iam/caller.ts';
import type { Item } from '../iam/item.ts';
import { awsManagedPolicy, awsManagedPolicyNamed } from '../iam/managed-policies/managed-policies.ts';
import type { Policy } from '../iam/policy.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import { isKnown, keyOf, show, type Text, type Unknown, unknownsIn } from '../symbolic/text.ts';
import { and, type Truth } from '../symbolic/truth.ts';
import { Attachments, isReplaced, nameKey } from './attachments.ts';
import type {
  Declarations,
  Deployment,
  GroupDeclaration,
  ManagedPolicyDeclaration,
  PolicyDocument,
  ProviderDeclaration,
  RoleDeclaration,
  UserDeclaration,
} from './declarations.ts';
import { type Exclusive, Exclusives, type TakenOff } from './exclusives.ts';
import { limitingWhen } from './limits.ts';
import { meantBy, TextIndex } from './lookup.ts';
import { listedAccounts, OrganizationLevels } from './organization-levels.ts';
import type { PresentedSubjects } from './presented-subjects.ts';
import { unattachedPolicies } from './unattached.ts';
import { declaredFirst, winning } from './winning.ts';

/** A role or user with everything that the documents attach to it. */
export interface Entity {
  readonly declaration: RoleDeclaration | UserDeclaration;
  readonly caller: EntityCaller;
  /** Set for a role. */
  readonly target: TargetRole | undefined;
  /** Every policy that is written for it, also what is taken off it again. */
  readonly written: readonly Attached[];
  readonly takenOff: readonly TakenOff[];
}

/** What inventories show of whom nobody asks. */
export interface Beside {
  /** All accounts that they show anybody of. */
  readonly accounts: ReadonlySet<string>;
  readonly principals: number;
  readonly roles: number;
}

/** Who exists and what is attached to whom, joined over all documents. */
export interface Inventory {
  readonly entities: readonly Entity[];
  readonly byArn: TextIndex<Entity>;
  /** Roles by `account/name`: a session's ARN does not show the role's path. */
  readonly rolesByName: TextIndex<Entity>;
  readonly policies: readonly PolicyDocument[];
  /** Of each ARN that inventories or dumps show otherwise than each other: nobody can say which of them counts. */
  readonly contested: readonly (readonly Entity[])[];
  readonly providers: TextIndex<ProviderDeclaration>;
  /** Managed policies that documents declare. */
  readonly declaredPolicies: readonly ManagedPolicyDeclaration[];
  /** The managed policies that an ARN may name, and what is open of them. */
  readonly managed: (arn: Item) => IdentityPolicies;
  /** Managed policies that nobody has. */
  readonly unattached: readonly Policy[];
  readonly deployments: readonly Deployment[];
  /** `role:111122223333`: kinds of entity and accounts of which every one is declared; ARNs of which nothing is there. */
  readonly covered: ReadonlySet<string>;
  readonly beside?: Beside;
  /** Worked out when it is asked for; undefined where not all the workflows of the repository are read. */
  readonly presented?: () => PresentedSubjects | undefined;
}

export function joinDeclarations(all: Declarations, deployments: readonly Deployment[]): Inventory {
  const managed = new TextIndex<Policy>();
  for (const one of declaredFirst(
    all.managedPolicies,
    ({ arn }) => keyOf(arn),
    ({ deployed }) => deployed === true,
  ))
    managed.add(one.arn, one.policy);
  const joiner = new Joiner(all, managed);
  const byArn = new TextIndex<Entity>();
  const rolesByName = new TextIndex<Entity>();
  const entities: Entity[] = [];
  for (const declaration of winning(all.entities)) {
    const entity = joiner.entity(declaration);
    entities.push(entity);
    byArn.add(declaration.arn, entity);
    if (declaration.kind === 'role') rolesByName.add(nameKey(declaration.account, declaration.name), entity);
  }
  const providers = new TextIndex<ProviderDeclaration>();
  for (const one of declaredFirst(
    all.providers,
    ({ arn }) => keyOf(arn),
    ({ standing }) => standing !== 'document',
  ))
    providers.add(one.arn, one);
  const levels = new OrganizationLevels(all.organizationPolicies, all.accounts);
  return {
    entities,
    byArn,
    rolesByName,
    contested: contestedIn(entities, byArn),
    policies: all.policies,
    providers,
    declaredPolicies: all.managedPolicies.filter(({ deployed }) => deployed === undefined),
    managed: (arn) => joiner.managed(arn),
    unattached: unattachedPolicies(all, managed),
    deployments: [...deployments, ...listedAccounts(all.accounts, deployments)].map((one) => ({
      ...one,
      organization: levels.of(one.account, one.organization),
    })),
    covered: new Set(all.covers),
  };
}

function contestedIn(entities: readonly Entity[], byArn: TextIndex<Entity>): readonly (readonly Entity[])[] {
  return entities.flatMap((entity) => {
    if (entity.declaration.standing === 'document') return [];
    const same = byArn.get(entity.declaration.arn);
    return same.length > 1 && same[0] === entity ? [same] : [];
  });
}

class Joiner {
  readonly #levels: OrganizationLevels;
  readonly #managed: TextIndex<Policy>;
  readonly #attachments: Attachments;
  readonly #groups = new TextIndex<GroupDeclaration>();
  readonly #memberships = new TextIndex<Item>();

  constructor(all: Declarations, managed: TextIndex<Policy>) {
    this.#managed = managed;
    this.#levels = new OrganizationLevels(all.organizationPolicies, all.accounts);
    this.#attachments = new Attachments(all);
    const groups = all.entities.filter((entity) => entity.kind === 'group');
    for (const group of declaredFirst(
      groups,
      ({ arn }) => keyOf(arn),
      ({ standing }) => standing !== 'document',
    ))
      this.#groups.add(nameKey(group.account, group.name), group);
    for (const { account, user, group } of all.memberships) this.#memberships.add(nameKey(account, user.text), group);
  }

  entity(declaration: RoleDeclaration | UserDeclaration): Entity {
    const { kind, arn, account, name, path, tags, uniqueId, deployment } = declaration;
    const organization = this.#levels.of(account, deployment.organization);
    const { written, takenOff, ...identity } = this.#identity(declaration);
    const caller: EntityCaller = {
      kind,
      arn,
      account,
      name,
      session: undefined,
      uniqueId,
      tags,
      identity,
      boundary: declaration.boundary === undefined ? undefined : this.#boundary(declaration.boundary),
      sessionPolicy: undefined,
      organization,
    };
    if (declaration.kind === 'user') return { declaration, caller, target: undefined, written, takenOff };
    const missing = `the trust policy of ${show(arn)}`;
    const undeclared: Unknown | undefined =
      declaration.trust === undefined
        ? { id: `trust:${keyOf(arn)}`, kind: 'open', shown: missing, missing, undeclared: true }
        : undefined;
    return {
      declaration,
      caller,
      target: { arn, account, name, path, trust: declaration.trust, undeclared, tags, organization },
      written,
      takenOff,
    };
  }

  managed(arn: Item): IdentityPolicies {
    const { policies, open } = this.#resolve(arn);
    const found = policies.map((one) => ({ ...one, ...guardedBy(arn.guard) }));
    return { policies: found, open: open === undefined ? [] : [open] };
  }

  #identity(entity: RoleDeclaration | UserDeclaration): Collected {
    const sources: Collected = { policies: [], open: [], written: [], takenOff: [] };
    this.#collect(entity, true, sources);
    if (entity.kind === 'user') {
      const joined = this.#memberships
        .find(nameKey(entity.account, entity.name))
        .map(({ value, truth }) => ({ item: value, truth }));
      const groups = [...entity.groups.map((item) => ({ item, truth: true as Truth })), ...joined];
      for (const { item, truth } of groups) {
        const found = this.#groups.find(nameKey(entity.account, item.text));
        for (const group of found) this.#collect(group.value, and(truth, group.truth), sources);
        if (found.length === 0) sources.open.push(undeclaredPolicy(`group ${show(item.text)}`, item.text));
      }
    }
    return sources;
  }

  #collect(entity: RoleDeclaration | UserDeclaration | GroupDeclaration, member: Truth, into: Collected): void {
    const attachments = this.#attachments.of(entity);
    const exclusives = new Exclusives(this.#attachments.listingsOf(entity));
    const add = (one: Attached, sort: Exclusive['sort'], name: Text | undefined): void => {
      const { truth, guard, by } = exclusives.stay(sort, name);
      if (by === undefined || one.policy.found !== true) into.written.push(one);
      if (by !== undefined) into.takenOff.push({ policy: one.policy, by });
      else
        into.policies.push({
          ...one,
          attached: and(one.attached, truth),
          ...guardedBy(both(guard, one.guard ?? true)),
        });
    };
    const addManaged = (item: Item, attached: Truth): void => {
      const { policies, open } = this.#resolve(item);
      for (const one of policies)
        add(
          { policy: one.policy, attached: and(attached, one.attached), ...guardedBy(item.guard) },
          'managed',
          item.text,
        );
      if (open !== undefined && exclusives.stay('managed', item.text).by === undefined) into.open.push(open);
    };
    for (const policy of entity.inline)
      if (entity.standing === 'document' || !isReplaced(policy, attachments))
        add({ policy, attached: member }, 'inline', policy.named);
    for (const item of entity.managed) addManaged(item, member);
    into.open.push(...entity.open);
    for (const { what, attached, guard } of attachments) {
      const joined = and(member, attached);
      if (joined === false) continue;
      if (what.kind === 'managed') addManaged(what.arn, joined);
      else {
        const { arn, named } = what.policy;
        const one = { policy: what.policy, attached: joined, ...guardedBy(guard) };
        if (arn === undefined) add(one, 'inline', named);
        else add(one, 'managed', arn);
      }
    }
    into.open.push(...exclusives.open());
  }

  #resolve({ text: arn, place: at }: Item): {
    readonly policies: readonly Attached[];
    readonly open: Unknown | undefined;
  } {
    const declared = this.#managed.find(arn);
    const policies = declared.map(({ value, truth }) => ({ policy: value, attached: truth }));
    const sure = policies.filter(({ attached }) => attached === true).map(({ policy }) => policy);
    if (sure.length > 0) {
      const one = meantBy(sure, ({ place }) => place.source.path, at.source.path);
      return one === undefined
        ? { policies: [], open: undeclaredPolicy(`policy ${show(arn)}`, arn) }
        : { policies: [{ policy: one, attached: true }], open: undefined };
    }
    if (isKnown(arn)) {
      const known = awsManagedPolicy(arn, at) ?? (arn.includes(':') ? undefined : awsManagedPolicyNamed(arn, at));
      if (known !== undefined) return { policies: [{ policy: known, attached: true }], open: undefined };
    }
    return { policies, open: undeclaredPolicy(`policy ${show(arn)}`, arn) };
  }

  #boundary(item: Item): Boundary {
    const { policies, open } = this.#resolve(item);
    const [only] = policies;
    if (open === undefined && only !== undefined)
      return { kind: 'policy', policy: limitingWhen(only.policy, item.guard ?? true) };
    return { kind: 'unknown', unknown: open ?? undeclaredPolicy(`policy ${show(item.text)}`, item.text) };
  }
}

interface Collected extends IdentityPolicies {
  readonly policies: Attached[];
  readonly open: Unknown[];
  readonly written: Attached[];
  readonly takenOff: TakenOff[];
}

function guardedBy(guard: Guard | undefined): Pick<Attached, 'guard'> {
  return guard === undefined || guard === true ? {} : { guard };
}

function undeclaredPolicy(what: string, text: Text): Unknown {
  const [first] = unknownsIn(text);
  if (first !== undefined) return first;
  return {
    id: `undeclared:${what}`,
    kind: 'open',
    shown: show(text),
    missing: `the ${what}, which no document declares`,
    undeclared: true,
  };
}

/** The same caller in one session. */
export function inSession(caller: EntityCaller, session: Text, sessionPolicy?: Policy): Caller {
  return { ...caller, session, sessionPolicy };
}
