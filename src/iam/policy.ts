import type { Place } from '../source/source.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import type { Pattern } from '../symbolic/pattern.ts';
import type { Text, Unknown } from '../symbolic/text.ts';
import type { Truth } from '../symbolic/truth.ts';
import type { Value } from '../symbolic/value.ts';
import type { RoleAction } from './actions.ts';
import type { ConditionTest } from './condition/test.ts';
import type { Item } from './item.ts';

/** A policy document, read once and prepared for deciding. */
export interface Policy {
  /** How reports name it: `inline policy "assume"`, `trust policy`. */
  readonly name: string;
  /** An inline policy's own name, by which IAM keeps one of them: the later of two under one name is the one that counts. */
  readonly named?: Text;
  /** Policy variables exist only in this version. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
  /** What stands where statements should be, but cannot be known: it may allow or deny anything. */
  readonly open: readonly Unknown[];
  /** Defaults that it leans on. */
  readonly assumes?: readonly Assumed[];
  /** Of a managed policy that is attached as it stands, and not by its ARN. */
  readonly arn?: Text;
  /** Set where it was found with its role, and no document writes it. */
  readonly found?: true;
  readonly place: Place;
  /** As it was read; undefined for AWS’s own, which nobody has in a file. */
  readonly document?: Value;
}

/** A value that is taken because nobody gives another one: the default of a parameter or a variable. */
export interface Assumed {
  readonly name: string;
  readonly value: string;
  /** Where the default is written. */
  readonly place: Place;
}

/** The policy as it is where it stands under choices of the documents. */
export function guardedPolicy(policy: Policy, guard: Guard): Policy {
  if (guard === true) return policy;
  return { ...policy, statements: policy.statements.map((one) => ({ ...one, guard: both(guard, one.guard) })) };
}

/** An inline policy under the name that a document gives it, where it gives one. */
export function namedPolicy(policy: Policy, named: Text | undefined): Policy {
  return named === undefined ? policy : { ...policy, named };
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: ActionElement;
  /** Undefined in a trust policy, where the role itself is the resource. */
  readonly resources: ResourceElement | undefined;
  /** Undefined in an identity policy. */
  readonly principals: PrincipalElement | undefined;
  readonly conditions: readonly ConditionTest[];
  /** Under which choices of the documents it is there. */
  readonly guard: Guard;
  /** Where the condition block as a whole, or this statement's effect, cannot be known. */
  readonly open: readonly Unknown[];
  /** What AWS rejects in it, so that it matches nobody. */
  readonly rejected: string | undefined;
  readonly place: Place;
}

export interface ActionElement {
  readonly negated: boolean;
  readonly items: readonly Item[];
  readonly place: Place;
  /** For each action of a role, whether this element matches it: worked out when the policy is read. */
  readonly covers: Readonly<Record<RoleAction, Truth>>;
}

export interface ResourceElement {
  readonly negated: boolean;
  readonly items: readonly ResourceItem[];
  readonly place: Place;
}

export interface ResourceItem extends Item {
  /** `*`, or the pattern of the whole, and of the six parts of an ARN where it shows six. */
  readonly everything: boolean;
  readonly whole: Pattern;
  readonly segments: readonly Pattern[] | undefined;
  /** Whether policy variables stand in it. */
  readonly variables: boolean;
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

export interface PrincipalElement {
  readonly negated: boolean;
  readonly items: readonly PrincipalItem[];
  readonly place: Place;
}

export interface PrincipalItem extends Item {
  /** `*` stands for the bare `"Principal": "*"`. */
  readonly type: PrincipalType | '*';
  /** Set where the role or user that it names is about to go. */
  readonly lost?: LostPrincipal;
}

/**
 * A principal that is deleted, or deleted and made anew. IAM has saved its unique id, which the new one does not have.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export interface LostPrincipal {
  readonly fate: 'gone' | 'anew' | 'perhaps anew';
  /** "the plan replaces aws_iam_role.app, and …" */
  readonly reason: string;
}
