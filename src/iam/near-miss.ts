import type { Place } from '../source/source.ts';
import { distance } from '../symbolic/distance.ts';
import { holdsUnder } from '../symbolic/guard.ts';
import { isKnown, show, type Text } from '../symbolic/text.ts';
import { actionMatches } from './actions.ts';
import { parseArn } from './arn.ts';
import { type Caller, namedInTrust } from './caller.ts';
import { holdsIn } from './condition/evaluate.ts';
import { type Call, resourceItemMatches, resourceMatches } from './evaluate.ts';
import type { Item } from './item.ts';
import type { Policy, PrincipalItem, Statement } from './policy.ts';
import { statementNames } from './trust.ts';

/** The statement that would have allowed a call but for one element, and which. */
export interface NearMiss {
  readonly statement: Statement;
  readonly element: 'statement' | 'action' | 'resource' | 'principal' | 'condition';
  /** The narrowest text that is wrong. */
  readonly place: Place;
  /** The text at fault, where one text is. */
  readonly written: Text | undefined;
  /** What would have to stand there. */
  readonly wanted: string | undefined;
  /** "names role/deployment": how a sentence about it goes on. */
  readonly reason: string;
}

/** The nearest miss among the Allow statements, by how few elements fail and how alike their texts are. */
export function nearestMiss(policies: readonly Policy[], call: Call): NearMiss | undefined {
  let best: { readonly miss: NearMiss; readonly cost: number } | undefined;
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow') continue;
      const found = missOf(statement, call);
      if (found !== undefined && (best === undefined || found.cost < best.cost)) best = found;
    }
  }
  return best?.miss;
}

interface Failure {
  readonly miss: NearMiss;
  /** 0: one letter away; 1: nothing alike. */
  readonly cost: number;
}

function missOf(statement: Statement, call: Call): Failure | undefined {
  const failures = [
    actionFailure(statement, call),
    principalFailure(statement, call),
    resourceFailure(statement, call),
    conditionFailure(statement, call),
  ].filter((failure) => failure !== undefined);
  if (!aboutAssuming(statement)) return undefined;
  if (statement.rejected !== undefined) {
    const miss: NearMiss = {
      statement,
      element: 'statement',
      place: statement.place,
      written: undefined,
      wanted: undefined,
      reason: `has a statement that AWS rejects: ${statement.rejected}`,
    };
    return { miss, cost: failures.length + 0.5 };
  }
  const [first] = [...failures].sort((a, b) => b.cost - a.cost);
  if (first === undefined) return undefined;
  return { miss: first.miss, cost: failures.reduce((sum, failure) => sum + 0.3 + failure.cost, 0) };
}

/** Statements about S3 or EC2 are no near misses of a grant to assume a role; what a trust policy says is about nothing else. */
function aboutAssuming({ actions, principals }: Statement): boolean {
  return (
    principals !== undefined ||
    Object.values(actions.covers).some((covers) => covers !== false) ||
    actions.items.some((item) => /^\s*s?ts:|assume/i.test(show(item.text)))
  );
}

function actionFailure(statement: Statement, call: Call): Failure | undefined {
  if (statement.actions.covers[call.action] !== false) return undefined;
  const items = statement.actions.items;
  const [nearest, edits] = nearestItem(items, (item) =>
    distance(show(item.text).toLowerCase(), call.action.toLowerCase(), 4),
  );
  const alike = nearest !== undefined && edits <= 4 && !statement.actions.negated;
  const names = distinct(items);
  const leaves = leavingOut(statement, call);
  const reason = statement.actions.negated
    ? `leaves out ${names.length > MOST_SHOWN && leaves !== undefined ? show(leaves.text) : few(names)}`
    : names.length > MOST_SHOWN
      ? `allows ${noneOf(names, 'actions', call.action, alike ? nearest : undefined)}`
      : `allows ${few(names)}, not ${call.action}`;
  const miss: NearMiss = {
    statement,
    element: 'action',
    place: (alike ? nearest : leaves)?.place ?? statement.actions.place,
    written: alike ? nearest.text : undefined,
    wanted: call.action,
    reason,
  };
  return { miss, cost: statement.actions.negated ? 1.5 : alike ? edits / 10 : 0.8 };
}

/** The item of a NotAction that leaves the action out. */
function leavingOut({ actions }: Statement, call: Call): Item | undefined {
  return actions.negated ? actions.items.find(({ text }) => actionMatches(text, call.action) === true) : undefined;
}

function principalFailure(statement: Statement, call: Call): Failure | undefined {
  const { principals } = statement;
  if (principals === undefined || statementNames(statement, call, false).some((match) => match.truth !== false))
    return undefined;
  const wanted = show(namedInTrust(call.caller));
  const items = present(principals.items, call);
  const [nearest, edits] = nearestItem(items, (item) => likeness(item, call.caller));
  // In a list each may be right, and what is missing is one more.
  const alike = nearest !== undefined && edits <= (items.length === 1 ? 6 : 3);
  const elsewhere = alike ? undefined : sameElsewhere(items, wanted);
  const names = distinct(items);
  const lost = alike ? nearest.lost : undefined;
  const reason =
    lost !== undefined
      ? `names ${show(nearest?.text ?? '')}, but ${lost.reason}`
      : names.length === 0
        ? 'names nobody'
        : `names ${names.length > MOST_SHOWN ? noneOf(names, 'principals', wanted, elsewhere ?? nearest) : few(names)}`;
  const miss: NearMiss = {
    statement,
    element: 'principal',
    place: (alike ? nearest : elsewhere)?.place ?? principals.place,
    // A principal of another account may be somebody of its own.
    written: alike ? nearest.text : isInAccountOf(elsewhere, wanted) ? elsewhere?.text : undefined,
    wanted,
    reason,
  };
  return { miss, cost: alike ? edits / 10 : 0.9 };
}

