import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const missingTrust: Rule = {
  id: 'missing-trust',
  title: 'the principal is granted the action, but the role’s trust policy does not allow it',
  severity: 'error',
  check: (world) => denialsBy('missing-trust', world, cannotAssume),
};
