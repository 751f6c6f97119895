import { type Assignment, holdsUnder } from '../symbolic/guard.ts';
import { ANY } from '../symbolic/overlap.ts';
import { matches, segmentsOf } from '../symbolic/pattern.ts';
import type { Unknown } from '../symbolic/text.ts';
import { concat, isKnown, show, split, type Text } from '../symbolic/text.ts';
import { and, dependsOn, dependsOnValue, not, or, type Truth } from '../symbolic/truth.ts';
import type { RoleAction } from './actions.ts';
import { parseArn } from './arn.ts';
import { itemsOn, statementsOn } from './by-arn.ts';
import type { Attached, Caller, TargetRole } from './caller.ts';
import type { Context } from './condition/context.ts';
import { holdsIn } from './condition/evaluate.ts';
import { matchesFilled, substitute } from './condition/variables.ts';
import type { Policy, ResourceElement, ResourceItem, Statement } from './policy.ts';

/** One call as a policy sees it. */
export interface Call {
  readonly action: RoleAction;
  readonly caller: Caller;
  readonly role: TargetRole;
  readonly context: Context;
  /** Which of the documents' choices hold. */
  readonly assignment: Assignment;
}

export interface Verdict {
  readonly allow: Truth;
  readonly deny: Truth;
  /** That no Deny takes effect: each of many is avoided on its own, which their sum no longer shows. */
  readonly undenied: Truth;
}

/** What a set of identity-like policies (identity, boundary, session, SCP) says of a call. */
export function evaluatePolicies(policies: readonly Attached[], open: readonly Unknown[], call: Call): Verdict {
  let allow: Truth = false;
  let deny: Truth = false;
  let undenied: Truth = true;
  const denies = (when: Truth): void => {
    deny = or(deny, when);
    undenied = and(undenied, not(when));
  };
  for (const { policy, attached, guard } of policies) {
    if (guard !== undefined && !holdsUnder(guard, call.assignment)) continue;
    for (const statement of statementsOn(policy, call)) {
      const applies = and(attached, statementApplies(statement, call));
      if (applies === false) continue;
      if (statement.effect === 'Allow') allow = or(allow, applies);
      else denies(applies);
      // Nothing outweighs a Deny that is sure.
      if (statement.effect === 'Deny' && applies === true) return { allow, deny: true, undenied: false };
    }
    for (const unknown of policy.open) {
      const perhaps = and(attached, dependsOnValue(unknown));
      allow = or(allow, perhaps);
      denies(perhaps);
    }
  }
  for (const unknown of open) {
    allow = or(allow, dependsOnValue(unknown));
    denies(dependsOnValue(unknown));
  }
  return { allow, deny, undenied };
}

/** Whether a statement takes effect on a call, its principals aside. */
export function statementApplies(statement: Statement, call: Call): Truth {
  const covers = statement.actions.covers[call.action];
  if (covers === false || statement.rejected !== undefined) return false;
  if (statement.guard !== true && !holdsUnder(statement.guard, call.assignment)) return false;
  const resources = statement.resources === undefined ? true : resourceMatches(statement.resources, call);
  if (resources === false) return false;
  return and(and(covers, resources), conditionsHold(statement, call.context));
}

function conditionsHold(statement: Statement, context: Context): Truth {
  let all: Truth = true;
  for (const test of statement.conditions) {
    all = and(all, holdsIn(test, context));
    if (all === false) return false;
  }
  for (const unknown of statement.open) all = and(all, dependsOnValue(unknown));
  return all;
}

export function resourceMatches(element: ResourceElement, call: Call): Truth {
  let any: Truth = false;
  for (const item of itemsOn(element, call)) {
    if (item.guard !== undefined && !holdsUnder(item.guard, call.assignment)) continue;
    any = or(any, resourceItemMatches(item, call));
    if (any === true) break;
  }
  return element.negated ? not(any) : any;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export function resourceItemMatches(item: ResourceItem, call: Call): Truth {
  if (item.everything) return true;
  const onRole = arnPatternMatches(item, call.role.arn, call);
  if (onRole === true || call.action !== 'sts:SetContext') return onRole;
  // SetContext is granted on the role, or on the caller's own session.
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
  const self = selfOf(call.caller);
  return self === undefined ? onRole : or(onRole, arnPatternMatches(item, self, call));
}

function selfOf(caller: Caller): Text | undefined {
  if (caller.kind !== 'user' && caller.kind !== 'role') return undefined;
  return concat('arn:', parseArn(caller.arn)?.partition ?? 'aws', ':sts::', caller.account, ':self');
}

function arnPatternMatches(item: ResourceItem, arn: Text, call: Call): Truth {
  let { whole, segments } = item;
  let match = matches;
  if (item.variables) {
    if (!variablesInResourcePart(item.text)) return false;
    const filled = substitute(item.text, call.context);
    if (filled.kind === 'absent') return false;
    if (filled.kind === 'open') return filled.truth;
    whole = filled.pattern;
    segments = segmentsOf(whole.tokens);
    match = matchesFilled;
  }
  if (whole.literal !== undefined) return match(whole, arn);
  if (segments === undefined) {
    const matched = match(whole, arn);
    return matched === true && whole.tokens.includes(ANY)
      ? dependsOn({ kind: 'disputed', reason: FEWER_PARTS })
      : matched;
  }
  // What does not match as a whole does not match part by part either, and this is the common case.
  if (whole.glob !== undefined && typeof arn === 'string' && matches(whole, arn) === false) return false;
  let bySegment: Truth = true;
  const parts = split(arn, ':', 6);
  for (let i = 0; i < 6; i++) {
    const segment = segments[i];
    bySegment = segment === undefined ? false : and(bySegment, match(segment, parts[i] ?? ''));
    if (bySegment === false) break;
  }
  if (bySegment !== false || matches(whole, arn) === false) return bySegment;
  return dependsOn({ kind: 'disputed', reason: 'AWS does not document whether * in a Resource crosses a colon' });
}

const FEWER_PARTS = 'AWS does not document whether * in a Resource with fewer than six parts crosses a colon';

/** A variable may stand only after the fifth colon. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
function variablesInResourcePart(text: Text): boolean {
  const parts = split(text, ':', 6);
  return parts.length < 6 || !parts.slice(0, 5).some((part) => show(part).includes('${') && isKnown(part));
}

export function attachedSurely(policies: readonly Policy[]): readonly Attached[] {
  return policies.map((policy) => ({ policy, attached: true }));
}
