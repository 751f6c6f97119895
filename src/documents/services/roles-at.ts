import type { Item } from '../../iam/item.ts';
import { unknownText } from '../../symbolic/text.ts';
import type { GuardedValue } from '../../symbolic/value.ts';
import { type DeclaredResource, valuesAt } from '../declared-resource.ts';

/** The roles, or whatever else has one, that a property names: by ARN or by name. */
export function rolesAt(resource: DeclaredResource, path: string | undefined): readonly Item[] {
  return path === undefined ? [] : valuesAt(resource, path).flatMap(roleIn);
}

export function roleIn({ value, guard }: GuardedValue): readonly Item[] {
  const { place } = value;
  if (value.kind === 'text') return value.text === '' ? [] : [{ text: value.text, place, guard }];
  return value.kind === 'unknown' ? [{ text: unknownText(value.unknown), place, guard }] : [];
}
