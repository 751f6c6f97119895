import { holdsUnder } from '../symbolic/guard.ts';
import { and, dependsOnValue, not, or, type Truth } from '../symbolic/truth.ts';
import { principalsNaming, statementsNaming } from './by-principal.ts';
import type { ConditionTest } from './condition/test.ts';
import { type Call, statementApplies } from './evaluate.ts';
import { type NamedAs, principalMatches } from './match-principal.ts';
import type { Policy, Statement } from './policy.ts';

/** What a resource policy (a trust policy or an RCP) says of a call: as what its Allows name the caller, and its Denies. */
export interface TrustVerdict {
  readonly grants: Readonly<Record<NamedAs, Truth>>;
  /** `{"AWS": "*"}` narrowed by aws:PrincipalArn, which AWS says boundary and session policy do not limit. */
  readonly anyoneByArn: Truth;
  readonly deny: Truth;
  readonly undenied: Truth;
}

const NOTHING: Readonly<Record<NamedAs, Truth>> = {
  account: false,
  user: false,
  role: false,
  session: false,
  anyone: false,
  service: false,
  provider: false,
};

/** The trust policy as the role's resource policy. An undeclared role may trust anybody, in any way. */
export function evaluateTrust(call: Call): TrustVerdict {
  const { trust, undeclared } = call.role;
  if (trust !== undefined) return evaluateResourcePolicies([trust], call, false);
  const perhaps = undeclared === undefined ? false : dependsOnValue(undeclared);
  const grants = {
    account: perhaps,
    user: perhaps,
    role: perhaps,
    session: perhaps,
    anyone: perhaps,
    service: perhaps,
    provider: perhaps,
  };
  return { grants, anyoneByArn: perhaps, deny: perhaps, undenied: not(perhaps) };
}

export function evaluateResourcePolicies(policies: readonly Policy[], call: Call, bareStar: boolean): TrustVerdict {
  const grants = { ...NOTHING };
  let anyoneByArn: Truth = false;
  let deny: Truth = false;
  let undenied: Truth = true;
  for (const policy of policies) {
    for (const statement of statementsNaming(policy, call.caller)) {
      if (statement.actions.covers[call.action] === false || statement.rejected !== undefined) continue;
      const named = statementNames(statement, call, bareStar);
      if (named.length === 0) continue;
      const applies = statementApplies(statement, call);
      if (applies === false) continue;
      for (const match of named) {
        const truth = and(match.truth, applies);
        if (statement.effect === 'Deny') {
          deny = or(deny, truth);
          undenied = and(undenied, not(truth));
        } else if (match.as === 'anyone' && statement.conditions.some(namesByArn)) anyoneByArn = or(anyoneByArn, truth);
        else grants[match.as] = or(grants[match.as], truth);
      }
    }
    for (const unknown of policy.open) {
      const perhaps = dependsOnValue(unknown);
      deny = or(deny, perhaps);
      undenied = and(undenied, perhaps);
      anyoneByArn = or(anyoneByArn, perhaps);
      for (const as of ['account', 'user', 'role', 'session', 'anyone', 'service', 'provider'] as const)
        grants[as] = or(grants[as], perhaps);
    }
  }
  return { grants, anyoneByArn, deny, undenied };
}

/** A condition on aws:PrincipalArn that says who may come, as a principal element would. */
function namesByArn({ keyLower, operator }: ConditionTest): boolean {
  if (keyLower !== 'aws:principalarn' || operator === undefined) return false;
  const { comparison, negated, ifExists, set } = operator;
  return comparison !== 'Null' && !negated && !ifExists && set !== 'all';
}

/** As what the statement's principals name the caller. */
export function statementNames(
  statement: Statement,
  call: Call,
  bareStar: boolean,
): ReturnType<typeof principalMatches> {
  const { principals } = statement;
  if (principals === undefined || principals.negated) return [];
  const items = principalsNaming(principals, call.caller).filter(
    ({ guard }) => guard === undefined || holdsUnder(guard, call.assignment),
  );
  const [only] = items;
  if (only === undefined) return [];
  if (items.length === 1) return principalMatches(only, call.caller, statement.effect, bareStar);
  return items.flatMap((item) => principalMatches(item, call.caller, statement.effect, bareStar));
}
