import type { Place } from './source.ts';

/** One positioned tree for JSON and YAML alike. Scalars keep their source text: `012345678901` stays twelve digits. */
export type Tree = ScalarTree | ListTree | MapTree;

export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

export interface ScalarTree {
  readonly kind: 'scalar';
  /** The decoded text: escapes resolved, quotes gone, digits as written. */
  readonly text: string;
  readonly type: ScalarType;
  /** A YAML tag as written (`!Ref`), where there is one. */
  readonly tag: string | undefined;
  readonly style: 'plain' | 'double' | 'single' | 'block';
  readonly place: Place;
}

export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly tag: string | undefined;
  readonly flow: boolean;
  readonly place: Place;
}

export interface MapTree {
  readonly kind: 'map';
  /** In the order of the source; of a repeated key the last one is kept, as CloudFormation does. */
  readonly entries: readonly MapEntry[];
  readonly tag: string | undefined;
  readonly flow: boolean;
  readonly place: Place;
}

export interface MapEntry {
  readonly key: ScalarTree;
  readonly value: Tree;
}

/** Something about a document's text that a reader should tell. */
export interface TextProblem {
  readonly message: string;
  readonly level: 'error' | 'warning';
  readonly place: Place;
}

export interface ParsedText {
  /** The documents of the text; a text that cannot be read has none. */
  readonly documents: readonly Tree[];
  readonly problems: readonly TextProblem[];
}

export function member(tree: Tree | undefined, name: string): Tree | undefined {
  if (tree?.kind !== 'map') return undefined;
  return tree.entries.find((entry) => entry.key.text === name)?.value;
}

export function scalarText(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && tree.type !== 'null' ? tree.text : undefined;
}

/** Keeps the last of each repeated key and reports the earlier ones. */
export function withoutDuplicates(entries: readonly MapEntry[], problems: TextProblem[]): readonly MapEntry[] {
  const last = new Map<string, MapEntry>();
  let repeated = false;
  for (const entry of entries) {
    const earlier = last.get(entry.key.text);
    if (earlier !== undefined) {
      repeated = true;
      const { line } = earlier.key.place.source.file.position(earlier.key.place.source.toFile(earlier.key.place.start));
      problems.push({
        message: `the key ${JSON.stringify(entry.key.text)} is repeated: this one wins over line ${line}`,
        level: 'warning',
        place: entry.key.place,
      });
    }
    last.set(entry.key.text, entry);
  }
  return repeated ? entries.filter((entry) => last.get(entry.key.text) === entry) : entries;
}
