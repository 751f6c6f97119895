import type { Decided } from '../assumptions/decided.ts';
import type { Found, Related, Rule, World } from './finding.ts';
import { unattachedGrants } from './unattached-policies.ts';
import { ends, layerSentence } from './words.ts';

export const expectationFailed: Rule = {
  id: 'expectation-failed',
  title: 'the decision of an expect entry differs',
  severity: 'error',
  check: (world) => world.decided.flatMap((one) => failed(one, world)),
};

function failed(decided: Decided, world: World): readonly Found[] {
  const { expectation } = decided.assumption;
  const { decision } = decided.decision;
  // What cannot be known is told by unresolved-value: an error must be sure.
  if (expectation === undefined || decision === expectation.decision || decision === 'unknown') return [];
  const { principal, role } = ends(decided);
  const { blockedBy } = decided.explanation();
  const why =
    decision === 'denied'
      ? because(decided)
      : decision === 'conditional'
        ? `: it depends on ${decided.decision.requires.map(({ key }) => key).join(', ') || 'what AWS does not document'}`
        : '';
  const related: Related[] =
    blockedBy?.place === undefined ? [] : [{ place: blockedBy.place, message: layerSentence(blockedBy) }];
  const unattached = decision === 'denied' ? unattachedGrants(decided, world) : [];
  const name = expectation.name === undefined ? '' : `${expectation.name}: `;
  return [
    {
      message: `${name}${principal} on ${role} is ${decision}, but ${expectation.decision} is expected${why}`,
      place: expectation.place,
      related: [...related, ...unattached],
      subject: decided,
      identity: expectation.name ?? '',
    },
  ];
}

function because(decided: Decided): string {
  const { blockedBy } = decided.explanation();
  return blockedBy === undefined ? '' : `: ${layerSentence(blockedBy)}`;
}
