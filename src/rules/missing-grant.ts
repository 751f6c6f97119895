import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';
import { takenOffGrants, unattachedGrants } from './unattached-policies.ts';

export const missingGrant: Rule = {
  id: 'missing-grant',
  title: 'the role trusts the principal, but no identity policy of the principal allows the action where one is needed',
  severity: 'error',
  check: (world) =>
    denialsBy('missing-grant', world, cannotAssume).map((found) => {
      const unattached = found.subject === undefined ? [] : unattachedGrants(found.subject, world);
      const [taken] = found.subject === undefined ? [] : takenOffGrants(found.subject);
      return {
        ...found,
        // What is written and taken off again lacks a place in a list.
        place: taken?.place ?? found.place,
        message: [found.message, ...unattached.map(({ message }) => message)].join('; '),
        related: [...(found.related ?? []), ...unattached],
      };
    }),
};
