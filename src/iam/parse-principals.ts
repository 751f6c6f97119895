import { both } from '../symbolic/guard.ts';
import { unknownText } from '../symbolic/text.ts';
import { branchesOf, type Member, type SettledValue, type Value } from '../symbolic/value.ts';
import { textItems } from './item.ts';
import type { PrincipalElement, PrincipalItem, PrincipalType } from './policy.ts';

const TYPES: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'] satisfies PrincipalType[];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function parsePrincipals(
  principal: Member | undefined,
  notPrincipal: Member | undefined,
): PrincipalElement | undefined {
  const member = principal ?? notPrincipal;
  if (member === undefined) return undefined;
  return { negated: principal === undefined, items: principalItems(member.value), place: member.value.place };
}

function principalItems(value: Value): readonly PrincipalItem[] {
  return branchesOf(value).flatMap(({ guard, value: branch }) => {
    const items = itemsIn(branch);
    return guard === true ? items : items.map((item) => ({ ...item, guard: both(guard, item.guard ?? true) }));
  });
}

function itemsIn(value: SettledValue): readonly PrincipalItem[] {
  // A bare text: only "*" is a principal; anything else AWS rejects, which the type `*` with another text says.
  if (value.kind === 'text') return [{ type: '*', text: value.text, place: value.place }];
  // Of an unknown shape it may name anybody.
  if (value.kind === 'unknown') {
    const text = unknownText(value.unknown);
    return (['AWS', 'Service', 'Federated'] as const).map((type) => ({ type, text, place: value.place }));
  }
  if (value.kind === 'list') return textItems(value).map((item) => ({ ...item, type: '*' as const }));
  return value.members.flatMap((member) => {
    if (!TYPES.includes(member.name)) return [];
    return textItems(member.value).map((item) => ({ ...item, type: member.name as PrincipalType }));
  });
}
