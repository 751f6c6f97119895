import type { Problem } from '../inventory/declarations.ts';
import { member, scalarText, type Tree } from '../source/tree.ts';
import type { Files } from './files.ts';
import { parseText } from './text.ts';

export interface ParameterValues {
  readonly values: ReadonlyMap<string, string | readonly string[]>;
  readonly problems: readonly Problem[];
}

/** Parameters as the AWS CLI (`[{ParameterKey, ParameterValue}]`), CodePipeline (`{Parameters: …}`) or a plain map write them. */
export function readParameterFile(path: string, files: Files): ParameterValues {
  const file = files.read(path);
  if (file === undefined) return { values: new Map(), problems: [] };
  const { documents, problems } = parseText(file);
  const [tree] = documents;
  return { values: tree === undefined ? new Map() : valuesOf(tree), problems: problems };
}

function valuesOf(tree: Tree): ReadonlyMap<string, string | readonly string[]> {
  const values = new Map<string, string | readonly string[]>();
  if (tree.kind === 'list') {
    for (const item of tree.items) {
      const name = scalarText(member(item, 'ParameterKey'));
      const value = scalarText(member(item, 'ParameterValue'));
      if (name !== undefined && value !== undefined) values.set(name, value);
    }
    return values;
  }
  const own = member(tree, 'Parameters') ?? tree;
  for (const { key, value } of own.kind === 'map' ? own.entries : []) {
    if (value.kind === 'scalar') values.set(key.text, value.text);
    else if (value.kind === 'list')
      values.set(
        key.text,
        value.items.map((item) => scalarText(item) ?? ''),
      );
  }
  return values;
}
