import { matches, pattern } from '../symbolic/pattern.ts';
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
