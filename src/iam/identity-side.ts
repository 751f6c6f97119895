import type { RoleAction } from './actions.ts';
import type { EntityCaller } from './caller.ts';
import { contextOf } from './context-keys.ts';
import { attachedSurely, evaluatePolicies } from './evaluate.ts';
import type { Question } from './question.ts';

/**
 * Whether the caller's identity policies and its boundary, and nothing else, allow an action on the role. Undefined where that
 * hangs on something that is not known.
 */
export function identitySide(question: Question, caller: EntityCaller, action: RoleAction): boolean | undefined {
  const { role } = question;
  const call = { action, caller, role, context: contextOf(question), assignment: new Set<string>() };
  const { boundary, identity } = caller;
  if (boundary?.kind === 'unknown') return undefined;
  const verdicts = [
    evaluatePolicies(identity.policies, identity.open, call),
    ...(boundary === undefined ? [] : [evaluatePolicies(attachedSurely([boundary.policy]), [], call)]),
  ];
  const sides = verdicts.flatMap(({ allow, undenied }) => [allow, undenied]);
  if (sides.includes(false)) return false;
  return sides.every((side) => side === true) ? true : undefined;
}
