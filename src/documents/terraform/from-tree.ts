import type { Tree } from '../../source/tree.ts';
import { bool, listTerm, mapTerm, number, type Term, textTerm } from './term.ts';

/** JSON in which nothing is left to resolve, as a term. */
export function fromTree(tree: Tree): Term {
  const { place } = tree;
  switch (tree.kind) {
    case 'scalar':
      if (tree.type === 'null') return { kind: 'null', place };
      if (tree.type === 'boolean') return bool(tree.text === 'true', place);
      return tree.type === 'number' ? number(Number(tree.text), place) : textTerm(tree.text, place);
    case 'list':
      return listTerm(tree.items.map(fromTree), place);
    case 'map':
      return mapTerm(
        tree.entries.map(({ key, value }) => ({ key: key.text, keyPlace: key.place, value: fromTree(value) })),
        place,
      );
  }
}
