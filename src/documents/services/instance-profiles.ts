import type { Item } from '../../iam/item.ts';
import { grouped } from '../../inventory/grouped.ts';
import { both } from '../../symbolic/guard.ts';
import { keyOf } from '../../symbolic/text.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import { rolesAt } from './roles-at.ts';

const ROLES: Readonly<Record<string, string>> = {
  'AWS::IAM::InstanceProfile': 'Roles',
  aws_iam_instance_profile: 'role',
};

export function isInstanceProfile({ type }: DeclaredResource): boolean {
  return type in ROLES;
}

/** The instance profiles of a document, by everything that refers to them. */
export class InstanceProfiles {
  readonly #profiles: readonly DeclaredResource[];
  #byReference: ReadonlyMap<string, readonly DeclaredResource[]> | undefined;

  constructor(resources: readonly DeclaredResource[]) {
    this.#profiles = resources.filter(isInstanceProfile);
  }

  /** The roles of the profile that is named; of a profile in another document nothing is said. */
  rolesIn({ text, place, guard = true }: Item): readonly Item[] {
    // Its name and its id are often one text.
    this.#byReference ??= grouped(this.#profiles, (profile) => new Set(profile.references().map(keyOf)));
    return (this.#byReference.get(keyOf(text)) ?? [])
      .flatMap((profile) => rolesAt(profile, ROLES[profile.type]))
      .map((role) => ({ text: role.text, place, guard: both(guard, role.guard ?? true) }));
  }
}
