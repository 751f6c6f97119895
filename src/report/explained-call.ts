import type { Decided } from '../assumptions/decided.ts';
import type { FailedCall, NamedLayer, OtherFailure } from '../explain/failed-call.ts';
import { show } from '../symbolic/text.ts';
import { assumptionData, findingData } from './json.ts';
import { forTerminal } from './printable.ts';
import type { ReportedFinding } from './report.ts';
import { simulationText } from './simulation.ts';
import { findingText } from './text.ts';

/** One call that AWS refused, decided against the documents. */
export interface ExplainedCall {
  readonly call: FailedCall;
  /** The question itself, or where AWS does not say enough those that it may be. */
  readonly decided: readonly Decided[];
  readonly findings: readonly ReportedFinding[];
  readonly documents: number;
  /** What the message says that no document does. */
  readonly notes: readonly string[];
  /** The account that the documents were taken to be deployed to, because the message names it. */
  readonly takenAccount: string | undefined;
}

/** One error that no policy decides, with what the documents say of it. */
export interface ExplainedOther {
  readonly failure: OtherFailure;
  readonly findings: readonly ReportedFinding[];
}

const LAYERS: Readonly<Record<NamedLayer, string>> = {
  identity: 'an identity policy of the caller',
  boundary: 'the caller’s permissions boundary',
  session: 'the session policy that the caller’s own session was opened with',
  scp: 'an SCP above the caller’s account',
  rcp: 'an RCP above the role’s account',
  trust: 'the role’s trust policy',
  endpoint: 'the policy of the VPC endpoint through which the call went',
  resource: 'the role’s trust policy',
};

export function explanationText(explained: ExplainedCall): string {
  const { call, decided, findings } = explained;
  const told = findings.map((finding) => findingText(finding));
  const untold = decided.filter((one) => !findings.some(({ subject }) => subject === one)).map(simulationText);
  return `${[headOf(call), ...sentences(explained).map(forTerminal), '', ...told, ...untold].join('\n').trimEnd()}\n`;
}

export function explanationData(explained: ExplainedCall): unknown {
  const { call, decided, findings } = explained;
  return {
    principal: call.principal,
    role: call.role,
    action: call.action,
    named: call.named,
    explanation: sentences(explained),
    assumptions: decided.map(assumptionData),
    findings: findings.map(findingData),
  };
}

function headOf({ principal, action, role, succeeded }: FailedCall): string {
  const who = principal ?? 'a caller that AWS does not name';
  return forTerminal(
    `${who} called ${action} on ${role ?? 'a role that AWS does not name'}${succeeded ? '' : ', and AWS refused'}`,
  );
}

/** What it comes to, in a few sentences. */
function sentences(explained: ExplainedCall): readonly string[] {
  const { call, decided, documents, notes, takenAccount } = explained;
  if (call.succeeded) return ['The event says that the call worked.'];
  const [one, ...more] = decided;
  if (one === undefined) return nothingAsked(call, documents);
  if (more.length > 0)
    return [
      `The documents declare ${decided.length} calls that this may be. Give the missing name with the message to tell them apart.`,
    ];
  const taken =
    takenAccount === undefined
      ? []
      : [
          `The documents are taken to be deployed to account ${takenAccount}, which AWS names (--account says another).`,
        ];
  return [...taken, ...notes, ...byDecision(one), ...byNamedLayer(call, one)];
}

function nothingAsked({ role, principal, action }: FailedCall, documents: number): readonly string[] {
  const [web, saml] = [/WebIdentity/i.test(action), /SAML/i.test(action)];
  const token = web
    ? 'CloudTrail in the role’s account has the token’s subject, in userIdentity.userName of the AssumeRoleWithWebIdentity event: give that event with --event.'
    : saml
      ? 'CloudTrail in the role’s account has the AssumeRoleWithSAML event: give it with --event.'
      : 'Give the whole message, or the CloudTrail event with --event.';
  if (role === undefined)
    return [
      `AWS does not say which role was called, and no document of ${documents} declares such a call. Add the role’s ARN to the message. ${token}`,
    ];
  if (principal === undefined)
    return [
      `No document of ${documents} declares who calls ${action} on this role: either its trust policy names no such caller, or no document declares the role. ${token}`,
    ];
  return [
    `${principal} is not a principal that assumes roles: give the ARN of a user, role, session or provider, or a service’s name.`,
  ];
}

