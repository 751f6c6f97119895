import { nameIn, parseArn } from '../../iam/arn.ts';
import type { Tags } from '../../iam/caller.ts';
import { type Item, textItems } from '../../iam/item.ts';
import { type PolicyUse, parsePolicy } from '../../iam/parse-policy.ts';
import { namedPolicy, type Policy } from '../../iam/policy.ts';
import {
  type Declarations,
  type Deployment,
  type GroupDeclaration,
  type ManagedPolicyDeclaration,
  NOTHING_DECLARED,
  type PolicyDocument,
  type ProviderDeclaration,
  type RoleDeclaration,
  type UserDeclaration,
} from '../../inventory/declarations.ts';
import type { Reason } from '../../inventory/reason.ts';
import { isKnown, keyOf, show, type Text, type Unknown, unknownText } from '../../symbolic/text.ts';
import { itemsOf, type Value } from '../../symbolic/value.ts';
import { field, fieldText, identityDocument } from '../fields.ts';
import { tagsOf } from '../tags.ts';

/** How much an output shows of each entity. */
export interface Shows {
  readonly standing: 'inventory' | 'dump' | 'listing';
  /** Policies may be attached that it does not show. */
  readonly partial: boolean;
  /** Set where a dump is read for what is asked of it. */
  readonly reason?: Reason;
  /** Lists show neither boundaries nor tags: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
  readonly listed: boolean;
}

export const EVERYTHING: Shows = { standing: 'dump', partial: false, listed: false };
/** What another repository exports: it declares that. */
export const DECLARED: Shows = { standing: 'inventory', partial: false, listed: false };
export const ONE_ENTITY: Shows = { standing: 'dump', partial: true, listed: false };
export const LISTED: Shows = { standing: 'listing', partial: true, listed: true };

/** Roles, users, groups and managed policies as the IAM API gives them. */
export class EntityReader {
  readonly #deploymentOf: (account: Text) => Deployment;
  readonly #shows: Shows;
  readonly #entities: (RoleDeclaration | UserDeclaration | GroupDeclaration)[] = [];
  readonly #managed: ManagedPolicyDeclaration[] = [];
  readonly #providers: ProviderDeclaration[] = [];
  readonly #policies: PolicyDocument[] = [];

  constructor(deploymentOf: (account: Text) => Deployment, shows: Shows) {
    this.#deploymentOf = deploymentOf;
    this.#shows = shows;
  }

  declarations(): Declarations {
    return {
      ...NOTHING_DECLARED,
      entities: this.#entities,
      managedPolicies: this.#managed,
      providers: this.#providers,
      policies: this.#policies,
    };
  }

