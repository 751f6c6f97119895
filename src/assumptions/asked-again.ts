import type { Inventory } from '../inventory/inventory.ts';
import type { Assumption } from './assumption.ts';
import { Directory } from './callers.ts';
import { type Decided, decideAll } from './decided.ts';

/** The same question, asked of other documents: undefined where they do not declare both ends any more. */
export function askedAgain({ assumption }: Decided, inventory: Inventory): Decided | undefined {
  const { question, role: roleBefore, principal: principalBefore } = assumption;
  const directory = new Directory(inventory);
  const role = directory.role(question.role.arn, roleBefore?.declaration.place.source.path);
  if (role?.target === undefined) return undefined;
  const caller = callerNow(assumption, directory);
  if (caller === undefined || (principalBefore !== undefined && caller.entity === undefined)) return undefined;
  // The choices are those of the other documents; who declares it now is another matter.
  const { guard: _, ...asked } = question;
  const again: Assumption = {
    question: { ...asked, caller: caller.caller, role: role.target },
    declaredBy: [],
    principal: caller.entity,
    role,
    expectation: undefined,
  };
  return decideAll([again])[0];
}

function callerNow({ question: { caller }, principal }: Assumption, directory: Directory) {
  if (caller.kind !== 'role' && caller.kind !== 'user') return { caller, entity: undefined };
  const found = directory.principal(caller.arn, principal?.declaration.place.source.path, caller.sessionPolicy);
  if (found === undefined || (found.caller.kind !== 'role' && found.caller.kind !== 'user')) return undefined;
  return { caller: { ...found.caller, session: caller.session }, entity: found.entity };
}
