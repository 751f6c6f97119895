import { concat, isKnown, keyOf, show, split, type Text, type Unknown, unknownText } from '../symbolic/text.ts';
import { nameIn, parseArn } from './arn.ts';
import type { EntityCaller, Organization, Tags } from './caller.ts';
import { ABSENT, type Context, type KeyValue, present, SUPPLIED } from './condition/context.ts';
import { exposedClaims, issuerOf } from './identity-providers.ts';
import type { GivenContext, Question } from './question.ts';

/** The condition keys of a call: given, derived from the declarations, chosen by the caller, or never there. */
export function contextOf(question: Question): Context {
  return { lookup: (key) => lookup(question, key) };
}

function lookup(question: Question, key: string): KeyValue {
  const { given } = question;
  if (given.keys.has(key)) {
    const values = given.keys.get(key);
    if (values === undefined) return given.observed === true ? NOT_HAD : ABSENT;
    return given.sent?.has(key) === true ? { kind: 'present', values, inPart: true } : present(...values);
  }
  const tags = key === 'aws:tagkeys' && !given.complete ? tagKeys(given) : [];
  if (tags.length > 0) return present(...tags);
  const alias = key.startsWith('iam:resourcetag/') ? `aws:resourcetag/${key.slice('iam:resourcetag/'.length)}` : key;
  if (given.unknown.has(key)) return SUPPLIED;
  const derived = derive(question, alias);
  if (derived !== undefined) return derived;
  const open = openValue(question, alias);
  return given.complete && open.kind !== 'absent' ? UNLISTED : open;
}

/** A call with tags has their keys. */
function tagKeys({ keys, names }: GivenContext): readonly string[] {
  return [...keys].flatMap(([key, values]) =>
    key.startsWith(REQUEST_TAG) && values !== undefined ? [(names?.get(key) ?? key).slice(REQUEST_TAG.length)] : [],
  );
}
const UNLISTED: KeyValue = { kind: 'absent', unlisted: 'the context that is given does not list that key' };
const NOT_HAD: KeyValue = { kind: 'absent', unlisted: 'this call did not have that key' };
const REQUEST_TAG = 'aws:requesttag/';

/** The keys that follow from who calls, on which role, and when. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function derive(question: Question, key: string): KeyValue | undefined {
  const { caller, role, given, now } = question;
  const entity = caller.kind === 'user' || caller.kind === 'role' ? caller : undefined;
  switch (key) {
    case 'aws:principalarn':
      return entity === undefined ? ABSENT : present(entity.arn);
    case 'aws:principalaccount':
      if (entity !== undefined) return present(entity.account);
      // "All requests, including anonymous", without a word on which value those have.
      return { kind: 'either', options: [ABSENT, present('anonymous')] };
    case 'aws:federatedprovider':
      // Documented for sessions that a provider's token opened, and used in examples for the call that opens them.
      if (caller.kind !== 'web-identity') return undefined;
      return { kind: 'either', options: [ABSENT, present(caller.provider)] };
    case 'aws:principalorgid':
      return entity === undefined ? ABSENT : organizationKey(question, entity, organizationId(entity.organization));
    case 'aws:principalorgpaths':
      return entity === undefined ? ABSENT : organizationKey(question, entity, ...(entity.organization.paths ?? []));
    case 'aws:principaltype':
      if (entity !== undefined && mayBeUser(entity)) return undefined;
      return entity !== undefined
        ? present(entity.kind === 'user' ? 'User' : 'AssumedRole')
        : { kind: 'either', options: [present('Anonymous'), ABSENT] };
    case 'aws:principalisawsservice':
      return caller.kind === 'service' ? present('true') : entity === undefined ? ABSENT : present('false');
    case 'aws:principalservicename':
      return caller.kind === 'service' ? present(caller.name) : ABSENT;
    case 'aws:principalservicenameslist':
      return caller.kind === 'service' ? present(caller.name) : ABSENT;
    case 'aws:username':
      if (entity !== undefined && mayBeUser(entity)) return undefined;
      return entity?.kind === 'user' ? present(entity.name) : ABSENT;
    case 'aws:userid':
      return entity === undefined ? ABSENT : userId(entity, given.complete);
    case 'aws:resourceaccount':
      return present(role.account);
    case 'aws:resourceorgid':
      return organizationKey(question, role, organizationId(role.organization));
    case 'aws:resourceorgpaths':
      return organizationKey(question, role, ...(role.organization.paths ?? []));
    case 'aws:currenttime':
      return given.complete ? present(new Date(now).toISOString()) : { kind: 'supplied', earliest: now };
    case 'aws:epochtime':
      return given.complete ? present(String(Math.floor(now / 1000))) : { kind: 'supplied', earliest: now };
    // STS answers over TLS only: https://docs.aws.amazon.com/general/latest/gr/sts.html
    case 'aws:securetransport':
      return present('true');
    // Only bearer tokens and GetWebIdentityToken carry it, never a call that assumes a role.
    case 'sts:durationseconds':
      return ABSENT;
    case 'aws:multifactorauthpresent':
      return multiFactor(question);
  }
  if (key.startsWith('aws:principaltag/')) return principalTag(question, key.slice('aws:principaltag/'.length));
  if (key.startsWith('aws:resourcetag/')) return tag(role.tags, key.slice('aws:resourcetag/'.length)) ?? ABSENT;
  return undefined;
}

/** Whoever stands behind an ARN of which nothing is known may be a user as well as a role. */
function mayBeUser(entity: EntityCaller): boolean {
  return entity.kind === 'role' && parseArn(entity.arn) === undefined;
}

