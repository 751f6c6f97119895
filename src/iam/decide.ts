import type { Assignment, Choice } from '../symbolic/guard.ts';
import { equal } from '../symbolic/pattern.ts';
import { isKnown, partsOf, show, type Text, type Unknown } from '../symbolic/text.ts';
import {
  and,
  type Dependency,
  type Depends,
  dependsOn,
  dependsOnValue,
  or,
  type Truth,
  unknownsOf,
} from '../symbolic/truth.ts';
import { isAssumeAction, type RoleAction, type SessionAction } from './actions.ts';
import { assumeActionOf, type Caller, type EntityCaller, type TargetRole } from './caller.ts';
import { assignmentsFor, choicesOf } from './choices.ts';
import { contextOf } from './context-keys.ts';
import { attachedSurely, type Call, evaluatePolicies, type Verdict } from './evaluate.ts';
import { type Question, sessionActions } from './question.ts';
import { carriedFor, type Requirement, satisfiable } from './requirements.ts';
import { evaluateResourcePolicies, evaluateTrust, type TrustVerdict } from './trust.ts';

export type DecisionWord = 'allowed' | 'denied' | 'conditional' | 'unknown';

export interface Decision {
  readonly decision: DecisionWord;
  /** What the caller or the moment must supply, where that is all that is open. */
  readonly requires: readonly Requirement[];
  /** The values that keep it unknown. */
  readonly open: readonly Unknown[];
  /** Where AWS's documentation disagrees or is silent. */
  readonly disputed: readonly string[];
}

/** Decides one question as AWS would; pure, and without input formats. */
export function decide(question: Question): Decision {
  if (question.withheld !== undefined) return DENIED;
  const choices = choicesOf(question);
  if (choices.length === 0) return decideUnder(question, NO_CHOICE);
  const assignments = assignmentsFor(question, choices);
  if (assignments === undefined || assignments.length === 0) return undecided(choices);
  const branches = assignments.map((assignment) => truthUnder(question, assignment));
  const denied = branches.filter((truth) => conclude(truth) === DENIED).length;
  if (denied === branches.length) return DENIED;
  // What is asked for must do whichever branch is deployed.
  const together = denied > 0 ? DENIED : conclude(branches.reduce(and));
  return together === DENIED ? undecided(choices) : together;
}

const NO_CHOICE: Assignment = new Set();

export function decideUnder(question: Question, assignment: Assignment): Decision {
  return conclude(truthUnder(question, assignment));
}

function truthUnder(question: Question, assignment: Assignment): Truth {
  const context = contextOf(question);
  const { caller, role } = question;
  const actions = actionsOf(question);
  const decideOne = (action: RoleAction): Truth => decideAction({ action, caller, role, context, assignment });
  let truth: Truth = true;
  for (const action of actions) {
    truth = and(truth, decideOne(action));
    if (truth === false) break;
  }
  return typeof truth === 'boolean' ? truth : withWhatIsCarried(truth, actions, decideOne);
}

/** A way in that asks the caller for tags or a source identity also needs that the caller may pass them. */
function withWhatIsCarried(
  truth: Depends,
  decided: readonly RoleAction[],
  decideOne: (action: RoleAction) => Truth,
): Truth {
  let all: Truth = false;
  for (const alternative of truth.alternatives) {
    const carried = carriedFor(alternative).filter((action) => !decided.includes(action));
    const way = carried.map(decideOne).reduce<Truth>(and, { alternatives: [alternative] });
    const further = carried.length > 0 && typeof way !== 'boolean';
    all = or(all, further ? withWhatIsCarried(way, [...decided, ...carried], decideOne) : way);
  }
  return all;
}

/** The branches differ, and nobody can know which of them is deployed. */
function undecided(choices: readonly Choice[]): Decision {
  const open = choices.map(
    ({ id, name }): Unknown => ({
      id: `choice:${id}`,
      kind: 'open',
      shown: `\${${name}}`,
      missing: `whether ${name} holds`,
    }),
  );
  return { decision: 'unknown', requires: [], open, disputed: [] };
}

const NOTHING: readonly SessionAction[] = [];

