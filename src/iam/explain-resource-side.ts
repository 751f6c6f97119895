import { or, type Truth } from '../symbolic/truth.ts';
import { isAssumeAction } from './actions.ts';
import { statementsNaming } from './by-principal.ts';
import { assumeActionOf } from './caller.ts';
import { rcpsApply, rcpVerdict } from './decide.ts';
import { type Call, statementApplies } from './evaluate.ts';
import { type LayerReport, openReason, openVerdict, withStatement } from './layer-report.ts';
import { nearestMiss } from './near-miss.ts';
import type { Policy, Statement } from './policy.ts';
import { evaluateTrust, statementNames, type TrustVerdict } from './trust.ts';

export function explainTrust(call: Call): LayerReport {
  const { trust, undeclared } = call.role;
  if (trust === undefined) return { layer: 'trust', verdict: 'unknown', reason: undeclared?.missing ?? 'not declared' };
  if (isAssumeAction(call.action) && call.action !== assumeActionOf(call.caller))
    return {
      layer: 'trust',
      verdict: 'no-allow',
      reason: `such a caller cannot call ${call.action}`,
      place: trust.place,
    };
  const verdict = evaluateTrust(call);
  const allow = anyGrant(verdict);
  if (verdict.deny === true)
    return withStatement('trust', 'explicit-deny', find([trust], call, 'Deny', true, false), 'denies it');
  if (allow === false) {
    const miss = nearestMiss([trust], call);
    if (miss === undefined)
      return {
        layer: 'trust',
        verdict: 'no-allow',
        reason: 'no statement names the caller',
        place: trust.place,
        policy: trust,
      };
    return {
      layer: 'trust',
      verdict: 'no-allow',
      reason: miss.reason,
      place: miss.place,
      policy: trust,
      statement: miss.statement,
      miss,
    };
  }
  if (allow === true && verdict.deny === false)
    return withStatement('trust', 'allow', find([trust], call, 'Allow', true, false), allowing(verdict));
  const open = or(allow === true ? false : allow, verdict.deny);
  const ground =
    verdict.deny === false
      ? find([trust], call, 'Allow', false, false)
      : (find([trust], call, 'Deny', false, false) ?? find([trust], call, 'Allow', false, false));
  return withStatement('trust', openVerdict(open), ground, openReason(open));
}

function allowing({ grants }: TrustVerdict): string {
  if (grants.user === true || grants.role === true || grants.session === true) return 'names the caller';
  return grants.account === true ? 'names the caller’s account' : 'allows';
}

function anyGrant({ grants, anyoneByArn }: TrustVerdict): Truth {
  return Object.values(grants).reduce<Truth>(or, anyoneByArn);
}

export function explainRcp(call: Call): LayerReport {
  const { rcps, management } = call.role.organization;
  if (rcps === undefined) return { layer: 'rcp', verdict: 'not-applicable', reason: 'not given' };
  if (!rcpsApply(call.caller, call.role))
    return {
      layer: 'rcp',
      verdict: 'not-applicable',
      reason: management ? 'the management account is exempt' : 'service-linked roles are exempt',
    };
  const { deny } = rcpVerdict(call);
  if (deny === false) return { layer: 'rcp', verdict: 'allow', reason: 'denies nothing here' };
  const found = find(rcps.flat(), call, 'Deny', deny === true, true);
  return deny === true
    ? withStatement('rcp', 'explicit-deny', found, 'denies it')
    : withStatement('rcp', openVerdict(deny), found, openReason(deny));
}

function find(
  policies: readonly Policy[],
  call: Call,
  effect: 'Allow' | 'Deny',
  sure: boolean,
  bareStar: boolean,
): { readonly policy: Policy; readonly statement: Statement } | undefined {
  for (const policy of policies) {
    for (const statement of statementsNaming(policy, call.caller)) {
      if (statement.effect !== effect) continue;
      const named = statementNames(statement, call, bareStar).some((match) =>
        sure ? match.truth === true : match.truth !== false,
      );
      const applies = statementApplies(statement, call);
      if (named && (sure ? applies === true : applies !== false)) return { policy, statement };
    }
  }
  return undefined;
}
