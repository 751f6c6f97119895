import type { Attached, Boundary, Caller, EntityCaller, IdentityPolicies, TargetRole } from '../iam/caller.ts';
import type { Item } from '../iam/item.ts';
import { awsManagedPolicy, awsManagedPolicyNamed } from '../iam/managed-policies/managed-policies.ts';
import type { Policy } from '../iam/policy.ts';
import type { Guard } from '../symbolic/guard.ts';
import { concat, isKnown, keyOf, show, type Text, type Unknown, unknownsIn } from '../symbolic/text.ts';
import { and, dependsOnValue, type Truth } from '../symbolic/truth.ts';
import type {
  Declarations,
  Deployment,
  GroupDeclaration,
  PolicyDocument,
  PresentedSubjects,
  RoleDeclaration,
  UserDeclaration,
} from './declarations.ts';
import { limitingWhen } from './limits.ts';
import { meantBy, TextIndex } from './lookup.ts';
import { listedAccounts, OrganizationLevels } from './organization-levels.ts';
import { unattachedPolicies } from './unattached.ts';
import { winning } from './winning.ts';

/** A role or user with everything that the documents attach to it. */
export interface Entity {
  readonly declaration: RoleDeclaration | UserDeclaration;
  readonly caller: EntityCaller;
  /** Set for a role. */
  readonly target: TargetRole | undefined;
}

/** Who exists and what is attached to whom, joined over all documents. */
export interface Inventory {
  readonly entities: readonly Entity[];
  readonly byArn: TextIndex<Entity>;
  /** Roles by `account/name`: a session's ARN does not show the role's path. */
  readonly rolesByName: TextIndex<Entity>;
  readonly policies: readonly PolicyDocument[];
  /** Managed policies that nobody has. */
  readonly unattached: readonly Policy[];
  readonly deployments: readonly Deployment[];
  /** `role:111122223333`: kinds of entity and accounts of which every one is declared; ARNs of which nothing is there. */
  readonly covered: ReadonlySet<string>;
  /** Worked out when it is asked for; undefined where not all the workflows of the repository are read. */
  readonly presented?: () => PresentedSubjects | undefined;
}

export function joinDeclarations(all: Declarations, deployments: readonly Deployment[]): Inventory {
  const managed = new TextIndex<Policy>();
  for (const one of all.managedPolicies) managed.add(one.arn, one.policy);
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
  const levels = new OrganizationLevels(all.organizationPolicies, all.accounts);
  return {
    entities,
    byArn,
    rolesByName,
    policies: all.policies,
    unattached: unattachedPolicies(all, managed),
    deployments: [...deployments, ...listedAccounts(all.accounts, deployments)].map((one) => ({
      ...one,
      organization: levels.of(one.account, one.organization),
    })),
    covered: new Set(all.covers),
  };
}

export function nameKey(account: Text, name: Text): Text {
  return concat(account, '/', name);
}

class Joiner {
  readonly #levels: OrganizationLevels;
  readonly #managed: TextIndex<Policy>;
  readonly #attached = {
    role: new TextIndex<Attachable>(),
    user: new TextIndex<Attachable>(),
    group: new TextIndex<Attachable>(),
  };
  /** The documents that declare an entity of a name. */
  readonly #names = { role: new TextIndex<string>(), user: new TextIndex<string>(), group: new TextIndex<string>() };
  readonly #groups = new TextIndex<GroupDeclaration>();
  readonly #memberships = new TextIndex<Item>();

  constructor(all: Declarations, managed: TextIndex<Policy>) {
    this.#managed = managed;
    this.#levels = new OrganizationLevels(all.organizationPolicies, all.accounts);
    for (const { to, account, name, what } of all.attachments)
      this.#attached[to].add(nameKey(account, name.text), {
        what,
        from: name.place.source.path,
        guard: name.guard,
      });
    for (const entity of all.entities)
      if (entity.kind === 'group') this.#groups.add(nameKey(entity.account, entity.name), entity);
    // What is only shown or looked up there is declared elsewhere.
    for (const entity of all.entities)
      if (entity.standing === 'document')
        this.#names[entity.kind].add(nameKey(entity.account, entity.name), entity.place.source.path);
    for (const { account, user, group } of all.memberships) this.#memberships.add(nameKey(account, user.text), group);
  }

  entity(declaration: RoleDeclaration | UserDeclaration): Entity {
    const { kind, arn, account, name, path, tags, uniqueId, deployment } = declaration;
    const organization = this.#levels.of(account, deployment.organization);
    const caller: EntityCaller = {
      kind,
      arn,
      account,
      name,
      session: undefined,
      uniqueId,
      tags,
      identity: this.#identity(declaration),
      boundary: declaration.boundary === undefined ? undefined : this.#boundary(declaration.boundary),
      sessionPolicy: undefined,
      organization,
    };
    if (declaration.kind === 'user') return { declaration, caller, target: undefined };
    const missing = `the trust policy of ${show(arn)}`;
    const undeclared: Unknown | undefined =
      declaration.trust === undefined
        ? { id: `trust:${keyOf(arn)}`, kind: 'open', shown: missing, missing, undeclared: true }
        : undefined;
    return {
      declaration,
      caller,
      target: { arn, account, name, path, trust: declaration.trust, undeclared, tags, organization },
    };
  }

  #identity(entity: RoleDeclaration | UserDeclaration): IdentityPolicies {
    const sources: Collected = { policies: [], open: [] };
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
    for (const policy of entity.inline) into.policies.push({ policy, attached: member });
    for (const item of entity.managed) this.#addManaged(item, member, into);
    into.open.push(...entity.open);
    const key = nameKey(entity.account, entity.name);
    for (const { value, truth } of this.#attached[entity.kind].find(key)) {
      const attached = and(and(member, truth), this.#meant(entity, key, value.from));
      if (attached === false) continue;
      if (value.what.kind === 'policy')
        into.policies.push({
          policy: value.what.policy,
          attached,
          ...(value.guard === undefined ? {} : { guard: value.guard }),
        });
      else this.#addManaged(value.what.arn, attached, into);
    }
  }

  /** Whether a document that names an entity means this one of several of the name: its own, else nobody can say. */
  #meant(entity: RoleDeclaration | UserDeclaration | GroupDeclaration, key: Text, from: string): Truth {
    const declaring = new Set(this.#names[entity.kind].get(key));
    if (declaring.size < 2 || entity.place.source.path === from) return true;
    if (declaring.has(from)) return false;
    const missing = `which of the ${declaring.size} declarations of ${entity.kind} ${show(entity.name)} is meant (accounts in the configuration)`;
    return dependsOnValue({
      id: `which:${entity.kind}:${keyOf(key)}`,
      kind: 'open',
      shown: show(entity.name),
      missing,
    });
  }

  #addManaged(item: Item, attached: Truth, into: Collected): void {
    const found = this.#resolve(item);
    const when = item.guard === undefined ? {} : { guard: item.guard };
    for (const one of found.policies)
      into.policies.push({ policy: one.policy, attached: and(attached, one.attached), ...when });
    if (found.open !== undefined) into.open.push(found.open);
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

interface Attachable {
  readonly what: Declarations['attachments'][number]['what'];
  readonly from: string;
  readonly guard: Guard | undefined;
}

interface Collected {
  readonly policies: Attached[];
  readonly open: Unknown[];
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
