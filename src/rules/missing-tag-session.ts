import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const missingTagSession: Rule = {
  id: 'missing-tag-session',
  title: 'the call carries tags, a source identity or contexts, but their action is not allowed on both sides',
  severity: 'error',
  check: (world) =>
    denialsBy('missing-tag-session', world, (denial) => `${cannotAssume(denial)} (${denial.action} is needed, too)`),
};
