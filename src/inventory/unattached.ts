import type { Policy } from '../iam/policy.ts';
import type { Source } from '../source/source.ts';
import type { Declarations } from './declarations.ts';
import type { TextIndex } from './lookup.ts';

/** Managed policies that no user, role or group of the documents has, nor may have. */
export function unattachedPolicies(all: Declarations, managed: TextIndex<Policy>): readonly Policy[] {
  const had = new Written();
  const items = [
    ...all.entities.flatMap((entity) => entity.managed),
    ...all.attachments.flatMap(({ what }) => (what.kind === 'managed' ? [what.arn] : [])),
  ];
  for (const { text } of items) for (const { value } of managed.find(text)) had.add(value);
  // A policy may name those that it is attached to itself.
  for (const { what } of all.attachments) if (what.kind === 'policy') had.add(what.policy);
  return all.managedPolicies
    .filter(({ policy, attached }) => attached === undefined && !had.has(policy))
    .map(({ policy }) => policy);
}

/** Policies by where each is written: those that are written in texts of one file have a source each. */
class Written {
  readonly #starts = new Map<Source, Set<number>>();

  add({ place: { source, start } }: Policy): void {
    const starts = this.#starts.get(source);
    if (starts === undefined) this.#starts.set(source, new Set([start]));
    else starts.add(start);
  }

  has({ place: { source, start } }: Policy): boolean {
    return this.#starts.get(source)?.has(start) === true;
  }
}
