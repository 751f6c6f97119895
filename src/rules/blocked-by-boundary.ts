import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const blockedByBoundary: Rule = {
  id: 'blocked-by-boundary',
  title: 'the permissions boundary of the principal does not allow the action',
  severity: 'error',
  check: (world) => denialsBy('blocked-by-boundary', world, cannotAssume),
};
