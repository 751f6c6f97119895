import { type Item, textItems } from '../../../iam/item.ts';
import { parsePolicy } from '../../../iam/parse-policy.ts';
import { guardedPolicy, type Policy } from '../../../iam/policy.ts';
import type { Declarations, PolicyDocument, RoleDeclaration } from '../../../inventory/declarations.ts';
import { both, either, type Guard } from '../../../symbolic/guard.ts';
import { equal } from '../../../symbolic/pattern.ts';
import {
  concat,
  isKnown,
  keyOf,
  show,
  type Text,
  type Unknown,
  unknownsIn,
  unknownText,
} from '../../../symbolic/text.ts';
import { guardedItemsOf, memberOf, type Value } from '../../../symbolic/value.ts';
import { policyValue } from '../../policy-text.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute, attributeText, textOf } from './attributes.ts';
import { generated, permissionSetArn } from './names.ts';
import type { Providers } from './providers.ts';
import { terraformTags } from './tags.ts';

/**
 * The roles that IAM Identity Center makes of the permission sets: one in each account that a set is assigned to, under a name of
 * which only the start is known. Their trust policies are Identity Center's own.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
 */
export function permissionSetRoles(
  all: readonly TerraformResource[],
  providers: Providers,
): Pick<Declarations, 'entities' | 'policies'> {
  const resources = all.filter(({ mode, guard }) => mode === 'managed' && guard !== false);
  const sets = resources.filter(
    ({ type }) => type === 'aws_ssoadmin_permission_set' || type === 'awscc_sso_permission_set',
  );
  const found = sets.map((set) => new PermissionSet(set, resources, providers));
  return { entities: found.flatMap((one) => one.roles()), policies: found.flatMap(({ policies }) => policies) };
}

class PermissionSet {
  readonly policies: PolicyDocument[] = [];
  readonly #set: TerraformResource;
  readonly #providers: Providers;
  readonly #own: readonly TerraformResource[];
  readonly #inline: readonly Policy[];
  readonly #open: Unknown[] = [];

  constructor(set: TerraformResource, resources: readonly TerraformResource[], providers: Providers) {
    this.#set = set;
    this.#providers = providers;
    const arn = permissionSetArn(set);
    this.#own = resources.filter((one) => this.#belongs(one, arn));
    this.#inline = [set, ...this.#own].flatMap((one) => this.#document(one));
  }

  /** What is attached to a set that nobody can tell from this one leaves it open what this one allows. */
  #belongs(resource: TerraformResource, arn: Text): boolean {
    if (!/^aws(cc)?_sso/.test(resource.type)) return false;
    const named = attributeText(resource, 'permission_set_arn');
    if (named === undefined || resource === this.#set) return false;
    const same = equal(named, arn);
    const assigned = /assignment$/.test(resource.type);
    if (same !== true && same !== false && !assigned) this.#open.push(...unknownsIn(named).slice(0, 1));
    return same === true;
  }

