import { isKnown, type Text, unknownText } from '../../../symbolic/text.ts';
import type { Value } from '../../../symbolic/value.ts';
import { jsonText } from '../../cloudformation/to-json.ts';
import type { TerraformResource } from '../resource.ts';

import { throughNames } from './each-name.ts';
import { arnOf, generated, issuerOf, nameOf, type Owner, organizationId, pathOf, permissionSetArn } from './names.ts';
import { policyDocument } from './policy-document.ts';

/** What is known of the provider of a resource. */
export interface Provided extends Owner {
  readonly region: Text;
}

/**
 * What the provider computes: an attribute that no configuration writes. Undefined where nothing is known of it.
 * The documentation of each resource lists them under "Attribute Reference":
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role#attribute-reference
 */
export function computed(resource: TerraformResource, attribute: string, provided: Provided): Value | undefined {
  const { place } = resource;
  const text = (one: Text | undefined): Value | undefined =>
    one === undefined ? undefined : { kind: 'text', text: one, type: 'string', place };
  switch (resource.type) {
    case 'aws_iam_policy_document':
      return attribute === 'json' || attribute === 'minified_json' ? rendered(resource) : undefined;
    case 'aws_caller_identity':
      return text(attribute === 'account_id' || attribute === 'id' ? provided.account : undefined);
    case 'aws_partition':
      return text(partitionAttribute(attribute, provided.partition));
    case 'aws_region':
      return text(['name', 'region', 'id'].includes(attribute) ? provided.region : undefined);
    case 'aws_iam_role':
    case 'aws_iam_user':
    case 'aws_iam_group':
    case 'aws_iam_instance_profile':
    case 'awscc_iam_role':
    case 'awscc_iam_user':
    case 'awscc_iam_group':
      return throughNames(resource, (named) => text(entityAttribute(named, attribute, provided)));
    case 'aws_iam_role_policy':
    case 'aws_iam_user_policy':
    case 'aws_iam_group_policy':
      return text(attribute === 'name' ? nameOf(resource) : undefined);
    case 'aws_iam_policy':
    case 'awscc_iam_managed_policy':
      if (attribute === 'name' || attribute === 'policy_name') return text(nameOf(resource));
      return text(/^(arn|id|policy_arn)$/.test(attribute) ? arnOf(resource, provided) : undefined);
    case 'aws_iam_openid_connect_provider':
      if (attribute === 'url') return text(issuerOf(resource));
      return text(attribute === 'arn' || attribute === 'id' ? arnOf(resource, provided) : undefined);
    case 'awscc_iam_oidc_provider':
    case 'aws_iam_saml_provider':
    case 'awscc_iam_saml_provider':
      return text(attribute === 'arn' || attribute === 'id' ? arnOf(resource, provided) : undefined);
    case 'aws_organizations_account':
    case 'aws_organizations_organizational_unit':
    case 'aws_organizations_policy':
    case 'awscc_organizations_account':
    case 'awscc_organizations_organizational_unit':
      return text(['id', 'account_id'].includes(attribute) ? organizationId(resource) : undefined);
    case 'aws_ssoadmin_permission_set':
    case 'awscc_sso_permission_set':
      return text(['arn', 'permission_set_arn'].includes(attribute) ? permissionSetArn(resource) : undefined);
    default:
      return undefined;
  }
}

/**
 * Attributes that IAM gives back otherwise than they are written, so that whoever refers to them gets IAM's: a provider's URL
 * without its scheme. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
 */
export function isKeptOtherwise(type: string, attribute: string): boolean {
  return type === 'aws_iam_openid_connect_provider' && attribute === 'url';
}

function entityAttribute(resource: TerraformResource, attribute: string, provided: Provided): Text | undefined {
  switch (attribute) {
    case 'arn':
      return arnOf(resource, provided);
    case 'id':
    case 'name':
    case 'role_name':
    case 'user_name':
    case 'group_name':
      return nameOf(resource);
    case 'path':
      return pathOf(resource);
    case 'unique_id':
    case 'role_id':
    case 'user_id':
      return unknownText(generated(resource, attribute));
    default:
      return undefined;
  }
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition */
function partitionAttribute(attribute: string, partition: Text): Text | undefined {
  switch (attribute) {
    case 'partition':
    case 'id':
      return partition;
    case 'dns_suffix':
      return isKnown(partition) ? (partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com') : undefined;
    case 'reverse_dns_prefix':
      return isKnown(partition) ? (partition === 'aws-cn' ? 'cn.com.amazonaws' : 'com.amazonaws') : undefined;
    default:
      return undefined;
  }
}

/** A document's JSON; whoever reads it as a policy sees the blocks that it was made of. */
function rendered(resource: TerraformResource): Value {
  const encodes = policyDocument(resource);
  return { kind: 'text', text: jsonText(encodes), type: 'string', place: resource.place, encodes };
}