/** Of the same name under another path, or alone and of the same name in another account. */
function sameElsewhere(items: readonly PrincipalItem[], wanted: string): PrincipalItem | undefined {
  const same = items.filter(({ text }) => difference(text, wanted) !== undefined);
  return same.find((item) => isInAccountOf(item, wanted)) ?? (items.length === 1 ? same[0] : undefined);
}

function isInAccountOf(item: PrincipalItem | undefined, wanted: string): boolean {
  const account = item === undefined ? undefined : parseArn(item.text)?.account;
  return account !== undefined && account === parseArn(wanted)?.account;
}

function likeness(item: PrincipalItem, caller: Caller): number {
  return distance(show(item.text).toLowerCase(), show(namedInTrust(caller)).toLowerCase(), 6);
}

function resourceFailure(statement: Statement, call: Call): Failure | undefined {
  const { resources } = statement;
  if (resources === undefined || resourceMatches(resources, call) !== false) return undefined;
  const wanted = show(call.role.arn);
  const items = present(resources.items, call);
  const [nearest, edits] = nearestItem(items, (item) =>
    resourceItemMatches(item, call) === true ? 0 : distance(show(item.text).toLowerCase(), wanted.toLowerCase(), 12),
  );
  const alike = nearest !== undefined && edits <= 12 && !resources.negated;
  const names = distinct(items);
  const reason = resources.negated
    ? `leaves out ${names.length > MOST_SHOWN && nearest !== undefined ? show(nearest.text) : few(names)}`
    : `allows it on ${names.length > MOST_SHOWN ? noneOf(names, 'resources', wanted, nearest) : few(names)}`;
  const miss: NearMiss = {
    statement,
    element: 'resource',
    place: alike ? nearest.place : resources.place,
    written: alike ? nearest.text : undefined,
    wanted,
    reason,
  };
  return { miss, cost: alike ? edits / 20 : 0.9 };
}

function conditionFailure(statement: Statement, call: Call): Failure | undefined {
  const failed = statement.conditions.find((test) => holdsIn(test, call.context) === false);
  if (failed === undefined) return undefined;
  const texts = distinct(failed.values);
  const wanted = texts.length > MOST_SHOWN ? `one of ${texts.length} values` : texts.join(' or ');
  const value = call.context.lookup(failed.keyLower);
  const given =
    value.kind === 'present'
      ? `the call has ${value.values.map(show).join(', ')}`
      : value.kind === 'absent'
        ? (value.unlisted ?? 'the call never has that key')
        : 'no call can have that';
  const reason = `asks for ${show(failed.key)} ${failed.operatorName} ${wanted}, and ${given}`;
  const only = failed.values.length === 1 ? failed.values[0] : undefined;
  return {
    miss: {
      statement,
      element: 'condition',
      place: only?.place ?? failed.place,
      written: only?.text,
      wanted: undefined,
      reason,
    },
    cost: 0.2,
  };
}

/** More names than a reader takes in at once are counted. */
const MOST_SHOWN = 3;

function distinct(items: readonly Item[]): readonly string[] {
  return [...new Set(items.map(({ text }) => show(text)))];
}

function few(names: readonly string[]): string {
  const more = names.length - MOST_SHOWN;
  return `${names.slice(0, MOST_SHOWN).join(', ') || 'nothing'}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `20 principals, none of them role/a; the nearest is role/b` */
function noneOf(names: readonly string[], sort: string, wanted: string, nearest: Item | undefined): string {
  const alike = nearest === undefined ? '' : `; the nearest is ${show(nearest.text)}`;
  return `${names.length} ${sort}, none of them ${wanted}${alike}`;
}

/** The items of the branch that is told. */
function present<T extends Item>(items: readonly T[], { assignment }: Call): readonly T[] {
  return items.filter(({ guard }) => guard === undefined || holdsUnder(guard, assignment));
}

function nearestItem<T>(items: readonly T[], cost: (item: T) => number): readonly [T | undefined, number] {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const own = cost(item);
    if (own < least) {
      least = own;
      best = item;
    }
  }
  return [best, least];
}

/** In what two ARNs differ, in a person's words. */
export function difference(written: Text, wanted: string): string | undefined {
  if (!isKnown(written) || written === wanted) return undefined;
  if (written.trim() === wanted) return 'a space too much';
  if (written.toLowerCase() === wanted.toLowerCase()) return 'it differs by upper and lower case';
  const left = parseArn(written);
  const right = parseArn(wanted);
  if (left === undefined || right === undefined) return edits(written, wanted);
  if (left.partition !== right.partition)
    return `partition ${show(left.partition)} instead of ${show(right.partition)}`;
  if (left.account !== right.account)
    return left.resource === right.resource
      ? `account ${show(left.account)} instead of ${show(right.account)}`
      : undefined;
  const [a, b] = [show(left.resource), show(right.resource)];
  if (a.split('/').at(-1) === b.split('/').at(-1) && a.split('/')[0] === b.split('/')[0])
    return 'the path is part of the ARN';
  return edits(a, b);
}

function edits(written: string, wanted: string): string | undefined {
  const count = distance(written, wanted, 6);
  return count === 1 ? 'one letter off' : count <= 3 ? `${count} letters off` : undefined;
}
