import { parseArn } from '../iam/arn.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import type { PrincipalItem, Statement } from '../iam/policy.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { isKnown, show } from '../symbolic/text.ts';

/** Keys by which a trust policy tells callers apart; a tag too, although anybody may tag a principal of an account of his own. */
const CALLER_KEYS =
  /^(aws:(principal(arn|account|orgid|orgpaths|tag\/.*|servicename|servicenameslist|isawsservice)|userid|username|source(ip|vpc|vpce|arn|account|orgid|orgpaths|identity)|vpcsourceip|federatedprovider)|sts:externalid|saml:.*|.*:(sub|aud))$/;

/** Whether a condition lets some callers through only; what cannot be known may be such a condition. */
export function isNarrowed({ conditions, open, rejected }: Statement): boolean {
  return open.length > 0 || rejected !== undefined || conditions.some(narrows);
}

function narrows({ keyLower, operator, values }: ConditionTest): boolean {
  if (operator === undefined || !CALLER_KEYS.test(keyLower)) return false;
  const asks = !operator.negated && !operator.ifExists && operator.set !== 'all' && operator.comparison !== 'Null';
  return asks && !values.some(({ text }) => text === '*');
}

/** A Deny that keeps everybody out but for those that a condition names. */
export function isFenced({ effect, conditions }: Statement): boolean {
  return effect === 'Deny' && conditions.some(({ keyLower }) => CALLER_KEYS.test(keyLower));
}

export function asksFor({ conditions }: Statement, ...keys: readonly string[]): boolean {
  return conditions.some(({ keyLower }) => keys.includes(keyLower));
}

/** The accounts that the configuration, a dump or the documents name as ours; undefined where nothing lists those: one account is no list. */
export function ownAccounts({ deployments, covered, entities, beside }: Inventory): ReadonlySet<string> | undefined {
  const named = deployments.filter(({ accountName }) => accountName !== undefined).map(({ account }) => show(account));
  if (named.length < 2) return undefined;
  return new Set([
    ...named,
    ...(beside?.accounts ?? []),
    ...[...covered].flatMap((one) => /^\w+:(\d{12})$/.exec(one)?.[1] ?? []),
    ...entities.map(({ declaration }) => show(declaration.account)),
  ]);
}

/** The 12 digits of the account that an AWS principal names or belongs to, and whether it names the account itself. */
export function accountNamed({ text }: PrincipalItem): { readonly id: string; readonly whole: boolean } | undefined {
  if (!isKnown(text)) return undefined;
  if (/^\d{12}$/.test(text)) return { id: text, whole: true };
  const arn = parseArn(text);
  if (arn === undefined || !isKnown(arn.account) || !/^\d{12}$/.test(arn.account)) return undefined;
  return { id: arn.account, whole: arn.resource === 'root' };
}