  role(item: Value): void {
    const entity = this.#entity(item, 'RoleName', 'RolePolicyList', 'RoleId');
    if (entity === undefined) return;
    const document = field(item, 'AssumeRolePolicyDocument');
    const trust =
      document === undefined ? undefined : this.#policy(document, 'trust', `trust policy of ${show(entity.name)}`);
    // Dumps do not show it; get-role does.
    const longest = textOf(field(item, 'MaxSessionDuration'));
    this.#entities.push({
      kind: 'role',
      ...entity,
      trust,
      ...(longest === undefined ? {} : { longestSession: longest }),
    });
  }

  user(item: Value): void {
    const entity = this.#entity(item, 'UserName', 'UserPolicyList', 'UserId');
    if (entity !== undefined)
      this.#entities.push({ kind: 'user', ...entity, groups: textItems(field(item, 'GroupList')) });
  }

  group(item: Value): void {
    const entity = this.#entity(item, 'GroupName', 'GroupPolicyList', 'GroupId');
    if (entity !== undefined) this.#entities.push({ kind: 'group', ...entity });
  }

  /** Of `aws iam list-open-id-connect-providers` and `list-saml-providers`, with what a look-up knows besides. */
  provider(item: Value): void {
    const arn = textOf(field(item, 'Arn'));
    const listed = field(item, 'ClientIDList');
    if (arn === undefined) return;
    this.#providers.push({
      arn: arn.text,
      clientIds: listed === undefined ? undefined : textItems(listed),
      standing: this.#shows.standing,
      place: arn.place,
    });
  }

  managedPolicy(item: Value): void {
    const arn = textOf(field(item, 'Arn'));
    const versions = itemsOf(field(item, 'PolicyVersionList'));
    const current = textOf(field(item, 'DefaultVersionId'));
    const version = versions.find(
      (one) =>
        fieldText(one, 'IsDefaultVersion')?.toLowerCase() === 'true' ||
        (current !== undefined && textOf(field(one, 'VersionId'))?.text === current.text),
    );
    const document = field(version ?? onlyVersion(versions, current), 'Document');
    if (arn === undefined || document === undefined) return;
    this.#managed.push({
      arn: arn.text,
      deployed: true,
      policy: this.#policy(document, 'identity', `managed policy ${show(arn.text).replace(/^.*:policy\//, '')}`),
    });
  }

  #entity(
    item: Value,
    nameField: string,
    policiesField: string,
    idField: string,
  ): Omit<RoleDeclaration, 'kind' | 'trust'> | undefined {
    const arn = textOf(field(item, 'Arn'));
    const parsed = arn === undefined ? undefined : parseArn(arn.text);
    if (arn === undefined || parsed === undefined) return undefined;
    const name = textOf(field(item, nameField));
    const inline = itemsOf(field(item, policiesField)).flatMap((one) => {
      const document = field(one, 'PolicyDocument');
      const named = textOf(field(one, 'PolicyName'))?.text;
      const label = `inline policy ${show(named ?? 'without a name')} of ${show(name?.text ?? arn.text)}`;
      return document === undefined ? [] : [namedPolicy(this.#policy(document, 'identity', label), named)];
    });
    const managed = itemsOf(field(item, 'AttachedManagedPolicies')).flatMap((one) =>
      textItems(field(one, 'PolicyArn')),
    );
    const id = textOf(field(item, idField))?.text;
    return {
      deployment: this.#deploymentOf(parsed.account),
      standing: this.#shows.standing,
      ...(this.#shows.reason === undefined ? {} : { reason: this.#shows.reason }),
      partial: this.#shows.partial,
      arn: arn.text,
      account: parsed.account,
      name: name?.text ?? nameIn(parsed.resource),
      path: textOf(field(item, 'Path'))?.text ?? '/',
      inline,
      managed,
      boundary: this.#boundary(item, arn),
      tags: this.#tags(item, arn.text),
      uniqueId: id === undefined || !isKnown(id) ? undefined : id,
      open: this.#open(item, arn.text),
      place: name?.place ?? arn.place,
    };
  }

  /** Policies that may be attached besides: an output shows none, or the calls that list them were not allowed. */
  #open(item: Value, arn: Text): readonly Unknown[] {
    const named = `the identity policies of ${show(arn)}`;
    if (this.#shows.partial) return [notShown('identity', named, arn)];
    const calls = notShownOf(item).filter((one) => one !== TAGS);
    return calls.length === 0 ? [] : [notShown('identity', `${named} (${calls.join(', ')})`, arn)];
  }

  #boundary(item: Value, arn: Item): Item | undefined {
    if (!this.#shows.listed) return textOf(field(field(item, 'PermissionsBoundary'), 'PermissionsBoundaryArn'));
    const unknown = notShown('boundary', `the permissions boundary of ${show(arn.text)}`, arn.text);
    return { text: unknownText(unknown), place: arn.place };
  }

  #tags(item: Value, arn: Text): Tags {
    const tags = tagsOf(field(item, 'Tags'));
    return this.#shows.listed || notShownOf(item).includes(TAGS)
      ? { ...tags, open: notShown('tags', `the tags of ${show(arn)}`, arn) }
      : tags;
  }

  #policy(value: Value, use: PolicyUse, owner: string): Policy {
    const policy = parsePolicy(identityDocument(value), use, owner);
    this.#policies.push({ policy, use, owner, deployed: true });
    return policy;
  }
}

/** Which version counts nobody can tell where the default one is not shown, except where there is one and nothing says otherwise. */
function onlyVersion(versions: readonly Value[], current: Item | undefined): Value | undefined {
  const [only] = versions;
  const said = current !== undefined || field(only, 'IsDefaultVersion') !== undefined;
  return versions.length === 1 && !said ? only : undefined;
}

/** Not of AWS's own shape: what whoever wrote the document could not know. */
function notShownOf(item: Value): readonly string[] {
  return textItems(field(item, 'NotShown')).map(({ text }) => show(text));
}

const TAGS = 'tags';

function notShown(what: string, named: string, arn: Text): Unknown {
  const missing = `${named}, which no document shows`;
  return { id: `${what}:${keyOf(arn)}`, kind: 'open', shown: named, missing, undeclared: true };
}

function textOf(value: Value | undefined): Item | undefined {
  return value?.kind === 'text' ? { text: value.text, place: value.place } : undefined;
}
