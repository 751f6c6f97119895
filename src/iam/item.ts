import type { Place } from '../source/source.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import { type Text, unknownText } from '../symbolic/text.ts';
import { guardedItemsOf, type Value } from '../symbolic/value.ts';

/** One text of a policy element, with its place. */
export interface Item {
  readonly text: Text;
  readonly place: Place;
  /** Under which choices it is there; always where it is not set. */
  readonly guard?: Guard;
}

/** The texts of an element that is one text or a list; an unknown shape becomes one unknown text. */
export function textItems(value: Value | undefined): readonly Item[] {
  const items: Item[] = [];
  for (const { value: item, guard } of guardedItemsOf(value)) {
    const { place } = item;
    const when = guard === true ? {} : { guard };
    if (item.kind === 'text') items.push({ text: item.text, place, ...when });
    else if (item.kind === 'unknown') items.push({ text: unknownText(item.unknown), place, ...when });
    else if (item.kind === 'list') {
      for (const inner of textItems(item))
        items.push(guard === true ? inner : { ...inner, guard: both(guard, inner.guard ?? true) });
    }
  }
  return items;
}
