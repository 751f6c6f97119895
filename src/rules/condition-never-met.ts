import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const conditionNeverMet: Rule = {
  id: 'condition-never-met',
  title: 'a condition that no caller can meet',
  severity: 'error',
  check: (world) => denialsBy('condition-never-met', world, cannotAssume),
};