/** The actions that must all be allowed: the call's own, and those for what it carries. */
export function actionsOf(question: Question): readonly RoleAction[] {
  const { action, given, carries = NOTHING } = question;
  if (given.keys.size === 0) return carries.length === 0 ? [action] : [action, ...carries];
  return [...new Set([action, ...sessionActions(given), ...carries])];
}

const ALLOWED: Decision = { decision: 'allowed', requires: [], open: [], disputed: [] };
const DENIED: Decision = { decision: 'denied', requires: [], open: [], disputed: [] };

function conclude(truth: Truth): Decision {
  if (truth === true) return ALLOWED;
  if (truth === false) return DENIED;
  const possible = truth.alternatives
    .map((alternative) => ({ alternative, met: satisfiable(alternative) }))
    .filter(({ met }) => met !== false);
  if (possible.length === 0) return DENIED;
  const settled = possible
    .filter(({ alternative, met }) => met === true && alternative.every((one) => one.kind !== 'value'))
    .map(({ alternative }) => alternative);
  const [best] = [...settled].sort((a, b) => disputesIn(a) - disputesIn(b) || a.length - b.length);
  if (best === undefined) {
    const open = possible.map(({ alternative, met }) => and({ alternatives: [alternative] }, met));
    return { decision: 'unknown', requires: [], open: unknownsOf(open.reduce(or)), disputed: [] };
  }
  return {
    decision: 'conditional',
    requires: keysOf(best),
    open: [],
    disputed: best.flatMap((one) => (one.kind === 'disputed' ? [one.reason] : [])),
  };
}

function disputesIn(alternative: readonly Dependency[]): number {
  return alternative.filter(({ kind }) => kind === 'disputed').length;
}

function keysOf(alternative: readonly Dependency[]): readonly Requirement[] {
  return alternative.flatMap((one) =>
    one.kind === 'key' ? [{ key: one.key, operator: one.operator, values: one.values.map(show) }] : [],
  );
}

export function decideAction(call: Call): Truth {
  const { caller, role } = call;
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html : neither may call AssumeRole.
  if (caller.kind === 'root' || caller.kind === 'federated-user') return false;
  if (isBarred(call)) return false;
  const trust = evaluateTrust(call);
  const unblocked = and(trust.undenied, rcpVerdict(call).undenied);
  if (unblocked === false) return false;
  if (caller.kind === 'service') return and(or(trust.grants.service, trust.grants.anyone), unblocked);
  if (caller.kind !== 'user' && caller.kind !== 'role')
    return and(or(trust.grants.provider, trust.grants.anyone), unblocked);
  const sides = callerSide(call, caller);
  const unblockedByCaller = and(sides.undenied, sides.scp);
  return and(grantPaths(trust, sides, equal(caller.account, role.account)), and(unblocked, unblockedByCaller));
}

/** Calls that AWS refuses whatever the policies say. */
function isBarred({ action, caller, role }: Call): boolean {
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html : not for roles of IAM Identity Center.
  if (action === 'sts:AssumeRoleWithSAML' && isKnown(role.name) && role.name.startsWith('AWSReservedSSO_')) return true;
  if (isAssumeAction(action) && action !== assumeActionOf(caller)) return true;
  if (caller.kind !== 'user' && caller.kind !== 'role') return false;
  // Partitions share nothing: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
  const [own, other] = [partitionOf(caller.arn), partitionOf(role.arn)];
  return own !== undefined && other !== undefined && own !== other;
}

function partitionOf(arn: Text): string | undefined {
  const text = isKnown(arn) ? arn : typeof arn.parts[0] === 'string' ? arn.parts[0] : '';
  const end = text.indexOf(':', 4);
  return text.startsWith('arn:') && end !== -1 ? text.slice(4, end) : undefined;
}

/** What the caller's own policies say. */
interface CallerSide {
  readonly identity: Truth;
  readonly boundary: Truth;
  readonly session: Truth;
  readonly scp: Truth;
  readonly undenied: Truth;
}

function callerSide(call: Call, caller: EntityCaller): CallerSide {
  const identity = evaluatePolicies(caller.identity.policies, caller.identity.open, call);
  const boundary = boundaryVerdict(caller, call);
  const session =
    caller.sessionPolicy === undefined
      ? PASS
      : evaluatePolicies([{ policy: caller.sessionPolicy, attached: true }], [], call);
  const scp = scpVerdict(caller, call);
  const undenied = and(and(identity.undenied, boundary.undenied), and(session.undenied, scp.undenied));
  return { identity: identity.allow, boundary: boundary.allow, session: session.allow, scp: scp.allow, undenied };
}

