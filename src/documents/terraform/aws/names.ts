import { concat, isKnown, partsOf, type Text, type Unknown, unknownText } from '../../../symbolic/text.ts';
import type { TerraformResource } from '../resource.ts';
import { attributeText } from './attributes.ts';

/** What names a resource of IAM, and its part of an ARN before path and name. */
interface Naming {
  readonly sort: string;
  readonly name: string;
  /** Whether it has a path. */
  readonly path: boolean;
}

const NAMINGS: Readonly<Record<string, Naming>> = {
  aws_iam_role: { sort: 'role', name: 'name', path: true },
  aws_iam_user: { sort: 'user', name: 'name', path: true },
  aws_iam_group: { sort: 'group', name: 'name', path: true },
  aws_iam_policy: { sort: 'policy', name: 'name', path: true },
  aws_iam_instance_profile: { sort: 'instance-profile', name: 'name', path: true },
  aws_iam_saml_provider: { sort: 'saml-provider', name: 'name', path: false },
  awscc_iam_role: { sort: 'role', name: 'role_name', path: true },
  awscc_iam_user: { sort: 'user', name: 'user_name', path: true },
  awscc_iam_group: { sort: 'group', name: 'group_name', path: true },
  awscc_iam_managed_policy: { sort: 'policy', name: 'managed_policy_name', path: true },
  awscc_iam_instance_profile: { sort: 'instance-profile', name: 'instance_profile_name', path: true },
  awscc_iam_saml_provider: { sort: 'saml-provider', name: 'name', path: false },
};

/** Who owns the resources of one provider. */
export interface Owner {
  readonly account: Text;
  readonly partition: Text;
}

/** What AWS makes up when it creates the resource: equal to itself, and like no text that people write. */
export function generated(resource: TerraformResource, attribute?: string, unlikeWritten = true): Unknown {
  const shown = attribute === undefined ? resource.address : `${resource.address}.${attribute}`;
  return {
    id: `${resource.place.source.path}:${shown}`,
    kind: unlikeWritten ? 'generated-name' : 'open',
    shown: `\${${shown}}`,
    missing: `what AWS gives to ${shown} when it is created`,
  };
}

/** The attribute that names it. */
export function nameAttribute({ type }: TerraformResource): string {
  return NAMINGS[type]?.name ?? 'name';
}

/** The name as it is written; without one, the resource that will get a generated one. */
export function nameOf(resource: TerraformResource): Text {
  const written = attributeText(resource, nameAttribute(resource));
  if (written !== undefined) return written;
  const prefix = attributeText(resource, 'name_prefix');
  return prefix === undefined ? unknownText(generated(resource)) : concat(prefix, generated(resource));
}

/** The name of an inline policy. */
export function policyNameOf(resource: TerraformResource): Text {
  return attributeText(resource, 'policy_name') ?? nameOf(resource);
}

/** With both its slashes. */
export function pathOf(resource: TerraformResource): Text {
  if (resource.mode === 'managed') return attributeText(resource, 'path') ?? '/';
  // Somebody else's role may stand under any path.
  return attributeText(resource, 'path') ?? unknownText(generated(resource, 'path', false));
}

/** The ARN that the resource has or will have, as far as account, path and name tell. */
export function arnOf(resource: TerraformResource, { account, partition }: Owner): Text | undefined {
  const written = attributeText(resource, 'arn');
  if (written !== undefined) return written;
  if (resource.type === 'aws_iam_openid_connect_provider' || resource.type === 'awscc_iam_oidc_provider') {
    const host = issuerOf(resource);
    return host === undefined ? undefined : concat('arn:', partition, ':iam::', account, ':oidc-provider/', host);
  }
  const naming = NAMINGS[resource.type];
  if (naming === undefined) return undefined;
  const path = naming.path ? pathOf(resource) : '/';
  return concat('arn:', partition, ':iam::', account, `:${naming.sort}`, path, nameOf(resource));
}

/** The provider's URL as IAM keeps it, without its scheme. */
export function issuerOf(resource: TerraformResource): Text | undefined {
  const url = attributeText(resource, 'url');
  if (url === undefined) return undefined;
  const bare = (text: string): string => text.replace(/^https:\/\//, '');
  if (isKnown(url)) return bare(url);
  return concat(...partsOf(url).map((part, index) => (typeof part === 'string' && index === 0 ? bare(part) : part)));
}

/** The id of a policy, a unit or an account of an organization, which AWS gives. */
export function organizationId(resource: TerraformResource): Text {
  const account = /_organizations_account$/.test(resource.type);
  const names = account ? ['id', 'account_id'] : ['id', 'policy_id'];
  const written = names.map((name) => attributeText(resource, name)).find((one) => one !== undefined);
  return written ?? unknownText({ ...generated(resource, 'id'), ...(account ? { kind: 'account-id' } : {}) });
}

export function permissionSetArn(set: TerraformResource): Text {
  const name = set.type === 'aws_ssoadmin_permission_set' ? 'arn' : 'permission_set_arn';
  return attributeText(set, name) ?? unknownText(generated(set, 'arn'));
}
