import type { Place } from '../source/source.ts';
import { type Text, unknownText } from '../symbolic/text.ts';
import { itemsOf, type Value } from '../symbolic/value.ts';

/** One text of a policy element, with its place. */
export interface Item {
  readonly text: Text;
  readonly place: Place;
}

/** The texts of an element that is one text or a list; an unknown shape becomes one unknown text. */
export function textItems(value: Value | undefined): readonly Item[] {
  const items: Item[] = [];
  for (const item of itemsOf(value)) {
    if (item.kind === 'text') items.push({ text: item.text, place: item.place });
    else if (item.kind === 'unknown') items.push({ text: unknownText(item.unknown), place: item.place });
    else if (item.kind === 'list') items.push(...textItems(item));
  }
  return items;
}
