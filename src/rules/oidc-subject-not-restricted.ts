import type { Decided } from '../assumptions/decided.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import { providerName } from '../iam/context-keys.ts';
import { exposedClaims, issuerOf } from '../iam/identity-providers.ts';
import type { Statement } from '../iam/policy.ts';
import { type SharedIssuer, sharedIssuer } from '../iam/shared-issuers.ts';
import type { PolicyDocument, Weight } from '../inventory/declarations.ts';
import type { Place } from '../source/source.ts';
import { isKnown, partsOf, show, type Text } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';

export const oidcSubjectNotRestricted: Rule = {
  id: 'oidc-subject-not-restricted',
  title: 'a web identity trust whose subject or audience is open to other tenants',
  severity: 'error',
  check: ({ inventory, decided }) => {
    const closed = new Set(decided.filter(keepsAllOut).map(({ assumption }) => assumption.question.role.trust));
    return inventory.policies
      .filter(({ use, policy }) => use === 'trust' && !closed.has(policy))
      .flatMap(openStatements);
  },
};

/** What no token at all can meet is open to nobody. */
function keepsAllOut({ assumption: { question, declaredBy }, decision }: Decided): boolean {
  return (
    question.caller.kind === 'web-identity' &&
    decision.decision === 'denied' &&
    declaredBy.every(({ kind }) => kind === 'trust')
  );
}

function openStatements({ policy, owner }: PolicyDocument): readonly Found[] {
  // A Deny may take away again what an Allow opens.
  const denies = policy.statements.some(
    ({ effect, actions }) => effect === 'Deny' && actions.covers['sts:AssumeRoleWithWebIdentity'] !== false,
  );
  if (denies) return [];
  return policy.statements
    .filter(({ effect, actions }) => effect === 'Allow' && actions.covers['sts:AssumeRoleWithWebIdentity'] === true)
    .filter(({ open, rejected }) => open.length === 0 && rejected === undefined)
    .flatMap((statement) =>
      providersOf(statement).flatMap(({ issuer, place }) => opening(statement, issuer, place, owner)),
    );
}

interface Provider {
  readonly issuer: SharedIssuer;
  readonly place: Place;
}

/** The shared issuers that a statement trusts; where a document computes the provider, its conditions say whose it is. */
function providersOf({ principals, conditions }: Statement): readonly Provider[] {
  if (principals === undefined || principals.negated) return [];
  return principals.items.flatMap((item) => {
    if (item.type !== 'Federated') return [];
    const host = providerName(item.text);
    const named = isKnown(host)
      ? [sharedIssuer(host)]
      : [...new Set(conditions.map(({ keyLower }) => sharedIssuer(issuerOf(keyLower) ?? '')))];
    return named.filter((issuer) => issuer !== undefined).map((issuer) => ({ issuer, place: item.place }));
  });
}

/** Why a statement is open: the value that names no tenant, the operator that lets a token without the claim pass, or that nothing is asked. */
function opening(statement: Statement, issuer: SharedIssuer, place: Place, owner: string): readonly Found[] {
  const own = statement.conditions.filter(({ keyLower }) => issuerOf(keyLower) === issuer.host);
  if (own.some((test) => neverHolds(test, issuer))) return [];
  const asked = own.filter((test) => tenantClaim(test, issuer) !== undefined && isPositive(test));
  const strict = asked.filter((test) => isStrict(test));
  if (strict.some((test) => test.values.every(({ text }) => namesTenant(text, test, issuer)))) return [];
  const found = (at: Place, why: string, weight?: Weight): Found => ({
    message: `the ${owner} admits every tenant of ${issuer.name}: ${why}`,
    place: at,
    identity: `${owner} ${issuer.host}`,
    ...(weight === undefined ? {} : { weight }),
  });
  for (const test of strict) {
    const open = test.values.find(({ text }) => !namesTenant(text, test, issuer));
    if (open !== undefined)
      return [found(open.place, `${show(test.key)} may be ${show(open.text)}, which names none of them`)];
  }
  const loose = asked.find((test) => test.values.every(({ text }) => namesTenant(text, test, issuer)));
  if (loose !== undefined) {
    const why = `${loose.operatorName} also holds for a token without ${show(loose.key)}`;
    return [
      {
        ...found(loose.keyPlace, why, 'warning'),
        message: `the ${owner} may admit other tenants of ${issuer.name}: ${why}`,
      },
    ];
  }
  return [
    found(
      place,
      `no condition asks for ${issuer.host}:${issuer.required}, without which IAM refuses the policy when the role is made or changed`,
    ),
  ];
}

function claimOf({ keyLower }: ConditionTest, issuer: SharedIssuer): string {
  return keyLower.slice(issuer.host.length + 1);
}

function tenantClaim(test: ConditionTest, issuer: SharedIssuer): RegExp | undefined {
  return issuer.tenants[claimOf(test, issuer)];
}

function isPositive({ operator }: ConditionTest): boolean {
  return (
    operator !== undefined && !operator.negated && operator.comparison !== 'Null' && operator.comparison !== 'Bool'
  );
}

/** A token without the claim does not pass. */
function isStrict({ operator }: ConditionTest): boolean {
  return operator !== undefined && !operator.ifExists && operator.set !== 'all';
}

/** A claim that STS does not hand to policies is never there, so that such a statement admits nobody. */
function neverHolds(test: ConditionTest, issuer: SharedIssuer): boolean {
  return isPositive(test) && isStrict(test) && exposedClaims(issuer.host)?.has(claimOf(test, issuer)) === false;
}

/** Whether the text before the first wildcard settles whose token it is; what a document leaves open may well do so. */
function namesTenant(text: Text, test: ConditionTest, issuer: SharedIssuer): boolean {
  const wild = test.operator?.comparison === 'StringLike' || test.operator?.comparison === 'ArnLike';
  const [first = ''] = partsOf(text);
  if (typeof first !== 'string') return true;
  const star = wild ? first.search(/[*?]/) : -1;
  if (star === -1 && !isKnown(text)) return true;
  // One subject is somebody's, whatever it reads; an audience may be everybody's.
  if (star === -1 && claimOf(test, issuer) !== 'aud') return first !== '';
  return tenantClaim(test, issuer)?.test(star === -1 ? first : first.slice(0, star)) === true;
}
