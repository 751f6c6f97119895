import type { Place } from '../../../source/source.ts';
import { either, type Guard } from '../../../symbolic/guard.ts';
import { isKnown, keyOf, show, type Text, type Unknown, unknownsIn } from '../../../symbolic/text.ts';
import type { Member, SettledValue, UnknownValue, Value } from '../../../symbolic/value.ts';

/** A value that is there under a guard only. */
export function guardedValue(value: Value, guard: Guard, otherwise?: Value): Value {
  if (guard === true) return value;
  const unknown: Unknown = {
    id: `choice:${value.place.source.path}:${value.place.start}`,
    kind: 'open',
    shown: 'this block',
    missing: 'whether this block is there',
  };
  const { place } = value;
  return {
    kind: 'choice',
    guard,
    whenTrue: value,
    whenFalse: otherwise,
    otherwise: { kind: 'unknown', unknown, place },
    place,
  };
}

/** The value with the literal parts of its texts rewritten. */
export function mapTexts(value: Value, rewrite: (part: string) => string): Value {
  switch (value.kind) {
    case 'text':
      return { ...value, text: rewritten(value.text, rewrite) };
    case 'list':
      return { ...value, items: value.items.map((item) => mapTexts(item, rewrite)) };
    case 'map':
      return {
        ...value,
        members: value.members.map((member) => ({ ...member, value: mapTexts(member.value, rewrite) })),
      };
    case 'choice': {
      const { whenTrue, whenFalse } = value;
      return {
        ...value,
        whenTrue: whenTrue && mapTexts(whenTrue, rewrite),
        whenFalse: whenFalse && mapTexts(whenFalse, rewrite),
      };
    }
    case 'unknown':
      return value;
  }
}

function rewritten(text: Text, rewrite: (part: string) => string): Text {
  if (isKnown(text)) return rewrite(text);
  return { parts: text.parts.map((part) => (typeof part === 'string' ? rewrite(part) : part)) };
}

/** What stands for a value of which only some text is known. */
export function unknownLike(value: SettledValue, missing: string): UnknownValue {
  if (value.kind === 'unknown') return value;
  const [first] = value.kind === 'text' ? unknownsIn(value.text) : [];
  const { place } = value;
  const id = `block:${place.source.path}:${place.start}`;
  return { kind: 'unknown', unknown: first ?? { id, kind: 'open', shown: 'this block', missing }, place };
}

/** Lists that grow block by block, under one name each. */
export class Grouped {
  readonly #lists = new Map<string, { readonly key: Text; readonly place: Place; items: Value[]; guard: Guard }>();

  /** `value` is a list, or one that stands for it; it is there under the guard. */
  add(key: Text, place: Place, value: Value, guard: Guard): void {
    const list = this.#lists.get(keyOf(key)) ?? { key, place, items: [], guard: false };
    this.#lists.set(keyOf(key), list);
    list.guard = either(list.guard, guard);
    const items = value.kind === 'list' ? value.items : [value];
    list.items.push(...items.map((item) => guardedValue(item, guard)));
  }

  get members(): readonly Member[] {
    return [...this.#lists.values()].map(({ key, place, items, guard }) => {
      const [only] = items;
      const list: Value = items.length === 1 && only !== undefined ? only : { kind: 'list', items, place };
      return { name: show(key), key, namePlace: place, value: guardedValue(list, guard) };
    });
  }
}
