import type { Place } from '../../../source/source.ts';
import type { ListTree, MapEntry, MapTree, ScalarTree, Tree } from '../../../source/tree.ts';

import { intrinsicCall } from '../intrinsic-call.ts';

/** Trees that a transform makes: each stands where a person wrote what it is made from. */

export function written(text: string, place: Place): ScalarTree {
  return { kind: 'scalar', text, type: 'string', tag: undefined, style: 'plain', place };
}

export function listOf(items: readonly Tree[], place: Place): ListTree {
  return { kind: 'list', items, tag: undefined, flow: true, place };
}

/** A map of the members that are there. */
export function mapOf(members: Readonly<Record<string, Tree | undefined>>, place: Place): MapTree {
  const entries: MapEntry[] = [];
  for (const [name, value] of Object.entries(members))
    if (value !== undefined) entries.push({ key: written(name, place), value });
  return { kind: 'map', entries, tag: undefined, flow: true, place };
}

/** The map with some members put in the place of its own. */
export function withMembers(map: Tree | undefined, members: Readonly<Record<string, Tree>>, place: Place): MapTree {
  const own = map?.kind === 'map' ? map : mapOf({}, place);
  const kept = own.entries.filter(({ key }) => members[key.text] === undefined);
  return { ...own, entries: [...kept, ...mapOf(members, place).entries] };
}

/** The members of a map that is written as one. */
export function entriesOf(tree: Tree | undefined): MapTree['entries'] {
  return tree?.kind === 'map' && intrinsicCall(tree) === undefined ? tree.entries : [];
}

export function attribute(id: string, name: string, place: Place): Tree {
  return mapOf({ 'Fn::GetAtt': listOf([written(id, place), written(name, place)], place) }, place);
}

export function noValue(place: Place): Tree {
  return mapOf({ Ref: written('AWS::NoValue', place) }, place);
}
