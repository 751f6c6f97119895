import { show } from '../symbolic/text.ts';
import type { RoleAction } from './actions.ts';
import { type Caller, principalText } from './caller.ts';
import type { LayerReport } from './layer-report.ts';
import type { Question } from './question.ts';

/**
 * The sentence that AWS answers to a denied call, as it words it today.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function errorText(question: Question, action: RoleAction, blockedBy: LayerReport | undefined): string {
  const { caller, role } = question;
  if (caller.kind === 'web-identity') return 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
  if (caller.kind === 'saml') return 'Not authorized to perform sts:AssumeRoleWithSAML';
  if (caller.kind === 'root') return 'Roles may not be assumed by root accounts.';
  const call = `User: ${userOf(caller)} is not authorized to perform: ${action} on resource: ${show(role.arn)}`;
  return blockedBy === undefined ? call : `${call}${because(blockedBy, action)}`;
}

function userOf(caller: Caller): string {
  return show(principalText(caller.kind === 'role' ? { ...caller, session: caller.session ?? '…' } : caller));
}

const MISSING = {
  trust: 'role trust policy',
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
} as const;
const DENYING = {
  ...MISSING,
  trust: 'the role trust policy',
  identity: 'an identity-based policy',
  boundary: 'a permissions boundary',
  session: 'a session policy',
  scp: 'a service control policy',
  rcp: 'a resource control policy',
} as const;

function because({ layer, verdict }: LayerReport, action: RoleAction): string {
  // An SCP that merely does not allow is told as an explicit deny, too.
  if (verdict === 'explicit-deny' || layer === 'scp' || layer === 'rcp')
    return ` with an explicit deny in ${DENYING[layer]}`;
  return ` because no ${MISSING[layer]} allows the ${action} action`;
}
