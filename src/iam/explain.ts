import type { Assignment } from '../symbolic/guard.ts';
import { equal } from '../symbolic/pattern.ts';
import { or } from '../symbolic/truth.ts';
import type { RoleAction } from './actions.ts';
import { statementsOn } from './by-arn.ts';
import type { Attached, EntityCaller } from './caller.ts';
import { assignmentsFor, choicesOf } from './choices.ts';
import { contextOf } from './context-keys.ts';
import { actionsOf, decideAction, decideUnder, scpsApply } from './decide.ts';
import { errorText } from './error-text.ts';
import { attachedSurely, type Call, evaluatePolicies, statementApplies, type Verdict } from './evaluate.ts';
import { explainRcp, explainTrust } from './explain-resource-side.ts';
import { type LayerName, type LayerReport, openReason, openVerdict, withStatement } from './layer-report.ts';
import { nearestMiss } from './near-miss.ts';
import type { Policy, Statement } from './policy.ts';
import type { Question } from './question.ts';

export interface Explanation {
  /** The action that fails, or the call's own. */
  readonly action: RoleAction;
  readonly layers: readonly LayerReport[];
  /** For a denial: the layer that AWS would name. */
  readonly blockedBy: LayerReport | undefined;
  /** For a denial: the sentence that AWS would answer. */
  readonly answer: string | undefined;
}

/** Every layer's verdict on the action that decides, with the statement at its ground. */
export function explain(question: Question): Explanation {
  const context = contextOf(question);
  const assignment = tellingAssignment(question);
  const calls = actionsOf(question).map(
    (action): Call => ({ action, caller: question.caller, role: question.role, context, assignment }),
  );
  const decided = calls.map((call) => ({ call, truth: decideAction(call) }));
  const worst =
    decided.find(({ truth }) => truth === false) ?? decided.find(({ truth }) => truth !== true) ?? decided[0];
  if (worst === undefined) return { action: question.action, layers: [], blockedBy: undefined, answer: undefined };
  const { call, truth } = worst;
  const layers = [...callerLayers(call), explainRcp(call), explainTrust(call)];
  if (question.withheld !== undefined)
    return { action: call.action, layers, blockedBy: undefined, answer: question.withheld.answer };
  const denied = truth === false || decideUnder(question, assignment).decision === 'denied';
  if (!denied) return { action: call.action, layers, blockedBy: undefined, answer: undefined };
  const told = truth === false ? layers : withContradiction(layers);
  const blockedBy = blocking(told);
  return { action: call.action, layers: told, blockedBy, answer: errorText(question, call.action, blockedBy) };
}

/** Each layer asks for something that a call could have, but no call can have all of it. */
function withContradiction(layers: readonly LayerReport[]): readonly LayerReport[] {
  const last = layers.findLast(({ verdict }) => verdict === 'conditional');
  return layers.map((layer) =>
    layer === last
      ? { ...layer, verdict: 'no-allow', reason: `asks for what no call can have together (${layer.reason})` }
      : layer,
  );
}

/** Of the documents' branches the one that tells most: a denial, where there is one. */
function tellingAssignment(question: Question): Assignment {
  const assignments = assignmentsFor(question, choicesOf(question)) ?? [];
  const [first = new Set<string>()] = assignments;
  return assignments.find((assignment) => decideUnder(question, assignment).decision === 'denied') ?? first;
}

/** The order in which a denial is best told. */
const ORDER: readonly LayerName[] = ['scp', 'rcp', 'trust', 'identity', 'boundary', 'session'];

function blocking(layers: readonly LayerReport[]): LayerReport | undefined {
  const byOrder = ORDER.map((name) => layers.find((layer) => layer.layer === name)).filter(
    (layer) => layer !== undefined,
  );
  return (
    byOrder.find((layer) => layer.verdict === 'explicit-deny') ?? byOrder.find((layer) => layer.verdict === 'no-allow')
  );
}

function callerLayers(call: Call): readonly LayerReport[] {
  const { caller } = call;
  if (caller.kind !== 'user' && caller.kind !== 'role') {
    const reason =
      caller.kind === 'service'
        ? 'a service has no policies of its own'
        : caller.kind === 'web-identity' || caller.kind === 'saml'
          ? 'the call is not signed by a principal'
          : barredReason(caller.kind);
    const verdict = caller.kind === 'root' || caller.kind === 'federated-user' ? 'no-allow' : 'not-applicable';
    return [
      { layer: 'identity', verdict, reason },
      ...(['boundary', 'session', 'scp'] as const).map(
        (layer): LayerReport => ({ layer, verdict: 'not-applicable', reason }),
      ),
    ];
  }
  return [identityLayer(call, caller), boundaryLayer(call, caller), sessionLayer(call, caller), scpLayer(call, caller)];
}

