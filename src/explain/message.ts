import type { FailedCall, Failure, Named } from './failed-call.ts';
import { namedAfter } from './named-layer.ts';
import { otherFailure } from './other-failures.ts';
import { plainMessages } from './pasted.ts';
import { serviceFailure } from './service-failures.ts';

/** A part may be masked: GitHub prints secrets as ***, people paste XXXXXXXXXXXX, and documents have ${AWS::AccountId}. */
const VALUE = String.raw`\$\{[^{}\s]{1,80}\}`;
const ARN = String.raw`arn:(?:${VALUE}|[\w*-]{1,20}):\w{2,5}:[\w*-]{0,20}:(?:${VALUE}|[\w*<>-]{0,20}):[\w+=,.@/*:…\${}-]{1,700}`;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const NOT_AUTHORIZED = new RegExp(
  String.raw`(?<user>${ARN}|[\w.*-]{1,100}) is not authorized to perform:? (?<action>sts:\w{1,40}|AssumeRole\b)` +
    String.raw`(?: on (?:resource: ?|service role |role )?["'\x60]?(?<role>${ARN}|\*{3})["'\x60]?)?(?=(?<rest>.{0,400}))`,
  'gi',
);
const NAMELESS =
  /not authorized to perform:? (?<action>sts:AssumeRole(?:WithWebIdentity|WithSAML)?)\b(?=(?<rest>.{0,400}))/gi;
/**
 * What a workflow prints that got no token to call with.
 * https://github.com/aws-actions/configure-aws-credentials#oidc, https://github.com/actions/toolkit/tree/main/packages/core#oidc-token
 */
const NO_TOKEN =
  /Could not load credentials from any providers|Did you mean to set the `?id-token`? permission|Unable to get ACTIONS_ID_TOKEN_REQUEST_URL/i;
/** Tools that tell only which role: Terraform's provider, the CDK, services. */
const ROLE_ONLY = [
  String.raw`IAM Role \((?<role>${ARN})\) cannot be assumed`,
  `could not be used to assume ['"](?<role>${ARN})`,
  `(?:unable to|could not|cannot|can't|failed to) assume (?:the )?(?:IAM )?role:? ?['"(]?(?<role>${ARN})`,
  `role (?:with arn:? )?['"(]?(?<role>${ARN})['")]?,? (?:is invalid or )?(?:cannot|could not|can't) be assumed`,
].map((says) => new RegExp(says, 'i'));

/** The errors of one reading of a text. */
type Reading = readonly Failure[];

/**
 * What an error text says, in whichever wording and wrapping, each error once. Where the line breaks of a terminal leave several
 * readings, all of them, the likelier first. None for what is no error of a call that assumes a role.
 */
export function readMessage(pasted: string): readonly Reading[] {
  const readings = plainMessages(pasted)
    .map(readPlain)
    .filter((reading) => reading.length > 0);
  return [...new Map(readings.map((reading) => [keyOf(reading), reading])).values()];
}

function readPlain(text: string): Reading {
  const [role, provider] = [onlyRole(text), onlyProvider(text)];
  const denied = [...text.matchAll(NOT_AUTHORIZED)].flatMap(({ groups = {} }) => {
    const { user, action = '', rest = '' } = groups;
    const who = namedUser(user) ?? serviceFailure(text);
    return isOfSts(action) ? called(action, who, clean(groups.role) ?? role, namedAfter(rest)) : [];
  });
  if (denied.length > 0) return distinct(denied);
  const other = otherFailure(text, role);
  if (other !== undefined) return [{ kind: 'other', failure: other }];
  const service = serviceFailure(text);
  if (service !== undefined) return [called('sts:AssumeRole', service, role, undefined)];
  if (NO_TOKEN.test(text)) return [called('sts:AssumeRoleWithWebIdentity', provider, role, undefined)];
  const without = [...text.matchAll(NAMELESS)].map(({ groups = {} }) =>
    called(groups.action ?? '', provider, role, namedAfter(groups.rest ?? '')),
  );
  if (without.length > 0) return distinct(without);
  const alone = ROLE_ONLY.flatMap((says) => clean(says.exec(text)?.groups?.role) ?? [])[0];
  if (alone === undefined) return [];
  const failure = called('sts:AssumeRole', undefined, alone, undefined);
  return [failure.kind === 'call' ? { ...failure, call: { ...failure.call, anyAction: true } } : failure];
}

/** The actions of a call that assumes a role, and what it may need besides. */
function isOfSts(action: string): boolean {
  return /^(?:sts:)?(?:AssumeRole(?:WithWebIdentity|WithSAML)?|TagSession|SetSourceIdentity|SetContext)$/i.test(action);
}

/** Who is told as a whole; `User: *** is…` names nobody, nor does the last word of another sentence. */
function namedUser(user: string | undefined): string | undefined {
  const named = clean(user);
  return named === undefined || (!/^arn:/.test(named) && !named.includes('.')) ? undefined : named;
}

function called(
  action: string,
  principal: string | undefined,
  role: string | undefined,
  named: Named | undefined,
): Failure {
  const call: FailedCall = {
    action: `sts:${action.replace(/^sts:/i, '')}`,
    principal,
    role: role !== undefined && /^\*+$/.test(role) ? undefined : role,
    context: new Map(),
    named,
    at: undefined,
    succeeded: false,
  };
  return { kind: 'call', call };
}

function distinct(failures: readonly Failure[]): Reading {
  return [...new Map(failures.map((failure) => [keyOf([failure]), failure])).values()];
}

function keyOf(reading: Reading): string {
  return JSON.stringify(reading);
}

/** The one role that the text names besides: a log shows which role the step was to assume. */
function onlyRole(text: string): string | undefined {
  return only([...text.matchAll(/arn:[\w-]{1,20}:iam::(?:\d{12}|\*{3}):role\/[\w+=,.@/-]{1,600}/g)]);
}

function onlyProvider(text: string): string | undefined {
  return only([...text.matchAll(/arn:[\w-]{1,20}:iam::\d{12}:(?:oidc|saml)-provider\/[\w+=,.@:/-]{1,300}/g)]);
}

function only(all: readonly RegExpExecArray[]): string | undefined {
  const [first, ...rest] = new Set(all.map(([arn]) => clean(arn) ?? arn));
  return rest.length === 0 ? first : undefined;
}

/** Without what a sentence, a quote or JSON puts after it. */
function clean(text: string | undefined): string | undefined {
  const end = text?.includes('${') === true ? /[.,;:'"`)\]>]+$/ : /[.,;:'"`)\]}>]+$/;
  return text?.replace(end, '').replace(/^["'`(<[]+/, '');
}
