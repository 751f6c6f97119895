import { concat, isKnown, lowerCase, partsOf, type Text, type Unknown, unknownText } from '../../symbolic/text.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import { rolesAt } from './roles-at.ts';

/**
 * The ARN by which a service says for whose resource it calls, as its form shows it: `${partition}`, `${region}` and `${account}`
 * are the resource's own, `*` is what nobody knows beforehand, and `${StateMachineName|name}` is what the property of the name holds
 * (in CloudFormation, in Terraform). After the name may stand what the property is when nobody sets it, `${GroupName|group_name=default}`.
 */
export function sourceArnOf(form: string, resource: DeclaredResource, language: 'cloudformation' | 'terraform'): Text {
  const { partition, region, account } = resource.deployment;
  const own: Readonly<Record<string, Text>> = { partition, region, account };
  const parts = form.split(/(\$\{[^}]+\}|\*)/).map((part): Text => {
    if (part === '*') return unknownText(generated(resource));
    const [, names, fallback] = /^\$\{([^}=]+)(?:=([^}]*))?\}$/.exec(part) ?? [];
    if (names === undefined) return part;
    const [cloudformation = '', terraform = cloudformation] = names.split('|');
    const name = language === 'cloudformation' ? cloudformation : terraform;
    return own[names] ?? named(resource, name, fallback) ?? unknownText(generated(resource));
  });
  return concat(...parts);
}

/** Names that are part of an ARN otherwise than as they are written. */
const SPELT: Readonly<Record<string, (name: Text) => Text | undefined>> = {
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html : stored in lower case.
  DBInstanceIdentifier: lowerCase,
  identifier: lowerCase,
  db_instance_identifier: lowerCase,
  // Rules of the default bus stand without it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-manage-iam-access.html
  EventBusName: busPart,
  event_bus_name: busPart,
};

function named(resource: DeclaredResource, property: string, fallback: string | undefined): Text | undefined {
  const [value, ...others] = rolesAt(resource, property);
  if (value === undefined) return resource.properties.includes(property) ? undefined : fallback;
  if (others.length > 0 || (value.guard ?? true) !== true) return undefined;
  const spelt = SPELT[property];
  const name = spelt === undefined ? value.text : spelt(value.text);
  return name === undefined || partsOf(name).some((part) => typeof part === 'string' && part.includes(':'))
    ? undefined
    : name;
}

/** `orders/` of the bus `orders`, or of its ARN. */
function busPart(bus: Text): Text | undefined {
  if (!isKnown(bus)) return undefined;
  const name = bus.replace(/^arn:[^/]*\//, '');
  return name === 'default' ? '' : `${name}/`;
}

function generated({ id, place }: DeclaredResource): Unknown {
  return {
    id: `source:${place.source.path}:${id}`,
    kind: 'open',
    shown: `\${${id}}`,
    missing: `how AWS names ${id} when it calls for it`,
  };
}
