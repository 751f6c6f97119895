import { principalText } from '../iam/caller.ts';
import { canArise } from '../iam/choices.ts';
import type { Question } from '../iam/question.ts';
import type { Weight } from '../inventory/declarations.ts';
import type { Entity } from '../inventory/inventory.ts';
import { type Place, placeKey } from '../source/source.ts';
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
  /** The most that a finding from it may be; an error where it is not set. */
  readonly weight?: Weight;
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
  /** It may never come to the call: a condition that cannot be decided stands before it. */
  readonly perhaps?: boolean;
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

/**
 * Assumptions that ask the same question are one, declared in several places; an expectation keeps its own context.
 * What a policy declares leaves the call's context open: where another document shows the very call, it is that one.
 */
export function mergeAssumptions(all: readonly Assumption[]): readonly Assumption[] {
  const groups = new Map<string, Assumption[]>();
  const shown = new Map<string, string[]>();
  const open: Assumption[] = [];
  for (const assumption of all) {
    if (declaredByPolicy(assumption)) open.push(assumption);
    else {
      const key = contextKey(assumption);
      if (!groups.has(key)) shown.set(questionKey(assumption), [...(shown.get(questionKey(assumption)) ?? []), key]);
      add(groups, key, assumption);
    }
  }
  for (const assumption of open) {
    for (const key of shown.get(questionKey(assumption)) ?? [contextKey(assumption)]) add(groups, key, assumption);
  }
  // Where the two ends never exist together, nothing is asked.
  return [...groups.values()].flatMap(together).filter(({ question }) => canArise(question));
}

function add(groups: Map<string, Assumption[]>, key: string, assumption: Assumption): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [assumption]);
  else group.push(assumption);
}

function declaredByPolicy({ declaredBy }: Assumption): boolean {
  return declaredBy.every(({ kind }) => kind === 'grant' || kind === 'trust');
}

function together([first, ...others]: readonly Assumption[]): readonly Assumption[] {
  if (first === undefined || others.length === 0) return first === undefined ? [] : [first];
  let { guard = true } = first.question;
  let { weight } = first;
  const declaredBy = [...first.declaredBy];
  const places = new Set(declaredBy.map(keyOfDeclaration));
  for (const other of others) {
    guard = either(guard, other.question.guard ?? true);
    weight = heavierWeight(weight, other);
    const more = other.declaredBy.filter((one) => !places.has(keyOfDeclaration(one)));
    for (const one of more) places.add(keyOfDeclaration(one));
    declaredBy.push(...more);
  }
  const { weight: _, ...rest } = first;
  const question = { ...first.question, guard };
  return [{ ...rest, question, declaredBy, ...(weight === undefined ? {} : { weight }) }];
}

function keyOfDeclaration({ kind, place }: DeclaredBy): string {
  return `${kind} ${placeKey(place)}`;
}

const WEIGHTS: readonly Weight[] = ['notice', 'warning', 'error'];

/** A trust policy that names the caller makes nobody surer that the call is made so. */
function heavierWeight(weight: Weight | undefined, other: Assumption): Weight | undefined {
  if (weight === undefined || other.declaredBy.every(({ kind }) => kind === 'trust')) return weight;
  if (other.weight === undefined) return undefined;
  return WEIGHTS.indexOf(other.weight) > WEIGHTS.indexOf(weight) ? other.weight : weight;
}

function contextKey(assumption: Assumption): string {
  const { given, carries = [], withheld, caller } = assumption.question;
  const keys = [...given.keys].map(([key, values]) => `${key}=${values?.map(keyOf).join('|') ?? 'absent'}`);
  const context = [...keys, ...[...given.unknown].map((key) => `${key}?`)].sort();
  const refused = withheld === undefined ? '' : placeKey(withheld.place);
  const session = caller.kind === 'role' ? caller.sessionPolicy?.place : undefined;
  const limited = session === undefined ? '' : placeKey(session);
  return [questionKey(assumption), String(given.complete), refused, limited, ...context, ...[...carries].sort()].join(
    '\n',
  );
}

function questionKey(assumption: Assumption): string {
  const { question, expectation, role } = assumption;
  const at = expectation === undefined ? '' : placeKey(expectation.place);
  const where = role === undefined ? '' : placeKey(role.declaration.place);
  const account = role?.declaration.deployment.accountName ?? '';
  return [keyOf(principalText(question.caller)), keyOf(question.role.arn), where, account, question.action, at].join(
    '\n',
  );
}
