import type { Item } from '../iam/item.ts';
import type { Policy } from '../iam/policy.ts';
import type { Guard } from '../symbolic/guard.ts';

/** A policy of an organization, and the accounts, units or roots that it is attached to. */
export interface OrganizationPolicy {
  readonly use: 'scp' | 'rcp';
  readonly policy: Policy;
  readonly targets: readonly Item[];
  readonly guard: Guard;
}

/** An account as its organization lists it. */
export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** `o-exampleorgid` */
  readonly organization: string;
  readonly management: boolean;
}