function byDecision({ assumption, decision }: Decided): readonly string[] {
  const { declaration } = { declaration: assumption.role };
  switch (decision.decision) {
    case 'denied':
      return ['By the documents, too, it is denied:'];
    case 'allowed':
      return [
        'By the documents it is allowed. Either what is deployed is not what the documents say, or a policy keeps it out that no document shows: an SCP, an RCP, a session policy, a VPC endpoint’s policy. Name SCPs and RCPs in the configuration, under accounts.',
      ];
    case 'conditional':
      return [
        `By the documents it is allowed only with ${decision.requires.map(requirement).join(' and ') || 'what AWS’s documentation leaves open'}; AWS refused, so the call did not have it.`,
      ];
    case 'unknown':
      return [
        `The documents do not settle it. It depends on ${[...new Set(decision.open.map(({ missing }) => missing))].join(', and on ')}.`,
        ...(declaration === undefined
          ? [
              `AWS answers the same where the role ${show(assumption.question.role.arn)} does not exist: compare its account, path and case.`,
            ]
          : []),
      ];
  }
}

function requirement({ key, operator, values }: Decided['decision']['requires'][number]): string {
  return `${key} ${operator} ${values.join(' or ')}`;
}

/** What AWS names beside what the documents say of that policy: it names one only, even where several keep a call out. */
function byNamedLayer({ named }: FailedCall, one: Decided): readonly string[] {
  if (named === undefined) return [];
  const policy = named.policy === undefined ? '' : ` (${named.policy})`;
  const head = `AWS names ${LAYERS[named.layer]}${policy}`;
  if (named.layer === 'endpoint')
    return [`${head}, which no document shows: look at the endpoint’s policy in the VPC.`];
  const layer = named.layer === 'resource' ? 'trust' : named.layer;
  const report = one.explanation().layers.find((own) => own.layer === layer);
  const blocked = one.explanation().blockedBy;
  if (report === undefined || blocked?.layer === layer) return [];
  if (report.verdict === 'not-applicable')
    return [
      `${head}, and the documents give none (${report.reason}): ${layer === 'scp' || layer === 'rcp' ? `name it in the configuration, under accounts.*.${layer}s` : 'give the document that has it'}.`,
    ];
  if (report.verdict === 'allow')
    return [`${head}. By the documents that one ${report.reason}: what is deployed is not what they say.`];
  return [`${head}. Of that the documents say: ${report.reason}.`];
}

/** For the errors that are not about policies. */
export function otherText({ failure, findings }: ExplainedOther): string {
  const told = findings.map((finding) => findingText(finding));
  return `${[...otherSentences(failure, findings.length).map(forTerminal), ...(told.length === 0 ? [] : ['', ...told])].join('\n')}\n`;
}

export function otherData({ failure, findings }: ExplainedOther): unknown {
  return {
    ...failure,
    explanation: otherSentences(failure, findings.length),
    assumptions: [],
    findings: findings.map(findingData),
  };
}

function otherSentences({ what, subject }: OtherFailure, findings: number): readonly string[] {
  switch (what) {
    case 'no-provider':
      return [
        `The role’s account has no identity provider for ${subject ?? 'the token’s issuer'}. No policy was looked at.`,
        'Make one in that account, with this very URL (AWS::IAM::OIDCProvider, aws_iam_openid_connect_provider), and name it in the trust policy by its ARN in that account: a provider of another account does not count.',
      ];
    case 'audience':
      return [
        'The token’s audience (aud) is not among the client ids of the account’s identity provider. No policy was looked at.',
        'GitHub’s own action asks for sts.amazonaws.com: list it in the provider’s ClientIdList, and give every other step of yours the same audience.',
      ];
    case 'token':
      return [
        'STS could not verify the token: its issuer’s keys could not be fetched, or the token is damaged. No policy was looked at.',
        'Look whether the issuer’s /.well-known/openid-configuration is reachable from the internet, and try again: an issuer that answers slowly fails now and then.',
      ];
    case 'duration':
      return [
        'The call asks for a longer session than the role’s MaxSessionDuration (3600 seconds where nothing is set). No policy was looked at.',
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
        'The credentials or the token that the call was made with are past their time. No policy was looked at. Sign in again, or refresh the token.',
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
        'The reason is encoded. Decode it with `aws sts decode-authorization-message --encoded-message …`, and explain what that prints.',
      ];
    case 'policy':
      return [
        `AWS refused to save a policy${subject === undefined ? '' : `, because of ${subject}`}.`,
        findings === 0
          ? 'No document has a policy in which this shows. AWS looks users and roles up when it saves: one that is not there yet, or no longer, is refused.'
          : 'This is what the documents have of it:',
      ];
  }
}
