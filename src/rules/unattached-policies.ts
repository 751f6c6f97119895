import type { Decided } from '../assumptions/decided.ts';
import type { AssumeAction } from '../iam/actions.ts';
import { decide } from '../iam/decide.ts';
import type { Policy } from '../iam/policy.ts';
import type { Related, World } from './finding.ts';

/** Managed policies that nobody has, and those taken off again, with which the denied principal could make the call. */
export function unattachedGrants(decided: Decided, { inventory }: World): readonly Related[] {
  const { action } = decided.assumption.question;
  const unattached = inventory.unattached
    .filter((policy) => wouldDo(policy, decided))
    .map((policy) => ({
      place: placeOf(policy, action),
      message: `the ${policy.name} would allow it, but it is attached to nobody`,
      grants: policy,
    }));
  return [...unattached, ...takenOffGrants(decided)];
}

/** At the list that leaves them out. */
export function takenOffGrants(decided: Decided): readonly Related[] {
  return (decided.assumption.principal?.takenOff ?? [])
    .filter(({ policy }) => wouldDo(policy, decided))
    .map(({ policy, by }) => ({
      place: by.place,
      message: `the ${policy.name} would allow it, but ${by.owner} does not list it and takes it off`,
    }));
}

function wouldDo(policy: Policy, { assumption: { question } }: Decided): boolean {
  const { caller } = question;
  if (caller.kind !== 'user' && caller.kind !== 'role') return false;
  const policies = [...caller.identity.policies, { policy, attached: true }];
  const identity = { ...caller.identity, policies };
  return decide({ ...question, caller: { ...caller, identity } }).decision !== 'denied';
}

function placeOf({ statements, place }: Policy, action: AssumeAction): Related['place'] {
  return (
    statements.find(({ effect, actions }) => effect === 'Allow' && actions.covers[action] !== false)?.place ?? place
  );
}
