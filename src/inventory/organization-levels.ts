import { NO_ORGANIZATION, type Organization } from '../iam/caller.ts';
import { guardedPolicy, type Policy } from '../iam/policy.ts';
import { isKnown, keyOf, partsOf, type Text } from '../symbolic/text.ts';
import type { Deployment } from './declarations.ts';
import { allowingAll } from './limits.ts';
import type { OrganizationAccount, OrganizationPolicy } from './organization.ts';

/**
 * The SCPs and RCPs that documents attach to accounts, units and roots. Beside each stands AWS's own FullAWSAccess, as where an
 * organization is new: what such a policy allows adds nothing, what it denies is denied.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
 */
export class OrganizationLevels {
  readonly #policies: readonly OrganizationPolicy[];
  readonly #accounts: ReadonlyMap<string, OrganizationAccount>;
  readonly #known = new Map<string, Organization>();

  constructor(policies: readonly OrganizationPolicy[], accounts: readonly OrganizationAccount[]) {
    this.#policies = policies;
    this.#accounts = new Map(accounts.map((one) => [one.id, one]));
  }

  of(account: Text, given: Organization): Organization {
    const listed = isKnown(account) ? this.#accounts.get(account) : undefined;
    const organization =
      listed === undefined
        ? given
        : { ...given, id: given.id ?? listed.organization, management: given.management || listed.management };
    if (this.#policies.length === 0) return organization;
    const key = `${keyOf(account)}\n${(organization.paths ?? []).map(keyOf).join(' ')}`;
    const known = this.#known.get(key) ?? this.#with(account, organization);
    this.#known.set(key, known);
    return known;
  }

  #with(account: Text, organization: Organization): Organization {
    const names = new Set([keyOf(account), ...[account, ...(organization.paths ?? [])].flatMap(segments)]);
    const levels = (use: OrganizationPolicy['use']): readonly (readonly Policy[])[] =>
      this.#policies
        .filter((one) => one.use === use && one.targets.some(({ text }) => names.has(keyOf(text))))
        .map(({ policy, guard }) => [guardedPolicy(policy, guard), allowingAll(policy.place)]);
    const [scps, rcps] = [levels('scp'), levels('rcp')];
    return {
      ...organization,
      scps: scps.length === 0 ? organization.scps : [...(organization.scps ?? []), ...scps],
      rcps: rcps.length === 0 ? organization.rcps : [...(organization.rcps ?? []), ...rcps],
    };
  }
}

/** The ids in `o-exampleorgid/r-ab12/ou-ab12-11111111/`, or an account's own. */
function segments(text: Text): readonly string[] {
  return partsOf(text).flatMap((part) => (typeof part === 'string' ? part.split('/') : []));
}

/** The accounts that an organization lists and the configuration does not name: nothing is deployed there, but they are ours. */
export function listedAccounts(
  accounts: readonly OrganizationAccount[],
  deployments: readonly Deployment[],
): readonly Deployment[] {
  const [first] = deployments;
  const named = new Set(deployments.map(({ account }) => account));
  if (first === undefined) return [];
  return accounts
    .filter(({ id }) => !named.has(id))
    .map(({ id, name }) => ({
      ...first,
      accountName: name,
      account: id,
      organization: NO_ORGANIZATION,
      parameters: new Map(),
    }));
}
