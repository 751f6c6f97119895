import type { Policy } from '../iam/policy.ts';
import { isKnown } from '../symbolic/text.ts';
import type { Value } from '../symbolic/value.ts';

/** The whole document of a policy, where all of it is known. */
export function documentOf({ document, open, statements }: Policy): unknown {
  if (document === undefined || open.length > 0 || statements.some(({ guard }) => guard !== true)) return undefined;
  return plain(document);
}

/** Undefined for what holds a value that is not known. */
function plain(value: Value): unknown {
  switch (value.kind) {
    case 'text':
      if (!isKnown(value.text)) return undefined;
      if (value.type === 'boolean') return value.text.toLowerCase() === 'true';
      return value.type === 'number' && String(Number(value.text)) === value.text ? Number(value.text) : value.text;
    case 'list': {
      const items = value.items.map(plain);
      return items.includes(undefined) ? undefined : items;
    }
    case 'map': {
      const entries = value.members.map(({ key, value: own }) => [key, plain(own)] as const);
      return entries.every(([key, own]) => isKnown(key) && own !== undefined) ? Object.fromEntries(entries) : undefined;
    }
    default:
      return undefined;
  }
}
