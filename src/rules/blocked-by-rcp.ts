import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const blockedByRcp: Rule = {
  id: 'blocked-by-rcp',
  title: 'an RCP above the role’s account does not let the call through',
  severity: 'error',
  check: (world) => denialsBy('blocked-by-rcp', world, cannotAssume),
};
