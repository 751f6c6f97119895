import { principalText } from '../iam/caller.ts';
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
  before: { readonly inventory: Inventory; readonly decided: readonly Decided[] },
  after: Inventory,
): boolean {
  if (subject === undefined) return false;
  const denied = new Set(before.decided.filter(({ decision }) => decision.decision === 'denied').map(pairOf));
  const { principal, role } = subject.assumption;
  const ends = [subject.assumption.principal, subject.assumption.role].flatMap((end) => end?.declaration.place ?? []);
  const paths = new Set(edits.map(({ path }) => path));
  const sizes = new Map(after.entities.map((entity) => [keyOf(entity.declaration.arn), entity]));
  return before.inventory.entities.some((entity) => {
    const { place, arn } = entity.declaration;
    // What one text declares is widened with it: in as many accounts as it is deployed to, and as often as the same is wanted.
    if (ends.some((end) => end.source.path === place.source.path && end.start === place.start)) {
      const own = [principal, role].find(
        (end) => end?.declaration.kind === entity.declaration.kind && isOne(end, entity),
      );
      if (own !== undefined) return false;
      if (principal !== undefined && denied.has(`${keyOf(principal.declaration.arn)}\n${keyOf(arn)}`)) return false;
      if (role !== undefined && denied.has(`${keyOf(arn)}\n${keyOf(role.declaration.arn)}`)) return false;
    }
    const now = sizes.get(keyOf(arn));
    return now !== undefined && sizeIn(now, paths) > sizeIn(entity, paths);
  });
}

/** The same in this account or in another. */
function isOne(one: Entity, other: Entity): boolean {
  return keyOf(one.declaration.name) === keyOf(other.declaration.name);
}

type Decided = NonNullable<Finding['subject']>;

function pairOf({ assumption: { question } }: Decided): string {
  return `${keyOf(principalText(question.caller))}\n${keyOf(question.role.arn)}`;
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
