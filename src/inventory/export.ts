import type { Attached, Boundary, Tags } from '../iam/caller.ts';
import type { Policy } from '../iam/policy.ts';
import { isKnown, type Text } from '../symbolic/text.ts';
import type { RoleDeclaration } from './declarations.ts';
import type { Entity, Inventory } from './inventory.ts';
import { documentOf } from './plain-document.ts';

/**
 * What a repository declares, in the shape of `aws iam get-account-authorization-details`, for another one to read. What cannot be
 * known here is left out and said to be: `NotShown` keeps it unknown there.
 */
export function exported({ entities }: Inventory, elsewhere: ReadonlySet<string>): string {
  const policies = new Map<string, object>();
  const ours = entities.filter(({ declaration }) => {
    const { arn, account, guard, place } = declaration;
    const real = isKnown(arn) && isKnown(account) && /^\d{12}$/.test(account);
    return real && guard === undefined && !elsewhere.has(place.source.path);
  });
  const counts = new Map<string, number>();
  for (const { caller } of ours) counts.set(nameOf(caller.arn), (counts.get(nameOf(caller.arn)) ?? 0) + 1);
  // Of several declarations under one name nobody can say which is meant.
  const single = ours.filter(({ caller }) => counts.get(nameOf(caller.arn)) === 1);
  const roles = single.filter(({ target }) => target !== undefined).map((one) => roleData(one, policies));
  const users = single.filter(({ target }) => target === undefined).map((one) => userData(one, policies));
  return `${JSON.stringify(
    {
      // Not of AWS's own shape: it is declared, not deployed, and never all that an account has.
      Declared: true,
      IsTruncated: true,
      UserDetailList: users.sort(byArn),
      GroupDetailList: [],
      RoleDetailList: roles.sort(byArn),
      Policies: [...policies.values()],
    },
    null,
    2,
  )}\n`;
}

const NO_ROLE: Pick<RoleDeclaration, 'longestSession'> & { readonly trust: undefined } = { trust: undefined };

function roleData(entity: Entity, policies: Map<string, object>) {
  const { trust, longestSession: session } = entity.declaration.kind === 'role' ? entity.declaration : NO_ROLE;
  return {
    ...common(entity, policies, 'RolePolicyList'),
    RoleName: known(entity.caller.name),
    RoleId: entity.caller.uniqueId,
    AssumeRolePolicyDocument: trust === undefined ? undefined : documentOf(trust),
    MaxSessionDuration: session === undefined ? undefined : known(session.text),
  };
}

/** A user's groups are exported as what they give it. */
function userData(entity: Entity, policies: Map<string, object>) {
  return {
    ...common(entity, policies, 'UserPolicyList'),
    UserName: known(entity.caller.name),
    UserId: entity.caller.uniqueId,
    GroupList: [],
  };
}

function common({ caller, declaration }: Entity, policies: Map<string, object>, list: string) {
  const { inline, attached, lost } = identityData(caller.identity.policies);
  const open = [...caller.identity.open.map(({ missing }) => missing), ...lost];
  return {
    Arn: nameOf(caller.arn),
    Path: known(declaration.path),
    [list]: inline,
    AttachedManagedPolicies: attached,
    PermissionsBoundary: boundaryData(caller.boundary, nameOf(caller.arn), policies),
    Tags: tagsData(caller.tags),
    NotShown: [...open, ...(tagsAreKnown(caller.tags) ? [] : ['tags'])],
  };
}

function identityData(all: readonly Attached[]) {
  const inline: object[] = [];
  const attached: object[] = [];
  const lost: string[] = [];
  for (const [index, { policy, attached: sure, guard }] of all.entries()) {
    const document = documentOf(policy);
    if (sure === true && guard === undefined && document !== undefined)
      inline.push({ PolicyName: `${index + 1} ${policy.name}`, PolicyDocument: document });
    // AWS's own policies are known by their names.
    else if (sure === true && guard === undefined && ofAws(policy) !== undefined)
      attached.push({ PolicyName: policy.name, PolicyArn: ofAws(policy) });
    else lost.push(`${policy.name} depends on a value that is not known`);
  }
  return { inline, attached, lost };
}

function boundaryData(boundary: Boundary | undefined, of: string, policies: Map<string, object>) {
  if (boundary === undefined) return undefined;
  const document = boundary.kind === 'policy' ? documentOf(boundary.policy) : undefined;
  // A boundary that is not known is one that no document declares.
  const arn = (boundary.kind === 'policy' ? ofAws(boundary.policy) : undefined) ?? `boundary-of:${of}`;
  if (document !== undefined) {
    const shown = { VersionId: 'v1', IsDefaultVersion: true, Document: document };
    policies.set(arn, { Arn: arn, DefaultVersionId: 'v1', PolicyVersionList: [shown] });
  }
  return { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn };
}

/** The name of one of AWS's own that says nothing of roles: its text is not known here. */
function ofAws({ name, document, statements }: Policy): string | undefined {
  if (document !== undefined || statements.length > 0) return undefined;
  return /^AWS managed policy (.+)$/.exec(name)?.[1];
}

function tagsData({ values }: Tags) {
  return [...values].flatMap(([Key, value]) => (isKnown(value) ? [{ Key, Value: value }] : []));
}

function tagsAreKnown({ values, open }: Tags): boolean {
  return open === undefined && [...values.values()].every(isKnown);
}

function nameOf(arn: Text): string {
  return isKnown(arn) ? arn : '';
}

function known(text: Text): string | undefined {
  return isKnown(text) ? text : undefined;
}

function byArn(left: { readonly Arn: string }, right: { readonly Arn: string }): number {
  return left.Arn < right.Arn ? -1 : 1;
}
