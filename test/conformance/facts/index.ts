import type { Fact } from '../language.ts';
import { actions } from './actions.ts';
import { boundaries } from './boundary.ts';
import { chainingAndSelf } from './chaining-and-self.ts';
import { contradictions } from './contradictions.ts';
import { crossAccount } from './cross-account.ts';
import { derivedKeys } from './derived-keys.ts';
import { managedPolicies } from './managed-policies.ts';
import { openCalls } from './open-calls.ts';
import { numberAndDateOperators } from './operators-number-date.ts';
import { otherOperators } from './operators-other.ts';
import { stringOperators } from './operators-string.ts';
import { partitions } from './partitions.ts';
import { principals } from './principals.ts';
import { resourceControlPolicies } from './rcp.ts';
import { resources } from './resources.ts';
import { sameAccount } from './same-account.ts';
import { saml } from './saml.ts';
import { serviceControlPolicies } from './scp.ts';
import { services } from './services.ts';
import { sessionPolicies } from './session-policy.ts';
import { setsAndIfExists } from './sets-and-if-exists.ts';
import { tagsAndSourceIdentity } from './tags-and-source-identity.ts';
import { variables } from './variables.ts';
import { webIdentity } from './web-identity.ts';
import { webIdentityProviders } from './web-identity-providers.ts';

/** All facts, by subject. */
export const FACTS: Readonly<Record<string, readonly Fact[]>> = {
  'same account': sameAccount,
  'across accounts': crossAccount,
  'permissions boundaries': boundaries,
  'session policies': sessionPolicies,
  'service control policies': serviceControlPolicies,
  'resource control policies': resourceControlPolicies,
  principals,
  services,
  'web identities': webIdentity,
  'providers of web identities': webIdentityProviders,
  SAML: saml,
  actions,
  resources,
  'string operators': stringOperators,
  'number and date operators': numberAndDateOperators,
  'other operators': otherOperators,
  'set operators and …IfExists': setsAndIfExists,
  'policy variables': variables,
  'derived keys': derivedKeys,
  'open calls': openCalls,
  'conditions that meet': contradictions,
  'tags, source identity and contexts': tagsAndSourceIdentity,
  'chains and self-assumption': chainingAndSelf,
  'AWS managed policies': managedPolicies,
  partitions,
};
