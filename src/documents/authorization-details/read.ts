import { nameIn, parseArn } from '../../iam/arn.ts';
import { type Item, textItems } from '../../iam/item.ts';
import { type PolicyUse, parsePolicy } from '../../iam/parse-policy.ts';
import type { Policy } from '../../iam/policy.ts';
import {
  type Declarations,
  type Deployment,
  type GroupDeclaration,
  type ManagedPolicyDeclaration,
  NOTHING_DECLARED,
  type PolicyDocument,
  type RoleDeclaration,
  type UserDeclaration,
} from '../../inventory/declarations.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import { isKnown, show, type Text } from '../../symbolic/text.ts';
import { itemsOf, type Value } from '../../symbolic/value.ts';
import { field, identityDocument } from '../fields.ts';
import { tagsOf } from '../tags.ts';

const LISTS = ['userdetaillist', 'groupdetaillist', 'roledetaillist', 'policies'];

/** Whether a tree is the output of `aws iam get-account-authorization-details`, whole or one page of it. */
export function isAuthorizationDetails(tree: Tree): boolean {
  if (tree.kind !== 'map') return false;
  const names = tree.entries.filter(({ value }) => value.kind === 'list').map(({ key }) => key.text.toLowerCase());
  return (
    names.some((name) => name === 'roledetaillist' || name === 'userdetaillist' || name === 'groupdetaillist') &&
    names.some((name) => LISTS.includes(name))
  );
}

/** Every entity of a dump. `deploymentOf` gives what the configuration says of an account id. */
export function readAuthorizationDetails(tree: Tree, deploymentOf: (account: Text) => Deployment): Declarations {
  const value = valueFromTree(tree);
  const reader = new DumpReader(deploymentOf);
  for (const item of itemsOf(field(value, 'Policies'))) reader.managedPolicy(item);
  for (const item of itemsOf(field(value, 'GroupDetailList'))) reader.group(item);
  for (const item of itemsOf(field(value, 'UserDetailList'))) reader.user(item);
  for (const item of itemsOf(field(value, 'RoleDetailList'))) reader.role(item);
  const truncated = field(value, 'IsTruncated');
  const more = truncated?.kind === 'text' && truncated.text === 'true';
  return reader.declarations(
    !more && field(value, 'RoleDetailList') !== undefined && field(value, 'UserDetailList') !== undefined,
  );
}

class DumpReader {
  readonly #deploymentOf: (account: Text) => Deployment;
  readonly #entities: (RoleDeclaration | UserDeclaration | GroupDeclaration)[] = [];
  readonly #managed: ManagedPolicyDeclaration[] = [];
  readonly #policies: PolicyDocument[] = [];

  constructor(deploymentOf: (account: Text) => Deployment) {
    this.#deploymentOf = deploymentOf;
  }

  declarations(whole: boolean): Declarations {
    const accounts = this.#entities
      .map((one) => one.account)
      .filter(isKnown)
      .filter((account) => /^\d{12}$/.test(account));
    return {
      ...NOTHING_DECLARED,
      entities: this.#entities,
      managedPolicies: this.#managed,
      policies: this.#policies,
      covers: whole ? [...new Set(accounts)] : [],
    };
  }

  role(item: Value): void {
    const entity = this.#entity(item, 'RoleName', 'RolePolicyList', 'RoleId');
    if (entity === undefined) return;
    const document = field(item, 'AssumeRolePolicyDocument');
    const trust =
      document === undefined ? undefined : this.#policy(document, 'trust', `trust policy of ${show(entity.name)}`);
    this.#entities.push({ kind: 'role', ...entity, trust });
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

  managedPolicy(item: Value): void {
    const arn = textOf(field(item, 'Arn'));
    const versions = itemsOf(field(item, 'PolicyVersionList'));
    const current = textOf(field(item, 'DefaultVersionId'));
    const version = versions.find(
      (one) =>
        textOf(field(one, 'IsDefaultVersion'))?.text === 'true' ||
        (current !== undefined && textOf(field(one, 'VersionId'))?.text === current.text),
    );
    const document = field(version ?? versions[0], 'Document');
    if (arn === undefined || document === undefined) return;
    this.#managed.push({
      arn: arn.text,
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
      const label = `inline policy ${show(textOf(field(one, 'PolicyName'))?.text ?? 'without a name')} of ${show(name?.text ?? arn.text)}`;
      return document === undefined ? [] : [this.#policy(document, 'identity', label)];
    });
    const managed = itemsOf(field(item, 'AttachedManagedPolicies')).flatMap((one) =>
      textItems(field(one, 'PolicyArn')),
    );
    const id = textOf(field(item, idField))?.text;
    return {
      deployment: this.#deploymentOf(parsed.account),
      standing: 'dump',
      partial: false,
      arn: arn.text,
      account: parsed.account,
      name: name?.text ?? nameIn(parsed.resource),
      path: textOf(field(item, 'Path'))?.text ?? '/',
      inline,
      managed,
      boundary: textOf(field(field(item, 'PermissionsBoundary'), 'PermissionsBoundaryArn')),
      tags: tagsOf(field(item, 'Tags')),
      uniqueId: id === undefined || !isKnown(id) ? undefined : id,
      open: [],
      place: name?.place ?? arn.place,
    };
  }

  #policy(value: Value, use: PolicyUse, owner: string): Policy {
    const policy = parsePolicy(identityDocument(value), use, owner);
    this.#policies.push({ policy, use, owner, deployed: true });
    return policy;
  }
}

function textOf(value: Value | undefined): Item | undefined {
  return value?.kind === 'text' ? { text: value.text, place: value.place } : undefined;
}
