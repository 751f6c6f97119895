import type { SessionAction } from '../../iam/actions.ts';
import { member, type ScalarTree, type Tree } from '../../source/tree.ts';
import type { Text } from '../../symbolic/text.ts';
import type { WrittenRole } from '../workflows/credential-steps.ts';
import type { Checkout } from './gitlab-file.ts';

/** A job of a pipeline, as far as it has to do with tokens. */
export interface CiJob {
  readonly name: string;
  readonly scripts: readonly ScalarTree[];
  /** The maps in which variables are looked up, the nearest first. */
  readonly variables: readonly (Tree | undefined)[];
  /** Whether the values of variables may name other variables. */
  readonly nests?: boolean;
  /** Variables of which those maps do not hold the only value. */
  readonly varying?: ReadonlySet<string>;
  /** Roles that are named otherwise than in a script. */
  readonly roles: readonly WrittenRole[];
  /** Of the token of a name, or of the only one; undefined where the job does not say. */
  readonly audience: (token: string | undefined) => Text | undefined;
  /** What its tokens carry into the session. */
  readonly carries?: readonly SessionAction[];
  /** It says itself what its subject is made of. */
  readonly ownSubject?: boolean;
}

/** What its tokens say. */
export interface CiSystem {
  readonly name: string;
  readonly path: RegExp;
  /** What a file there says that has to do with tokens. */
  readonly mentions?: RegExp;
  readonly issuer: Text;
  readonly hosts: RegExp;
  readonly subject: Text;
  /** Where jobs do not choose it. */
  readonly audience?: Text;
  readonly jobs: (tree: Tree) => readonly CiJob[];
  /** A file with what it includes of the checkout. */
  readonly whole?: (tree: Tree, path: string, checkout: Checkout) => Tree;
}

export function itemsIn(tree: Tree | undefined, name: string): readonly Tree[] {
  const list = member(tree, name);
  if (list === undefined) return [];
  return list.kind === 'list' ? list.items : [list];
}

export function entriesIn(tree: Tree | undefined): readonly { readonly name: string; readonly value: Tree }[] {
  return tree?.kind === 'map' ? tree.entries.map(({ key, value }) => ({ name: key.text, value })) : [];
}

/** The lines of scripts, lists in lists included. */
export function scalarsIn(tree: Tree | undefined, depth = 0): readonly ScalarTree[] {
  if (tree === undefined || depth > 20) return [];
  if (tree.kind === 'scalar') return [tree];
  return tree.kind === 'list' ? tree.items.flatMap((item) => scalarsIn(item, depth + 1)) : [];
}

export function roleAt(tree: Tree | undefined): readonly WrittenRole[] {
  return tree?.kind === 'scalar' && tree.type !== 'null' && tree.text !== ''
    ? [{ text: tree.text, place: tree.place }]
    : [];
}
