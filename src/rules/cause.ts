import type { DeclaredBy } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { ASSUME_ACTIONS, isAssumeAction } from '../iam/actions.ts';
import { contextOf } from '../iam/context-keys.ts';
import type { LayerReport } from '../iam/layer-report.ts';

/** The rules that explain a denial: each denied assumption has exactly one of them. */
export type Cause =
  | 'explicit-deny'
  | 'blocked-by-scp'
  | 'blocked-by-rcp'
  | 'blocked-by-boundary'
  | 'missing-tag-session'
  | 'wrong-assume-action'
  | 'condition-never-met'
  | 'missing-trust'
  | 'service-not-trusted'
  | 'workflow-not-trusted'
  | 'service-account-not-trusted'
  | 'missing-grant'
  | 'never';

/** Why AWS denies it, by the layer that it would name. */
export function causeOf(decided: Decided): Cause {
  const { action, blockedBy } = decided.explanation();
  const { withheld } = decided.assumption.question;
  if (withheld !== undefined) {
    if (isDeclaredBy(decided, 'workflow')) return 'workflow-not-trusted';
    if (isDeclaredBy(decided, 'service-account')) return 'service-account-not-trusted';
    // Where nobody is seen to present a token, it is a trust policy that names nobody: principal-not-found.
    const trusted = decided.assumption.declaredBy.every(({ kind }) => kind === 'trust');
    return withheld.lacks === 'provider' && trusted ? 'never' : 'condition-never-met';
  }
  if (blockedBy === undefined) return 'never';
  // An RCP has no other way to keep a call out: its Allow is AWS's own, and cannot be taken away.
  if (blockedBy.layer === 'rcp') return 'blocked-by-rcp';
  if (blockedBy.verdict === 'explicit-deny') return 'explicit-deny';
  switch (blockedBy.layer) {
    case 'scp':
      return 'blocked-by-scp';
    case 'boundary':
      return 'blocked-by-boundary';
    // The session has what its role's policies allow, and its own.
    case 'session':
      return isAssumeAction(action) ? 'missing-grant' : 'missing-tag-session';
    default:
      return isAssumeAction(action) ? missing(decided, blockedBy) : 'missing-tag-session';
  }
}

function missing(decided: Decided, layer: LayerReport): Cause {
  const { miss } = layer;
  const { caller } = decided.assumption.question;
  if (caller.kind === 'root' || caller.kind === 'federated-user') return 'never';
  if (layer.layer === 'trust' && miss?.element === 'action' && allowsAnotherAssume(layer)) return 'wrong-assume-action';
  if (layer.layer === 'trust' && caller.kind === 'web-identity') {
    if (isDeclaredBy(decided, 'workflow')) return 'workflow-not-trusted';
    if (isDeclaredBy(decided, 'service-account')) return 'service-account-not-trusted';
  }
  // Without a miss every statement could be met, only not together.
  if (layer.miss === undefined && layer.statement !== undefined) return 'condition-never-met';
  if (miss?.element === 'condition' && neverMet(decided, layer)) return 'condition-never-met';
  if (layer.layer !== 'trust') return 'missing-grant';
  return isHandedToService(decided) ? 'service-not-trusted' : 'missing-trust';
}

function isDeclaredBy({ assumption }: Decided, kind: DeclaredBy['kind']): boolean {
  return assumption.declaredBy.some((one) => one.kind === kind);
}

/** Not to a role that works with it: that one needs a trust as any other role. */
function isHandedToService({ assumption: { question, declaredBy } }: Decided): boolean {
  const { kind } = question.caller;
  return (kind === 'service' || kind === 'web-identity') && declaredBy.some((one) => one.kind === 'service');
}

/** Not for this caller's own properties, but for every call of the action. */
function neverMet({ assumption }: Decided, { miss, statement }: LayerReport): boolean {
  const test = statement?.conditions.find(
    (one) => one.place === miss?.place || one.values.some((value) => value.place === miss?.place),
  );
  if (test === undefined) return false;
  const { given } = assumption.question;
  // What one call did not have another one may.
  if (given.complete || (given.observed === true && given.keys.has(test.keyLower))) return false;
  return contextOf(assumption.question).lookup(test.keyLower).kind !== 'present';
}

function allowsAnotherAssume({ statement }: LayerReport): boolean {
  return statement !== undefined && ASSUME_ACTIONS.some((action) => statement.actions.covers[action] !== false);
}
