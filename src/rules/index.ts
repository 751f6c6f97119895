import { blockedByBoundary } from './blocked-by-boundary.ts';
import { blockedByRcp } from './blocked-by-rcp.ts';
import { blockedByScp } from './blocked-by-scp.ts';
import { broadGrant } from './broad-grant.ts';
import { conditionNeverMet } from './condition-never-met.ts';
import { confusedDeputy } from './confused-deputy.ts';
import { expectationFailed } from './expectation-failed.ts';
import { explicitDeny } from './explicit-deny.ts';
import type { Rule } from './finding.ts';
import { invalidPolicy } from './invalid-policy.ts';
import { invalidPrincipal } from './invalid-principal.ts';
import { longSession } from './long-session.ts';
import { lostAssumption } from './lost-assumption.ts';
import { missingGrant } from './missing-grant.ts';
import { missingTagSession } from './missing-tag-session.ts';
import { missingTrust } from './missing-trust.ts';
import { oidcSubjectNotRestricted } from './oidc-subject-not-restricted.ts';
import { openTrust } from './open-trust.ts';
import { principalNotFound } from './principal-not-found.ts';
import { roleNaming } from './role-naming.ts';
import { roleNotFound } from './role-not-found.ts';
import { roleUndocumented } from './role-undocumented.ts';
import { serviceAccountNotTrusted } from './service-account-not-trusted.ts';
import { serviceNotTrusted } from './service-not-trusted.ts';
import { staticUser } from './static-user.ts';
import { unknownAction } from './unknown-action.ts';
import { unresolvedValue } from './unresolved-value.ts';
import { unusedTrust } from './unused-trust.ts';
import { workflowNotTrusted } from './workflow-not-trusted.ts';
import { wrongAssumeAction } from './wrong-assume-action.ts';

/** Every rule, in the order in which `rules` lists them. */
export const RULES: readonly Rule[] = [
  missingGrant,
  missingTrust,
  missingTagSession,
  serviceNotTrusted,
  workflowNotTrusted,
  serviceAccountNotTrusted,
  explicitDeny,
  blockedByBoundary,
  blockedByScp,
  blockedByRcp,
  conditionNeverMet,
  wrongAssumeAction,
  unknownAction,
  invalidPrincipal,
  invalidPolicy,
  roleNotFound,
  principalNotFound,
  oidcSubjectNotRestricted,
  expectationFailed,
  openTrust,
  confusedDeputy,
  broadGrant,
  unresolvedValue,
  lostAssumption,
  roleNaming,
  roleUndocumented,
  longSession,
  staticUser,
  unusedTrust,
];

/** Every id of the published table: a configuration may set the level of any, also of those that find nothing yet. */
export const RULE_IDS: readonly string[] = [...RULES.map((rule) => rule.id)];
