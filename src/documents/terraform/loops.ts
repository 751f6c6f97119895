import type { Place } from '../../source/source.ts';
import type { Guard } from '../../symbolic/guard.ts';
import { keyOf, type Unknown } from '../../symbolic/text.ts';
import { undecided } from './choices.ts';
import { derived } from './operators.ts';
import type { Run } from './run.ts';
import {
  isCounted,
  type MapTerm,
  number,
  openUnknown,
  type SettledTerm,
  type Term,
  type TermMember,
  textTerm,
} from './term.ts';

/** One turn of a loop; with `when`, one that may not be. */
export interface Turn {
  readonly key: Term;
  readonly value: Term;
  readonly when?: { readonly guard: Guard; readonly otherwise: Unknown };
}

/** The turns of a loop over a collection; undefined where nothing can be said of them. */
export function loopOver(collection: SettledTerm, run: Run, place: Place): readonly Turn[] | undefined {
  switch (collection.kind) {
    case 'list': {
      if (!run.spend(collection.items.length)) return undefined;
      const counted = isCounted(collection);
      return collection.items.flatMap((item, index): readonly Turn[] => {
        const key =
          collection.form === 'set' ? item : counted ? number(index, item.place) : symbolic(collection, place).key;
        if (item.kind === 'choice' && (item.whenTrue === undefined || item.whenFalse === undefined))
          return maybe(item, key);
        return item.kind === 'unknown' && item.many === true ? [symbolic(item, place)] : [{ key, value: item }];
      });
    }
    case 'map':
      if (!run.spend(collection.members.length)) return undefined;
      collection.asked?.();
      return inKeyOrder(collection).map(({ key, keyPlace, value }) => ({ key: textTerm(key, keyPlace), value }));
    case 'unknown':
      return [symbolic(collection, place)];
    case 'lazy':
      return collection.index === undefined ? undefined : [symbolic(collection, place)];
    default:
      return undefined;
  }
}

/** What nobody can count has one turn that stands for each, if there is one. */
function symbolic(collection: SettledTerm, place: Place): Turn {
  const each = derived('each', [collection], place);
  const shown = each.shown.replace(/^\$\{(.*)\}$/s, '$1');
  const some = undecided(openUnknown(`some:${each.id}`, `${shown} has items`, each.missing), place);
  const key = openUnknown(`key:${each.id}`, `each.key of ${shown}`, each.missing);
  const value = openUnknown(`value:${each.id}`, `each of ${shown}`, each.missing);
  return {
    key: { kind: 'unknown', unknown: key, place },
    value: { kind: 'unknown', unknown: value, place },
    when: { guard: some.guard, otherwise: some.otherwise },
  };
}

function maybe(item: Extract<Term, { kind: 'choice' }>, key: Term): readonly Turn[] {
  const { guard, otherwise, whenTrue, whenFalse } = item;
  const value = whenTrue ?? whenFalse;
  if (value === undefined) return [];
  return [{ key, value, when: { guard: whenTrue === undefined ? { kind: 'not', guard } : guard, otherwise } }];
}

/** Terraform walks maps in the order of their keys. */
export function inKeyOrder(map: MapTerm): readonly TermMember[] {
  return [...map.members].sort((left, right) => compareTexts(keyOf(left.key), keyOf(right.key)));
}

/** By code points, as Go compares texts; UTF-16 would put what is beyond its first plane too early. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const astral = /[\uD800-\uDFFF]/;
  if (!astral.test(left) && !astral.test(right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