function multiFactor({ caller, given }: Question): KeyValue | undefined {
  if (given.complete) return undefined;
  if (caller.kind === 'user' || (caller.kind === 'role' && mayBeUser(caller))) return undefined;
  // "The temporary credentials returned by AssumeRole do not include MFA information in the context."
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
  return caller.kind === 'role' ? { kind: 'either', options: [ABSENT, present('false')] } : ABSENT;
}

/**
 * A full context says by its silence that an account is in no organization, unless something shows that it is in one: of which
 * nothing more may be known than that.
 */
function organizationKey(
  { given }: Question,
  { account, organization }: Pick<EntityCaller, 'account' | 'organization'>,
  ...values: readonly (Text | undefined)[]
): KeyValue {
  const known = values.filter((value) => value !== undefined);
  if (known.length > 0) return present(...known);
  if (given.complete && !inSomeOrganization(organization)) return NO_ORGANIZATION_GIVEN;
  const id = isKnown(account) ? account : 'symbolic';
  const missing = `the organization of account ${isKnown(account) ? account : 'that the document is deployed to'} (accounts.*.organization in the configuration)`;
  return { kind: 'unresolved', unknown: { id: `organization:${id}`, kind: 'open', shown: '${organization}', missing } };
}

function inSomeOrganization({ id, paths, management, scps, rcps }: Organization): boolean {
  return management || [id, paths, scps, rcps].some((fact) => fact !== undefined);
}

const NO_ORGANIZATION_GIVEN: KeyValue = {
  kind: 'absent',
  unlisted: 'the context that is given does not list that key, nor the configuration an organization',
};

/** A path starts with the organization: `o-exampleorgid/r-ab12/ou-ab12-11111111/`. */
function organizationId({ id, paths }: Organization): Text | undefined {
  const [path] = paths ?? [];
  return id ?? (path === undefined ? undefined : split(path, '/')[0]);
}

function userId(entity: EntityCaller, complete: boolean): KeyValue {
  const missing = `the unique id that AWS gives to ${entity.kind} when it is created`;
  const id: Unknown = { id: `unique-id:${keyOf(entity.arn)}`, kind: 'generated-name', shown: '${unique id}', missing };
  const own = entity.uniqueId ?? unknownText(id);
  if (entity.kind === 'user') return present(own);
  if (entity.session !== undefined) return present(concat(own, ':', entity.session));
  const session: Unknown = {
    id: `session:${id.id}`,
    kind: 'open',
    shown: '${session}',
    missing: `the name of the session of ${show(entity.arn)}`,
  };
  return complete ? present(concat(own, ':', session)) : SUPPLIED;
}

function principalTag({ caller, given }: Question, name: string): KeyValue {
  // What stands in the certificate: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
  if (caller.kind === 'service' && caller.name === 'rolesanywhere.amazonaws.com' && !given.complete)
    return /^x509(Subject|Issuer|SAN)\//i.test(name) ? SUPPLIED : ABSENT;
  if (caller.kind !== 'user' && caller.kind !== 'role') return ABSENT;
  const own = tag(caller.tags, name);
  if (own !== undefined) return own;
  // A role's session may carry tags of its own; a user's key has only the user's.
  return caller.kind === 'role' && !given.complete ? SUPPLIED : ABSENT;
}

function tag(tags: Tags, name: string): KeyValue | undefined {
  const value = tags.values.get(name);
  if (value !== undefined) return present(value);
  return tags.open === undefined ? undefined : { kind: 'unresolved', unknown: tags.open };
}

