import type { FailedCall } from './failed-call.ts';
import { namedIn, readMessage } from './message.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Fields = { readonly [key: string]: Json };

/**
 * The calls to assume a role among CloudTrail's events: one event, a list, a log file's `Records`, what `lookup-events` prints,
 * an EventBridge event, or one event a line. Undefined for what holds no events at all.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function readEvents(text: string): readonly FailedCall[] | undefined {
  const events = parse(text).flatMap(eventsIn);
  if (events.length === 0) return undefined;
  return events.flatMap((event) => {
    const call = callOf(event);
    return call === undefined ? [] : [call];
  });
}

function parse(text: string): readonly Json[] {
  const whole = parseJson(text.replace(/^\uFEFF/, ''));
  if (whole !== undefined) return [whole];
  return text.split(/\r?\n/).flatMap((line) => {
    const one = line.trim() === '' ? undefined : parseJson(line);
    return one === undefined ? [] : [one];
  });
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventsIn(json: Json): readonly Fields[] {
  if (isList(json)) return json.flatMap(eventsIn);
  if (!isFields(json)) return [];
  if (typeof json.eventName === 'string' && typeof json.eventSource === 'string') return [json];
  for (const name of ['Records', 'Events', 'events', 'detail', 'CloudTrailEvent', '@message', 'message']) {
    const inner = json[name];
    if (inner === undefined) continue;
    const value = typeof inner === 'string' ? parseJson(inner) : inner;
    if (value !== undefined) return eventsIn(value);
  }
  return [];
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

function isFields(json: Json | undefined): json is Fields {
  return typeof json === 'object' && json !== null && !isList(json);
}

function callOf(event: Fields): FailedCall | undefined {
  const name = textOf(event.eventName) ?? '';
  if (event.eventSource !== 'sts.amazonaws.com' || !/^AssumeRole(WithWebIdentity|WithSAML)?$/.test(name))
    return undefined;
  const message = textOf(event.errorMessage) ?? '';
  const said = readMessage(message);
  const told = said?.kind === 'call' ? said.call : undefined;
  const parameters = fieldsOf(event.requestParameters);
  const identity = fieldsOf(event.userIdentity) ?? {};
  const at = Date.parse(textOf(event.eventTime) ?? '');
  const context = new Map<string, readonly string[] | undefined>();
  addMoment(event, context);
  addIdentity(identity, context);
  if (parameters !== undefined) addParameters(parameters, name, context);
  return {
    action: told?.action ?? `sts:${name}`,
    principal: principalOf(identity) ?? told?.principal,
    role: textOf(parameters?.roleArn) ?? told?.role ?? roleAmong(event.resources),
    context,
    named: told?.named ?? namedIn(message),
    at: Number.isNaN(at) ? undefined : at,
    succeeded: event.errorCode === undefined,
  };
}

function addMoment(event: Fields, context: Map<string, readonly string[] | undefined>): void {
  const address = textOf(event.sourceIPAddress) ?? '';
  const endpoint = textOf(event.vpcEndpointId);
  // A service that calls has its name there.
  if (/^[\d.]+$|^[0-9a-f:]+$/i.test(address))
    context.set(endpoint === undefined ? 'aws:SourceIp' : 'aws:VpcSourceIp', [address]);
  if (endpoint !== undefined) context.set('aws:SourceVpce', [endpoint]);
  const region = textOf(event.awsRegion);
  if (region !== undefined) context.set('aws:RequestedRegion', [region]);
  const time = textOf(event.eventTime);
  if (time !== undefined) context.set('aws:CurrentTime', [time]);
}

function addIdentity(identity: Fields, context: Map<string, readonly string[] | undefined>): void {
  const session = fieldsOf(identity.sessionContext);
  const mfa = textOf(fieldsOf(session?.attributes)?.mfaAuthenticated);
  if (mfa !== undefined) context.set('aws:MultiFactorAuthPresent', [mfa]);
  else if (identity.type === 'IAMUser') context.set('aws:MultiFactorAuthPresent', undefined);
  const source = textOf(session?.sourceIdentity);
  if (source !== undefined) context.set('aws:SourceIdentity', [source]);
  if (identity.type !== 'WebIdentityUser') return;
  const issuer = issuerOf(identity);
  const subject = textOf(identity.userName);
  if (issuer === undefined) return;
  if (subject !== undefined) context.set(`${issuer}:sub`, [subject]);
  // arn:…:oidc-provider/ISSUER:AUDIENCE:SUBJECT
  const id = textOf(identity.principalId) ?? '';
  const start = id.indexOf(`${issuer}:`);
  const end = subject === undefined ? -1 : id.lastIndexOf(`:${subject}`);
  if (start !== -1 && end > start) context.set(`${issuer}:aud`, [id.slice(start + issuer.length + 1, end)]);
}

function issuerOf(identity: Fields): string | undefined {
  return textOf(identity.identityProvider)
    ?.replace(/^.*:oidc-provider\//, '')
    .replace(/^https?:\/\//, '');
}

/** What the call carried; with the parameters at hand, what they do not list was not there. */
function addParameters(parameters: Fields, name: string, context: Map<string, readonly string[] | undefined>): void {
  const set = (key: string, value: string | undefined): void => {
    context.set(key, value === undefined ? undefined : [value]);
  };
  set('sts:RoleSessionName', textOf(parameters.roleSessionName));
  if (name !== 'AssumeRole') return;
  set('sts:ExternalId', textOf(parameters.externalId));
  set('sts:SourceIdentity', textOf(parameters.sourceIdentity));
  if (textOf(parameters.serialNumber) !== undefined) context.set('aws:MultiFactorAuthPresent', ['true']);
  const tags = isList(parameters.tags) ? parameters.tags.filter(isFields) : [];
  for (const tag of tags) set(`aws:RequestTag/${textOf(tag.key) ?? ''}`, textOf(tag.value));
  context.set('aws:TagKeys', tags.length === 0 ? undefined : tags.map((tag) => textOf(tag.key) ?? ''));
  const kept = isList(parameters.transitiveTagKeys)
    ? parameters.transitiveTagKeys.flatMap((key) => textOf(key) ?? [])
    : [];
  context.set('sts:TransitiveTagKeys', kept.length === 0 ? undefined : kept);
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function principalOf(identity: Fields): string | undefined {
  switch (identity.type) {
    case 'AWSService':
      return textOf(identity.invokedBy);
    case 'WebIdentityUser':
      return textOf(identity.identityProvider);
    case 'SAMLUser':
      return textOf(identity.identityProvider);
    default:
      return textOf(identity.arn);
  }
}

function roleAmong(resources: Json | undefined): string | undefined {
  const all = isList(resources) ? resources.filter(isFields) : [];
  return all.map((one) => textOf(one.ARN) ?? textOf(one.arn)).find((arn) => arn?.includes(':role/') === true);
}

function fieldsOf(json: Json | undefined): Fields | undefined {
  return isFields(json) ? json : undefined;
}

function textOf(json: Json | undefined): string | undefined {
  return typeof json === 'string' && json !== ''
    ? json
    : typeof json === 'number' || typeof json === 'boolean'
      ? String(json)
      : undefined;
}
