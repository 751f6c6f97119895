import type { Policy } from '../iam/policy.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import type { Finding } from '../rules/apply.ts';
import { keyOf } from '../symbolic/text.ts';
import type { Fix } from './fix.ts';

/**
 * Whether the edits give something to others than the two of the call: a list in a local, a policy of a group, a document of which
 * several roles are made. A text that is only put right, wherever it is used, gives nobody more.
 */
export function isWidened(
  { edits }: Pick<Fix, 'edits'>,
  { subject }: Finding,
  before: Inventory,
  after: Inventory,
): boolean {
  if (subject === undefined) return false;
  const ends = [subject.assumption.principal, subject.assumption.role].flatMap((end) => end?.declaration.place ?? []);
  const paths = new Set(edits.map(({ path }) => path));
  const sizes = new Map(after.entities.map((entity) => [keyOf(entity.declaration.arn), entity]));
  return before.entities.some((entity) => {
    const { place, arn } = entity.declaration;
    // What one text declares is widened with it, in as many accounts as it is deployed to.
    if (ends.some((end) => end.source.path === place.source.path && end.start === place.start)) return false;
    const now = sizes.get(keyOf(arn));
    return now !== undefined && sizeIn(now, paths) > sizeIn(entity, paths);
  });
}

/** How much the policies in these files say of an entity. */
function sizeIn({ caller, target }: Entity, paths: ReadonlySet<string>): number {
  const all = [...caller.identity.policies.map(({ policy }) => policy), ...(target?.trust ? [target.trust] : [])];
  return all.filter(({ place }) => paths.has(place.source.path)).reduce((sum, policy) => sum + sizeOf(policy), 0);
}

function sizeOf({ statements }: Policy): number {
  return statements.reduce(
    (sum, { actions, resources, principals }) =>
      sum + 1 + actions.items.length + (resources?.items.length ?? 0) + (principals?.items.length ?? 0),
    0,
  );
}
