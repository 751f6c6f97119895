import { parseArn } from '../iam/arn.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import type { Item } from '../iam/item.ts';
import type { Policy, PrincipalItem, Statement } from '../iam/policy.ts';
import { equal } from '../symbolic/pattern.ts';
import { lowerCase, type Text } from '../symbolic/text.ts';
import { shownStatement } from './shown-statement.ts';

/** What stands on one side alone, in JSON. */
export interface Sides {
  readonly declared: readonly string[];
  readonly deployed: readonly string[];
}

/**
 * How a policy that is declared differs for sure from the one that is deployed; undefined where they are, or could be, the same.
 * IAM reads a text and a list of it alike, in any order, and neither Sid nor Id decides anything.
 */
export function policyDifference(declared: Policy, deployed: Policy): Sides | undefined {
  if (declared.open.length > 0 || deployed.open.length > 0) return undefined;
  if (declared.document === undefined || deployed.document === undefined) return undefined;
  const sides = differingItems(declared.statements, deployed.statements, sameStatement, isSure);
  if (sides.declared.length + sides.deployed.length > 0)
    return { declared: sides.declared.map(shownStatement), deployed: sides.deployed.map(shownStatement) };
  if (declared.variables === deployed.variables) return undefined;
  return { declared: [versionOf(declared)], deployed: [versionOf(deployed)] };
}

/** What is surely on one side and cannot be any of the other. */
export function differingItems<T, U>(
  declared: readonly T[],
  deployed: readonly U[],
  couldBeSame: (one: T, other: U) => boolean,
  isSurelyThere: (one: T | U) => boolean,
): { readonly declared: readonly T[]; readonly deployed: readonly U[] } {
  return {
    declared: declared.filter((one) => isSurelyThere(one) && !deployed.some((other) => couldBeSame(one, other))),
    deployed: deployed.filter((other) => isSurelyThere(other) && !declared.some((one) => couldBeSame(one, other))),
  };
}

export function couldEqual(left: Text, right: Text): boolean {
  return equal(left, right) !== false;
}

function versionOf({ variables }: Policy): string {
  return `"Version": ${variables ? '"2012-10-17"' : 'none, or "2008-10-17"'}`;
}

function isSure({ guard, open }: Statement): boolean {
  return guard === true && open.length === 0;
}

function sameStatement(one: Statement, other: Statement): boolean {
  if (one.open.length > 0 || other.open.length > 0) return true;
  return (
    one.effect === other.effect &&
    sameElement(one.actions, other.actions, ({ text }, { text: given }) =>
      couldEqual(lowerCase(text), lowerCase(given)),
    ) &&
    sameElement(one.resources, other.resources, sameText) &&
    sameElement(one.principals, other.principals, samePrincipal) &&
    sameItems(one.conditions, other.conditions, sameTest, () => true)
  );
}

interface Element<T> {
  readonly negated: boolean;
  readonly items: readonly T[];
}

function sameElement<T extends Item>(
  one: Element<T> | undefined,
  other: Element<T> | undefined,
  same: (one: T, other: T) => boolean,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.negated === other.negated && sameItems(one.items, other.items, same, isAlways);
}

function sameItems<T>(
  one: readonly T[],
  other: readonly T[],
  same: (one: T, other: T) => boolean,
  isSurelyThere: (item: T) => boolean,
): boolean {
  const { declared, deployed } = differingItems(one, other, same, isSurelyThere);
  return declared.length + deployed.length === 0;
}

export function isAlways({ guard }: Item): boolean {
  return guard === undefined || guard === true;
}

function sameText(one: Item, other: Item): boolean {
  return couldEqual(one.text, other.text);
}

/** IAM saves an account's number as the ARN of its root: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function samePrincipal(one: PrincipalItem, other: PrincipalItem): boolean {
  const [left, right] = [typed(one), typed(other)];
  return left.type === right.type && (couldEqual(one.text, other.text) || couldEqual(left.text, right.text));
}

/** `"*"` and `{"AWS": "*"}` are one and the same there. */
function typed({ type, text }: PrincipalItem): { readonly type: string; readonly text: Text } {
  if (type !== '*' && type !== 'AWS') return { type, text };
  const arn = parseArn(text);
  return { type: 'AWS', text: arn?.service === 'iam' && arn.resource === 'root' ? arn.account : text };
}

function sameTest(one: ConditionTest, other: ConditionTest): boolean {
  const [a, b] = [one.operator, other.operator];
  const sameOperator =
    a === undefined || b === undefined
      ? one.operatorName === other.operatorName
      : a.comparison === b.comparison && a.negated === b.negated && a.ifExists === b.ifExists && a.set === b.set;
  return (
    sameOperator &&
    couldEqual(lowerCase(one.key), lowerCase(other.key)) &&
    sameItems(one.values, other.values, sameText, isAlways)
  );
}
