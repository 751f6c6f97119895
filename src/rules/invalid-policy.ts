import { policyFaults } from '../iam/policy-faults.ts';
import type { PolicyDocument } from '../inventory/declarations.ts';
import type { Found, Rule } from './finding.ts';

export const invalidPolicy: Rule = {
  id: 'invalid-policy',
  title: 'what AWS rejects in a trust or identity policy',
  severity: 'error',
  check: ({ inventory }) => inventory.policies.flatMap(faultsOf),
};

/** What is deployed was taken by AWS; an organization's policies have a grammar of their own. */
function faultsOf({ policy, use, owner, deployed }: PolicyDocument): readonly Found[] {
  if (policy.document === undefined || deployed === true || use === 'scp' || use === 'rcp') return [];
  return policyFaults(policy.document, use).map(({ message, place, meant, perhaps }) => ({
    message: `AWS ${perhaps === true ? 'may reject' : 'rejects'} the ${owner}: ${message}`,
    place,
    hint: meant === undefined ? undefined : `did you mean ${meant}?`,
    replacement: meant,
    identity: `${owner} ${message}`,
    ...(perhaps === true ? { weight: 'warning' as const } : {}),
  }));
}
