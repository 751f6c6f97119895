import type { Item } from '../iam/item.ts';
import type { Statement } from '../iam/policy.ts';
import { show } from '../symbolic/text.ts';

/** A statement in JSON, as short as it can be; what is not known stands as its source writes it. */
export function shownStatement({ effect, actions, resources, principals, conditions }: Statement): string {
  const conditionBlock: Record<string, Record<string, string | readonly string[]>> = {};
  for (const { operator, operatorName, key, values } of conditions) {
    const name = operator?.name ?? operatorName;
    conditionBlock[name] = { ...conditionBlock[name], [show(key)]: oneOrMore(values) };
  }
  const byType = new Map<string, Item[]>();
  for (const item of principals?.items ?? []) byType.set(item.type, [...(byType.get(item.type) ?? []), item]);
  const everybody = byType.get('*');
  const principal =
    everybody === undefined
      ? Object.fromEntries([...byType].map(([type, items]) => [type, oneOrMore(items)]))
      : oneOrMore(everybody);
  return JSON.stringify({
    Effect: effect,
    ...(principals === undefined ? {} : { [principals.negated ? 'NotPrincipal' : 'Principal']: principal }),
    [actions.negated ? 'NotAction' : 'Action']: oneOrMore(actions.items),
    ...(resources === undefined
      ? {}
      : { [resources.negated ? 'NotResource' : 'Resource']: oneOrMore(resources.items) }),
    ...(conditions.length === 0 ? {} : { Condition: conditionBlock }),
  });
}

function oneOrMore(items: readonly Item[]): string | readonly string[] {
  const texts = items.map(({ text }) => show(text));
  const [only] = texts;
  return texts.length === 1 && only !== undefined ? only : texts;
}
