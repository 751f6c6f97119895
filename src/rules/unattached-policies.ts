import type { Decided } from '../assumptions/decided.ts';
import type { AssumeAction } from '../iam/actions.ts';
import { decide } from '../iam/decide.ts';
import type { Policy } from '../iam/policy.ts';
import type { Related, World } from './finding.ts';

/** Managed policies that nobody has, and with which the denied principal could make the call. */
export function unattachedGrants({ assumption }: Decided, { inventory }: World): readonly Related[] {
  const { question } = assumption;
  const { caller } = question;
  if (caller.kind !== 'user' && caller.kind !== 'role') return [];
  const granting = inventory.unattached.filter((policy) => {
    const policies = [...caller.identity.policies, { policy, attached: true }];
    const identity = { ...caller.identity, policies };
    return decide({ ...question, caller: { ...caller, identity } }).decision !== 'denied';
  });
  return granting.map((policy) => ({
    place: placeOf(policy, question.action),
    message: `the ${policy.name} would allow it, but it is attached to nobody`,
  }));
}

function placeOf({ statements, place }: Policy, action: AssumeAction): Related['place'] {
  return (
    statements.find(({ effect, actions }) => effect === 'Allow' && actions.covers[action] !== false)?.place ?? place
  );
}
