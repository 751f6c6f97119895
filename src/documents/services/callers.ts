import type { Item } from '../../iam/item.ts';
import type { IntentCaller } from '../../inventory/declarations.ts';
import { concat, isKnown, keyOf, type Text, unknownText } from '../../symbolic/text.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import type { HandOff } from './hand-offs.ts';

export const EC2 = 'ec2.amazonaws.com';
export const IDENTITY_POOLS = 'cognito-identity.amazonaws.com';

/** The services that must be trusted, each under one of its names. */
export function servicesOf({ principals = [], needs }: HandOff, resource: DeclaredResource): readonly IntentCaller[] {
  const names = principals.map((principal) => namesOf(principal, resource));
  const each = needs === 'any' ? [names.flat()] : names;
  return each.flatMap(([name, ...others]): IntentCaller[] =>
    name === undefined ? [] : [{ kind: 'service', name, others, region: resource.deployment.region }],
  );
}

/**
 * How a service is spelt where the resource is. Outside of the partition aws some services answer to the partition's own
 * domain, and AWS lists nowhere which: either is right.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
function namesOf(principal: string, { deployment: { partition, region } }: DeclaredResource): readonly Text[] {
  const [head = '', tail] = principal.split('${region}');
  const name = tail === undefined ? head : concat(head, region, tail);
  if (partition === 'aws') return [name];
  const domains = isKnown(partition) ? [DOMAINS[partition] ?? []].flat() : Object.values(DOMAINS);
  return [name, ...domains.map((domain) => principal.replace(/amazonaws\.com$/, domain))];
}

const DOMAINS: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-eusc': 'amazonaws.eu',
};

/** Whoever makes a resource: no document says who deploys it. */
export function deployerOf({ deployment }: DeclaredResource): IntentCaller {
  const missing = 'who deploys the resource';
  return {
    kind: 'principal',
    arn: unknownText({ id: `deployer:${keyOf(deployment.account)}`, kind: 'open', shown: '${deployer}', missing }),
  };
}

/** The OIDC provider of the cluster that an add-on runs in: its id is known once the cluster exists. */
export function clusterProviderOf({ id, place, deployment: { partition, account } }: DeclaredResource): IntentCaller {
  const provider = unknownText({
    id: `provider:${place.source.path}:${id}`,
    kind: 'open',
    shown: '${cluster}',
    missing: `the OIDC provider of the cluster of ${id}`,
  });
  return { kind: 'web-identity', provider: concat('arn:', partition, ':iam::', account, ':oidc-provider/', provider) };
}

export function isStackSet({ type }: DeclaredResource): boolean {
  return type === 'AWS::CloudFormation::StackSet' || type === 'aws_cloudformation_stack_set';
}

/** A stack set's execution role has one name in all the accounts that it deploys to. */
export function inTargetAccount({ text, ...item }: Item, { deployment }: DeclaredResource): Item {
  const target = unknownText({
    id: 'target-account',
    kind: 'account-id',
    shown: '${target account}',
    missing: 'the accounts that the stack set deploys to',
  });
  return { ...item, text: concat('arn:', deployment.partition, ':iam::', target, ':role/', text) };
}
