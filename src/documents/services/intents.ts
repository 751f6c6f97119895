import type { Intent } from '../../inventory/declarations.ts';
import { both } from '../../symbolic/guard.ts';
import { type DeclaredResource, valuesAt } from '../declared-resource.ts';
import handOffs from './hand-offs.json' with { type: 'json' };

/** What the resources of a document hand to AWS services: each service is meant to assume the role that it gets. */
export function serviceIntents(resources: readonly DeclaredResource[]): readonly Intent[] {
  return resources.flatMap((resource) =>
    handOffs
      .filter(({ cloudformation: [type] }) => type === resource.type)
      .flatMap((row) =>
        valuesAt(resource, row.cloudformation[1] ?? '').flatMap(({ value, guard }) =>
          value.kind !== 'text'
            ? []
            : row.principals.map(
                (name): Intent => ({
                  kind: 'service',
                  role: { text: value.text, place: value.place },
                  caller: { kind: 'service', name, region: resource.deployment.region },
                  deployment: resource.deployment,
                  text: `hands this role to ${name}`,
                  guard: both(resource.guard, guard),
                }),
              ),
        ),
      ),
  );
}
