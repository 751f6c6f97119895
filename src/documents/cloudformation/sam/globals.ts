import { type MapTree, member, type Tree } from '../../../source/tree.ts';
import { intrinsicCall } from '../intrinsic-call.ts';

/**
 * What `Globals` says for a sort of resource, under what the resource says itself: maps are joined, lists are appended, and of
 * anything else the resource's own word counts.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export function withGlobals(template: MapTree, section: string, properties: Tree | undefined): Tree | undefined {
  const shared = member(member(template, 'Globals'), section);
  return shared === undefined ? properties : properties === undefined ? shared : joined(shared, properties);
}

function joined(shared: Tree, own: Tree): Tree {
  if (intrinsicCall(shared) !== undefined || intrinsicCall(own) !== undefined) return own;
  if (shared.kind === 'list' && own.kind === 'list') return { ...own, items: [...shared.items, ...own.items] };
  if (shared.kind !== 'map' || own.kind !== 'map') return own;
  const names = new Set(own.entries.map(({ key }) => key.text));
  const inherited = shared.entries.filter(({ key }) => !names.has(key.text));
  const both = own.entries.map(({ key, value }) => {
    const above = member(shared, key.text);
    return { key, value: above === undefined ? value : joined(above, value) };
  });
  return { ...own, entries: [...inherited, ...both] };
}