  #document(resource: TerraformResource): readonly Policy[] {
    const value = attribute(resource, 'inline_policy');
    if (value === undefined || (value.kind === 'text' && value.text === '')) return [];
    const owner = `inline policy of the permission set ${this.#set.address}`;
    const policy = parsePolicy(policyValue(value), 'identity', owner);
    this.policies.push({ policy, use: 'identity', owner });
    return [guardedPolicy(policy, resource.guard)];
  }

  roles(): readonly RoleDeclaration[] {
    const set = this.#set;
    const provider = this.#providers.of(set.provider);
    const { partition, region } = provider.deployment;
    const written = attributeText(set, 'name') ?? unknownText(generated(set, 'name'));
    const suffix: Unknown = {
      ...generated(set, 'suffix'),
      shown: '…',
      missing: `the suffix that IAM Identity Center gives to the role of ${show(written)}`,
    };
    const name = concat('AWSReservedSSO_', written, '_', suffix);
    const path = concat('/aws-reserved/sso.amazonaws.com/', regionOf(set, region));
    return this.#accounts().map(({ account, guard }) => {
      const deployment = this.#providers.ofAccount(account);
      const policy = (reference: Value): readonly Item[] => customerManaged(reference, partition, account);
      return {
        kind: 'role',
        deployment,
        standing: 'document',
        ...(guard === true ? {} : { guard }),
        partial: false,
        arn: concat('arn:', partition, ':iam::', account, ':role', path, name),
        account,
        name,
        path,
        inline: this.#inline,
        managed: this.#managed(policy),
        boundary: this.#boundary(policy),
        tags: terraformTags(set, provider),
        uniqueId: undefined,
        open: this.#open,
        trust: undefined,
        place: set.place,
      };
    });
  }

  /** A set that is assigned to several users and groups of an account has one role there. */
  #accounts(): readonly { readonly account: Text; readonly guard: Guard }[] {
    const found = new Map<string, { readonly account: Text; readonly guard: Guard }>();
    for (const one of this.#own) {
      const account = /assignment$/.test(one.type) ? attributeText(one, 'target_id') : undefined;
      if (account === undefined) continue;
      const guard = both(this.#set.guard, one.guard);
      const earlier = found.get(keyOf(account));
      found.set(keyOf(account), { account, guard: earlier === undefined ? guard : either(earlier.guard, guard) });
    }
    if (found.size > 0) return [...found.values()];
    const { address, guard } = this.#set;
    const missing = `the account that the permission set ${address} is assigned to`;
    const unknown: Unknown = {
      ...generated(this.#set, 'account'),
      kind: 'account-id',
      shown: `\${${address} account}`,
      missing,
    };
    return [{ account: unknownText(unknown), guard }];
  }

  #managed(customer: (reference: Value) => readonly Item[]): readonly Item[] {
    return [this.#set, ...this.#own].flatMap((one) => {
      const references =
        attribute(one, 'customer_managed_policy_reference') ?? attribute(one, 'customer_managed_policy_references');
      const items = [
        ...textItems(attribute(one, 'managed_policy_arn')),
        ...textItems(attribute(one, 'managed_policies')),
        ...(references === undefined ? [] : customer(references)),
      ];
      return items.map((item) => guardedItem(item, one.guard));
    });
  }

  #boundary(customer: (reference: Value) => readonly Item[]): Item | undefined {
    for (const one of [this.#set, ...this.#own]) {
      for (const { value, guard } of guardedItemsOf(attribute(one, 'permissions_boundary'))) {
        const reference = memberOf(value, 'customer_managed_policy_reference');
        const item = textOf(memberOf(value, 'managed_policy_arn')) ?? (reference && customer(reference)[0]);
        if (item !== undefined) return guardedItem(item, both(guard, one.guard));
      }
    }
    return undefined;
  }
}

/** Policies of the account itself, by name and path. */
function customerManaged(references: Value, partition: Text, account: Text): readonly Item[] {
  return guardedItemsOf(references).flatMap(({ value, guard }) => {
    const name = textOf(value.kind === 'unknown' ? value : memberOf(value, 'name'));
    if (name === undefined) return [];
    const path = textOf(memberOf(value, 'path'))?.text ?? '/';
    const text = concat('arn:', partition, ':iam::', account, ':policy', path, name.text);
    return [guardedItem({ text, place: name.place }, guard)];
  });
}

function guardedItem(item: Item, guard: Guard): Item {
  return guard === true ? item : { ...item, guard: both(guard, item.guard ?? true) };
}

/**
 * Identity Center's own API is asked in its own region, which is left out of the path where it is us-east-1.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
function regionOf(set: TerraformResource, region: Text): Text {
  if (isKnown(region)) return region === 'us-east-1' ? '' : `${region}/`;
  return unknownText({ ...generated(set, 'region', false), missing: 'the region of IAM Identity Center' });
}
