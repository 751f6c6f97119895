import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const blockedByScp: Rule = {
  id: 'blocked-by-scp',
  title: 'no SCP on some level above the principal’s account allows the action',
  severity: 'error',
  check: (world) => denialsBy('blocked-by-scp', world, cannotAssume),
};
