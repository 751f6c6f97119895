import type { OtherFailure } from '../explain/failed-call.ts';
import { locate, type Place } from '../source/source.ts';
import { findingData } from './json.ts';
import { forTerminal } from './printable.ts';
import type { ReportedFinding } from './report.ts';
import { findingText } from './text.ts';

/** One error that no policy decides, with what the documents say of it. */
export interface ExplainedOther {
  /** Who called what, where an event tells it. */
  readonly head: string | undefined;
  readonly failure: OtherFailure;
  readonly findings: readonly ReportedFinding[];
  /** Where the documents have what the error names, and what they say there. */
  readonly places: readonly { readonly place: Place; readonly text: string }[];
}

export function otherText(explained: ExplainedOther): string {
  const { head, failure, findings, places } = explained;
  const seen = places.map(({ place, text }) => {
    const { path, startLine, startColumn } = locate(place);
    return forTerminal(`  ${path}:${startLine}:${startColumn}  ${text}`);
  });
  const lines = [
    ...(head === undefined ? [] : [head]),
    ...otherSentences(failure, findings.length + places.length).map(forTerminal),
    ...(seen.length === 0 ? [] : ['', ...seen]),
  ];
  return `${[lines.join('\n'), ...findings.map((finding) => findingText(finding))].join('\n\n')}\n`;
}

export function otherData({ failure, findings, places }: ExplainedOther): unknown {
  return {
    ...failure,
    explanation: otherSentences(failure, findings.length + places.length),
    assumptions: [],
    findings: findings.map(findingData),
    places: places.map(({ place, text }) => ({ location: locate(place), message: text })),
  };
}

/** What AWS means, and what ends it. */
function otherSentences({ what, subject }: OtherFailure, found: number): readonly string[] {
  switch (what) {
    case 'no-provider':
      return [
        `The role’s account has no identity provider for ${subject ?? 'the token’s issuer'}. AWS looked at no policy.`,
        'Make one in that account, with this very URL (AWS::IAM::OIDCProvider, aws_iam_openid_connect_provider), and name it in the trust policy by its ARN in that account: a provider of another account does not count.',
        ...(found === 0 ? [] : ['These trust policies name it:']),
      ];
    case 'audience':
      return [
        'The token’s audience (aud) is not among the client ids of the account’s identity provider. AWS looked at no policy.',
        'GitHub’s own action asks for sts.amazonaws.com: list it in the provider’s ClientIdList, and give every other step of yours the same audience.',
      ];
    case 'thumbprint':
      return [
        'The certificate of the token’s issuer is not the one whose thumbprint the account’s identity provider has. AWS looked at no policy.',
        'Take the thumbprint of the issuer’s certificate authority anew (ThumbprintList), or leave the list out where AWS knows the authority by itself.',
      ];
    case 'claim':
      return [
        `The token lacks the claim ${subject ?? 'that AWS needs'}. AWS looked at no policy.`,
        'Have the issuer put it into the token: iss, sub, aud, iat and exp are needed.',
      ];
    case 'jwt':
      return [
        'What was sent is no ID token. AWS looked at no policy.',
        'Send the ID token of the issuer: not an access token, and not a name of a file.',
      ];
    case 'token':
      return [
        'STS could not verify the token: its issuer’s keys could not be fetched, or the token is damaged. AWS looked at no policy.',
        'Look whether the issuer’s /.well-known/openid-configuration is reachable from the internet, and try again: an issuer that answers slowly fails now and then.',
      ];
    case 'saml-attribute':
      return [
        'The assertion has no RoleSessionName that AWS takes: 2 to 64 letters, digits and any of _+=,.@- are needed. AWS looked at no policy.',
        'Have the identity provider send the attribute https://aws.amazon.com/SAML/Attributes/RoleSessionName.',
      ];
    case 'saml-signature':
      return [
        'The assertion’s signature does not fit the metadata that the account’s SAML provider has. AWS looked at no policy.',
        'The identity provider has a new certificate, as a rule: upload its metadata anew (aws iam update-saml-provider).',
      ];
    case 'saml-issuer':
      return [
        'The assertion’s issuer is not the one in the metadata that the account’s SAML provider has. AWS looked at no policy.',
        'Name the right provider in the assertion’s Role attribute, or upload the metadata of this issuer.',
      ];
    case 'duration':
      return [
        'The call asks for a longer session than the role’s MaxSessionDuration (3600 seconds where nothing is set). AWS looked at no policy.',
        'Ask for less (DurationSeconds, role-duration-seconds), or raise MaxSessionDuration on the role, up to 43200.',
      ];
    case 'chained-duration':
      return [
        'A role’s session that assumes another role gets one hour at most, whatever MaxSessionDuration says.',
        'Ask for 3600 seconds or less in the second call.',
      ];
    case 'root':
      return ['An account’s root user cannot assume roles. Call as an IAM user or as a session of a role.'];
    case 'expired':
      return [
        'The credentials or the token that the call was made with are past their time. AWS looked at no policy. Sign in again, or refresh the token.',
      ];
    case 'too-large':
      return [
        'The session policies and tags that the call passes are too large together once packed. Pass fewer tags, or managed policies by their ARNs.',
      ];
    case 'region':
      return [
        'STS is not active in this region for the account. Activate it in the account’s settings, or call STS in another region.',
      ];
    case 'encoded':
      return [
        'This is the error of another service than STS, with an encoded reason: aws sts decode-authorization-message --encoded-message … shows it.',
        'It tells the action that was refused. Where that is sts:AssumeRole, explain the sentence with the caller and the role in it.',
      ];
    case 'pass-role':
      return [
        'This is about iam:PassRole, which hands a role to a service, and not about assuming a role.',
        'Allow the caller iam:PassRole on that role. Whether the service may then assume it is what this check decides: run it over the documents.',
      ];
    case 'policy':
      return [
        `AWS refused to save a policy${subject === undefined ? '' : `, because of ${subject}`}.`,
        found === 0
          ? 'No document here has a policy in which this shows. AWS looks users and roles up when it saves: one that is not there yet, or no longer, is refused.'
          : 'This is what the documents have of it:',
      ];
  }
}
