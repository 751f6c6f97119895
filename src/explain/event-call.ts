import type { FailedCall } from './failed-call.ts';
import { type Fields, fieldsOf, isFields, isList, type Json, textOf, textsOf } from './json.ts';
import { readMessage } from './message.ts';

type Context = Map<string, readonly string[] | undefined>;

/**
 * The call to assume a role that an event tells; undefined for another one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html#cloudtrail-integration_examples-sts-api
 */
export function callOf(event: Fields): FailedCall | undefined {
  const name = textOf(event.eventName) ?? '';
  if (event.eventSource !== 'sts.amazonaws.com' || !/^AssumeRole(WithWebIdentity|WithSAML)?$/.test(name))
    return undefined;
  const [said] = readMessage(textOf(event.errorMessage) ?? '')[0] ?? [];
  const told = said?.kind === 'call' ? said.call : undefined;
  const other = said?.kind === 'other' ? said.failure : otherByCode(textOf(event.errorCode));
  const parameters = fieldsOf(event.requestParameters);
  const identity = fieldsOf(event.userIdentity) ?? {};
  const at = Date.parse(textOf(event.eventTime) ?? '');
  const account = textOf(identity.accountId);
  const sessionOf = textOf(fieldsOf(fieldsOf(identity.sessionContext)?.sessionIssuer)?.arn);
  const log = textOf(event.recipientAccountId);
  const id = textOf(event.sharedEventID) ?? textOf(event.eventID);
  return {
    action: told?.action ?? `sts:${name}`,
    principal: principalOf(identity, parameters) ?? told?.principal,
    ...(sessionOf === undefined || identity.type !== 'AssumedRole' ? {} : { sessionOf }),
    ...(account === undefined ? {} : { account }),
    role: textOf(parameters?.roleArn) ?? told?.role ?? roleAmong(event.resources),
    context: contextOf(event, identity, parameters, name),
    named: told?.named,
    at: Number.isNaN(at) ? undefined : at,
    succeeded: isEmpty(event.errorCode) && isEmpty(event.errorMessage),
    ...(other === undefined ? {} : { other }),
    ...(log === undefined ? {} : { log }),
    ...(id === undefined ? {} : { id }),
  };
}

function isEmpty(json: Json | undefined): boolean {
  return textOf(json) === undefined && !isFields(json) && !isList(json);
}

/** Where the event has a code alone. */
function otherByCode(code: string | undefined): FailedCall['other'] {
  if (code === undefined || /AccessDenied/i.test(code)) return undefined;
  const [said] = readMessage(code)[0] ?? [];
  return said?.kind === 'other' ? said.failure : undefined;
}

function contextOf(event: Fields, identity: Fields, parameters: Fields | undefined, name: string): Context {
  const context: Context = new Map();
  addMoment(event, context);
  addIdentity(identity, parameters, context);
  if (parameters !== undefined) addParameters(parameters, name, context);
  return context;
}

function addMoment(event: Fields, context: Context): void {
  const address = textOf(event.sourceIPAddress) ?? '';
  const endpoint = textOf(event.vpcEndpointId);
  // A service that calls has its name there.
  if (/^[\d.]+$|^[0-9a-f:]+$/i.test(address))
    context.set(endpoint === undefined ? 'aws:SourceIp' : 'aws:VpcSourceIp', [address]);
  if (endpoint !== undefined) {
    context.set('aws:SourceVpce', [endpoint]);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
    context.set('aws:SourceIp', undefined);
  }
  const region = textOf(event.awsRegion);
  if (region !== undefined) context.set('aws:RequestedRegion', [region]);
  const time = textOf(event.eventTime);
  if (time !== undefined && !Number.isNaN(Date.parse(time))) context.set('aws:CurrentTime', [time]);
}

function addIdentity(identity: Fields, parameters: Fields | undefined, context: Context): void {
  const session = fieldsOf(identity.sessionContext);
  const mfa = textOf(fieldsOf(session?.attributes)?.mfaAuthenticated);
  if (mfa !== undefined) context.set('aws:MultiFactorAuthPresent', [mfa]);
  // A code of a device goes with the call, or none does; where the event leaves the call's parameters out, nobody knows.
  else if (identity.type === 'IAMUser' && parameters !== undefined)
    context.set('aws:MultiFactorAuthPresent', undefined);
  const source = textOf(session?.sourceIdentity);
  if (source !== undefined) {
    context.set('aws:SourceIdentity', [source]);
    // It stays with whatever the session assumes: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
    context.set('sts:SourceIdentity', [source]);
  }
  if (identity.type === 'WebIdentityUser') addToken(identity, context);
  if (identity.type === 'SAMLUser') addAssertion(identity, context);
}

