/** The layers that AWS's sentences name; a VPC endpoint's policy is none that documents show. */
export type NamedLayer = 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'trust' | 'endpoint' | 'resource';

/** What a message or an event says of a call that failed. What it does not say is undefined. */
export interface FailedCall {
  /** `sts:AssumeRole`, or what the call needed besides: `sts:TagSession`. */
  readonly action: string;
  /** The text does not say which of the actions that assume a role it was. */
  readonly anyAction?: true;
  /** The ARN of a user, a session or a provider, or a service's name. */
  readonly principal: string | undefined;
  /** The role of the principal's session, with its path, which the session's ARN does not show. */
  readonly sessionOf?: string;
  /** Where only the account that called is told. */
  readonly account?: string;
  readonly role: string | undefined;
  /** Keys of the call's context, by their names; a key that was surely not there has no values. */
  readonly context: ReadonlyMap<string, readonly string[] | undefined>;
  readonly named: Named | undefined;
  /** When it was, in milliseconds since 1970. */
  readonly at: number | undefined;
  /** Set where the call worked. */
  readonly succeeded: boolean;
  /** What AWS answered, where no policy decided it. */
  readonly other?: OtherFailure;
  /** The account whose log told it. */
  readonly log?: string;
  /** The call itself, which the logs of both accounts may have: the id that their events share. */
  readonly id?: string;
}

/** The policy that AWS's sentence names. It names one only, even where several keep the call out. */
export interface Named {
  readonly layer: NamedLayer;
  readonly deny: boolean;
  readonly policy: string | undefined;
}

/** An error of another sort, which no policy decides. */
export interface OtherFailure {
  readonly what:
    | 'no-provider'
    | 'audience'
    | 'thumbprint'
    | 'claim'
    | 'jwt'
    | 'token'
    | 'saml-attribute'
    | 'saml-signature'
    | 'saml-issuer'
    | 'duration'
    | 'chained-duration'
    | 'root'
    | 'expired'
    | 'too-large'
    | 'region'
    | 'encoded'
    | 'pass-role'
    | 'policy';
  /** What the sentence names: a provider's URL, a principal, a claim. */
  readonly subject: string | undefined;
  readonly role: string | undefined;
}

export type Failure =
  | { readonly kind: 'call'; readonly call: FailedCall }
  | { readonly kind: 'other'; readonly failure: OtherFailure };
