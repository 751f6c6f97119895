import type { Item } from '../iam/item.ts';
import type { Policy } from '../iam/policy.ts';
import type { RoleDeclaration, UserDeclaration } from '../inventory/declarations.ts';
import type { Place } from '../source/source.ts';
import { isKnown, keyOf, show, type Text } from '../symbolic/text.ts';
import type { Difference, DriftPart } from './drift.ts';
import { couldEqual, differingItems, isAlways, policyDifference, type Sides } from './same-policy.ts';
import { shownStatement } from './shown-statement.ts';

/** A role or a user with all that one side attaches to it. */
export interface Held {
  readonly entity: RoleDeclaration | UserDeclaration;
  readonly inline: readonly { readonly policy: Policy; readonly sure: boolean }[];
  readonly managed: readonly MaybeItem[];
  readonly groups: readonly MaybeItem[];
}

interface MaybeItem {
  readonly item: Item;
  readonly sure: boolean;
}

/** Everything in which one entity surely differs. What one side does not show in full is compared as far as it goes. */
export function entityDifferences(declared: Held, deployed: Held): readonly Difference[] {
  const [{ entity: ours }, { entity: theirs }] = [declared, deployed];
  const told = (part: DriftPart, sides: Sides, place?: Place, shownAt?: Place, name?: string): Difference => ({
    kind: ours.kind,
    arn: show(ours.arn),
    part,
    ...(name === undefined ? {} : { name }),
    ...sides,
    place: place ?? ours.place,
    shownAt: shownAt ?? theirs.place,
  });
  const differences: Difference[] = [];
  const single = (
    part: DriftPart,
    one: Text | undefined,
    other: Text | undefined,
    place?: Place,
    name?: string,
  ): void => {
    if (one !== undefined && other !== undefined && couldEqual(one, other)) return;
    const sides = {
      declared: one === undefined ? [] : [show(one)],
      deployed: other === undefined ? [] : [show(other)],
    };
    if (one !== other) differences.push(told(part, sides, place, undefined, name));
  };
  single('name', ours.name, theirs.name);
  if (theirs.standing === 'dump' || isKnown(theirs.path)) single('path', ours.path, theirs.path);
  if (ours.kind === 'role' && theirs.kind === 'role') {
    const trust = ours.trust && theirs.trust && policyDifference(ours.trust, theirs.trust);
    if (trust !== undefined) differences.push(told('trust-policy', trust, ours.trust?.place, theirs.trust?.place));
    const [session, longest] = [ours.longestSession, theirs.longestSession];
    if (session !== undefined && longest !== undefined && isAlways(session))
      single('max-session-duration', session.text, longest.text, session.place);
  }
  differences.push(
    ...inlineDifferences(declared, deployed).map(({ sides, name, place, shownAt }) =>
      told('inline-policy', sides, place, shownAt, name),
    ),
  );
  const managed = itemsDifference(declared.managed, deployed.managed, sameManaged, declared, deployed);
  if (managed !== undefined) differences.push(told('attached-policies', managed));
  const groups = itemsDifference(declared.groups, deployed.groups, sameText, declared, deployed);
  if (groups !== undefined) differences.push(told('groups', groups));
  if (!ours.partial && theirs.standing === 'dump' && isAlways(ours.boundary ?? { text: '', place: ours.place }))
    single('permissions-boundary', ours.boundary?.text, theirs.boundary?.text, ours.boundary?.place);
  // Tags come from many sides, stacks and organizations among them: those that are declared are compared.
  for (const [key, value] of theirs.tags.open === undefined ? ours.tags.values : [])
    single('tag', value, theirs.tags.values.get(key), undefined, key);
  return differences;
}

/** One side may not show all: then nothing is missing there. */
function itemsDifference(
  declared: readonly MaybeItem[],
  deployed: readonly MaybeItem[],
  same: (one: MaybeItem, other: MaybeItem) => boolean,
  ours: Held,
  theirs: Held,
): Sides | undefined {
  const differing = differingItems(declared, deployed, same, ({ item, sure }) => sure && isAlways(item));
  const sides = {
    declared: theirs.entity.open.length > 0 ? [] : differing.declared.map(({ item }) => show(item.text)),
    deployed: ours.entity.open.length > 0 ? [] : differing.deployed.map(({ item }) => show(item.text)),
  };
  return sides.declared.length + sides.deployed.length === 0 ? undefined : sides;
}

function sameText(one: MaybeItem, other: MaybeItem): boolean {
  return couldEqual(one.item.text, other.item.text);
}

/** Some documents name AWS's own policies without their ARN. */
function sameManaged(one: MaybeItem, other: MaybeItem): boolean {
  const [left, right] = [one.item.text, other.item.text];
  if (couldEqual(left, right)) return true;
  return isKnown(left) && isKnown(right) && !left.includes(':') && right.endsWith(`/${left}`);
}

interface InlineDifference {
  readonly sides: Sides;
  readonly name: string;
  readonly place: Place | undefined;
  readonly shownAt: Place | undefined;
}

/** Inline policies meet by their names, and by what they say where a name is not known. */
function inlineDifferences(declared: Held, deployed: Held): readonly InlineDifference[] {
  const differences: InlineDifference[] = [];
  const couldBeNamed = ({ named }: Policy, other: Policy): boolean =>
    named === undefined || other.named === undefined || couldEqual(named, other.named);
  for (const { policy: theirs } of deployed.inline) {
    const candidates = declared.inline.filter(({ policy }) => couldBeNamed(policy, theirs));
    const sides = candidates.map(({ policy }) => policyDifference(policy, theirs));
    const [only, ...more] = candidates;
    const [difference] = sides;
    const [name, shownAt] = [show(theirs.named ?? theirs.name), theirs.place];
    if (only === undefined && declared.entity.open.length === 0)
      differences.push({ sides: { declared: [], deployed: statements(theirs) }, name, place: undefined, shownAt });
    // Of several that it could be, or of one that may not be there, it may be none.
    else if (only?.sure === true && more.length === 0 && isNamed(only.policy) && difference !== undefined)
      differences.push({ sides: difference, name, place: only.policy.place, shownAt });
  }
  if (deployed.entity.open.length > 0) return differences;
  for (const { policy: ours, sure } of declared.inline) {
    const isThere = deployed.inline.some(({ policy }) => couldBeNamed(ours, policy));
    if (sure && !isThere && ours.statements.every(({ guard }) => guard === true))
      differences.push({
        sides: { declared: statements(ours), deployed: [] },
        name: show(ours.named ?? ours.name),
        place: ours.place,
        shownAt: undefined,
      });
  }
  return differences;
}

function isNamed({ named }: Policy): boolean {
  return named !== undefined && keyOf(named) === show(named);
}

function statements({ statements: all }: Policy): readonly string[] {
  return all.map(shownStatement);
}
