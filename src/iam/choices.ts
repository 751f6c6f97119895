import { type Assignment, assignmentsOf, type Choice, collectChoices, holdsUnder } from '../symbolic/guard.ts';
import type { Policy, Statement } from './policy.ts';
import type { Question } from './question.ts';

const OF_POLICY = new WeakMap<Policy, ReadonlyMap<string, Choice>>();

/** The choices that a policy's statements mention, worked out once. */
function choicesIn(policy: Policy): ReadonlyMap<string, Choice> {
  let found = OF_POLICY.get(policy);
  if (found === undefined) {
    const choices = new Map<string, Choice>();
    for (const statement of policy.statements) collectOf(statement, choices);
    OF_POLICY.set(policy, choices);
    found = choices;
  }
  return found;
}

function collectOf(statement: Statement, into: Map<string, Choice>): void {
  collectChoices(statement.guard, into);
  for (const { guard } of statement.resources?.items ?? []) if (guard !== undefined) collectChoices(guard, into);
  for (const { guard } of statement.principals?.items ?? []) if (guard !== undefined) collectChoices(guard, into);
}

/** The choices that a question hangs on; mostly none. */
export function choicesOf(question: Question): readonly Choice[] {
  return mentionsNone(question) ? NONE : allChoicesOf(question);
}

const NONE: readonly Choice[] = [];

function mentionsNone({ caller, role, guard }: Question): boolean {
  if (guard !== undefined && typeof guard !== 'boolean') return false;
  if (role.trust !== undefined && choicesIn(role.trust).size > 0) return false;
  if (caller.kind !== 'user' && caller.kind !== 'role') return true;
  for (const { policy, guard: when } of caller.identity.policies)
    if (when !== undefined || choicesIn(policy).size > 0) return false;
  return caller.boundary?.kind !== 'policy' || choicesIn(caller.boundary.policy).size === 0;
}

function allChoicesOf({ caller, role, guard }: Question): readonly Choice[] {
  const choices = new Map<string, Choice>();
  const add = (policy: Policy | undefined): void => {
    if (policy === undefined) return;
    for (const [id, choice] of choicesIn(policy)) choices.set(id, choice);
  };
  add(role.trust);
  if (caller.kind === 'user' || caller.kind === 'role') {
    for (const { policy, guard: when } of caller.identity.policies) {
      add(policy);
      if (when !== undefined) collectChoices(when, choices);
    }
    if (caller.boundary?.kind === 'policy') add(caller.boundary.policy);
    add(caller.sessionPolicy);
  }
  if (guard !== undefined) collectChoices(guard, choices);
  return [...choices.values()];
}

/** The assignments under which the question is meant; undefined where there are too many to try. */
export function assignmentsFor(question: Question, choices: readonly Choice[]): readonly Assignment[] | undefined {
  const all = assignmentsOf(choices);
  const { guard } = question;
  return guard === undefined ? all : all?.filter((assignment) => holdsUnder(guard, assignment));
}

/** Whether any of the documents' branches asks the question at all. */
export function canArise(question: Question): boolean {
  if (question.guard === undefined || question.guard === true) return true;
  const choices = new Map<string, Choice>();
  collectChoices(question.guard, choices);
  return assignmentsFor(question, [...choices.values()])?.length !== 0;
}
