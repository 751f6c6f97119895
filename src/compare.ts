import { principalOf } from './assumptions/assumption.ts';
import type { Decided } from './assumptions/decided.ts';
import type { Change, Changes } from './report/report.ts';
import { show } from './symbolic/text.ts';

/**
 * What a change does to who can assume whom: both worlds are decided, so it does not matter where the gap lies. `damaged` are the
 * documents of which not all can be read any more.
 */
export function compare(head: readonly Decided[], base: readonly Decided[], damaged: ReadonlySet<string>): Changes {
  const now = byKey(head);
  const before = byKey(base);
  const all: readonly Change[] = [...new Set([...before.keys(), ...now.keys()])].map((key) => ({
    now: now.get(key),
    before: before.get(key),
  }));
  // What the change leaves unknown is not lost: nobody knows.
  const lost = all.filter(
    (one) => isOpen(one.before) && !isOpen(one.now) && wordOf(one.now) !== 'unknown' && !isUnread(one, damaged),
  );
  const gained = all.filter((one) => isOpen(one.now) && !isOpen(one.before));
  const broken = all.filter((one) => wordOf(one.now) === 'denied' && one.before === undefined && isMeant(one));
  return { gained, lost, broken, unchanged: all.length - gained.length - lost.length - broken.length };
}

/** The base's decision of each assumption, found by the assumption. */
export function decisionsBefore(base: readonly Decided[]): (one: Decided) => Decided | undefined {
  const before = byKey(base);
  return (one) => before.get(keyOf(one));
}

/** What declared it may still stand where nothing can be read. */
function isUnread({ now, before }: Change, damaged: ReadonlySet<string>): boolean {
  if (now !== undefined || before === undefined) return false;
  const { declaredBy, principal, role } = before.assumption;
  const places = [...declaredBy, principal?.declaration, role?.declaration].map((one) => one?.place);
  return places.some((place) => place !== undefined && damaged.has(place.source.path));
}

/** An expectation may be that the call is denied. */
function isMeant({ now }: Change): boolean {
  return now?.assumption.expectation?.decision !== 'denied';
}

function isOpen(one: Decided | undefined): boolean {
  return wordOf(one) === 'allowed' || wordOf(one) === 'conditional';
}

function wordOf(one: Decided | undefined): string | undefined {
  return one?.decision.decision;
}

/** Of several that read alike, one that works says that it works. */
function byKey(decided: readonly Decided[]): ReadonlyMap<string, Decided> {
  const found = new Map<string, Decided>();
  for (const one of decided) {
    const key = keyOf(one);
    if (!isOpen(found.get(key))) found.set(key, one);
  }
  return found;
}

function keyOf({ assumption }: Decided): string {
  return [
    principalOf(assumption),
    show(assumption.question.role.arn),
    assumption.question.action,
    assumption.expectation?.name ?? '',
  ].join('\n');
}
