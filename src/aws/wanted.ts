import type { Place } from '../source/source.ts';

/** Where what was asked stands among the documents of the run. */
export const LOOKED_UP = 'aws-iam/';

/** A role, a user, a managed policy or an identity provider that a declared assumption needs and that no document has. */
export interface Wanted {
  readonly kind: 'role' | 'user' | 'policy' | 'oidc-provider' | 'saml-provider';
  readonly partition: string;
  /** Whose it is: 12 digits. */
  readonly account: string;
  /** A role's or user's name without its path; a policy's or provider's ARN. */
  readonly name: string;
  /** As the documents write it. */
  readonly arn: string;
  /** Whether its identity policies matter, or its trust policy alone. */
  readonly policies: boolean;
  /** What needs it. */
  readonly place: Place;
}

/** What the configuration says of an account that may be asked. */
export interface AskedAccount {
  readonly id: string;
  /** The role that reads IAM there; without it, the job's own credentials must be the account's. */
  readonly lookupRole: string | undefined;
}

/** Something that AWS did not tell. */
export interface Shortfall {
  /** One sentence; never the words of AWS, which may repeat what signs a request. */
  readonly message: string;
  readonly place: Place;
}
