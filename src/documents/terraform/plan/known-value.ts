import type { Value } from '../../../symbolic/value.ts';
import { isList, type Json } from './json.ts';
import type { JsonPath, PlanPlaces } from './places.ts';

/** A value that a plan knows; undefined for null. */
export function knownValue(value: Json, at: JsonPath, places: PlanPlaces): Value | undefined {
  const place = places.at(at, typeof value === 'string' ? value : '');
  if (value === null) return undefined;
  if (isList(value)) {
    const items = value.map((item, index) => knownValue(item, [...at, index], places));
    return { kind: 'list', items: items.filter((item) => item !== undefined), place };
  }
  if (typeof value === 'object') {
    const members = Object.entries(value).flatMap(([name, item]) => {
      const one = knownValue(item ?? null, [...at, name], places);
      return one === undefined ? [] : [{ name, key: name, namePlace: one.place, value: one }];
    });
    return { kind: 'map', members, place };
  }
  return { kind: 'text', text: String(value), type: typeof value as 'string' | 'number' | 'boolean', place };
}
