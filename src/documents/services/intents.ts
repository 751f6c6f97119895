import { SESSION_ACTIONS } from '../../iam/actions.ts';
import type { Item } from '../../iam/item.ts';
import type { GivenContext } from '../../iam/question.ts';
import type { Intent } from '../../inventory/declarations.ts';
import { both } from '../../symbolic/guard.ts';
import { show, type Text } from '../../symbolic/text.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import { buildIntents } from './builds.ts';
import {
  clusterProviderOf,
  deployerOf,
  EC2,
  IDENTITY_POOLS,
  inTargetAccount,
  isStackSet,
  servicesOf,
} from './callers.ts';
import { edgeIntents } from './edge.ts';
import { environmentIntents } from './environment.ts';
import { type HandOff, handOffsOf, type Property } from './hand-offs.ts';
import { InstanceProfiles, isInstanceProfile } from './instance-profiles.ts';
import { rolesAt } from './roles-at.ts';
import { sourceArnOf } from './source-arn.ts';
import { stateIntents } from './state-machine.ts';

/** What the resources of a document hand on: each service, or role, is meant to assume the role that it gets. */
export function serviceIntents(resources: readonly DeclaredResource[]): readonly Intent[] {
  const profiles = new InstanceProfiles(resources);
  return resources.flatMap((resource) => [
    ...handOffsOf(resource.type).flatMap((property) => {
      const handed = rolesAt(resource, property.path);
      const roles = property.kind === 'instance-profile' ? handed.flatMap((one) => profiles.rolesIn(one)) : handed;
      return roles.flatMap((role) => intentsFor(resource, property, role));
    }),
    ...stateIntents(resource),
    ...environmentIntents(resource),
    ...edgeIntents(resource, resources),
    ...buildIntents(resource),
  ]);
}

function intentsFor(resource: DeclaredResource, property: Property, role: Item): readonly Intent[] {
  const { kind, handOff, language } = property;
  const carries = SESSION_ACTIONS.filter((action) => handOff.carries?.includes(action));
  const base: Omit<Intent, 'caller' | 'text'> = {
    kind: 'service',
    role,
    deployment: resource.deployment,
    guard: resource.guard,
    ...(untagged(resource) ? { carries: [] } : carries.length === 0 ? {} : { carries }),
    // Of a profile alone nobody knows what uses it, if anything does; an instance with it says so itself.
    ...(isSure(handOff) && !isInstanceProfile(resource) ? {} : { weight: 'warning' }),
  };
  switch (kind) {
    case 'service':
      return servicesOf(handOff, resource).map((caller) => ({
        ...base,
        caller,
        text: `hands this role to ${shown(caller)}`,
        ...givenTo(resource, property),
      }));
    case 'instance-profile':
      return servicesOf({ ...handOff, principals: [EC2] }, resource).map((caller) => ({
        ...base,
        caller,
        text: `hands the role of this instance profile to ${EC2}`,
      }));
    case 'role':
      return rolesAt(resource, handOff.caller?.[language === 'cloudformation' ? 0 : 1]).map((caller) => ({
        ...base,
        role: isStackSet(resource) ? inTargetAccount(role, resource) : role,
        caller: { kind: 'principal', arn: caller.text },
        guard: both(resource.guard, caller.guard ?? true),
        text: `lets ${show(caller.text)} work with this role`,
      }));
    case 'caller':
      return [{ ...base, caller: deployerOf(resource), text: 'lets whoever deploys it work with this role' }];
    case 'service-account':
      return [{ ...base, kind: 'service-account', caller: clusterProviderOf(resource), text: 'runs as this role' }];
    case 'identity-pool':
      return [
        {
          ...base,
          caller: { kind: 'web-identity', provider: IDENTITY_POOLS },
          text: 'gives this role to users of an identity pool',
          ...(handOff.amr === 'unauthenticated' ? given({ [`${IDENTITY_POOLS}:amr`]: handOff.amr }) : {}),
        },
      ];
  }
}

