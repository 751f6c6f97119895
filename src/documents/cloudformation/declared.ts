import type { DeclaredResource } from '../declared-resource.ts';
import { attributeNamed, property, refTo } from './references.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

const NAMES: Readonly<Record<string, string>> = { 'AWS::IAM::InstanceProfile': 'InstanceProfileName' };

/** A template's resource as the readers that serve every language see it. */
export function declaredResource(scope: Scope, resource: Resource): DeclaredResource {
  const { type, id, place } = resource;
  return {
    type,
    id,
    place,
    deployment: scope.template.deployment,
    guard: scope.exists(resource),
    properties: resource.properties?.kind === 'map' ? resource.properties.entries.map(({ key }) => key.text) : [],
    references: () => {
      const name = NAMES[type];
      const written = name === undefined ? undefined : scope.text(property(resource, name));
      const values = [refTo(scope, id, place), attributeNamed(scope, id, 'Arn', place), written];
      return values.flatMap((value) => (value?.kind === 'text' ? [value.text] : []));
    },
    property: (name) => {
      const tree = property(resource, name);
      return tree === undefined ? undefined : scope.resolve(tree);
    },
  };
}
