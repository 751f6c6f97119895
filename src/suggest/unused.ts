import type { Decided } from '../assumptions/decided.ts';
import type { Edit } from '../fixes/fix.ts';
import { removeItem, removeStatement } from '../fixes/remove.ts';
import { principalText, type TargetRole } from '../iam/caller.ts';
import type { Policy, Statement } from '../iam/policy.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Place } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import type { Suggestion } from './suggestion.ts';
import { isLogged, madeBy, periodOf, type Usage, type Use } from './usage.ts';

/**
 * Declared calls that work, and that nobody made. Each text by itself: one that lets several callers in is unused where none of
 * them came. Whether a yearly job needs it only people know.
 */
export function unused(decided: readonly Decided[], inventory: Inventory, usage: Usage): readonly Suggestion[] {
  const byPlace = new Map<Place, Decided[]>();
  for (const one of decided)
    for (const { kind, place } of one.assumption.declaredBy)
      if (kind === 'grant' || kind === 'trust') byPlace.set(place, [...(byPlace.get(place) ?? []), one]);
  return [...byPlace].flatMap(([place, all]): readonly Suggestion[] => {
    const working = all.filter(isOpen);
    if (working.length === 0 || !working.every((one) => isKnownUnused(one, usage))) return [];
    // Others that the text lets in, and of which nothing can be known, may have used it.
    if (all.some(({ decision }) => decision.decision === 'unknown')) return [];
    const pairs = working.map(({ assumption: { question } }) => pairOf(question)).sort();
    const [first = ''] = pairs;
    const more = pairs.length === 1 ? '' : ` (nor ${pairs.length - 1} other calls that this allows)`;
    const message = `${first}${more}, ${periodOf(usage)}`;
    return [{ kind: 'unused', message, place, edits: edit(place, inventory) }];
  });
}

function pairOf({ caller, role }: Decided['assumption']['question']): string {
  return `${show(principalText(caller))} never assumed ${show(role.arn)}`;
}

function isOpen({ decision }: Decided): boolean {
  return decision.decision === 'allowed' || decision.decision === 'conditional';
}

function isKnownUnused({ assumption: { question } }: Decided, usage: Usage): boolean {
  const { caller, role } = question;
  // Whether the log has each service's own calls, AWS does not document.
  if (caller.kind === 'service') return false;
  // Somebody has opened the sessions of a role that are at work.
  const isAtWork = [...usage.worked, ...usage.refused].some(({ call }) => isSessionOf(call, role));
  if (isAtWork && caller.kind !== 'user' && caller.kind !== 'role') return false;
  const own = 'account' in caller ? [show(caller.account)] : [];
  if (!isLogged(usage, ...own, show(role.account))) return false;
  return !usage.worked.some(({ call }) => call.role === show(role.arn) && madeBy(call, caller));
}

function isSessionOf({ principal, sessionOf }: Use['call'], role: TargetRole): boolean {
  const session = `:sts::${show(role.account)}:assumed-role/${show(role.name)}/`;
  return sessionOf === show(role.arn) || principal?.includes(session) === true;
}

/** Without the text, or without its statement where it has no other. */
function edit(place: Place, { entities }: Inventory): readonly Edit[] {
  for (const { caller, target } of entities) {
    const policies = [
      ...caller.identity.policies.map(({ policy }) => policy),
      ...(target?.trust === undefined ? [] : [target.trust]),
    ];
    for (const policy of policies) {
      const statement = policy.statements.find((one) => itemsOf(one).some((item) => item.place === place));
      if (statement !== undefined) return [without(place, statement, policy)].filter((one) => one !== undefined);
    }
  }
  return [];
}

function itemsOf({ principals, resources }: Statement): readonly { readonly place: Place }[] {
  return principals?.items ?? resources?.items ?? [];
}

function without(place: Place, statement: Statement, { statements }: Policy): Edit | undefined {
  // A grant may be about more than roles, and then only people know what else it is for.
  const assuming =
    statement.principals !== undefined || Object.values(statement.actions.covers).some((one) => one === true);
  if (statement.effect !== 'Allow' || !assuming) return undefined;
  const items = itemsOf(statement);
  const [item] = items.filter((one) => one.place === place);
  if (item === undefined) return undefined;
  if (items.length > 1) return removeItem(item);
  return statements.length > 1 && isOnlyAboutRoles(statement) ? removeStatement(statement.place) : undefined;
}

function isOnlyAboutRoles({ principals, actions }: Statement): boolean {
  return principals !== undefined || actions.items.every(({ text }) => /^sts:/i.test(show(text)));
}