/** Of what is only partly confirmed, that the service is meant is sure enough, but not all else that is said of it. */
function isSure({ confidence, carries, needs }: HandOff): boolean {
  return confidence === 'confirmed' || (confidence === 'partly' && carries === undefined && needs !== 'all');
}

/** What is known of the call that the service makes for this resource. */
function givenTo(resource: DeclaredResource, property: Property): Pick<Intent, 'given'> {
  const externalId = externalIdOf(resource, property);
  if (externalId !== undefined) return given({ 'sts:ExternalId': externalId });
  const tags = podIdentityTags(resource);
  if (tags !== undefined) return given(tags);
  const { account } = resource.deployment;
  const { namesAccount, sourceArn } = property.handOff;
  if (sourceArn === undefined) return namesAccount === undefined ? {} : sent({ 'aws:SourceAccount': account });
  const arn = sourceArnOf(sourceArn.form, resource, property.language);
  return sent({ 'aws:SourceArn': arn, 'aws:SourceAccount': account });
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SmsConfigurationType.html */
function externalIdOf(resource: DeclaredResource, { path }: Property): Text | undefined {
  const configuration = /^(SmsConfiguration|sms_configuration)\./.exec(path)?.[1];
  if (configuration === undefined) return undefined;
  const name = configuration === 'SmsConfiguration' ? 'ExternalId' : 'external_id';
  return rolesAt(resource, `${configuration}.${name}`)[0]?.text;
}

/**
 * The tags by which EKS Pod Identity says for whom it calls, as far as the association knows them: not which pod, nor the ARN of
 * the cluster. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
function podIdentityTags(resource: DeclaredResource): Readonly<Record<string, Text>> | undefined {
  const properties = ASSOCIATION[resource.type];
  if (properties === undefined || properties.untold.some((name) => resource.properties.includes(name)))
    return undefined;
  return Object.fromEntries(
    Object.entries(properties.tags).flatMap(([tag, property]) => {
      const [value, ...others] = rolesAt(resource, property);
      return value === undefined || others.length > 0 || (value.guard ?? true) !== true
        ? []
        : [[`aws:RequestTag/${tag}`, value.text]];
    }),
  );
}

/** An association may tell EKS to pass no tags: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
function untagged(resource: DeclaredResource): boolean {
  const disabled = ASSOCIATION[resource.type]?.disabled;
  return (
    disabled !== undefined &&
    resource.properties.includes(disabled) &&
    rolesAt(resource, disabled).every(({ text }) => text !== 'false')
  );
}

interface Association {
  /** The property that turns the tags off. */
  readonly disabled: string;
  /** With these set, the calls may carry other tags, or none. */
  readonly untold: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const ASSOCIATION: Readonly<Record<string, Association>> = {
  'AWS::EKS::PodIdentityAssociation': {
    disabled: 'DisableSessionTags',
    untold: ['DisableSessionTags', 'TargetRoleArn'],
    tags: {
      'eks-cluster-name': 'ClusterName',
      'kubernetes-namespace': 'Namespace',
      'kubernetes-service-account': 'ServiceAccount',
    },
  },
  aws_eks_pod_identity_association: {
    disabled: 'disable_session_tags',
    untold: ['disable_session_tags', 'target_role_arn'],
    tags: {
      'eks-cluster-name': 'cluster_name',
      'kubernetes-namespace': 'namespace',
      'kubernetes-service-account': 'service_account',
    },
  },
};

interface Given {
  readonly given: GivenContext;
}

function given(values: Readonly<Record<string, Text>>): Given {
  const all = Object.entries(values);
  return {
    given: {
      keys: new Map(all.map(([key, value]) => [key.toLowerCase(), [value]])),
      unknown: new Set(),
      names: new Map(all.map(([key]) => [key.toLowerCase(), key])),
      complete: false,
    },
  };
}

/** What the service says of the resource, as far as it is known beforehand. */
function sent(values: Readonly<Record<string, Text>>): Given {
  const { given: context } = given(values);
  return { given: { ...context, sent: new Set(context.keys.keys()) } };
}

function shown(caller: Intent['caller']): string {
  return caller.kind === 'service' ? show(caller.name) : 'it';
}
