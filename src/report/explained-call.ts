import type { Decided } from '../assumptions/decided.ts';
import type { FailedCall, Named, NamedLayer } from '../explain/failed-call.ts';
import { isMasked } from '../explain/masked.ts';
import type { LayerReport } from '../iam/layer-report.ts';
import { locate } from '../source/source.ts';
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

const LAYERS: Readonly<Record<NamedLayer, string>> = {
  identity: 'an identity policy of the caller',
  boundary: 'the caller’s permissions boundary',
  session: 'the session policy of the caller’s own session',
  scp: 'an SCP above the caller’s account',
  rcp: 'an RCP above the role’s account',
  trust: 'the role’s trust policy',
  endpoint: 'the policy of the VPC endpoint through which the call went',
  resource: 'the role’s trust policy',
};

/** So many calls of those that it may be are read by people; JSON has all. */
const MOST = 20;

export function explanationText(explained: ExplainedCall): string {
  const { call, decided, findings } = explained;
  const told = findings.map((finding) => findingText(finding));
  const untold = decided.filter((one) => !findings.some(({ subject }) => subject === one)).map(simulationText);
  const all = [...told, ...untold].map((part) => part.trimEnd());
  const left = all.length - MOST;
  const parts = [...all.slice(0, MOST), ...(left > 0 ? [`and ${left} more`] : [])];
  return `${[[headOf(call), ...sentences(explained).map(forTerminal)].join('\n'), ...parts].join('\n\n')}\n`;
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

/** Who called what. */
export function headOf({ principal, account, action, anyAction, role, succeeded }: FailedCall): string {
  const somebody = account === undefined ? 'a caller that AWS does not name' : `a principal of account ${account}`;
  const what = anyAction === true ? 'asked to assume' : `called ${action} on`;
  return forTerminal(
    `${principal ?? somebody} ${what} ${role ?? 'a role that AWS does not name'}${succeeded ? '' : ', and AWS refused'}`,
  );
}

/** Whether the documents tell why: an allowed call that AWS refused, and one that hangs on a value, they do not explain. */
export function isReason({ call, decided }: ExplainedCall): boolean {
  const words = decided.map(({ decision }) => decision.decision);
  const [one, ...more] = decided;
  if (call.succeeded || one === undefined) return false;
  // Where AWS names the layer, what the documents say of that one is enough.
  if (words.includes('denied') || words.includes('conditional')) return true;
  return more.length === 0 && call.named !== undefined && standing(call.named, one) === 'agrees';
}

/** What it comes to, in a few sentences. */
function sentences(explained: ExplainedCall): readonly string[] {
  const { call, decided, documents, notes, takenAccount } = explained;
  if (call.succeeded) return [...notes, 'The event says that the call worked.'];
  const [one, ...more] = decided;
  if (one === undefined) return [...notes, ...nothingAsked(call, documents)];
  const [lacking, give] = lackingIn(call);
  if (more.length > 0)
    return [
      ...notes,
      `${lacking === undefined ? 'T' : `AWS does not say ${lacking}, and t`}he documents declare ${decided.length} calls that this may be. ${give}`,
    ];
  const taken =
    takenAccount === undefined
      ? []
      : [
          `The documents are taken to be deployed to account ${takenAccount}, which AWS names (--account says another).`,
        ];
  const alone =
    lacking === undefined || notes.length > 0
      ? []
      : [`AWS does not say ${lacking}; the documents declare one such call, and this is taken to be it.`];
  return [...taken, ...notes, ...alone, ...byNamedLayer(call, one), ...byDecision(call, one)];
}

const SUBJECT =
  'CloudTrail in the role’s account has the token’s subject, as userIdentity.userName of the AssumeRoleWithWebIdentity event: give that event with --event.';

/** What AWS leaves out, and what would tell it. */
function lackingIn({ principal, role, action }: FailedCall): readonly [string | undefined, string] {
  if (principal !== undefined && role !== undefined)
    return [principal, role].some(isMasked)
      ? ['what is hidden in the ARNs', 'Give them in full.']
      : [undefined, 'Give CloudTrail’s event with --event.'];
  const where = /WebIdentity|SAML/i.test(action)
    ? 'CloudTrail in the role’s account has it: give its event with --event.'
    : 'Give the whole message, or CloudTrail’s event with --event.';
  if (role !== undefined) return ['who called', where];
  return [principal === undefined ? 'who called, nor which role' : 'which role was called', where];
}

function nothingAsked({ role, principal, action }: FailedCall, documents: number): readonly string[] {
  const read = `the ${documents} ${documents === 1 ? 'document' : 'documents'} here`;
  const token = /WebIdentity/i.test(action)
    ? SUBJECT
    : /SAML/i.test(action)
      ? 'CloudTrail in the role’s account has the AssumeRoleWithSAML event: give it with --event.'
      : 'Give the whole message, or CloudTrail’s event with --event.';
  if (role === undefined)
    return [
      `AWS does not say which role was called, and none of ${read} declares such a call. Add the role’s ARN to the message. ${token}`,
    ];
  if (principal === undefined)
    return [
      `AWS does not say who called, and none of ${read} declares who calls ${action} on this role: either its trust policy names nobody who calls that, or no document declares the role. ${token}`,
    ];
  return [
    `${principal} on ${role} is none of the calls that the documents declare, and cannot be asked: give the full ARN of the role, and of the user, role, session or provider (or the service’s name).`,
  ];
}

function byDecision(call: FailedCall, one: Decided): readonly string[] {
  const { assumption, decision } = one;
  const stands = call.named === undefined ? 'silent' : standing(call.named, one);
  switch (decision.decision) {
    case 'denied':
      if (assumption.question.caller.kind === 'root')
        return ['An account’s root user cannot assume roles. Call as an IAM user or as a session of a role.'];
      if (assumption.question.caller.kind === 'federated-user')
        return [
          'Credentials of GetFederationToken cannot assume roles. Call as an IAM user or as a session of a role.',
        ];
      return stands === 'silent' || stands === 'agrees'
        ? ['By the documents, too, it is denied:']
        : ['By the documents it is denied as well, by another policy than the one that AWS names:'];
    case 'allowed':
      return stands === 'silent'
        ? [`By the documents it is allowed. ${elsewhere(one)}`]
        : ['By the documents it is allowed.'];
    case 'conditional':
      return conditionally(call, one, stands);
    case 'unknown':
      return [
        `${stands === 'agrees' ? 'The rest they do not settle: it depends on' : 'The documents do not settle it. It depends on'} ${[...new Set(decision.open.map(({ missing }) => missing))].join(', and on ')}.`,
        ...(assumption.role === undefined
          ? [
              `AWS answers the same where the role ${show(assumption.question.role.arn)} does not exist: compare its account, path and case.`,
            ]
          : []),
      ];
  }
}

/** What the call would have to have: whether it had that, only AWS knows. */
function conditionally(call: FailedCall, one: Decided, stands: Standing | 'silent'): readonly string[] {
  const { decision, assumption } = one;
  if (decision.requires.length === 0)
    return [`By the documents it is allowed, as far as AWS’s documentation tells: ${decision.disputed.join('; ')}.`];
  const asks = `By the documents it is allowed only where the call has ${decision.requires.map(requirement).join(' and ')}.`;
  if (stands === 'differs' || stands === 'not-given' || stands === 'elsewhere') return [asks];
  const token = assumption.question.caller.kind === 'web-identity' && call.context.size === 0;
  return [`${asks} If what is deployed is what they say, this call did not have that.`, ...(token ? [SUBJECT] : [])];
}

/** What may keep out a call that the documents allow. */
function elsewhere(one: Decided): string {
  const { kind } = one.assumption.question.caller;
  const signed = kind === 'user' || kind === 'role';
  const notGiven = one
    .explanation()
    .layers.filter(({ verdict, reason }) => verdict === 'not-applicable' && reason === 'not given')
    .map(({ layer }) => layer);
  const organization = [
    ...(signed && notGiven.includes('scp') ? ['an SCP'] : []),
    ...(notGiven.includes('rcp') ? ['an RCP'] : []),
  ];
  const policies = [...organization, ...(signed ? ['a session policy', 'the policy of a VPC endpoint'] : [])];
  const differs =
    'What is deployed may differ from them: not deployed yet, changed by hand, or no role of this name in that account';
  const kept =
    policies.length === 0 ? '' : `; or a policy keeps it out that no document here shows: ${listed(policies)}`;
  const given =
    organization.length === 0
      ? ''
      : ` ${organization.map((one) => `${one.replace(/^an /, '')}s`).join(' and ')} can be given in the configuration, under accounts.`;
  return `${differs}${kept}.${given}`;
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

function requirement({ key, operator, values }: Decided['decision']['requires'][number]): string {
  return `${key} ${operator} ${values.join(' or ')}`;
}

type Standing = 'agrees' | 'differs' | 'open' | 'not-given' | 'elsewhere';

/** What the documents say of the policy that AWS names: it names one only, even where several keep a call out. */
function standing(named: Named, one: Decided): Standing {
  const report = reportOf(named, one);
  if (report === undefined) return 'elsewhere';
  switch (report.verdict) {
    case 'allow':
      return 'differs';
    case 'not-applicable':
      return 'not-given';
    case 'conditional':
    case 'unknown':
      return 'open';
    case 'explicit-deny':
      return named.deny ? 'agrees' : 'differs';
    case 'no-allow':
      // An SCP that merely does not allow is told as an explicit deny, too.
      return !named.deny || named.layer === 'scp' || named.layer === 'rcp' ? 'agrees' : 'differs';
  }
}

function reportOf(named: Named, one: Decided): LayerReport | undefined {
  const layer = named.layer === 'resource' ? 'trust' : named.layer;
  return one.explanation().layers.find((own) => own.layer === layer);
}

function byNamedLayer({ named }: FailedCall, one: Decided): readonly string[] {
  if (named === undefined) return [];
  const policy = named.policy === undefined ? '' : ` (${named.policy})`;
  const head = `AWS names ${LAYERS[named.layer]}${policy}`;
  const report = reportOf(named, one);
  if (report === undefined) return [`${head}, which no document shows: look at that endpoint’s policy.`];
  switch (standing(named, one)) {
    case 'not-given':
      return report.reason.startsWith('not needed')
        ? [`${head}. By the documents that one is ${report.reason}: what is deployed is not what they say.`]
        : [`${head}, and the documents have none: ${whereToLook(named)}`];
    case 'differs':
      return [
        named.deny === (report.verdict === 'explicit-deny') || report.verdict === 'allow'
          ? `${head}. By the documents that one ${report.reason}: what is deployed is not what they say.`
          : `${head}, by ${named.deny ? 'an explicit Deny' : 'a missing Allow'}. By the documents it is ${named.deny ? 'a missing Allow' : 'an explicit Deny'}: what is deployed is not what they say.`,
      ];
    case 'open':
      return [`${head}. By the documents that one ${report.reason}.`];
    default:
      return one.explanation().blockedBy?.layer === report.layer
        ? alike(head, named, report)
        : [`${head}. By the documents, too: ${report.reason}${declaredAt(report, one)}.`];
  }
}

/** Where the edit belongs, where no statement is at fault. */
function declaredAt({ layer, place }: LayerReport, { assumption }: Decided): string {
  const declared = (layer === 'trust' ? assumption.role : assumption.principal)?.declaration.place;
  if (place !== undefined || declared === undefined) return '';
  const { path, startLine } = locate(declared);
  return ` (${path}:${startLine} declares ${layer === 'trust' ? 'the role' : 'the caller'})`;
}

/** An inline policy has no ARN: where AWS gives one, it means another policy of the same sort. */
function alike(head: string, { policy }: Named, report: LayerReport): readonly string[] {
  if (policy === undefined) return [];
  const own = report.policy?.name;
  return [own?.startsWith('inline') === true ? `${head}. The documents show that the ${own} denies, too.` : `${head}.`];
}

function whereToLook({ layer }: Named): string {
  switch (layer) {
    case 'scp':
      return 'give them in the configuration, as accounts.*.scps.';
    case 'rcp':
      return 'give them in the configuration, as accounts.*.rcps.';
    case 'session':
      return 'it is given by whoever opened the session (Policy or PolicyArns in that call).';
    default:
      return 'what is deployed is not what they say.';
  }
}
