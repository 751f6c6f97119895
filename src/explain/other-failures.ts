import type { OtherFailure } from './failed-call.ts';

/**
 * What STS and IAM answer before any policy is asked.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
 */
const OTHERS: readonly { readonly says: RegExp; readonly what: OtherFailure['what'] }[] = [
  {
    says: /No OpenIDConnect provider found in your account for (?<subject>https?:\/\/[^\s"'`)<]{1,300})/i,
    what: 'no-provider',
  },
  { says: /Incorrect token audience/i, what: 'audience' },
  { says: /HTTPS certificate doesn.{0,6}t match configured thumbprint/i, what: 'thumbprint' },
  { says: /Missing a required claim:? ?(?<subject>[\w:/.-]{1,100})?/i, what: 'claim' },
  { says: /(?:ID )?Token provided is not a valid JWT/i, what: 'jwt' },
  { says: /(?<subject>RoleSessionName) (?:is required in|in) AuthnResponse/i, what: 'saml-attribute' },
  { says: /Response signature invalid/i, what: 'saml-signature' },
  { says: /Issuer not present in specified provider/i, what: 'saml-issuer' },
  { says: /Couldn.{0,6}t retrieve verification key from your identity provider/i, what: 'token' },
  { says: /exceeds the 1 hour session limit for roles assumed by role chaining/i, what: 'chained-duration' },
  { says: /exceeds the MaxSessionDuration|DurationSeconds exceeds MaxSessionDuration/i, what: 'duration' },
  { says: /Roles may not be assumed by root accounts/i, what: 'root' },
  { says: /Encoded authorization failure message: ?(?<subject>\S{1,100})/i, what: 'encoded' },
  {
    says: /Invalid principal in policy: ?(?<subject>"?(?:AWS|Service|Federated|STAR)"? ?: ?"[^"]{0,300}")/i,
    what: 'policy',
  },
  {
    says: /MalformedPolicyDocument|Has prohibited field|AssumeRole policy may only specify STS AssumeRole actions|Missing required field Principal/i,
    what: 'policy',
  },
  { says: /PackedPolicyTooLarge|Packed (?:policy|size)[^.]{0,60}consumes/i, what: 'too-large' },
  { says: /RegionDisabled|STS is not activated in this region/i, what: 'region' },
  {
    says: /\b(?:ExpiredToken(?:Exception)?|token included in the request is expired|Token expired)\b/i,
    what: 'expired',
  },
  { says: /is not authorized to perform:? (?<subject>iam:PassRole)\b/i, what: 'pass-role' },
  { says: /InvalidIdentityToken/, what: 'token' },
];

/** An error that no policy decided, or that is not about assuming a role; undefined where the text has none. */
export function otherFailure(text: string, role: string | undefined): OtherFailure | undefined {
  for (const { says, what } of OTHERS) {
    const found = says.exec(text);
    if (found !== null) return { what, subject: subjectIn(found.groups?.subject, what), role };
  }
  return undefined;
}

function subjectIn(subject: string | undefined, what: OtherFailure['what']): string | undefined {
  return what === 'policy' ? subject : subject?.replace(/[.,;:]+$/, '');
}
