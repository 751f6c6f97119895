import type { Value } from '../../symbolic/value.ts';
import { numberOf } from './primitives.ts';
import { bool, listTerm, mapTerm, number, type Term, type TextTerm } from './term.ts';

/** A value that a plan, a provider or the configuration gives, as a term. */
export function fromValue(value: Value): Term {
  const { place } = value;
  switch (value.kind) {
    case 'text': {
      const { text, type } = value;
      if (type === 'boolean' && typeof text === 'string') return bool(text === 'true', place);
      const digits = type === 'number' && typeof text === 'string' ? numberOf(text) : undefined;
      if (digits !== undefined) return number(digits, place);
      const { encodes } = value;
      const term: TextTerm = { kind: 'text', text, place };
      return encodes === undefined ? term : { ...term, origin: { kind: 'encoded', of: fromValue(encodes) } };
    }
    case 'list':
      return listTerm(value.items.map(fromValue), place, 'list');
    case 'map':
      return mapTerm(
        value.members.map(({ key, namePlace, value: own }) => ({ key, keyPlace: namePlace, value: fromValue(own) })),
        place,
      );
    case 'unknown':
      return { kind: 'unknown', unknown: value.unknown, place };
    case 'choice':
      return {
        kind: 'choice',
        guard: value.guard,
        whenTrue: value.whenTrue && fromValue(value.whenTrue),
        whenFalse: value.whenFalse && fromValue(value.whenFalse),
        otherwise: value.otherwise.unknown,
        place,
      };
  }
}
