import { closest } from '../symbolic/distance.ts';
import { globMatches, matches, pattern } from '../symbolic/pattern.ts';
import type { Text } from '../symbolic/text.ts';
import { lowerCase } from '../symbolic/text.ts';
import type { Truth } from '../symbolic/truth.ts';

/** The calls that this project decides. */
export const ASSUME_ACTIONS = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'] as const;
export type AssumeAction = (typeof ASSUME_ACTIONS)[number];

/** What a call needs besides, when it carries tags, a source identity or contexts. */
export const SESSION_ACTIONS = ['sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'] as const;
export type SessionAction = (typeof SESSION_ACTIONS)[number];

export type RoleAction = AssumeAction | SessionAction;
export const ROLE_ACTIONS: readonly RoleAction[] = [...ASSUME_ACTIONS, ...SESSION_ACTIONS];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
export const STS_ACTIONS: readonly string[] = [
  ...ROLE_ACTIONS,
  'sts:AssumeRoot',
  'sts:DecodeAuthorizationMessage',
  'sts:GetAccessKeyInfo',
  'sts:GetCallerIdentity',
  'sts:GetDelegatedAccessToken',
  'sts:GetFederationToken',
  'sts:GetServiceBearerToken',
  'sts:GetSessionToken',
  'sts:GetWebIdentityToken',
  'sts:TagGetWebIdentityToken',
];

export function isAssumeAction(text: string): text is AssumeAction {
  return (ASSUME_ACTIONS as readonly string[]).includes(text);
}

/** An action element matches without case; `*` and `?` as usual. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function actionMatches(written: Text, action: RoleAction): Truth {
  return matches(pattern(lowerCase(written)), action.toLowerCase());
}

/** The action that a text means which IAM does not know; undefined for actions that exist, or that mean something else. */
export function meantAction(written: string, inTrust: boolean): string | undefined {
  const lower = written.toLowerCase();
  if (lower === '*' || STS_ACTIONS.some((action) => globMatches(lower, action.toLowerCase()))) return undefined;
  const [service, name] = lower.includes(':')
    ? [lower.slice(0, lower.indexOf(':')), lower.slice(lower.indexOf(':') + 1)]
    : ['', lower];
  // Another service may well have an action with such a name; it is a slip where only STS has this one.
  const only = STS_ACTIONS.find((action) => action.toLowerCase() === `sts:${name}`);
  if (service !== 'sts' && only !== undefined && /^(assumerole|tagsession|setsourceidentity)/.test(name)) return only;
  if (service !== 'sts' && closest(service, ['sts'], 1) === undefined && !(inTrust && /assume/.test(lower)))
    return undefined;
  if (name.includes('*') || name.includes('?')) return undefined;
  const meant = closest(written.trim(), STS_ACTIONS, 4);
  return meant !== undefined && (inTrust || (ROLE_ACTIONS as readonly string[]).includes(meant)) ? meant : undefined;
}
