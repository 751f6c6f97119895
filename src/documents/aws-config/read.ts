import type { GivenContext } from '../../iam/question.ts';
import {
  type Declarations,
  type Deployment,
  type Intent,
  type IntentCaller,
  NOTHING_DECLARED,
} from '../../inventory/declarations.ts';
import type { SourceFile } from '../../source/source.ts';
import { concat, type Text, unknownText } from '../../symbolic/text.ts';
import type { TextValue } from '../../symbolic/value.ts';
import { type Section, sectionsOf } from './ini.ts';

/** Whether a file may be one that the AWS CLI and the SDKs read. */
export function isAwsConfig({ text }: SourceFile): boolean {
  return /^role_arn\s*=/m.test(text) && /^\[/m.test(text);
}

/** What the profiles of an AWS config file declare: each that has a `role_arn` means to assume it. */
export function readAwsConfig(file: SourceFile, deployment: Deployment): Declarations {
  const profiles = new Map<string, Section>();
  for (const section of sectionsOf(file)) profiles.set(section.name.replace(/^profile\s+/, ''), section);
  const intents: Intent[] = [];
  for (const [name, { settings }] of profiles) {
    const role = settings.get('role_arn');
    if (role === undefined || role.text === '') continue;
    intents.push({
      kind: 'profile',
      role: { text: role.text, place: role.place },
      caller: callerOf(name, settings, profiles),
      deployment,
      given: contextOf(settings),
      text: `is assumed by the profile ${name}`,
      ...durationOf(name, settings, profiles),
    });
  }
  return { ...NOTHING_DECLARED, intents };
}

type Settings = Section['settings'];

/** Whose credentials a profile starts from. https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
function callerOf(name: string, settings: Settings, profiles: ReadonlyMap<string, Section>): IntentCaller {
  if (settings.has('web_identity_token_file'))
    return { kind: 'web-identity', provider: whoever(name, 'the provider of the token') };
  const from = settings.get('source_profile');
  const source = typeof from?.text === 'string' && from.text !== name ? profiles.get(from.text)?.settings : undefined;
  const role = source?.get('role_arn');
  if (role !== undefined && role.text !== '') return { kind: 'principal', arn: role.text };
  const [account, permissions] = [source?.get('sso_account_id'), source?.get('sso_role_name')];
  if (account !== undefined && permissions !== undefined)
    return { kind: 'principal', arn: permissionSetRole(account.text, permissions.text) };
  return { kind: 'principal', arn: whoever(name, 'the credentials') };
}

/** IAM Identity Center makes a role of each permission set in each account. https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html */
function permissionSetRole(account: Text, name: Text): Text {
  const part = (what: string): Text =>
    unknownText({
      id: `sso:${what}`,
      kind: 'open',
      shown: `\${${what}}`,
      missing: `the ${what} of IAM Identity Center`,
      undeclared: true,
    });
  return concat(
    'arn:aws:iam::',
    account,
    ':role/aws-reserved/sso.amazonaws.com/',
    part('region'),
    '/AWSReservedSSO_',
    name,
    '_',
    part('suffix'),
  );
}

/** Not in the repository, and nothing is said against it. */
function whoever(name: string, what: string): Text {
  const missing = `${what} that the profile ${name} starts from`;
  return unknownText({ id: `profile:${name}:${what}`, kind: 'open', shown: `\${${name}}`, missing, undeclared: true });
}

/** An external id that the profile does not give is none. */
function contextOf(settings: Settings): GivenContext {
  const keys = new Map<string, readonly Text[] | undefined>();
  const names = new Map<string, string>();
  const set = (key: string, value: TextValue | undefined, text: Text | undefined = value?.text): void => {
    if (value === undefined && key !== 'sts:ExternalId') return;
    names.set(key.toLowerCase(), key);
    keys.set(key.toLowerCase(), text === undefined ? undefined : [text]);
  };
  set('sts:ExternalId', settings.get('external_id'));
  set('sts:RoleSessionName', settings.get('role_session_name'));
  set('aws:MultiFactorAuthPresent', settings.get('mfa_serial'), 'true');
  return { keys, unknown: new Set(), names, complete: false };
}

/** The SDKs ask for an hour where a profile says nothing. https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html */
function durationOf(
  name: string,
  settings: Settings,
  profiles: ReadonlyMap<string, Section>,
): Pick<Intent, 'duration'> {
  const duration = settings.get('duration_seconds');
  if (typeof duration?.text !== 'string' || !/^\d+$/.test(duration.text)) return {};
  const source = settings.get('source_profile')?.text;
  const from = typeof source === 'string' && source !== name ? profiles.get(source)?.settings : undefined;
  return {
    duration: {
      seconds: Number(duration.text),
      asked: 'duration_seconds',
      caller: `the profile ${name}`,
      chained: from?.has('role_arn') === true || from?.has('sso_role_name') === true,
      place: duration.place,
    },
  };
}
