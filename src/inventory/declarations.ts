import type { SessionAction } from '../iam/actions.ts';
import type { Organization, Tags } from '../iam/caller.ts';
import type { Item } from '../iam/item.ts';
import type { PolicyUse } from '../iam/parse-policy.ts';
import type { Assumed, Policy } from '../iam/policy.ts';
import type { GivenContext, Withheld } from '../iam/question.ts';
import type { Place } from '../source/source.ts';
import type { Guard } from '../symbolic/guard.ts';
import type { Text, Unknown } from '../symbolic/text.ts';
import type { Exclusive } from './exclusives.ts';
import type { OrganizationAccount, OrganizationPolicy } from './organization.ts';
import type { Reason } from './reason.ts';

/** Whose a document is, and what it resolves its own variables to. */
export interface Deployment {
  /** How the configuration calls the account; undefined where no entry claims the document. */
  readonly accountName: string | undefined;
  readonly account: Text;
  readonly partition: Text;
  readonly region: Text;
  readonly organization: Organization;
  /** CloudFormation parameters or Terraform variables there. */
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** Parameters that keep the value which the stack has, and where that is said. */
  readonly kept?: ReadonlyMap<string, Place>;
}

/**
 * How much a document's word counts: what is declared here wins over what another repository declares, that over what a dump says
 * is deployed, and that over a mere list.
 */
export type Standing = 'document' | 'inventory' | 'dump' | 'listing';

interface EntityDeclaration {
  readonly deployment: Deployment;
  readonly standing: Standing;
  /** Not set where the whole document is read. */
  readonly reason?: Reason;
  /** Under which choices of the document it exists; always where it is not set. */
  readonly guard?: Guard;
  /** The document shows only some of it: the rest may stand in another one. */
  readonly partial: boolean;
  /** Its logical id, or its address in Terraform. */
  readonly id?: string;
  readonly arn: Text;
  readonly account: Text;
  readonly name: Text;
  readonly path: Text;
  readonly inline: readonly Policy[];
  /** Managed policies, by ARN, or by name where a document names AWS's so. */
  readonly managed: readonly Item[];
  readonly boundary: Item | undefined;
  readonly tags: Tags;
  readonly uniqueId: string | undefined;
  /** Policies that may be attached besides. */
  readonly open: readonly Unknown[];
  /** Defaults that its name, its existence and what is attached to it lean on. */
  readonly assumes?: readonly Assumed[];
  /** Where a person finds it: its logical id, its name. */
  readonly place: Place;
}

export interface RoleDeclaration extends EntityDeclaration {
  readonly kind: 'role';
  readonly trust: Policy | undefined;
  /** `MaxSessionDuration` in seconds, AWS's default included; not set where the document does not show it. */
  readonly longestSession?: Item;
  /** What it says that it is for; not set where it says nothing, or where the document does not show it. */
  readonly description?: Item;
}
export interface UserDeclaration extends EntityDeclaration {
  readonly kind: 'user';
  readonly groups: readonly Item[];
}
export interface GroupDeclaration extends EntityDeclaration {
  readonly kind: 'group';
}

export interface ManagedPolicyDeclaration {
  readonly arn: Text;
  /** Somebody has it, who may not be read. */
  readonly attached?: true;
  readonly policy: Policy;
  /** Set where AWS shows it: what is declared wins over it. */
  readonly deployed?: true;
}

/** An identity provider of IAM, which stands for an issuer of tokens or of assertions in one account. */
export interface ProviderDeclaration {
  /** `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com` */
  readonly arn: Text;
  /** The audiences whose tokens it takes; undefined where the document does not show them all. */
  readonly clientIds: readonly Item[] | undefined;
  readonly standing: Standing;
  readonly guard?: Guard;
  readonly place: Place;
}

/** A policy attached to an entity from outside it. */
export interface Attachment {
  readonly to: 'role' | 'user' | 'group';
  readonly account: Text;
  readonly name: Item;
  /** Set where AWS shows it. */
  readonly deployed?: true;
  readonly what:
    | { readonly kind: 'policy'; readonly policy: Policy }
    | { readonly kind: 'managed'; readonly arn: Item };
}

export interface Membership {
  readonly account: Text;
  readonly user: Item;
  readonly group: Item;
}

/** A policy document as it stands, attached or not: rules that read texts look at each. */
export interface PolicyDocument {
  readonly policy: Policy;
  readonly use: PolicyUse;
  /** "the trust policy of AppRole" */
  readonly owner: string;
  /** Set where a dump shows it: AWS has taken it as it is. */
  readonly deployed?: true;
}

/** A document shows, other than by a policy, that somebody means to assume a role. */
export interface Intent {
  readonly kind: 'service' | 'workflow' | 'service-account' | 'provider' | 'profile' | 'grant';
  /** As it is written: its ARN, or its bare name where the document takes names. */
  readonly role: Item;
  readonly caller: IntentCaller;
  /** Whose the document is: the account of a bare name. */
  readonly deployment: Deployment;
  /** Its document stands outside the account, and names its roles by their ARNs. */
  readonly outside?: true;
  /** What the call carries, where the document says so; else the caller and the moment supply what they may. */
  readonly given?: GivenContext;
  /** Besides what the service always carries; an empty list says that it carries nothing here. */
  readonly carries?: readonly SessionAction[];
  /** "hands this role to lambda.amazonaws.com": why it is believed to be meant. */
  readonly text: string;
  readonly guard?: Guard;
  /** The most that a finding from it may be; an error where it is not set. */
  readonly weight?: Weight;
  /** Whether it may as well mean to pass the role on to a service, as far as the document shows. */
  readonly perhapsPassed?: true;
  /** Why the call is never made, or refused before any policy is asked. */
  readonly withheld?: Withheld;
  readonly duration?: AskedDuration;
  /** What the caller runs, where the role depends on it: a buildspec, or the path of one. */
  readonly runs?: string;
  /** Whoever deploys is the caller, and a build may be that. */
  readonly deploys?: true;
  /** It may never come to the call: a condition that cannot be decided stands before it. */
  readonly perhaps?: boolean;
}

