import type { Place } from '../../../source/source.ts';
import { isKnown } from '../../../symbolic/text.ts';
import {
  guardedItemsOf,
  type ListValue,
  type MapValue,
  type SettledValue,
  type Value,
} from '../../../symbolic/value.ts';
import { policyValue } from '../../policy-text.ts';

/** Lists beyond this are matched by position alone. */
const MOST_MATCHED = 300;

/**
 * What a plan says, at the places where the source writes it. What the plan does not know yet is what the source says of it,
 * as far as anybody can know. `otherwise` is the place of what the source does not write itself.
 */
export function placed(planned: Value, written: Value | undefined, otherwise: Place): Value {
  if (written === undefined) return movedTo(planned, otherwise);
  if (written.kind === 'choice') {
    if (planned.kind === 'unknown') return written;
    const branches = [written.whenTrue, written.whenFalse].filter((branch) => branch !== undefined);
    const likely =
      branches.find((branch) => agreement(planned, branch) === 'same') ??
      branches.find((branch) => agreement(planned, branch) === 'maybe');
    return placed(planned, likely, written.place);
  }
  if (planned.kind === 'unknown' || planned.kind === 'choice') return written;
  if (planned.kind === 'text' && !isKnown(planned.text) && written.kind !== 'unknown') return written;
  // Of a text that is no policy the provider's own reading leaves nothing.
  if (planned.kind === 'text' && planned.text === '' && written.kind === 'text') return written;
  const [only] = written.kind === 'list' ? written.items : [];
  if (planned.kind === 'text' && only !== undefined && written.kind === 'list' && written.items.length === 1)
    return placed(planned, only, written.place);
  if (planned.kind === 'text') return placedText(planned, written);
  if (planned.kind === 'list') return placedList(planned, written);
  return placedMap(planned, written);
}

function placedText(planned: Extract<Value, { kind: 'text' }>, written: SettledValue): Value {
  const { place } = written;
  if (planned.type !== 'string' || !isKnown(planned.text) || !/^\s*[[{]/.test(planned.text))
    return { ...planned, place };
  const structure = policyValue(planned);
  if (structure.kind === 'unknown') return { ...planned, place };
  const encodes = placed(structure, written.kind === 'text' ? policyValue(written) : written, place);
  return { kind: 'text', text: planned.text, type: 'string', place, encodes };
}

function placedMap(planned: MapValue, written: SettledValue): Value {
  const { place } = written;
  const own = written.kind === 'map' ? written.members : [];
  const members = planned.members.map((member) => {
    const same = own.find(({ name }) => name === member.name);
    return { ...member, namePlace: same?.namePlace ?? place, value: placed(member.value, same?.value, place) };
  });
  return { kind: 'map', members, place };
}

/** Sets have another order in a plan, so items are matched by what they hold. */
function placedList(planned: ListValue, written: SettledValue): Value {
  const { place } = written;
  const left: (SettledValue | undefined)[] = guardedItemsOf(written.kind === 'unknown' ? undefined : written).map(
    ({ value }) => value,
  );
  const found = new Map<number, SettledValue>();
  const take = (wanted: 'same' | 'maybe'): void => {
    for (const [index, item] of planned.items.entries()) {
      if (found.has(index)) continue;
      const at = left.findIndex((one) => one !== undefined && agreement(item, one) === wanted);
      const one = left[at];
      if (one === undefined) continue;
      found.set(index, one);
      left[at] = undefined;
    }
  };
  if (planned.items.length > MOST_MATCHED)
    for (const [index] of planned.items.entries()) {
      const one = left[index];
      if (one !== undefined) found.set(index, one);
    }
  else {
    take('same');
    take('maybe');
  }
  return { kind: 'list', items: planned.items.map((item, index) => placed(item, found.get(index), place)), place };
}

/** Whether one value is what the other one became: surely, possibly, or not. */
function agreement(planned: Value, written: Value): 'same' | 'maybe' | 'no' {
  if (planned.kind === 'unknown' || planned.kind === 'choice') return 'maybe';
  if (written.kind === 'unknown' || written.kind === 'choice') return 'maybe';
  if (planned.kind !== 'list' && written.kind === 'list') {
    const [only] = written.items;
    return written.items.length === 1 && only !== undefined ? agreement(planned, only) : 'no';
  }
  if (planned.kind === 'list' && written.kind !== 'list') {
    const [only] = planned.items;
    return planned.items.length === 1 && only !== undefined ? agreement(only, written) : 'no';
  }
  if (planned.kind === 'text' && written.kind === 'text') {
    if (isKnown(planned.text) && isKnown(written.text)) return planned.text === written.text ? 'same' : 'no';
    return 'maybe';
  }
  if (planned.kind === 'list' && written.kind === 'list') {
    if (planned.items.length !== written.items.length || planned.items.length > MOST_MATCHED) return 'maybe';
    return weakest(planned.items.map((item) => strongest(written.items.map((other) => agreement(item, other)))));
  }
  if (planned.kind !== 'map' || written.kind !== 'map') return 'no';
  return weakest(
    planned.members.flatMap((member) => {
      const other = written.members.find(({ name }) => name === member.name);
      return other === undefined ? [] : [agreement(member.value, other.value)];
    }),
  );
}

function weakest(all: readonly ('same' | 'maybe' | 'no')[]): 'same' | 'maybe' | 'no' {
  return all.includes('no') ? 'no' : all.includes('maybe') ? 'maybe' : 'same';
}

function strongest(all: readonly ('same' | 'maybe' | 'no')[]): 'same' | 'maybe' | 'no' {
  return all.includes('same') ? 'same' : all.includes('maybe') ? 'maybe' : 'no';
}

/** All of a value at one place. */
function movedTo(value: Value, place: Place): Value {
  switch (value.kind) {
    case 'text':
      return value.encodes === undefined
        ? { ...value, place }
        : { ...value, place, encodes: movedTo(value.encodes, place) };
    case 'unknown':
      return { ...value, place };
    case 'list':
      return { ...value, items: value.items.map((item) => movedTo(item, place)), place };
    case 'map':
      return {
        ...value,
        members: value.members.map((member) => ({ ...member, namePlace: place, value: movedTo(member.value, place) })),
        place,
      };
    case 'choice':
      return { ...value, place };
  }
}
