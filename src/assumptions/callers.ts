import { nameIn, parseArn, resourceSort, roleArn } from '../iam/arn.ts';
import { type Caller, type EntityCaller, NO_ORGANIZATION, type TargetRole } from '../iam/caller.ts';
import { BUILT_IN_PROVIDERS } from '../iam/identity-providers.ts';
import type { Policy } from '../iam/policy.ts';
import { nameKey } from '../inventory/attachments.ts';
import type { Deployment } from '../inventory/declarations.ts';
import { type Entity, type Inventory, inSession } from '../inventory/inventory.ts';
import { meantBy } from '../inventory/lookup.ts';
import { concat, isKnown, keyOf, show, split, type Text, type Unknown, unknownsIn } from '../symbolic/text.ts';
import { unknownsOf } from '../symbolic/truth.ts';

export interface FoundCaller {
  readonly caller: Caller;
  readonly entity: Entity | undefined;
}

/** The callers and roles that texts name, declared or not. */
export class Directory {
  readonly inventory: Inventory;
  readonly #accounts: ReadonlyMap<string, Deployment>;

  constructor(inventory: Inventory) {
    this.inventory = inventory;
    this.#accounts = new Map(inventory.deployments.map((deployment) => [keyOf(deployment.account), deployment]));
  }

  /** The user, role or session that an ARN names. Undefined for what is no caller: an account, a group, an invalid text. */
  principal(text: Text, from: string | undefined, sessionPolicy?: Policy): FoundCaller | undefined {
    const arn = parseArn(text);
    const service = arn === undefined || !isKnown(arn.service) ? undefined : arn.service;
    const sort = arn === undefined ? undefined : resourceSort(arn.resource);
    if (arn === undefined || sort === undefined)
      return onlyUnknown(text) ? { caller: this.#undeclared('role', text), entity: undefined } : undefined;
    if (service === 'iam' && (sort === 'role' || sort === 'user')) {
      const entity = this.#entity(text, sort, from);
      const caller = entity?.caller ?? this.#undeclared(sort, text);
      return {
        caller: sessionPolicy === undefined || caller.kind !== 'role' ? caller : { ...caller, sessionPolicy },
        entity,
      };
    }
    if (service === 'sts' && sort === 'assumed-role')
      return this.#session(arn.partition, arn.account, arn.resource, sessionPolicy);
    if (service === 'sts' && sort === 'federated-user')
      return { caller: { kind: 'federated-user', arn: text, account: arn.account }, entity: undefined };
    return undefined;
  }

  /** The declared role under an ARN that a document means, where it is one. */
  role(arn: Text, from: string | undefined): Entity | undefined {
    return this.#entity(arn, 'role', from);
  }

  /** The role under an ARN, or under a bare name in the document's own account; its trust is unknown where nobody declares it. */
  roleAsWritten(
    text: Text,
    deployment: Deployment,
    from: string,
  ): { readonly role: Entity | undefined; readonly target: TargetRole } | undefined {
    const named = this.#named(text, deployment, from);
    const arn = named?.declaration.arn ?? (isBareName(text) ? bareRoleArn(text, deployment) : text);
    const role = named ?? this.role(arn, from);
    const target = role?.target ?? this.undeclaredRole(arn);
    return target === undefined ? undefined : { role, target };
  }

  /** The user, role or session under an ARN, or the role under a bare name in the document's own account. */
  principalAsWritten(text: Text, deployment: Deployment, from: string): FoundCaller | undefined {
    const named = this.#named(text, deployment, from);
    if (named !== undefined) return { caller: named.caller, entity: named };
    return this.principal(isBareName(text) ? bareRoleArn(text, deployment) : text, from);
  }

  /**
   * The role that a document outside the account means by an ARN. Where the account is not known at one of the ends, the only
   * declared role of that path and name is meant.
   */
  roleMeant(text: Text, from: string): { readonly role: Entity | undefined; readonly target: TargetRole } | undefined {
    const exact = this.role(text, from);
    const resource = parseArn(text)?.resource;
    const perhaps =
      exact === undefined ? this.inventory.byArn.find(text).filter(({ value }) => value.target !== undefined) : [];
    const alike = perhaps.filter(
      ({ value: { declaration } }) =>
        resource !== undefined && keyOf(parseArn(declaration.arn)?.resource ?? '') === keyOf(resource),
    );
    const role = exact ?? (alike.length === 1 ? alike[0]?.value : undefined);
    if (role?.target !== undefined) return { role, target: role.target };
    const target = this.undeclaredRole(text);
    if (target === undefined) return undefined;
    // Which role an expression gives matters only where it could give a declared one that tokens may assume.
    const none = !perhaps.some(({ value }) => trustsTokens(value));
    const undeclared =
      none && target.undeclared !== undefined ? { ...target.undeclared, undeclared: true } : target.undeclared;
    return { role: undefined, target: { ...target, undeclared } };
  }

  #named(text: Text, { account }: Deployment, from: string): Entity | undefined {
    if (parseArn(text) !== undefined) return undefined;
    const name = isKnown(text) ? text.slice(text.lastIndexOf('/') + 1) : text;
    const found = this.inventory.rolesByName.get(nameKey(account, name));
    return meantBy(found, ({ declaration }) => declaration.place.source.path, from);
  }

