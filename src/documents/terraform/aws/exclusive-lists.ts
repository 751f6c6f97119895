import { textItems } from '../../../iam/item.ts';
import type { Attachment } from '../../../inventory/declarations.ts';
import type { Exclusive } from '../../../inventory/exclusives.ts';
import type { Place } from '../../../source/source.ts';
import type { Text } from '../../../symbolic/text.ts';
import { guardedItemsOf, memberOf } from '../../../symbolic/value.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute, textOf } from './attributes.ts';

/** Which attributes of a resource name whom its list is for, and list what may stay. */
interface Listing {
  readonly to: Attachment['to'];
  readonly sort: Exclusive['sort'];
  readonly names: string;
  readonly list: string;
}

/**
 * After it has attached what they list, the provider takes everything else off.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role_policies_exclusive.go
 */
const LISTINGS: Readonly<Record<string, Listing>> = {
  aws_iam_role_policies_exclusive: { to: 'role', sort: 'inline', names: 'role_name', list: 'policy_names' },
  aws_iam_user_policies_exclusive: { to: 'user', sort: 'inline', names: 'user_name', list: 'policy_names' },
  aws_iam_group_policies_exclusive: { to: 'group', sort: 'inline', names: 'group_name', list: 'policy_names' },
  aws_iam_role_policy_attachments_exclusive: { to: 'role', sort: 'managed', names: 'role_name', list: 'policy_arns' },
  aws_iam_user_policy_attachments_exclusive: { to: 'user', sort: 'managed', names: 'user_name', list: 'policy_arns' },
  aws_iam_group_policy_attachments_exclusive: {
    to: 'group',
    sort: 'managed',
    names: 'group_name',
    list: 'policy_arns',
  },
};

/** What a resource says of the only policies that may stay with a role, a user or a group. */
export function exclusiveLists(resource: TerraformResource, account: Text, name: Text): readonly Exclusive[] {
  const { guard, address, type } = resource;
  const listing = LISTINGS[type];
  if (listing === undefined) return type === 'aws_iam_role' ? ownLists(resource, account, name) : [];
  const { to, sort, names, list } = listing;
  // A list that the plan leaves as it is takes nothing off: what the apply attaches besides is there until the next one.
  if (resource.applied?.(list) === 'kept') return [];
  const written = attribute(resource, list);
  const listed = textItems(written);
  const place = written?.place ?? resource.place;
  return textItems(attribute(resource, names)).map((whom) => ({
    ...{ to, account, name: whom, sort, listed, guard, place },
    owner: address,
  }));
}

/**
 * A role's own attributes are exclusive, too, but what other resources attach comes after the role: it is there after the first
 * apply and gone after the next one, in turn.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role
 */
function ownLists(resource: TerraformResource, account: Text, name: Text): readonly Exclusive[] {
  const { guard, address } = resource;
  return (['managed', 'inline'] as const).flatMap((sort): readonly Exclusive[] => {
    const list = sort === 'managed' ? 'managed_policy_arns' : 'inline_policy';
    const written = attribute(resource, list);
    const planned = resource.applied?.(list);
    if (written === undefined || (planned !== undefined && planned !== 'changed')) return [];
    const listed =
      sort === 'managed'
        ? textItems(written)
        : guardedItemsOf(written).flatMap(({ value, guard: when }) => {
            const own = textOf(value.kind === 'unknown' ? value : memberOf(value, 'name'));
            return own === undefined ? [] : [when === true ? own : { ...own, guard: when }];
          });
    const { place } = written;
    const whom = { text: name, place: resource.place };
    const owner = `${address} (${list})`;
    const common: Exclusive = { to: 'role', account, name: whom, sort, listed, guard, owner, place };
    return [planned === 'changed' ? common : { ...common, contested: contestedBy(address, list, place) }];
  });
}

function contestedBy(address: string, list: string, { source, start }: Place): NonNullable<Exclusive['contested']> {
  return {
    id: `contested:${source.path}:${start}:${address}`,
    kind: 'open',
    shown: `\${${address}.${list}}`,
    missing: `which apply was the last: ${list} of ${address} takes off in turn what it does not list and another resource attaches`,
  };
}
