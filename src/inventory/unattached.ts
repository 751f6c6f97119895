import type { Policy } from '../iam/policy.ts';
import { placeKey } from '../source/source.ts';
import type { Declarations } from './declarations.ts';
import type { TextIndex } from './lookup.ts';

/** Managed policies that no user, role or group of the documents has, nor may have. */
export function unattachedPolicies(all: Declarations, managed: TextIndex<Policy>): readonly Policy[] {
  const had = new Set<string>();
  const items = [
    ...all.entities.flatMap((entity) => entity.managed),
    ...all.attachments.flatMap(({ what }) => (what.kind === 'managed' ? [what.arn] : [])),
  ];
  for (const { text } of items) for (const { value } of managed.find(text)) had.add(keyOf(value));
  // A policy may name those that it is attached to itself.
  for (const { what } of all.attachments) if (what.kind === 'policy') had.add(keyOf(what.policy));
  return all.managedPolicies
    .filter(({ policy, attached }) => attached === undefined && !had.has(keyOf(policy)))
    .map(({ policy }) => policy);
}

/** By where it stands in the file: texts in a file that hold policies begin at nothing each. */
function keyOf({ place: { source, start } }: Policy): string {
  return placeKey({ source, start: source.toFile(start) });
}
