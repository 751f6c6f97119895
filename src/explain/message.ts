import type { FailedCall, Failure, Named, NamedLayer, OtherFailure } from './failed-call.ts';
import { plainMessages } from './pasted.ts';

const NOT_AUTHORIZED =
  /(?:User: )?(?<user>[^\s"']+) is not authorized to perform:? (?<action>sts:\w+)(?: on (?:resource: ?|service role )?"?'?(?<role>arn:[^\s"'`]+))?(?<rest>.{0,400})/i;
const NAMELESS = /not authorized to perform:? (?<action>sts:AssumeRoleWith(?:WebIdentity|SAML))/i;
/**
 * What a workflow prints that got no token to call with.
 * https://github.com/aws-actions/configure-aws-credentials#oidc, https://github.com/actions/toolkit/tree/main/packages/core#oidc-token
 */
const NO_TOKEN =
  /Could not load credentials from any providers|Did you mean to set the `?id-token`? permission|Unable to get ACTIONS_ID_TOKEN_REQUEST_URL/i;
const WEB_IDENTITY = 'sts:AssumeRoleWithWebIdentity';
/** How services say that they cannot assume the role that they were given. */
const SERVICES: readonly { readonly says: RegExp; readonly service: string }[] = [
  {
    says: /cannot be assumed by (?:the )?(?:service )?principal '?"?(?<service>[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?)/i,
    service: '',
  },
  { says: /role defined for the function cannot be assumed by Lambda/i, service: 'lambda.amazonaws.com' },
  { says: /\bECS was unable to assume the role/i, service: 'ecs-tasks.amazonaws.com' },
  { says: /CodeBuild is not authorized to perform/i, service: 'codebuild.amazonaws.com' },
  { says: /Firehose is unable to assume role/i, service: 'firehose.amazonaws.com' },
  {
    says: /(?:Neither the global service principal )?states\.amazonaws\.com,? nor the regional one is authorized to assume/i,
    service: 'states.amazonaws.com',
  },
  { says: /EKS does not have permissions to assume/i, service: 'pods.eks.amazonaws.com' },
  {
    says: /Unable to assume role and validate the (?:listeners|specified targetGroupArn)/i,
    service: 'ecs.amazonaws.com',
  },
  { says: /API Gateway (?:does not|could not|must).{0,60}assume/i, service: 'apigateway.amazonaws.com' },
];
const OTHERS: readonly { readonly says: RegExp; readonly what: OtherFailure['what'] }[] = [
  {
    says: /No OpenIDConnect provider found in your account for (?<subject>https?:\/\/[^\s"'`)]+)/i,
    what: 'no-provider',
  },
  { says: /Incorrect token audience/i, what: 'audience' },
  { says: /Couldn.t retrieve verification key from your identity provider/i, what: 'token' },
  { says: /exceeds the 1 hour session limit for roles assumed by role chaining/i, what: 'chained-duration' },
  { says: /exceeds the MaxSessionDuration/i, what: 'duration' },
  { says: /Roles may not be assumed by root accounts/i, what: 'root' },
  { says: /Encoded authorization failure message: ?(?<subject>\S+)/i, what: 'encoded' },
  { says: /Invalid principal in policy: ?(?<subject>"?(?:AWS|Service|Federated|STAR)"? ?: ?"[^"]*")/i, what: 'policy' },
  { says: /MalformedPolicyDocument/i, what: 'policy' },
  { says: /PackedPolicyTooLarge/, what: 'too-large' },
  { says: /RegionDisabled/, what: 'region' },
  {
    says: /\b(?:ExpiredToken(?:Exception)?|token included in the request is expired|Token expired)\b/i,
    what: 'expired',
  },
  { says: /InvalidIdentityToken/, what: 'token' },
];

/** What an error text says, in whichever wording and wrapping; undefined for what is no error of a call that assumes a role. */
export function readMessage(pasted: string): Failure | undefined {
  for (const text of plainMessages(pasted)) {
    const failure = readPlain(text);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function readPlain(text: string): Failure | undefined {
  const role = onlyRole(text);
  for (const { says, what } of OTHERS) {
    const found = says.exec(text);
    if (found !== null && !NOT_AUTHORIZED.test(text))
      return {
        kind: 'other',
        failure: { what, subject: what === 'policy' ? found.groups?.subject : clean(found.groups?.subject), role },
      };
  }
  for (const { says, service } of SERVICES) {
    const found = says.exec(text);
    if (found !== null) return called('sts:AssumeRole', found.groups?.service ?? service, role, undefined);
  }
  const denied = NOT_AUTHORIZED.exec(text)?.groups;
  if (denied !== undefined)
    return called(denied.action ?? '', clean(denied.user), clean(denied.role) ?? role, namedIn(denied.rest ?? ''));
  if (NO_TOKEN.test(text)) return called(WEB_IDENTITY, onlyProvider(text), role, undefined);
  const nameless = NAMELESS.exec(text)?.groups;
  if (nameless !== undefined) return called(nameless.action ?? '', onlyProvider(text), role, namedIn(text));
  return undefined;
}

function called(
  action: string,
  principal: string | undefined,
  role: string | undefined,
  named: Named | undefined,
): Failure {
  const call: FailedCall = {
    action: `sts:${action.slice(4)}`,
    principal,
    role,
    context: new Map(),
    named,
    at: undefined,
    succeeded: false,
  };
  return { kind: 'call', call };
}

const LAYERS: readonly (readonly [RegExp, NamedLayer])[] = [
  [/VPC endpoint/i, 'endpoint'],
  [/role trust/i, 'trust'],
  [/identity[- ]based/i, 'identity'],
  [/permissions? boundar/i, 'boundary'],
  [/sessions? polic/i, 'session'],
  [/service control/i, 'scp'],
  [/resource control/i, 'rcp'],
  [/resource[- ]based/i, 'resource'],
];

/** `because no … allows the … action`, `with an explicit deny in a …: arn:…` */
export function namedIn(rest: string): Named | undefined {
  const missing = /because no (?<what>[\w -]+?) allows/i.exec(rest)?.groups?.what;
  const denying = /with an explicit deny in (?:an?|the) (?<what>[\w -]+)(?:: ?(?<policy>arn:[^\s"'`]+))?/i.exec(
    rest,
  )?.groups;
  const what = missing ?? denying?.what;
  const layer = what === undefined ? undefined : LAYERS.find(([says]) => says.test(what))?.[1];
  return layer === undefined ? undefined : { layer, deny: missing === undefined, policy: clean(denying?.policy) };
}

/** The one role that the text names besides: a log shows which role the step was to assume. */
function onlyRole(text: string): string | undefined {
  return only([...text.matchAll(/arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+/g)].map(([arn]) => clean(arn) ?? arn));
}

function onlyProvider(text: string): string | undefined {
  return only(
    [...text.matchAll(/arn:[\w-]+:iam::\d{12}:(?:oidc|saml)-provider\/[\w+=,.@:/-]+/g)].map(
      ([arn]) => clean(arn) ?? arn,
    ),
  );
}

function only(all: readonly string[]): string | undefined {
  const [first, ...rest] = new Set(all);
  return rest.length === 0 ? first : undefined;
}

/** Without what a sentence, a quote or JSON puts after it. */
function clean(text: string | undefined): string | undefined {
  return text?.replace(/[.,;:'"`)\]}>]+$/, '').replace(/^["'`(<[]+/, '');
}
