import { type Item, textItems } from '../../iam/item.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import type { Policy } from '../../iam/policy.ts';
import type { PolicyDocument, RoleDeclaration } from '../../inventory/declarations.ts';
import { member, type Tree } from '../../source/tree.ts';
import { both, type Guard } from '../../symbolic/guard.ts';
import { concat, keyOf, show, type Text, unknownText } from '../../symbolic/text.ts';
import { guardedItemsOf, memberOf } from '../../symbolic/value.ts';
import { policyValue } from '../policy-text.ts';
import { tagsOf } from '../tags.ts';
import { property } from './references.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

interface Found {
  readonly roles: readonly RoleDeclaration[];
  readonly documents: readonly PolicyDocument[];
}

/**
 * The roles that IAM Identity Center makes of the permission sets: one in each account that a set is assigned to, under a name of
 * which only the start is known. Their trust policies are Identity Center's own.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
 */
export function permissionSetRoles(scope: Scope, resources: readonly Resource[]): Found {
  const sets = resources.filter(({ type }) => type === 'AWS::SSO::PermissionSet');
  const assignments = resources.filter(({ type }) => type === 'AWS::SSO::Assignment');
  const found = sets.map((set) => {
    const arn = keyOf(unknownText(scope.named(`${set.id}.PermissionSetArn`, '', '')));
    const own = assignments.filter((one) => {
      const given = scope.text(property(one, 'PermissionSetArn'));
      return given !== undefined && keyOf(given.text) === arn;
    });
    return roleOf(scope, set, own);
  });
  return { roles: found.flatMap(({ roles }) => roles), documents: found.flatMap(({ documents }) => documents) };
}

function roleOf(scope: Scope, set: Resource, assignments: readonly Resource[]): Found {
  const owner = `inline policy of the permission set ${set.id}`;
  const inline = textPolicy(scope, property(set, 'InlinePolicy'), owner);
  const name = scope.text(property(set, 'Name'))?.text ?? unknownText(scope.named(set.id, `\${${set.id}}`, 'its name'));
  const roleName = concat(
    'AWSReservedSSO_',
    name,
    '_',
    scope.named(`${set.id}.suffix`, '…', `the suffix that IAM Identity Center gives to the role of ${show(name)}`),
  );
  const region = scope.named(`${set.id}.region`, '', 'the region of IAM Identity Center');
  const path = concat('/aws-reserved/sso.amazonaws.com/', region);
  const exists = scope.exists(set);
  const base = {
    kind: 'role' as const,
    standing: 'document' as const,
    partial: false,
    name: roleName,
    path,
    inline: inline === undefined ? [] : [inline],
    tags: tagsOf(read(scope, property(set, 'Tags'))),
    uniqueId: undefined,
    open: [],
    trust: undefined,
    place: set.place,
  };
  const roles = accountsOf(scope, set, assignments).map(({ account, guard }) => ({
    ...base,
    guard: both(exists, guard),
    account,
    deployment: scope.template.outside.deploymentOf(account),
    arn: concat('arn:', scope.template.deployment.partition, ':iam::', account, ':role', path, roleName),
    managed: [
      ...textItems(read(scope, property(set, 'ManagedPolicies'))),
      ...customerManaged(scope, property(set, 'CustomerManagedPolicyReferences'), account),
    ],
    boundary: boundaryOf(scope, property(set, 'PermissionsBoundary'), account),
  }));
  return { roles, documents: inline === undefined ? [] : [{ policy: inline, use: 'identity', owner }] };
}

/** A set that the template does not assign itself is assigned elsewhere: there its role is, in an account that nobody names. */
function accountsOf(
  scope: Scope,
  { id }: Resource,
  assignments: readonly Resource[],
): readonly { readonly account: Text; readonly guard: Guard }[] {
  const missing = `the account that the permission set ${id} is assigned to`;
  const elsewhere = unknownText(scope.named(`${id}.account`, `\${${id} account}`, missing, 'account-id'));
  if (assignments.length === 0) return [{ account: elsewhere, guard: true }];
  return assignments.flatMap((one) => {
    const target = scope.text(property(one, 'TargetId'))?.text;
    return target === undefined ? [] : [{ account: target, guard: scope.exists(one) }];
  });
}

function textPolicy(scope: Scope, tree: Tree | undefined, owner: string): Policy | undefined {
  const { found, assumes } = scope.noting(() => read(scope, tree));
  return found === undefined ? undefined : { ...parsePolicy(policyValue(found), 'identity', owner), assumes };
}

/** Policies of the account itself, by name and path. */
function customerManaged(scope: Scope, tree: Tree | undefined, account: Text): readonly Item[] {
  return guardedItemsOf(read(scope, tree)).flatMap(({ value, guard }) => {
    const name = memberOf(value, 'Name');
    const path = memberOf(value, 'Path');
    if (value.kind === 'unknown') return [{ text: unknownText(value.unknown), place: value.place, guard }];
    if (name?.kind !== 'text') return [];
    const under = path?.kind === 'text' ? path.text : '/';
    const text = concat('arn:', scope.template.deployment.partition, ':iam::', account, ':policy', under, name.text);
    return [{ text, place: name.place, guard }];
  });
}

function boundaryOf(scope: Scope, tree: Tree | undefined, account: Text): Item | undefined {
  const [managed] = textItems(read(scope, member(tree, 'ManagedPolicyArn')));
  return managed ?? customerManaged(scope, member(tree, 'CustomerManagedPolicyReference'), account)[0];
}

function read(scope: Scope, tree: Tree | undefined) {
  return tree === undefined ? undefined : scope.resolve(tree);
}