const ASSUME_ROLE_KEYS = new Set(['sts:sourceidentity', 'aws:tagkeys', 'sts:transitivetagkeys']);
/** A user has these with the credentials of GetSessionToken, too. */
const SIGNED_KEYS = new Set(['aws:multifactorauthpresent', 'aws:multifactorauthage', 'aws:tokenissuetime']);
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html : of role sessions alone. */
const SESSION_KEYS = new Set([
  'aws:sourceidentity',
  'aws:federatedprovider',
  'aws:chatbotsourcearn',
  'aws:ec2instancesourcevpc',
  'aws:ec2instancesourceprivateipv4',
  // Keys of services that come with the credentials which they hand to code, whatever it calls:
  // https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
  // https://docs.aws.amazon.com/glue/latest/dg/security_iam_id-based-policy-examples.html
  'lambda:sourcefunctionarn',
  'ec2:sourceinstancearn',
  'ec2:roledelivery',
  'ssm:sourceinstancearn',
  'glue:roleassumedby',
  'glue:credentialissuingservice',
]);
const NETWORK_KEYS = new Set([
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpcsourceip',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:requestedregion',
  'aws:useragent',
  'aws:referer',
  'aws:viaawsservice',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:ismcpserviceaction',
  'aws:viaawsmcpservice',
  'aws:calledviaawsmcp',
]);
const SOURCE_KEYS = new Set([
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
]);

/** A key that nothing settles beforehand: may the caller or the moment supply it for this action, or is it never there? */
function openValue({ caller, action, given }: Question, key: string): KeyValue {
  const signed = caller.kind === 'user' || caller.kind === 'role';
  // Each of the three actions requires it; whoever gives no name is given one.
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  if (key === 'sts:rolesessionname') return { kind: 'supplied', always: true };
  if (ASSUME_ROLE_KEYS.has(key) || key.startsWith(REQUEST_TAG) || NETWORK_KEYS.has(key)) return SUPPLIED;
  if (SIGNED_KEYS.has(key)) return signed ? SUPPLIED : ABSENT;
  if (SESSION_KEYS.has(key)) return caller.kind === 'role' ? SUPPLIED : ABSENT;
  if (SOURCE_KEYS.has(key)) return caller.kind === 'service' ? SUPPLIED : ABSENT;
  // Some services bring one that a person configures:
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cognito-userpool-smsconfiguration.html
  if (key === 'sts:externalid') return signed || caller.kind === 'service' ? SUPPLIED : ABSENT;
  if (key.startsWith('sts:requestcontext')) return action === 'sts:AssumeRole' ? SUPPLIED : ABSENT;
  if (key === 'sts:roleauthorizedbyidp') return caller.kind === 'web-identity' ? SUPPLIED : ABSENT;
  if (key.startsWith('saml:')) {
    const chained = /^saml:(sub|sub_type|namequalifier)$/.test(key);
    return caller.kind === 'saml' || (chained && caller.kind === 'role') ? SUPPLIED : ABSENT;
  }
  const issuer = issuerOf(key);
  if (issuer !== undefined) return claim(caller, given, issuer, key.slice(issuer.length + 1));
  // A global key that this table does not know may be newer than it; other services' keys are never in these calls.
  if (key.startsWith('aws:'))
    return {
      kind: 'unresolved',
      unknown: {
        id: `key:${key}`,
        kind: 'open',
        shown: `\${${key}}`,
        missing: `what the condition key ${key} holds in this call`,
      },
    };
  return ABSENT;
}

function claim(caller: Question['caller'], given: Question['given'], issuer: string, name: string): KeyValue {
  if (caller.kind === 'web-identity') {
    const provider = providerName(caller.provider);
    if (!isKnown(provider) || provider.toLowerCase() !== issuer) {
      if (isKnown(provider) && !issuer.includes('${')) return ABSENT;
      return given.claims === undefined ? SUPPLIED : perhapsClaim(given.claims.get(name), provider, issuer);
    }
    return exposedClaims(issuer)?.has(name) === false ? ABSENT : SUPPLIED;
  }
  // A chained session keeps the claims of the built-in providers. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
  const kept = /^(cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/.test(
    issuer,
  );
  return caller.kind === 'role' && kept ? SUPPLIED : ABSENT;
}

/** The key names an issuer that may be the token's own, or another one; then the call does not have it. */
function perhapsClaim(values: readonly Text[] | undefined, provider: Text, issuer: string): KeyValue {
  if (values === undefined) return ABSENT;
  const missing = `whether ${issuer} is the issuer of ${show(provider)}`;
  const by: Unknown = { id: `issuer:${issuer}:${keyOf(provider)}`, kind: 'open', shown: issuer, missing };
  return { kind: 'either', options: [ABSENT, present(...values)], by };
}

/** `token.actions.githubusercontent.com` of a provider's ARN; a built-in provider is its own name. */
export function providerName(provider: Text): Text {
  const arn = parseArn(provider);
  if (arn === undefined) return provider;
  const [, ...rest] = split(arn.resource, '/');
  const [first, ...others] = rest;
  return first === undefined ? nameIn(arn.resource) : others.reduce<Text>((all, part) => concat(all, '/', part), first);
}
