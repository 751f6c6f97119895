import { cannotAssume, denialsBy } from './denials.ts';
import type { Rule } from './finding.ts';

export const wrongAssumeAction: Rule = {
  id: 'wrong-assume-action',
  title: 'the trust policy allows another sts:Assume… action than this kind of principal calls',
  severity: 'error',
  check: (world) => denialsBy('wrong-assume-action', world, cannotAssume),
};
