import { type Item, textItems } from '../../iam/item.ts';
import { type PolicyUse, parsePolicy } from '../../iam/parse-policy.ts';
import { guardedPolicy, namedPolicy, type Policy } from '../../iam/policy.ts';
import {
  type Attachment,
  type Declarations,
  type GroupDeclaration,
  LONGEST_SESSION,
  type ManagedPolicyDeclaration,
  type Membership,
  type PolicyDocument,
  type ProviderDeclaration,
  type RoleDeclaration,
  type UserDeclaration,
} from '../../inventory/declarations.ts';
import { show, type Text, type Unknown } from '../../symbolic/text.ts';
import { guardedItemsOf, memberOf, type Value } from '../../symbolic/value.ts';
import { policyValue } from '../policy-text.ts';
import { tagsOf } from '../tags.ts';
import { macrosIn, madeBy } from './macros.ts';
import type { Noted } from './noted.ts';
import { arnOf, entityName, entityPath, property } from './references.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

/** Reads the IAM resources of one template into declarations. */
export class IamResources {
  readonly #scope: Scope;
  readonly #entities: (RoleDeclaration | UserDeclaration | GroupDeclaration)[] = [];
  readonly #managedPolicies: ManagedPolicyDeclaration[] = [];
  readonly #providers: ProviderDeclaration[] = [];
  readonly #attachments: Attachment[] = [];
  readonly #memberships: Membership[] = [];
  readonly #policies: PolicyDocument[] = [];

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  declarations(): Pick<
    Declarations,
    'entities' | 'managedPolicies' | 'providers' | 'attachments' | 'memberships' | 'policies'
  > {
    return {
      entities: this.#entities,
      managedPolicies: this.#managedPolicies,
      providers: this.#providers,
      attachments: this.#attachments,
      memberships: this.#memberships,
      policies: this.#policies,
    };
  }