const PASS: Verdict = { allow: true, deny: false, undenied: true };

function boundaryVerdict(caller: EntityCaller, call: Call): Verdict {
  const { boundary } = caller;
  if (boundary === undefined) return PASS;
  if (boundary.kind === 'unknown') {
    const perhaps = dependsOnValue(boundary.unknown);
    return { allow: perhaps, deny: perhaps, undenied: perhaps };
  }
  return evaluatePolicies([{ policy: boundary.policy, attached: true }], [], call);
}

/** At every level at least one SCP must allow. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html */
function scpVerdict(caller: EntityCaller, call: Call): Verdict {
  if (!scpsApply(caller)) return PASS;
  let allow: Truth = true;
  let deny: Truth = false;
  let undenied: Truth = true;
  for (const level of caller.organization.scps ?? []) {
    const verdict = evaluatePolicies(attachedSurely(level), [], call);
    allow = and(allow, verdict.allow);
    deny = or(deny, verdict.deny);
    undenied = and(undenied, verdict.undenied);
  }
  return { allow, deny, undenied };
}

/** Not in the management account, and not to service-linked roles. */
export function scpsApply(caller: EntityCaller): boolean {
  const { scps, management } = caller.organization;
  return scps !== undefined && !management && !isServiceLinked(caller.arn);
}

function isServiceLinked(arn: Text): boolean {
  return partsOf(arn).some((part) => typeof part === 'string' && part.includes(':role/aws-service-role/'));
}

/** Only Denies matter: RCPFullAWSAccess is always attached. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html */
export function rcpVerdict(call: Call): Pick<Verdict, 'deny' | 'undenied'> {
  const { caller, role } = call;
  let deny: Truth = false;
  let undenied: Truth = true;
  for (const level of rcpsApply(caller, role) ? (role.organization.rcps ?? []) : []) {
    const verdict = evaluateResourcePolicies(level, call, true);
    deny = or(deny, verdict.deny);
    undenied = and(undenied, verdict.undenied);
  }
  return { deny, undenied };
}

/** Not in the management account, not to the trust of a service-linked role, and not to what such a role may do. */
export function rcpsApply(caller: Caller, role: TargetRole): boolean {
  const { rcps, management } = role.organization;
  if (rcps === undefined || management) return false;
  const linked = isKnown(role.path) && role.path.startsWith('/aws-service-role/');
  return !linked && !(caller.kind === 'role' && isServiceLinked(caller.arn));
}

const USER_BOUNDARY =
  'AWS’s pages disagree on whether a permissions boundary limits a user or session that the trust policy of its own account names';
const STAR_BOUNDARY =
  'AWS documents that a boundary or session policy does not limit {"AWS": "*"} only where aws:PrincipalArn narrows it';

/**
 * Which ways in are open. In one account a trust policy that names the caller itself suffices; naming the account delegates
 * to it. Across accounts both sides must allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and …_evaluation-logic-cross-account.html
 */
function grantPaths(trust: TrustVerdict, side: CallerSide, sameAccount: Truth): Truth {
  const { account, user, role, session, anyone } = trust.grants;
  const limits = and(side.boundary, side.session);
  const full = and(side.identity, limits);
  const named = or(or(account, user), or(role, or(session, or(anyone, trust.anyoneByArn))));
  const across = and(named, full);
  if (sameAccount === false) return across;
  const within = or(
    or(across, and(role, limits)),
    or(
      or(and(user, unlessDisputed(limits, USER_BOUNDARY)), and(session, unlessDisputed(side.boundary, USER_BOUNDARY))),
      or(trust.anyoneByArn, and(anyone, unlessDisputed(limits, STAR_BOUNDARY))),
    ),
  );
  if (sameAccount === true || within === across) return within;
  return or(and(sameAccount, within), across);
}

/** Where the limit allows, nothing is disputed; where it does not, AWS's pages leave it open. */
function unlessDisputed(limit: Truth, reason: string): Truth {
  return limit === true ? true : or(limit, dependsOn({ kind: 'disputed', reason }));
}
