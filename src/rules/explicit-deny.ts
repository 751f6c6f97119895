import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const explicitDeny: Rule = {
  id: 'explicit-deny',
  title: 'a Deny statement, in whichever layer, blocks a declared assumption',
  severity: 'error',
  check: (world) => denialsBy('explicit-deny', world, cannotAssume),
};
