import type { Tree } from '../source/tree.ts';
import type { Value } from './value.ts';

/** A tree in which nothing is left to resolve (JSON, or YAML without tags) as a value; `null` members are left out. */
export function valueFromTree(tree: Tree): Value {
  switch (tree.kind) {
    case 'scalar':
      return { kind: 'text', text: tree.text, type: tree.type === 'null' ? 'string' : tree.type, place: tree.place };
    case 'list':
      return { kind: 'list', items: tree.items.map(valueFromTree), place: tree.place };
    case 'map': {
      const kept = tree.entries.filter(({ value }) => value.kind !== 'scalar' || value.type !== 'null');
      const members = kept.map(({ key, value }) => ({
        name: key.text,
        key: key.text,
        namePlace: key.place,
        value: valueFromTree(value),
      }));
      return { kind: 'map', members, place: tree.place };
    }
  }
}
