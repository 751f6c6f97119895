import type { Decided } from './assumptions/decided.ts';
import type { Wanted } from './aws/wanted.ts';
import { nameIn, parseArn, resourceSort } from './iam/arn.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Place } from './source/source.ts';
import { isKnown, type Text, type Unknown } from './symbolic/text.ts';

/**
 * What the undecided assumptions need and no document has, where its ARN is known in full; and what the inventory declares, where
 * it is to be compared with what is deployed.
 */
export function wantedOf(decided: readonly Decided[], inventory: Inventory, compared: boolean): readonly Wanted[] {
  const wanted = new Map<string, Wanted>();
  const missing = decided.flatMap(({ assumption, decision }) => {
    const place = assumption.declaredBy[0]?.place;
    if (decision.decision === 'denied' || place === undefined) return [];
    const provider = providerFor(assumption.question, inventory, place);
    return decision.decision === 'unknown' ? [...provider, ...wantedFor(assumption.question, place)] : provider;
  });
  for (const one of [...missing, ...(compared ? declaredIn(inventory) : [])]) {
    const key = `${one.kind}:${one.account}:${one.name}`;
    const known = wanted.get(key);
    wanted.set(key, { ...(known ?? one), policies: one.policies || known?.policies === true });
  }
  return [...wanted.values()];
}

function declaredIn({ entities, declaredPolicies }: Inventory): readonly Wanted[] {
  return [
    ...entities.flatMap(({ declaration: { standing, arn, place } }) =>
      standing === 'document' ? entityAt(arn, true, place) : [],
    ),
    ...declaredPolicies.flatMap(({ arn, policy }) =>
      isKnown(arn) ? policyAt(arn, parseArn(arn)?.account ?? '', policy.place) : [],
    ),
  ];
}

/** What stands for a token's issuer in the role's account: without it STS asks no policy. */
function providerFor(
  { caller }: Decided['assumption']['question'],
  { providers }: Inventory,
  place: Place,
): readonly Wanted[] {
  if ((caller.kind !== 'web-identity' && caller.kind !== 'saml') || !isKnown(caller.provider)) return [];
  const [, partition = '', account = '', sort] =
    /^arn:([^:]+):iam::(\d{12}):(oidc|saml)-provider\/./.exec(caller.provider) ?? [];
  if (sort === undefined || providers.find(caller.provider).length > 0) return [];
  const [kind, name] = [`${sort as 'oidc' | 'saml'}-provider` as const, caller.provider];
  return [{ kind, partition, account, name, arn: name, policies: false, place }];
}

function wantedFor({ caller, role }: Decided['assumption']['question'], place: Place): readonly Wanted[] {
  const target = role.trust === undefined && isMissing(role.undeclared) ? entityAt(role.arn, false, place) : [];
  if (caller.kind !== 'role' && caller.kind !== 'user') return target;
  const open = [...caller.identity.open, ...(caller.boundary?.kind === 'unknown' ? [caller.boundary.unknown] : [])];
  const managed = open.filter(isMissing).flatMap(({ shown }) => policyAt(shown, caller.account, place));
  const whole = open.some((one) => isMissing(one) && !shownPolicy.test(one.shown));
  return [...target, ...managed, ...(whole ? entityAt(caller.arn, true, place) : [])];
}

/** Several declarations under one name, or a value in the name, are no gap that AWS could fill. */
function isMissing(unknown: Unknown | undefined): boolean {
  return unknown?.undeclared === true;
}

function entityAt(arn: Text, policies: boolean, place: Place): readonly Wanted[] {
  const parsed = parseArn(arn);
  const sort = parsed === undefined ? undefined : resourceSort(parsed.resource);
  if (parsed === undefined || !isKnown(arn) || (sort !== 'role' && sort !== 'user')) return [];
  const [name, account, partition] = [nameIn(parsed.resource), parsed.account, parsed.partition];
  if (!isKnown(name) || !isKnown(account) || !isKnown(partition) || !isAccount(account)) return [];
  return isName(name) ? [{ kind: sort, partition, account, name, arn, policies, place }] : [];
}

const shownPolicy = /^arn:([^:]*):iam::(?:aws|\d{12}):policy\/.+/;

/** AWS's own policies are asked of the account that has them attached. */
function policyAt(arn: string, account: Text, place: Place): readonly Wanted[] {
  const partition = shownPolicy.exec(arn)?.[1];
  if (partition === undefined || !isKnown(account) || !isAccount(account)) return [];
  return [{ kind: 'policy', partition, account, name: arn, arn, policies: true, place }];
}

function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
function isName(text: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(text);
}
