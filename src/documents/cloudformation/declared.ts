import type { DeclaredResource } from '../declared-resource.ts';
import { arnOf, property } from './references.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

/** A template's resource as the readers that serve every language see it. */
export function declaredResource(scope: Scope, resource: Resource): DeclaredResource {
  const { type, id, place } = resource;
  return {
    type,
    id,
    place,
    deployment: scope.template.deployment,
    guard: scope.exists(resource),
    arn: arnOf(scope, resource),
    property: (name) => {
      const tree = property(resource, name);
      return tree === undefined ? undefined : scope.resolve(tree);
    },
  };
}