function barredReason(kind: 'root' | 'federated-user'): string {
  return kind === 'root'
    ? 'an account’s root user cannot assume roles'
    : 'the credentials of GetFederationToken cannot assume roles';
}

function identityLayer(call: Call, caller: EntityCaller): LayerReport {
  const { policies, open } = caller.identity;
  const verdict = evaluatePolicies(policies, open, call);
  const report = layerOf('identity', verdict, policies, call);
  if (report.verdict !== 'no-allow') return report;
  if (suffices(call, caller))
    return {
      ...report,
      verdict: 'not-applicable',
      reason: 'not needed: the trust policy of the same account names the caller itself',
    };
  return report.miss === undefined
    ? {
        ...report,
        reason:
          policies.length === 0 ? 'no identity policy at all' : `no identity policy allows ${call.action} on this role`,
      }
    : report;
}

/** Whether the trust policy alone lets the caller in, so that no grant is needed. */
function suffices(call: Call, caller: EntityCaller): boolean {
  const free: EntityCaller = {
    ...caller,
    identity: { policies: [], open: [] },
    boundary: undefined,
    sessionPolicy: undefined,
  };
  return equal(caller.account, call.role.account) === true && decideAction({ ...call, caller: free }) !== false;
}

function boundaryLayer(call: Call, caller: EntityCaller): LayerReport {
  const { boundary } = caller;
  if (boundary === undefined) return { layer: 'boundary', verdict: 'not-applicable', reason: 'none' };
  if (boundary.kind === 'unknown')
    return { layer: 'boundary', verdict: 'unknown', reason: `not known: ${boundary.unknown.missing}` };
  return layerOf(
    'boundary',
    evaluatePolicies(attachedSurely([boundary.policy]), [], call),
    attachedSurely([boundary.policy]),
    call,
  );
}

function sessionLayer(call: Call, caller: EntityCaller): LayerReport {
  if (caller.sessionPolicy === undefined) return { layer: 'session', verdict: 'not-applicable', reason: 'none' };
  const policies = attachedSurely([caller.sessionPolicy]);
  return layerOf('session', evaluatePolicies(policies, [], call), policies, call);
}

function scpLayer(call: Call, caller: EntityCaller): LayerReport {
  const { scps, management } = caller.organization;
  if (scps === undefined) return { layer: 'scp', verdict: 'not-applicable', reason: 'not given' };
  if (!scpsApply(caller))
    return {
      layer: 'scp',
      verdict: 'not-applicable',
      reason: management ? 'the management account is exempt' : 'service-linked roles are exempt',
    };
  const levels = scps.map((level) => {
    const policies = attachedSurely(level);
    return layerOf('scp', evaluatePolicies(policies, [], call), policies, call);
  });
  const worst = (['explicit-deny', 'no-allow', 'unknown', 'conditional', 'allow'] as const)
    .map((verdict) => levels.find((level) => level.verdict === verdict))
    .find((level) => level !== undefined);
  return worst ?? { layer: 'scp', verdict: 'not-applicable', reason: 'not given' };
}

/** One layer's report from what its policies say together. */
function layerOf(layer: LayerName, { allow, deny }: Verdict, policies: readonly Attached[], call: Call): LayerReport {
  const find = (
    effect: 'Allow' | 'Deny',
    sure: boolean,
  ): { readonly policy: Policy; readonly statement: Statement } | undefined => {
    for (const { policy } of policies) {
      const statement = statementsOn(policy, call).find(
        (one) =>
          one.effect === effect &&
          (sure ? statementApplies(one, call) === true : statementApplies(one, call) !== false),
      );
      if (statement !== undefined) return { policy, statement };
    }
    return undefined;
  };
  if (deny === true) return withStatement(layer, 'explicit-deny', find('Deny', true), 'denies it');
  if (allow === false) return missed(layer, policies, call);
  if (allow === true && deny === false) return withStatement(layer, 'allow', find('Allow', true), 'allows');
  const ground = deny === false ? find('Allow', false) : (find('Deny', false) ?? find('Allow', false));
  return withStatement(
    layer,
    openVerdict(or(allow === true ? false : allow, deny)),
    ground,
    openReason(or(allow === true ? false : allow, deny)),
  );
}

function missed(layer: LayerName, policies: readonly Attached[], call: Call): LayerReport {
  const miss = nearestMiss(
    policies.map(({ policy }) => policy),
    call,
  );
  if (miss === undefined)
    return { layer, verdict: 'no-allow', reason: `no statement allows ${call.action} on this role` };
  return { layer, verdict: 'no-allow', reason: miss.reason, place: miss.place, statement: miss.statement, miss };
}
