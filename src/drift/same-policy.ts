import { parseArn } from '../iam/arn.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import type { Item } from '../iam/item.ts';
import type { Policy, PrincipalItem, Statement } from '../iam/policy.ts';
import { equal } from '../symbolic/pattern.ts';
import { isKnown, lowerCase, type Text } from '../symbolic/text.ts';
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
  const sides = differingItems(declared.statements, deployed.statements, STATEMENTS);
  if (sides.declared.length + sides.deployed.length > 0)
    return { declared: sides.declared.map(shownStatement), deployed: sides.deployed.map(shownStatement) };
  if (declared.variables === deployed.variables) return undefined;
  return { declared: [versionOf(declared)], deployed: [versionOf(deployed)] };
}

function versionOf({ variables }: Policy): string {
  return `"Version": ${variables ? '"2012-10-17"' : 'none, or "2008-10-17"'}`;
}

/** How things of one sort are compared. */
export interface Comparing<T> {
  /** Where all of it is known: two are the same where their keys are. */
  readonly key: (one: T) => string | undefined;
  /** Whether two could be the same, where not all is known. */
  readonly couldBeSame: (one: T, other: T) => boolean;
  /** Whether it is there whatever is not known. */
  readonly isSure: (one: T) => boolean;
}

/** Beyond so many comparisons what is not known in full counts as the same: it could be. */
const MOST = 50_000;

/** What is surely on one side and cannot be any of the other. */
export function differingItems<T>(
  declared: readonly T[],
  deployed: readonly T[],
  comparing: Comparing<T>,
): { readonly declared: readonly T[]; readonly deployed: readonly T[] } {
  const [ours, theirs] = [new Side(declared, comparing), new Side(deployed, comparing)];
  return { declared: ours.lackingIn(theirs), deployed: theirs.lackingIn(ours) };
}

/** One side, with its parts that are known in full by their keys. */
class Side<T> {
  readonly #all: readonly (readonly [T, string | undefined])[];
  readonly #keys: ReadonlySet<string>;
  readonly #open: readonly T[];
  readonly #comparing: Comparing<T>;

  constructor(all: readonly T[], comparing: Comparing<T>) {
    this.#all = all.map((one) => [one, comparing.key(one)]);
    this.#keys = new Set(this.#all.flatMap(([, key]) => key ?? []));
    this.#open = this.#all.filter(([, key]) => key === undefined).map(([one]) => one);
    this.#comparing = comparing;
  }

  lackingIn(other: Side<T>): readonly T[] {
    const { isSure, couldBeSame } = this.#comparing;
    const followed = this.#all.length * other.#open.length + this.#open.length * other.#all.length <= MOST;
    return this.#all
      .filter(([one, key]) => {
        if (!isSure(one) || (key !== undefined && other.#keys.has(key))) return false;
        if (key !== undefined && other.#open.length === 0) return true;
        if (!followed) return false;
        const candidates = key === undefined ? other.#all.map(([candidate]) => candidate) : other.#open;
        return !candidates.some((candidate) => couldBeSame(one, candidate));
      })
      .map(([one]) => one);
  }
}

export function couldEqual(left: Text, right: Text): boolean {
  return equal(left, right) !== false;
}

export function isAlways({ guard }: Item): boolean {
  return guard === undefined || guard === true;
}

/** Texts that are compared as they are. */
const TEXTS: Comparing<Item> = {
  key: (one) => known(one, one.text),
  couldBeSame: (one, other) => couldEqual(one.text, other.text),
  isSure: isAlways,
};

const ACTIONS: Comparing<Item> = {
  key: (one) => known(one, lowerCase(one.text)),
  couldBeSame: (one, other) => couldEqual(lowerCase(one.text), lowerCase(other.text)),
  isSure: isAlways,
};

/** IAM saves an account's number as the ARN of its root: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const PRINCIPALS: Comparing<PrincipalItem> = {
  key: (one) => {
    const { type, text } = typed(one);
    return known(one, text) === undefined ? undefined : `${type} ${known(one, text)}`;
  },
  couldBeSame: (one, other) => {
    const [left, right] = [typed(one), typed(other)];
    return left.type === right.type && (couldEqual(one.text, other.text) || couldEqual(left.text, right.text));
  },
  isSure: isAlways,
};

/** `"*"` and `{"AWS": "*"}` are one and the same there. */
function typed({ type, text }: PrincipalItem): { readonly type: string; readonly text: Text } {
  if (type !== '*' && type !== 'AWS') return { type, text };
  const arn = parseArn(text);
  return { type: 'AWS', text: arn?.service === 'iam' && arn.resource === 'root' ? arn.account : text };
}

const TESTS: Comparing<ConditionTest> = {
  key: (one) => {
    const values = keysOf(one.values, TEXTS);
    return isKnown(one.key) && values !== undefined ? `${operatorOf(one)} ${one.keyLower} ${values}` : undefined;
  },
  couldBeSame: (one, other) =>
    operatorOf(one) === operatorOf(other) &&
    couldEqual(lowerCase(one.key), lowerCase(other.key)) &&
    isSame(one.values, other.values, TEXTS),
  isSure: () => true,
};

/** `ArnEquals` and `ArnLike` are one. */
function operatorOf({ operator, operatorName }: ConditionTest): string {
  if (operator === undefined) return operatorName;
  const { comparison, negated, ifExists, set } = operator;
  return `${set ?? ''}:${negated ? 'Not' : ''}${comparison}${ifExists ? 'IfExists' : ''}`;
}

interface Element<T> {
  readonly negated: boolean;
  readonly items: readonly T[];
}

const STATEMENTS: Comparing<Statement> = {
  key: (one) => {
    if (one.guard !== true || one.open.length > 0) return undefined;
    const parts = [
      elementKey(one.actions, ACTIONS),
      elementKey(one.resources, TEXTS),
      elementKey(one.principals, PRINCIPALS),
      keysOf(one.conditions, TESTS),
    ];
    return parts.includes(undefined) ? undefined : JSON.stringify([one.effect, ...parts]);
  },
  couldBeSame: (one, other) => {
    if (one.open.length > 0 || other.open.length > 0) return true;
    return (
      one.effect === other.effect &&
      sameElement(one.actions, other.actions, ACTIONS) &&
      sameElement(one.resources, other.resources, TEXTS) &&
      sameElement(one.principals, other.principals, PRINCIPALS) &&
      isSame(one.conditions, other.conditions, TESTS)
    );
  },
  isSure: ({ guard, open }) => guard === true && open.length === 0,
};

function elementKey<T>(element: Element<T> | undefined, comparing: Comparing<T>): string | undefined {
  if (element === undefined) return 'none';
  const keys = keysOf(element.items, comparing);
  return keys === undefined ? undefined : `${element.negated ? 'not ' : ''}${keys}`;
}

function sameElement<T>(one: Element<T> | undefined, other: Element<T> | undefined, comparing: Comparing<T>): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.negated === other.negated && isSame(one.items, other.items, comparing);
}

function isSame<T>(one: readonly T[], other: readonly T[], comparing: Comparing<T>): boolean {
  const { declared, deployed } = differingItems(one, other, comparing);
  return declared.length + deployed.length === 0;
}

/** One text for all of them, in whichever order and however often they stand; undefined where not all are known. */
function keysOf<T>(items: readonly T[], { key }: Comparing<T>): string | undefined {
  const keys = new Set(items.map(key));
  return keys.has(undefined) ? undefined : JSON.stringify([...keys].sort());
}

function known(item: Item, text: Text): string | undefined {
  return isAlways(item) && isKnown(text) ? text : undefined;
}