function addToken(identity: Fields, context: Context): void {
  const issuer = textOf(identity.identityProvider)
    ?.replace(/^.*:oidc-provider\//, '')
    .replace(/^https?:\/\//, '');
  const subject = textOf(identity.userName);
  if (issuer === undefined) return;
  if (subject !== undefined) context.set(`${issuer}:sub`, [subject]);
  // arn:…:oidc-provider/ISSUER:AUDIENCE:SUBJECT
  const id = textOf(identity.principalId) ?? '';
  const start = id.indexOf(`${issuer}:`);
  const end = subject === undefined ? -1 : id.lastIndexOf(`:${subject}`);
  if (start !== -1 && end > start) context.set(`${issuer}:aud`, [id.slice(start + issuer.length + 1, end)]);
}

/** The provider of an assertion is a hash there, which conditions know as its qualifier. */
function addAssertion(identity: Fields, context: Context): void {
  const [name, qualifier] = [textOf(identity.userName), textOf(identity.identityProvider)];
  if (name !== undefined) context.set('saml:sub', [name]);
  if (qualifier !== undefined && !qualifier.startsWith('arn:')) context.set('saml:namequalifier', [qualifier]);
}

/** What the call carried; with the parameters at hand, what they do not list was not there. */
function addParameters(parameters: Fields, name: string, context: Context): void {
  const set = (key: string, value: string | undefined): void => {
    context.set(key, value === undefined ? undefined : [value]);
  };
  const session = textOf(parameters.roleSessionName);
  if (session !== undefined) set('sts:RoleSessionName', session);
  const source = textOf(parameters.sourceIdentity);
  if (source !== undefined || !context.has('sts:SourceIdentity')) set('sts:SourceIdentity', source);
  const tags = [...tagsIn(parameters.tags), ...tagsIn(parameters.principalTags)];
  for (const [key, value] of tags) set(`aws:RequestTag/${key}`, value);
  context.set('aws:TagKeys', tags.length === 0 ? undefined : tags.map(([key]) => key));
  for (const [key, value] of tagsIn(parameters.incomingTransitiveTags)) set(`aws:PrincipalTag/${key}`, value);
  const kept = textsOf(parameters.transitiveTagKeys);
  context.set('sts:TransitiveTagKeys', kept.length === 0 ? undefined : kept);
  if (name !== 'AssumeRole') return;
  set('sts:ExternalId', textOf(parameters.externalId));
  if (textOf(parameters.serialNumber) !== undefined) context.set('aws:MultiFactorAuthPresent', ['true']);
  const contexts = isList(parameters.providedContexts) ? parameters.providedContexts.filter(isFields) : [];
  const providers = contexts.flatMap(({ providerArn }) => textOf(providerArn) ?? []);
  context.set('sts:RequestContextProviders', providers.length === 0 ? undefined : providers);
}

/** Tags are a list of keys and values in AssumeRole, and an object in the calls with tokens. */
function tagsIn(json: Json | undefined): readonly (readonly [key: string, value: string])[] {
  const pairs = isList(json)
    ? json.filter(isFields).map((tag) => [textOf(tag.key), tag.value] as const)
    : Object.entries(fieldsOf(json) ?? {});
  return pairs.flatMap(([key, value]) => {
    if (key === undefined || key === '') return [];
    const [first] = isList(value) ? textsOf(value) : [];
    return [[key, first ?? textOf(value) ?? ''] as const];
  });
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function principalOf(identity: Fields, parameters: Fields | undefined): string | undefined {
  switch (identity.type) {
    case 'AWSService': {
      const service = textOf(identity.invokedBy);
      // "AWS Internal" is no service that a policy can name.
      return service?.includes('.') === true ? service : undefined;
    }
    case 'WebIdentityUser':
      return textOf(identity.identityProvider);
    case 'SAMLUser': {
      const provider = textOf(identity.identityProvider);
      return textOf(parameters?.principalArn) ?? (provider?.startsWith('arn:') === true ? provider : undefined);
    }
    default:
      return textOf(identity.arn);
  }
}

function roleAmong(resources: Json | undefined): string | undefined {
  const all = isList(resources) ? resources.filter(isFields) : [];
  return all.map((one) => textOf(one.ARN) ?? textOf(one.arn)).find((arn) => arn?.includes(':role/') === true);
}
