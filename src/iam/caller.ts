import type { Guard } from '../symbolic/guard.ts';
import { concat, type Text, type Unknown } from '../symbolic/text.ts';
import type { Truth } from '../symbolic/truth.ts';
import type { AssumeAction } from './actions.ts';
import { parseArn } from './arn.ts';
import type { Policy } from './policy.ts';

/** Who calls. A caller that no document declares is told by `undeclared`: nothing is known of its policies. */
export type Caller = EntityCaller | ServiceCaller | FederatedCaller | BarredCaller;

/** An IAM user, or a session of a role. */
export interface EntityCaller {
  readonly kind: 'user' | 'role';
  readonly arn: Text;
  readonly account: Text;
  readonly name: Text;
  /** The session's name, where the question is about one session; undefined for "any session of the role". */
  readonly session: Text | undefined;
  /** Unique id (`AIDA…`, `AROA…`), where a dump gives it. */
  readonly uniqueId: string | undefined;
  readonly tags: Tags;
  readonly identity: IdentityPolicies;
  readonly boundary: Boundary | undefined;
  readonly sessionPolicy: Policy | undefined;
  readonly organization: Organization;
}

/** Decides by the trust policy alone. */
export interface ServiceCaller {
  readonly kind: 'service';
  /** `lambda.amazonaws.com` */
  readonly name: Text;
  /** The region in which the service works for the role, where the documents say so. */
  readonly region: Text | undefined;
}

/** A token of an OIDC provider, or an assertion of a SAML provider: unsigned, so only the trust policy decides. */
export interface FederatedCaller {
  readonly kind: 'web-identity' | 'saml';
  /** The provider's ARN, or the name of a built-in one (`cognito-identity.amazonaws.com`). */
  readonly provider: Text;
}

/** Credentials with which AWS refuses the call whatever the policies say. */
export interface BarredCaller {
  readonly kind: 'root' | 'federated-user';
  readonly arn: Text;
  readonly account: Text;
}

export interface IdentityPolicies {
  readonly policies: readonly Attached[];
  /** What may be attached besides, unknown to the documents: it may allow or deny. */
  readonly open: readonly Unknown[];
}

export interface Attached {
  readonly policy: Policy;
  /** Whether it is attached to this very principal: sure, or depending on a value. */
  readonly attached: Truth;
  /** Under which choices of the documents; always where it is not set. */
  readonly guard?: Guard;
}

export type Boundary =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'unknown'; readonly unknown: Unknown };

export interface Tags {
  /** Tag keys compare without case. */
  readonly values: ReadonlyMap<string, Text>;
  /** Set where tags may exist that the documents do not show. */
  readonly open: Unknown | undefined;
}

/** Where an account stands in an organization, as far as the configuration says. */
export interface Organization {
  readonly id: Text | undefined;
  readonly paths: readonly Text[] | undefined;
  readonly management: boolean;
  /** Each level's policies; undefined where none are given, and nothing is said of them. */
  readonly scps: readonly (readonly Policy[])[] | undefined;
  readonly rcps: readonly (readonly Policy[])[] | undefined;
}

/** The role that is to be assumed. */
export interface TargetRole {
  readonly arn: Text;
  readonly account: Text;
  readonly name: Text;
  readonly path: Text;
  /** Undefined where no document declares the role; then `undeclared` says what is missing. */
  readonly trust: Policy | undefined;
  readonly undeclared: Unknown | undefined;
  readonly tags: Tags;
  readonly organization: Organization;
}

export const NO_ORGANIZATION: Organization = {
  id: undefined,
  paths: undefined,
  management: false,
  scps: undefined,
  rcps: undefined,
};
export const NO_TAGS: Tags = { values: new Map(), open: undefined };

/** The one call with which such a caller assumes a role: a token or an assertion signs nothing, and nothing else brings one. */
export function assumeActionOf({ kind }: Caller): AssumeAction {
  if (kind === 'web-identity') return 'sts:AssumeRoleWithWebIdentity';
  return kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRole';
}

/** How a trust policy names the caller itself: a session by its role. */
export function namedInTrust(caller: Caller): Text {
  switch (caller.kind) {
    case 'service':
      return caller.name;
    case 'web-identity':
    case 'saml':
      return caller.provider;
    default:
      return caller.arn;
  }
}

/** How the caller is named in reports: a session by its own ARN. */
export function principalText(caller: Caller): Text {
  if (caller.kind !== 'role' || caller.session === undefined) return namedInTrust(caller);
  return concat(
    'arn:',
    parseArn(caller.arn)?.partition ?? 'aws',
    ':sts::',
    caller.account,
    ':assumed-role/',
    caller.name,
    '/',
    caller.session,
  );
}
