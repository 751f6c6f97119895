import type { Item } from '../iam/item.ts';
import type { Policy } from '../iam/policy.ts';
import type { RoleDeclaration, UserDeclaration } from '../inventory/declarations.ts';
import { grouped } from '../inventory/grouped.ts';
import type { Place } from '../source/source.ts';
import { isKnown, show, type Text } from '../symbolic/text.ts';
import type { Difference, DriftPart } from './drift.ts';
import { type Comparing, couldEqual, differingItems, isAlways, policyDifference, type Sides } from './same-policy.ts';
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
  const managed = itemsDifference(declared.managed, deployed.managed, MANAGED, declared, deployed);
  if (managed !== undefined) differences.push(told('attached-policies', managed));
  const groups = itemsDifference(declared.groups, deployed.groups, NAMES, declared, deployed);
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
  comparing: Comparing<MaybeItem>,
  ours: Held,
  theirs: Held,
): Sides | undefined {
  const differing = differingItems(declared, deployed, comparing);
  const sides = {
    declared: theirs.entity.open.length > 0 ? [] : differing.declared.map(({ item }) => show(item.text)),
    deployed: ours.entity.open.length > 0 ? [] : differing.deployed.map(({ item }) => show(item.text)),
  };
  return sides.declared.length + sides.deployed.length === 0 ? undefined : sides;
}

const NAMES: Comparing<MaybeItem> = {
  key: (one) => (isSure(one) && isKnown(one.item.text) ? one.item.text : undefined),
  couldBeSame: (one, other) => couldEqual(one.item.text, other.item.text),
  isSure,
};

/** Some documents name AWS's own policies without their ARN. */
const MANAGED: Comparing<MaybeItem> = {
  key: (one) => (show(one.item.text).includes(':') ? NAMES.key(one) : undefined),
  couldBeSame: (one, other) => {
    const [left, right] = [one.item.text, other.item.text];
    if (couldEqual(left, right)) return true;
    return isKnown(left) && isKnown(right) && (isNameOf(left, right) || isNameOf(right, left));
  },
  isSure,
};

function isNameOf(name: string, arn: string): boolean {
  return !name.includes(':') && arn.endsWith(`/${name}`);
}

function isSure({ item, sure }: MaybeItem): boolean {
  return sure && isAlways(item);
}

interface InlineDifference {
  readonly sides: Sides;
  readonly name: string;
  readonly place: Place | undefined;
  readonly shownAt: Place | undefined;
}

/** So many inline policies without a name that is known are compared with each of the others. */
const MOST_NAMELESS = 20;

/** Inline policies meet by their names, and by what they say where a name is not known. */
function inlineDifferences(declared: Held, deployed: Held): readonly InlineDifference[] {
  const differences: InlineDifference[] = [];
  const nameless = declared.inline.filter(({ policy }) => !isNamed(policy));
  if (nameless.length > MOST_NAMELESS) return differences;
  const ours = grouped(
    declared.inline.filter(({ policy }) => isNamed(policy)),
    nameKey,
  );
  const theirs = grouped(deployed.inline, nameKey);
  for (const { policy } of deployed.inline) {
    const [name, shownAt] = [show(policy.named ?? policy.name), policy.place];
    const candidates = [
      ...(isNamed(policy) ? (ours.get(name) ?? []) : declared.inline),
      ...nameless.filter((one) => couldBeNamed(one.policy, policy)),
    ];
    const [only, ...more] = candidates;
    if (only === undefined && declared.entity.open.length === 0)
      differences.push({ sides: { declared: [], deployed: statements(policy) }, name, place: undefined, shownAt });
    // Of several that it could be, or of one that may not be there, it may be none.
    if (only?.sure !== true || more.length > 0 || !isNamed(only.policy)) continue;
    const sides = policyDifference(only.policy, policy);
    if (sides !== undefined) differences.push({ sides, name, place: only.policy.place, shownAt });
  }
  if (deployed.entity.open.length > 0 || theirs.has(NAMELESS)) return differences;
  for (const { policy, sure } of declared.inline) {
    const name = show(policy.named ?? policy.name);
    const isThere = isNamed(policy)
      ? theirs.has(name)
      : deployed.inline.some((other) => couldBeNamed(policy, other.policy));
    if (sure && !isThere && policy.statements.every(({ guard }) => guard === true))
      differences.push({
        sides: { declared: statements(policy), deployed: [] },
        name,
        place: policy.place,
        shownAt: undefined,
      });
  }
  return differences;
}

const NAMELESS = '';

function nameKey({ policy }: Held['inline'][number]): readonly string[] {
  return [isNamed(policy) ? show(policy.named ?? NAMELESS) : NAMELESS];
}

function couldBeNamed({ named }: Policy, other: Policy): boolean {
  return named === undefined || other.named === undefined || couldEqual(named, other.named);
}

function isNamed({ named }: Policy): boolean {
  return named !== undefined && isKnown(named) && named !== NAMELESS;
}

function statements({ statements: all }: Policy): readonly string[] {
  return all.map(shownStatement);
}
