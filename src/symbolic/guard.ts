/** One switch that the documents leave open: a CloudFormation condition whose parameter has no value. */
export interface Choice {
  readonly id: string;
  /** Of the choices in one group at most one holds: a parameter equals one value only. */
  readonly group: string | undefined;
  /** How many values the group's parameter may have, where they are listed: one of them holds. */
  readonly outOf?: number | undefined;
  /** How a person names it: "IsProd". */
  readonly name: string;
}

/** Under which choices something is there. It is decided under every assignment of the few that matter. */
export type Guard =
  | boolean
  | { readonly kind: 'choice'; readonly choice: Choice }
  | { readonly kind: 'not'; readonly guard: Guard }
  | { readonly kind: 'and' | 'or'; readonly left: Guard; readonly right: Guard };

/** Which choices hold; one that is not listed does not. */
export type Assignment = ReadonlySet<string>;

export function both(left: Guard, right: Guard): Guard {
  if (left === false || right === false) return false;
  if (left === true) return right;
  return right === true ? left : { kind: 'and', left, right };
}

export function either(left: Guard, right: Guard): Guard {
  if (left === true || right === true) return true;
  if (left === false) return right;
  return right === false ? left : { kind: 'or', left, right };
}

export function unless(guard: Guard): Guard {
  return typeof guard === 'boolean' ? !guard : { kind: 'not', guard };
}

export function holdsUnder(guard: Guard, assignment: Assignment): boolean {
  if (typeof guard === 'boolean') return guard;
  switch (guard.kind) {
    case 'choice':
      return assignment.has(guard.choice.id);
    case 'not':
      return !holdsUnder(guard.guard, assignment);
    case 'and':
      return holdsUnder(guard.left, assignment) && holdsUnder(guard.right, assignment);
    case 'or':
      return holdsUnder(guard.left, assignment) || holdsUnder(guard.right, assignment);
  }
}

/** The choices that a guard mentions, into a map by their ids. */
export function collectChoices(guard: Guard, into: Map<string, Choice>): void {
  if (typeof guard === 'boolean') return;
  if (guard.kind === 'choice') into.set(guard.choice.id, guard.choice);
  else if (guard.kind === 'not') collectChoices(guard.guard, into);
  else {
    collectChoices(guard.left, into);
    collectChoices(guard.right, into);
  }
}

const NONE_HOLD: Assignment = new Set();

/** Every consistent assignment; undefined where there are more choices than can be tried. */
export function assignmentsOf(choices: readonly Choice[], most = 6): readonly Assignment[] | undefined {
  if (choices.length === 0) return [NONE_HOLD];
  if (choices.length > most) return undefined;
  const all: Assignment[] = [];
  const complete = completeGroups(choices);
  for (let bits = 0; bits < 2 ** choices.length; bits++) {
    const holding = choices.filter((_, index) => (bits >> index) & 1);
    const groups = holding.map(({ group }) => group).filter((group) => group !== undefined);
    const unmet = complete.some((group) => !groups.includes(group));
    if (!unmet && new Set(groups).size === groups.length) all.push(new Set(holding.map(({ id }) => id)));
  }
  return all;
}

/** Groups of which every value is among the choices. */
function completeGroups(choices: readonly Choice[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { group } of choices) if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].flatMap(([group, count]) =>
    choices.some((choice) => choice.group === group && choice.outOf === count) ? [group] : [],
  );
}
