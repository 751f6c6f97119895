import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';
import { unattachedGrants } from './unattached-policies.ts';

export const missingGrant: Rule = {
  id: 'missing-grant',
  title: 'the role trusts the principal, but no identity policy of the principal allows the action where one is needed',
  severity: 'error',
  check: (world) =>
    denialsBy('missing-grant', world, cannotAssume).map((found) => {
      const unattached = found.subject === undefined ? [] : unattachedGrants(found.subject, world);
      return {
        ...found,
        message: [found.message, ...unattached.map(({ message }) => message)].join('; '),
        related: [...(found.related ?? []), ...unattached],
      };
    }),
};