/** How long a session is to last, where the document says so. */
export interface AskedDuration {
  readonly seconds: number;
  /** What says so: `role-duration-seconds`. */
  readonly asked: string;
  /** "the job deploy" */
  readonly caller: string;
  /** Whether a role's session opens it. */
  readonly chained: boolean;
  readonly place: Place;
}

/** AWS's own `MaxSessionDuration`. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const LONGEST_SESSION = '3600';

export type Weight = 'error' | 'warning' | 'notice';

export type IntentCaller =
  | {
      readonly kind: 'service';
      readonly name: Text;
      /** Names that do as well, where the role trusts one of them. */
      readonly others?: readonly Text[];
      readonly region?: Text;
    }
  | { readonly kind: 'web-identity'; readonly provider: Text }
  | PrincipalCaller
  | TokenCaller;

export interface PrincipalCaller {
  readonly kind: 'principal';
  /** The ARN of a user, role or session, or a role's bare name. */
  readonly arn: Text;
  /** What limits its session: a policy of its own, and managed ones by their ARNs. */
  readonly sessionPolicy?: Policy;
  readonly managedSessionPolicies?: readonly Item[];
}

/** A token that a job or a pod presents; the provider of its issuer stands in the role's own account. */
export interface TokenCaller {
  readonly kind: 'token';
  /** `token.actions.githubusercontent.com`; undefined for a cluster's, which only the trust policy names. */
  readonly issuer: Text | undefined;
  /** Which providers may stand for it, where not all of its name is known. */
  readonly hosts?: RegExp;
  /** Its claims, once for each form that it can have; nobody knows which, so the first that is not refused counts. */
  readonly forms: readonly Claims[];
}

/** By their names, as the issuer writes them: `sub`; undefined for one that the token does not have. */
export type Claims = ReadonlyMap<string, Text | undefined>;

/** What one document says. */
export interface Declarations {
  readonly entities: readonly (RoleDeclaration | UserDeclaration | GroupDeclaration)[];
  readonly managedPolicies: readonly ManagedPolicyDeclaration[];
  readonly providers: readonly ProviderDeclaration[];
  readonly attachments: readonly Attachment[];
  readonly exclusives: readonly Exclusive[];
  readonly memberships: readonly Membership[];
  readonly policies: readonly PolicyDocument[];
  readonly intents: readonly Intent[];
  readonly organizationPolicies: readonly OrganizationPolicy[];
  readonly accounts: readonly OrganizationAccount[];
  /** `role:111122223333`: kinds of entity and accounts of which the documents list every one; ARNs of which nothing is there. */
  readonly covers: readonly string[];
  /** Findings that the document itself says to leave out, with a reason. */
  readonly suppressions: readonly Suppression[];
  readonly constructs: readonly Construct[];
  readonly problems: readonly Problem[];
}

/** A rule that a document says to ignore within a part of its text. */
export interface Suppression {
  readonly rule: string;
  readonly reason: string;
  readonly within: Place;
}

/** What a tool makes a part of a document of: where a person mends it. */
export interface Construct {
  /** "Stack/Role" */
  readonly name: string;
  readonly within: Place;
  /** Where a report names it in the document, where the source that makes it is not known. */
  readonly place: Place;
  /** In the source that people write, as far as it is known; looked up where something is found. */
  madeAt(): Place | undefined;
}

export interface Problem {
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly place: Place;
  /** What shows it again to whoever mends the program. */
  readonly reproduction?: Reproduction;
}

export interface Reproduction {
  /** A document in JSON. */
  readonly document: string;
  /** The command that reads it under the name `case.json`. */
  readonly command: string;
}

export const NOTHING_DECLARED: Declarations = {
  entities: [],
  managedPolicies: [],
  providers: [],
  attachments: [],
  exclusives: [],
  memberships: [],
  policies: [],
  intents: [],
  organizationPolicies: [],
  accounts: [],
  covers: [],
  suppressions: [],
  constructs: [],
  problems: [],
};

export function together(all: readonly Declarations[]): Declarations {
  return {
    entities: all.flatMap((one) => one.entities),
    managedPolicies: all.flatMap((one) => one.managedPolicies),
    providers: all.flatMap((one) => one.providers),
    attachments: all.flatMap((one) => one.attachments),
    exclusives: all.flatMap((one) => one.exclusives),
    memberships: all.flatMap((one) => one.memberships),
    policies: all.flatMap((one) => one.policies),
    intents: all.flatMap((one) => one.intents),
    organizationPolicies: all.flatMap((one) => one.organizationPolicies),
    accounts: all.flatMap((one) => one.accounts),
    covers: all.flatMap((one) => one.covers),
    suppressions: all.flatMap((one) => one.suppressions),
    constructs: all.flatMap((one) => one.constructs),
    problems: all.flatMap((one) => one.problems),
  };
}