  #entity(arn: Text, kind: 'role' | 'user', from: string | undefined): Entity | undefined {
    const found = this.inventory.byArn.get(arn).filter(({ declaration }) => declaration.kind === kind);
    return meantBy(found, ({ declaration }) => declaration.place.source.path, from);
  }

  /** A role that no document declares: its trust policy is unknown. */
  undeclaredRole(arn: Text): TargetRole | undefined {
    const parsed = parseArn(arn);
    if (parsed !== undefined && resourceSort(parsed.resource) !== 'role') return undefined;
    if (parsed === undefined && !onlyUnknown(arn)) return undefined;
    const undeclared = this.#missing(arn, `the role ${show(arn)}, which no document declares`);
    const account = parsed?.account ?? arn;
    const organization = this.#accounts.get(keyOf(account))?.organization ?? NO_ORGANIZATION;
    const tags = { values: new Map<string, Text>(), open: undeclared };
    const middle = parsed === undefined ? [] : split(parsed.resource, '/').slice(1, -1).map(show);
    const path = middle.length === 0 ? '/' : `/${middle.join('/')}/`;
    return {
      arn,
      account,
      name: parsed === undefined ? arn : nameIn(parsed.resource),
      path,
      trust: undefined,
      undeclared,
      tags,
      organization,
    };
  }

  #session(partition: Text, account: Text, resource: Text, sessionPolicy: Policy | undefined): FoundCaller | undefined {
    const [, name, session] = split(resource, '/');
    if (name === undefined || session === undefined) return undefined;
    const found = this.inventory.rolesByName.get(nameKey(account, name));
    const entity = found.length === 1 ? found[0] : undefined;
    const role = entity?.caller ?? this.#undeclaredSession(partition, account, name);
    return { caller: inSession(role, session, sessionPolicy), entity };
  }

  /** A session's ARN leaves out the path of its role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
  #undeclaredSession(partition: Text, account: Text, name: Text): EntityCaller {
    const arn = concat('arn:', partition, ':iam::', account, ':role/', name);
    const path: Unknown = {
      id: `path:${keyOf(arn)}`,
      kind: 'open',
      shown: '',
      missing: `the path of the role ${show(name)} in account ${show(account)}, which no document declares`,
      undeclared: true,
    };
    return {
      ...this.#undeclared('role', arn),
      arn: concat('arn:', partition, ':iam::', account, ':role/', path, name),
    };
  }

  #undeclared(kind: 'role' | 'user', arn: Text): EntityCaller {
    const unknown = this.#missing(arn, `the policies of ${show(arn)}, which no document declares`);
    const parsed = parseArn(arn);
    const account = parsed?.account ?? arn;
    return {
      kind,
      arn,
      account,
      name: parsed === undefined ? arn : nameIn(parsed.resource),
      session: undefined,
      uniqueId: undefined,
      tags: { values: new Map(), open: unknown },
      identity: { policies: [], open: [unknown] },
      boundary: undefined,
      sessionPolicy: undefined,
      organization: this.#accounts.get(keyOf(account))?.organization ?? NO_ORGANIZATION,
    };
  }

  /** What keeps it unknown: that several documents declare it, a value in its name or its account, or that nobody declares it. */
  #missing(arn: Text, missing: string): Unknown {
    const declared = this.inventory.byArn.find(arn);
    const same = declared.filter(({ truth }) => truth === true).length;
    if (same > 1) {
      const which = `which of the ${same} declarations of ${show(arn)} is meant (accounts in the configuration)`;
      return { id: `which:${keyOf(arn)}`, kind: 'open', shown: show(arn), missing: which };
    }
    const resource = parseArn(arn)?.resource;
    const [perhaps] = declared
      .filter(
        ({ value }) =>
          resource !== undefined && keyOf(parseArn(value.declaration.arn)?.resource ?? '') === keyOf(resource),
      )
      .flatMap(({ truth }) => unknownsOf(truth));
    if (perhaps !== undefined) return perhaps;
    const open = unknownsIn(arn).find((unknown) => unknown.kind === 'open');
    return open ?? { id: `undeclared:${keyOf(arn)}`, kind: 'open', shown: show(arn), missing, undeclared: true };
  }
}

function trustsTokens({ target }: Entity): boolean {
  return (target?.trust?.statements ?? []).some(
    ({ principals }) => principals?.items.some(({ type }) => type === 'Federated') === true,
  );
}

/** Documents that give a role by its name give the path, too, where there is one: `service-role/app`. */
function isBareName(text: Text): text is string {
  return isKnown(text) && /^[\w+=,.@/-]+$/.test(text);
}

function bareRoleArn(name: string, { partition, account }: Deployment): Text {
  return roleArn(partition, account, '/', name.replace(/^\//, ''));
}

export function onlyUnknown(text: Text): boolean {
  return !isKnown(text) && text.parts.length === 1 && unknownsIn(text)[0]?.kind === 'open';
}

/** A provider as a principal element or an expectation names it. */
export function federatedCaller(text: Text): Caller | undefined {
  if (isKnown(text) && BUILT_IN_PROVIDERS.includes(text)) return { kind: 'web-identity', provider: text };
  const arn = parseArn(text);
  if (arn === undefined || arn.service !== 'iam') return undefined;
  const sort = resourceSort(arn.resource);
  if (sort === 'oidc-provider') return { kind: 'web-identity', provider: text };
  return sort === 'saml-provider' ? { kind: 'saml', provider: text } : undefined;
}
