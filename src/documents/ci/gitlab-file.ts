import type { SourceFile } from '../../source/source.ts';
import { type MapEntry, type MapTree, member, scalarText, type Tree } from '../../source/tree.ts';
import { parseText } from '../text.ts';

/** https://docs.gitlab.com/ci/yaml/#include */
const MOST_INCLUDED = 150;
/** https://docs.gitlab.com/ci/yaml/yaml_optimization/#nest-reference-tags */
const MOST_REFERENCES = 10;
/** A hostile file lets each of its references stand for many others. */
const MOST_EXPANDED = 20_000;

/** Gives the files of the checkout. */
export interface Checkout {
  readonly read: (path: string) => SourceFile | undefined;
  readonly matching: (pattern: string) => readonly string[];
}

/** A configuration as GitLab sees it: with the files of the repository that it includes, of which it wins over each. */
export function withIncluded(tree: Tree, path: string, checkout: Checkout): Tree {
  const root = /(^|\/)\.gitlab-ci\.ya?ml$/.test(path) ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  let left = MOST_INCLUDED;
  const whole = (one: Tree, including: ReadonlySet<string>): Tree => {
    const parts = localsOf(member(one, 'include'))
      .flatMap((written) => pathsOf(written, root, checkout))
      .flatMap((included) => {
        if (including.has(included) || left === 0) return [];
        left -= 1;
        const file = checkout.read(included);
        const documents = file === undefined ? [] : parseText(file).documents;
        return documents.map((other) => whole(other, new Set([...including, included])));
      });
    return [...parts, one].reduce(merged);
  };
  return whole(tree, new Set([path]));
}

/** Whether a text says to include files of the repository. */
export function includesFiles(text: string): boolean {
  return /^include\s*:/m.test(text);
}

/** What stands under `include` for files of the repository; other projects, components and templates are elsewhere. */
function localsOf(include: Tree | undefined): readonly string[] {
  if (include === undefined) return [];
  if (include.kind === 'list') return include.items.flatMap(localsOf);
  const local = scalarText(include.kind === 'map' ? member(include, 'local') : include);
  return local === undefined || /^https?:/.test(local) ? [] : [local];
}

function pathsOf(written: string, root: string, { matching }: Checkout): readonly string[] {
  const path = `${root}${written.replace(/^\.?\/+/, '')}`;
  if (path.includes('$') || path.split('/').includes('..')) return [];
  return path.includes('*') ? matching(path).filter((one) => /\.ya?ml$/.test(one)) : [path];
}

/** Maps are merged key by key; of all else the latter stays. https://docs.gitlab.com/ci/yaml/includes/ */
function merged(base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map<string, MapEntry>(base.entries.map((entry) => [entry.key.text, entry]));
  for (const entry of over.entries) {
    const earlier = entries.get(entry.key.text);
    entries.set(
      entry.key.text,
      earlier === undefined ? entry : { key: entry.key, value: merged(earlier.value, entry.value) },
    );
  }
  const whole: MapTree = { ...over, entries: [...entries.values()] };
  return whole;
}

/** Puts what `!reference [.job, script]` names in its place. https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags */
export class References {
  readonly #file: Tree;
  #left = MOST_EXPANDED;

  constructor(file: Tree) {
    this.#file = file;
  }

  expanded(tree: Tree | undefined, depth = 0): Tree | undefined {
    this.#left -= 1;
    if (tree === undefined || tree.kind === 'scalar' || this.#left < 0) return tree;
    if (tree.kind === 'map')
      return {
        ...tree,
        entries: tree.entries.map(({ key, value }) => ({ key, value: this.expanded(value, depth) ?? value })),
      };
    if (tree.tag !== '!reference')
      return { ...tree, items: tree.items.flatMap((item) => this.expanded(item, depth) ?? []) };
    if (depth >= MOST_REFERENCES) return undefined;
    const named = tree.items.reduce<Tree | undefined>((at, step) => member(at, scalarText(step) ?? ''), this.#file);
    return this.expanded(named, depth + 1);
  }
}
