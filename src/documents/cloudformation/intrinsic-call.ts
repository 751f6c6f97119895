import type { Tree } from '../../source/tree.ts';

/** `{"Fn::Sub": …}`, `{"Ref": …}`, or the short tags `!Sub …`. */
export function intrinsicCall(tree: Tree): { readonly name: string; readonly argument: Tree } | undefined {
  if (tree.tag !== undefined) {
    const short = tree.tag.replace(/^!+/, '');
    const argument = { ...tree, tag: undefined };
    return { name: short === 'Ref' || short === 'Condition' ? short : `Fn::${short.replace(/^Fn::/, '')}`, argument };
  }
  if (tree.kind !== 'map' || tree.entries.length !== 1) return undefined;
  const [only] = tree.entries;
  if (only === undefined || !(only.key.text === 'Ref' || only.key.text.startsWith('Fn::'))) return undefined;
  return { name: only.key.text, argument: only.value };
}
