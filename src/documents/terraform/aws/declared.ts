import { type Declarations, type Deployment, NOTHING_DECLARED, together } from '../../../inventory/declarations.ts';
import { type DeclaredResource, writtenIn } from '../../declared-resource.ts';
import { isDistribution } from '../../services/edge.ts';
import { handOffsOf } from '../../services/hand-offs.ts';
import { serviceIntents } from '../../services/intents.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute, attributeText, textOf } from './attributes.ts';
import { computed } from './computed.ts';
import { IamResources } from './iam-resources.ts';
import { organizationPolicies } from './organizations.ts';
import { permissionSetRoles } from './permission-sets.ts';
import type { Providers } from './providers.ts';

/** What the resources of one root module declare. */
export function declaredBy(resources: readonly TerraformResource[], providers: Providers): Declarations {
  const iam = new IamResources(providers);
  for (const resource of resources) if (isIam(resource)) iam.read(resource);
  const others = resources.filter((one) => one.mode === 'managed' && one.guard !== false && handsOn(one.type));
  const organization = organizationPolicies(resources);
  const sets = permissionSetRoles(resources, providers);
  const intents = serviceIntents(others.map((one) => declaredResource(one, inItsRegion(one, providers))));
  return together([
    { ...NOTHING_DECLARED, ...iam.declarations(), intents },
    { ...NOTHING_DECLARED, ...organization },
    { ...NOTHING_DECLARED, ...sets },
  ]);
}

function isIam({ type }: TerraformResource): boolean {
  return type.startsWith('aws_iam_') || type.startsWith('awscc_iam_');
}

function handsOn(type: string): boolean {
  return type === 'aws_iam_instance_profile' || isDistribution(type) || handOffsOf(type).length > 0;
}

/** https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support */
function inItsRegion(resource: TerraformResource, providers: Providers): Deployment {
  const { deployment } = providers.of(resource.provider);
  return { ...deployment, region: attributeText(resource, 'region') ?? deployment.region };
}

/** A module's resource as the readers that serve every language see it. */
function declaredResource(resource: TerraformResource, deployment: Deployment): DeclaredResource {
  const { type, address, place, guard, body } = resource;
  return {
    type,
    id: address,
    place,
    deployment,
    guard,
    properties: body.members.map(({ name }) => name),
    references: () =>
      ['arn', 'id', 'name'].flatMap((name) => {
        const one = textOf(attribute(resource, name) ?? computed(resource, name, deployment));
        return one === undefined ? [] : [one.text];
      }),
    property: (name) => {
      const member = body.members.find((one) => one.name === name);
      return member === undefined ? undefined : writtenIn(body.place, member);
    },
  };
}
