import { principalText } from '../iam/caller.ts';
import { canArise } from '../iam/choices.ts';
import type { Question } from '../iam/question.ts';
import type { Entity } from '../inventory/inventory.ts';
import type { Place } from '../source/source.ts';
import { either } from '../symbolic/guard.ts';
import { keyOf, show } from '../symbolic/text.ts';

/** Some document shows that somebody means this call to work, or not to. */
export interface Assumption {
  readonly question: Question;
  readonly declaredBy: readonly DeclaredBy[];
  /** The documents' own entities at both ends, where they are declared. */
  readonly principal: Entity | undefined;
  readonly role: Entity | undefined;
  /** Set for an entry of the configuration's `expect` list. */
  readonly expectation: Expectation | undefined;
}

export interface DeclaredBy {
  readonly kind:
    | 'grant'
    | 'trust'
    | 'service'
    | 'workflow'
    | 'service-account'
    | 'provider'
    | 'profile'
    | 'expectation';
  readonly place: Place;
  /** "grants sts:AssumeRole on this role": why it is believed to be meant. */
  readonly text: string;
}

export interface Expectation {
  readonly name: string | undefined;
  readonly decision: 'allowed' | 'denied';
  readonly place: Place;
}

/** The caller as reports print it. */
export function principalOf({ question: { caller } }: Assumption): string {
  return show(principalText(caller));
}

/** Assumptions that ask the same question are one, declared in several places; an expectation keeps its own context. */
export function mergeAssumptions(all: readonly Assumption[]): readonly Assumption[] {
  const merged = new Map<string, Assumption>();
  for (const assumption of all) {
    const key = questionKey(assumption);
    const known = merged.get(key);
    merged.set(key, known === undefined ? assumption : together(known, assumption));
  }
  // Where the two ends never exist together, nothing is asked.
  return [...merged.values()].filter(({ question }) => canArise(question));
}

function together(known: Assumption, other: Assumption): Assumption {
  const guard = either(known.question.guard ?? true, other.question.guard ?? true);
  return {
    ...known,
    question: { ...known.question, guard },
    declaredBy: [...known.declaredBy, ...newPlaces(known, other)],
  };
}

function newPlaces(known: Assumption, other: Assumption): readonly DeclaredBy[] {
  return other.declaredBy.filter(
    (one) =>
      !known.declaredBy.some(
        ({ kind, place }) =>
          kind === one.kind && place.start === one.place.start && place.source.path === one.place.source.path,
      ),
  );
}

function questionKey(assumption: Assumption): string {
  const { question, expectation, role } = assumption;
  const at = expectation === undefined ? '' : `${expectation.place.source.path}:${expectation.place.start}`;
  const where = role === undefined ? '' : `${role.declaration.place.source.path}:${role.declaration.place.start}`;
  const account = role?.declaration.deployment.accountName ?? '';
  return [keyOf(principalText(question.caller)), keyOf(question.role.arn), where, account, question.action, at].join(
    '\n',
  );
}
