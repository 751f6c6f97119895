import type { Item } from '../iam/item.ts';
import type { Policy } from '../iam/policy.ts';
import type { Place } from '../source/source.ts';
import { both, either, type Guard, unless } from '../symbolic/guard.ts';
import { equal } from '../symbolic/pattern.ts';
import { keyOf, show, type Text, type Unknown, unknownsIn } from '../symbolic/text.ts';
import { and, dependsOnValue, not, or, type Truth } from '../symbolic/truth.ts';

/** The only policies of a sort that may stay with an entity: whatever else is attached to it is taken off. */
export interface Exclusive {
  readonly to: 'role' | 'user' | 'group';
  readonly account: Text;
  readonly name: Item;
  readonly sort: 'inline' | 'managed';
  /** Names of inline policies, or ARNs of managed ones. */
  readonly listed: readonly Item[];
  /** Set where it may as well be attached again after that: nobody can say which was last. */
  readonly contested?: Unknown;
  readonly guard: Guard;
  /** What says so: `aws_iam_role_policies_exclusive.app`. */
  readonly owner: string;
  /** Where a person adds to the list. */
  readonly place: Place;
}

/** A list of what may stay, and whether it is this entity's. */
export interface Listing {
  readonly exclusive: Exclusive;
  readonly truth: Truth;
}

/** A policy that is written for an entity, and taken off it again. */
export interface TakenOff {
  readonly policy: Policy;
  readonly by: Exclusive;
}

interface Stay {
  readonly truth: Truth;
  readonly guard: Guard;
  /** Set where it surely goes. */
  readonly by?: Exclusive;
}

/** The lists of what may stay with one entity. Whatever else is attached to it is taken off. */
export class Exclusives {
  readonly #listings: readonly Listing[];
  /** Listed names that a policy was found for. */
  readonly #met = new Set<Text>();

  constructor(listings: readonly Listing[]) {
    this.#listings = listings;
  }

  /** Whether a policy stays; one without a name may be any that is listed. */
  stay(sort: Exclusive['sort'], name: Text | undefined): Stay {
    let truth: Truth = true;
    let guard: Guard = true;
    let by: Exclusive | undefined;
    for (const { exclusive, truth: applies } of this.#listings) {
      if (exclusive.sort !== sort) continue;
      if (exclusive.contested !== undefined) {
        if (!lists(exclusive, name)) truth = and(truth, dependsOnValue(exclusive.contested));
        continue;
      }
      const { sure, maybe } = this.#listed(exclusive, name);
      if (sure === true) continue;
      if (maybe !== false) truth = and(truth, maybe);
      else if (applies !== true) truth = and(truth, not(applies));
      else {
        guard = both(guard, either(unless(exclusive.guard), sure));
        if (guard === false) by ??= exclusive;
      }
    }
    return by === undefined ? { truth, guard } : { truth: false, guard, by };
  }

  /** What is listed and stands in no document: it is there, but nobody knows what it says. */
  open(): readonly Unknown[] {
    return this.#listings.flatMap(({ exclusive: { sort, listed, owner, contested } }) =>
      sort === 'managed' || contested !== undefined
        ? []
        : listed.flatMap(({ text }) => (this.#met.has(text) ? [] : [undeclared(text, owner)])),
    );
  }

  #listed({ listed }: Exclusive, name: Text | undefined): { readonly sure: Guard; readonly maybe: Truth } {
    let sure: Guard = false;
    let maybe: Truth = false;
    for (const { text, guard } of listed) {
      const truth = name === undefined ? false : equal(text, name);
      if (truth === true) {
        this.#met.add(text);
        sure = either(sure, guard ?? true);
      } else maybe = or(maybe, name === undefined ? dependsOnValue(undeclared(text, 'its list')) : truth);
    }
    return { sure, maybe };
  }
}

/** Whether this very name is listed, whatever else holds. */
function lists({ listed }: Exclusive, name: Text | undefined): boolean {
  return name !== undefined && listed.some(({ text, guard }) => guard === undefined && keyOf(text) === keyOf(name));
}

function undeclared(name: Text, owner: string): Unknown {
  const [first] = unknownsIn(name);
  if (first !== undefined) return first;
  const missing = `the inline policy ${show(name)} that ${owner} lists, which no document declares`;
  return { id: `undeclared:${owner}:${show(name)}`, kind: 'open', shown: show(name), missing, undeclared: true };
}
