import type { Assumed, Policy } from '../iam/policy.ts';
import type { Assumption } from './assumption.ts';

/** The defaults that a decision leans on: those of the policies that bear on it, and of both ends. */
export function assumedBy({ question, principal, role }: Assumption): readonly Assumed[] {
  const { caller, action } = question;
  const bearing = (policy: Policy): boolean =>
    policy.statements.some(({ actions }) => actions.covers[action] !== false) || policy.open.length > 0;
  const policies: (Policy | undefined)[] = [question.role.trust];
  if (caller.kind === 'user' || caller.kind === 'role') {
    policies.push(...caller.identity.policies.map(({ policy }) => policy).filter(bearing), caller.sessionPolicy);
    if (caller.boundary?.kind === 'policy') policies.push(caller.boundary.policy);
  }
  const all = [
    ...policies.flatMap((policy) => policy?.assumes ?? []),
    ...(principal?.declaration.assumes ?? []),
    ...(role?.declaration.assumes ?? []),
  ];
  return [...new Map(all.map((one) => [`${one.place.source.path}:${one.place.start}`, one])).values()];
}
