import type { Place } from '../../source/source.ts';
import type { Pattern } from '../../symbolic/pattern.ts';
import type { Text } from '../../symbolic/text.ts';
import type { Item } from '../item.ts';

/** How an operator compares; the names without `Not`, `IfExists` and the set qualifiers. */
export type Comparison =
  | 'StringEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringLike'
  | 'NumericEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'ArnLike'
  | 'Null';

export interface Operator {
  /** As AWS spells it. */
  readonly name: string;
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly set: 'all' | 'any' | undefined;
}

/** One key under one operator. All tests of a statement must hold. */
export interface ConditionTest {
  /** Undefined where IAM knows no such operator: the policy is rejected. */
  readonly operator: Operator | undefined;
  readonly operatorName: string;
  /** As the policy writes it; symbolic where a document computes it (`"${module.eks.oidc_provider}:sub"`). */
  readonly key: Text;
  /** Keys compare without case, the tag key in them included. */
  readonly keyLower: string;
  readonly values: readonly ConditionValue[];
  readonly keyPlace: Place;
  readonly place: Place;
}

export interface ConditionValue extends Item {
  readonly pattern: Pattern;
  /** Whether `${…}` stands in it, in a policy whose version knows variables. */
  readonly variables: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-conditionelement */
export function takesVariables(comparison: Comparison): boolean {
  return comparison.startsWith('String') || comparison === 'ArnLike';
}

const NAMES: Readonly<Record<string, { readonly comparison: Comparison; readonly negated: boolean }>> = {
  StringEquals: { comparison: 'StringEquals', negated: false },
  StringNotEquals: { comparison: 'StringEquals', negated: true },
  StringEqualsIgnoreCase: { comparison: 'StringEqualsIgnoreCase', negated: false },
  StringNotEqualsIgnoreCase: { comparison: 'StringEqualsIgnoreCase', negated: true },
  StringLike: { comparison: 'StringLike', negated: false },
  StringNotLike: { comparison: 'StringLike', negated: true },
  NumericEquals: { comparison: 'NumericEquals', negated: false },
  NumericNotEquals: { comparison: 'NumericEquals', negated: true },
  NumericLessThan: { comparison: 'NumericLessThan', negated: false },
  NumericLessThanEquals: { comparison: 'NumericLessThanEquals', negated: false },
  NumericGreaterThan: { comparison: 'NumericGreaterThan', negated: false },
  NumericGreaterThanEquals: { comparison: 'NumericGreaterThanEquals', negated: false },
  DateEquals: { comparison: 'DateEquals', negated: false },
  DateNotEquals: { comparison: 'DateEquals', negated: true },
  DateLessThan: { comparison: 'DateLessThan', negated: false },
  DateLessThanEquals: { comparison: 'DateLessThanEquals', negated: false },
  DateGreaterThan: { comparison: 'DateGreaterThan', negated: false },
  DateGreaterThanEquals: { comparison: 'DateGreaterThanEquals', negated: false },
  Bool: { comparison: 'Bool', negated: false },
  BinaryEquals: { comparison: 'BinaryEquals', negated: false },
  IpAddress: { comparison: 'IpAddress', negated: false },
  NotIpAddress: { comparison: 'IpAddress', negated: true },
  ArnEquals: { comparison: 'ArnLike', negated: false },
  ArnLike: { comparison: 'ArnLike', negated: false },
  ArnNotEquals: { comparison: 'ArnLike', negated: true },
  ArnNotLike: { comparison: 'ArnLike', negated: true },
  Null: { comparison: 'Null', negated: false },
};
const LOWER = new Map(Object.entries(NAMES).map(([name, entry]) => [name.toLowerCase(), { name, ...entry }]));

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * IAM accepts the operators in any case, as many published policies show; `NullIfExists` is an error.
 */
export function parseOperator(name: string): Operator | undefined {
  const [, qualifier = '', base = '', suffix = ''] =
    /^(ForAllValues:|ForAnyValue:)?(.+?)(IfExists)?$/i.exec(name) ?? [];
  const entry = LOWER.get(base.toLowerCase());
  if (entry === undefined || (entry.comparison === 'Null' && suffix !== '')) return undefined;
  const set = qualifier === '' ? undefined : qualifier.toLowerCase() === 'forallvalues:' ? 'all' : 'any';
  const qualified = set === undefined ? entry.name : `${set === 'all' ? 'ForAllValues' : 'ForAnyValue'}:${entry.name}`;
  return { ...entry, name: suffix === '' ? qualified : `${qualified}IfExists`, ifExists: suffix !== '', set };
}
