import type { Place } from '../../source/source.ts';
import { isKnown, show } from '../../symbolic/text.ts';
import { through } from './choices.ts';
import { unknownResult } from './operators.ts';
import { asText, toNumber } from './primitives.ts';
import {
  failure,
  hasKnownKeys,
  isCounted,
  type ListTerm,
  type MapTerm,
  memberNamed,
  openUnknown,
  type SettledTerm,
  type Term,
  type UnknownTerm,
} from './term.ts';

/** `of.name` */
export function attributeOf(of: Term, name: string, place: Place): Term {
  return through([of], ([value]) => {
    switch (value?.kind) {
      case 'lazy':
        return value.attribute(name, place);
      case 'map':
        return memberOr(value, name, place);
      case 'unknown':
        return partOf(value, `.${name}`, place);
      case 'failure':
        return value;
      case 'null':
        return failure(`a null has no attribute ${name}`, place);
      default:
        return failure(`there is no attribute ${name}`, place);
    }
  });
}

function memberOr(map: MapTerm, name: string, place: Place): Term {
  const member = memberNamed(map, name);
  map.asked?.(name);
  if (hasKnownKeys(map)) return member?.value ?? failure(`there is no ${name}`, place);
  // A key that nobody knows may be the same.
  return unknownResult(`.${name}`, [map], place);
}

/** A part of what nobody knows: named after it, and missing for the same reason. */
export function partOf({ unknown }: UnknownTerm, path: string, place: Place): Term {
  const shown = unknown.shown.replace(/^\$\{(.*)\}$/s, '$1');
  const part = openUnknown(unknown.id + path, shown + path, unknown.missing);
  return { kind: 'unknown', unknown: unknown.undeclared === true ? { ...part, undeclared: true } : part, place };
}

/** `of[key]` */
export function indexOf(of: Term, key: Term, place: Place): Term {
  return through([of, key], ([value, at]) => {
    if (value === undefined || at === undefined || value.kind === 'failure') return value ?? of;
    if (at.kind === 'failure') return at;
    switch (value.kind) {
      case 'list':
        return itemAt(value, at, place);
      case 'map': {
        const name = asText(at);
        if (name === undefined) return failure('a key is null', place);
        return isKnown(name) ? memberOr(value, name, place) : unknownResult('[]', [value, at], place);
      }
      case 'lazy': {
        if (value.index !== undefined) return value.index(at, place);
        const name = asText(at);
        return name !== undefined && isKnown(name)
          ? value.attribute(name, place)
          : unknownResult('[]', [value, at], place);
      }
      case 'unknown': {
        const name = asText(at);
        if (name !== undefined && isKnown(name))
          return partOf(value, at.kind === 'text' ? `["${show(name)}"]` : `[${show(name)}]`, place);
        return unknownResult('[]', [value, at], place);
      }
      default:
        return failure('it has no items', place);
    }
  });
}

function itemAt(list: ListTerm, key: SettledTerm, place: Place): Term {
  if (list.form === 'set') return failure('the items of a set have no index', place);
  const index = toNumber(key);
  if (index.kind === 'failure') return index;
  if (index.kind !== 'number' || !isCounted(list)) return unknownResult('[]', [list, key], place);
  return list.items[index.value] ?? failure('there is no such item', place);
}