  read(resource: Resource): void {
    switch (resource.type) {
      case 'AWS::IAM::Role':
        this.#entities.push({
          kind: 'role',
          ...this.#entity(resource),
          trust: this.#document(resource, 'AssumeRolePolicyDocument', 'trust', `trust policy of ${resource.shown}`),
          ...this.#longestSession(resource),
          ...this.#description(resource),
        });
        return;
      case 'AWS::IAM::User':
        this.#entities.push({
          kind: 'user',
          ...this.#entity(resource),
          groups: textItems(this.#value(resource, 'Groups')),
        });
        return;
      case 'AWS::IAM::Group':
        this.#entities.push({ kind: 'group', ...this.#entity(resource) });
        return;
      case 'AWS::IAM::OIDCProvider':
      case 'AWS::IAM::SAMLProvider':
        this.#provider(resource);
        return;
      case 'AWS::IAM::Policy':
      case 'AWS::IAM::ManagedPolicy':
        this.#separate(resource);
        return;
      case 'AWS::IAM::RolePolicy':
        this.#single(resource, 'role', 'RoleName');
        return;
      case 'AWS::IAM::UserPolicy':
        this.#single(resource, 'user', 'UserName');
        return;
      case 'AWS::IAM::GroupPolicy':
        this.#single(resource, 'group', 'GroupName');
        return;
      case 'AWS::IAM::UserToGroupAddition':
        for (const group of textItems(this.#value(resource, 'GroupName'))) {
          for (const user of textItems(this.#value(resource, 'Users')))
            this.#memberships.push({ account: this.#account, user, group });
        }
        return;
    }
  }

  get #account(): Text {
    return this.#scope.template.deployment.account;
  }

  #value(resource: Resource, name: string): Value | undefined {
    const tree = property(resource, name);
    return tree === undefined ? undefined : this.#scope.resolve(tree);
  }

  #entity(resource: Resource): Omit<RoleDeclaration, 'kind' | 'trust'> {
    const policies = this.#scope.noting(() => this.#value(resource, 'Policies'));
    const inline: Policy[] = [];
    const open: Unknown[] = [...this.#scope.template.macros.adds, ...this.#made(resource)];
    for (const { value: item, guard } of guardedItemsOf(policies.found)) {
      if (item.kind === 'unknown') open.push(item.unknown);
      const document =
        item.kind === 'map' ? item.members.find(({ name }) => name === 'PolicyDocument')?.value : undefined;
      const name = memberOf(item, 'PolicyName');
      const shown = name?.kind === 'text' ? show(name.text) : 'without a name';
      const label = `inline policy ${shown} of ${resource.shown}`;
      if (document === undefined) continue;
      const policy = this.#policy({ ...policies, found: document }, 'identity', label);
      inline.push(guardedPolicy(namedPolicy(policy, name?.kind === 'text' ? name.text : undefined), guard));
    }
    const { found, assumes } = this.#scope.noting(() => this.#named(resource));
    return { ...found, assumes, inline, open };
  }

  #provider(resource: Resource): void {
    const arn = arnOf(this.#scope, resource);
    const guard = this.#scope.exists(resource);
    const listed = this.#value(resource, 'ClientIdList');
    if (arn === undefined) return;
    this.#providers.push({
      arn,
      clientIds: listed === undefined || this.#made(resource).length > 0 ? undefined : textItems(listed),
      standing: 'document',
      ...(guard === true ? {} : { guard }),
      place: resource.place,
    });
  }

  #longestSession(resource: Resource): Pick<RoleDeclaration, 'longestSession'> {
    const written = property(resource, 'MaxSessionDuration');
    if (written === undefined)
      return this.#made(resource).length > 0
        ? {}
        : { longestSession: { text: LONGEST_SESSION, place: resource.place } };
    const text = this.#scope.text(written);
    return text === undefined ? {} : { longestSession: { text: text.text, place: written.place } };
  }

  #description(resource: Resource): Pick<RoleDeclaration, 'description'> {
    const written = property(resource, 'Description');
    const text = written === undefined ? undefined : this.#scope.text(written);
    return written === undefined || text === undefined
      ? {}
      : { description: { text: text.text, place: written.place } };
  }

  #named(resource: Resource): Omit<RoleDeclaration, 'kind' | 'trust' | 'inline' | 'open'> {
    const exists = this.#scope.exists(resource);
    const [boundary, ...more] = textItems(this.#value(resource, 'PermissionsBoundary'));
    return {
      deployment: this.#scope.template.deployment,
      standing: 'document',
      ...(exists === true ? {} : { guard: exists }),
      partial: false,
      id: resource.id,
      arn: arnOf(this.#scope, resource) ?? resource.id,
      account: this.#account,
      name: entityName(this.#scope, resource),
      path: entityPath(this.#scope, resource),
      managed: textItems(this.#value(resource, 'ManagedPolicyArns')),
      boundary: more.length === 0 ? boundary : this.#scope.text(property(resource, 'PermissionsBoundary')),
      tags: tagsOf(this.#value(resource, 'Tags')),
      uniqueId: undefined,
      place: resource.place,
    };
  }

  /** What macros make of a resource's properties, besides what it says itself. */
  #made({ properties }: Resource): readonly Unknown[] {
    const { macros, path } = this.#scope.template;
    return [...macros.rewrites, ...macrosIn(properties).map((name) => madeBy(name, path))];
  }

  #document(resource: Resource, name: string, use: PolicyUse, label: string): Policy | undefined {
    const { found, assumes } = this.#scope.noting(() => this.#value(resource, name));
    return found === undefined ? undefined : this.#policy({ found, assumes }, use, label, this.#made(resource));
  }

  #policy(value: Noted<Value>, use: PolicyUse, label: string, made: readonly Unknown[] = []): Policy {
    const read = parsePolicy(policyValue(value.found), use, label);
    const policy = { ...read, open: [...read.open, ...made], assumes: value.assumes };
    this.#policies.push({ policy, use, owner: label });
    return policy;
  }

  /** `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy` name those that they are attached to. */
  #separate(resource: Resource): void {
    const managed = resource.type === 'AWS::IAM::ManagedPolicy';
    const policy = this.#document(
      resource,
      'PolicyDocument',
      'identity',
      `${managed ? 'managed ' : ''}policy ${resource.shown}`,
    );
    if (policy === undefined) return;
    const arn = managed ? arnOf(this.#scope, resource) : undefined;
    if (arn !== undefined) this.#managedPolicies.push({ arn, policy });
    for (const [to, list] of [
      ['role', 'Roles'],
      ['user', 'Users'],
      ['group', 'Groups'],
    ] as const) {
      for (const name of textItems(this.#value(resource, list)))
        this.#attach(
          to,
          name,
          guardedPolicy(
            managed ? { ...policy, ...(arn && { arn }) } : this.#inlineOf(resource, policy),
            this.#scope.exists(resource),
          ),
        );
    }
  }

  #single(resource: Resource, to: Attachment['to'], nameProperty: string): void {
    const policy = this.#document(resource, 'PolicyDocument', 'identity', `policy ${resource.shown}`);
    const name = this.#scope.text(property(resource, nameProperty));
    if (policy !== undefined && name !== undefined)
      this.#attach(to, name, guardedPolicy(this.#inlineOf(resource, policy), this.#scope.exists(resource)));
  }

  #inlineOf(resource: Resource, policy: Policy): Policy {
    return namedPolicy(policy, this.#scope.text(property(resource, 'PolicyName'))?.text);
  }

  #attach(to: Attachment['to'], name: Item, policy: Policy): void {
    this.#attachments.push({ to, account: this.#account, name, what: { kind: 'policy', policy } });
  }
}
