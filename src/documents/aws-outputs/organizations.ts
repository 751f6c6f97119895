import type { Item } from '../../iam/item.ts';
import { parsePolicy } from '../../iam/parse-policy.ts';
import type { Policy } from '../../iam/policy.ts';
import { type Declarations, NOTHING_DECLARED, type Problem } from '../../inventory/declarations.ts';
import type { OrganizationAccount, OrganizationPolicy } from '../../inventory/organization.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import { itemsOf, type Value } from '../../symbolic/value.ts';
import { field, fieldText } from '../fields.ts';
import { policyValue } from '../policy-text.ts';

const USES: Readonly<Record<string, OrganizationPolicy['use']>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
};

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Policy.html */
const POLICY_ID = /\bp-[0-9A-Za-z_]{8,128}\b/;

const NAMELESS =
  "targets of a policy that the output does not name: put the policy's id (p-…) into the file's name, or describe-policy's output beside them";

/**
 * What `aws organizations` prints: `describe-policy`, `list-targets-for-policy`, `list-policies-for-target`, `list-accounts`.
 * Which policy the targets are of, or which target the policies, the output does not say: it stands beside in one file, or the
 * path of the file names its id.
 */
export class OrganizationsOutputs {
  readonly #policies: { readonly id: string; readonly use: OrganizationPolicy['use']; readonly policy: Policy }[] = [];
  readonly #targets: { readonly policy: string; readonly target: Item }[] = [];
  readonly #problems: Problem[] = [];
  readonly #accounts: OrganizationAccount[] = [];

  /** Whether it was one of those outputs. */
  add(tree: Tree, path: string): boolean {
    if (tree.kind !== 'map') return false;
    const value = valueFromTree(tree);
    const policies = [field(value, 'Policy'), ...itemsOf(field(value, 'Policies'))].filter(isOrganizationPolicy);
    const accounts = itemsOf(field(value, 'Accounts')).flatMap(accountIn);
    const targets = targetsIn(value);
    const [only] = policies;
    const named = POLICY_ID.exec(path)?.[0];
    for (const one of policies) this.#policy(one, path);
    for (const target of targets) {
      const policy = policies.length === 1 && only !== undefined ? idOf(only) : named;
      if (policy !== undefined) this.#targets.push({ policy, target });
      else this.#problems.push({ level: 'warning', message: NAMELESS, place: target.place });
    }
    this.#accounts.push(...accounts);
    return policies.length + accounts.length + targets.length > 0;
  }

  declarations(): Declarations {
    const described = [...new Map(this.#policies.map((one) => [one.id, one])).values()];
    return {
      ...NOTHING_DECLARED,
      accounts: this.#accounts,
      problems: this.#problems.slice(0, 1),
      policies: described.map(({ policy, use }) => ({ policy, use, owner: policy.name })),
      organizationPolicies: described.map(({ id, use, policy }) => ({
        use,
        policy,
        targets: this.#targets.filter((one) => one.policy === id).map(({ target }) => target),
        guard: true,
      })),
    };
  }

  #policy(value: Value, path: string): void {
    const summary = field(value, 'PolicySummary') ?? value;
    const id = idOf(value);
    const use = USES[fieldText(summary, 'Type') ?? ''];
    const content = field(value, 'Content');
    if (id === undefined || use === undefined) return;
    for (const target of targetsIn(value)) this.#targets.push({ policy: id, target });
    const held = targetNamed(path);
    if (content === undefined && held !== undefined)
      this.#targets.push({ policy: id, target: { text: held, place: summary.place } });
    const name = fieldText(summary, 'Name') ?? id;
    if (content !== undefined)
      this.#policies.push({ id, use, policy: parsePolicy(policyValue(content), use, `${use.toUpperCase()} ${name}`) });
  }
}

function isOrganizationPolicy(value: Value | undefined): value is Value {
  const type = fieldText(field(value, 'PolicySummary') ?? value, 'Type');
  return value !== undefined && USES[type ?? ''] !== undefined && idOf(value) !== undefined;
}

function idOf(value: Value): string | undefined {
  return fieldText(field(value, 'PolicySummary') ?? value, 'Id');
}

function targetsIn(value: Value): readonly Item[] {
  return itemsOf(field(value, 'Targets')).flatMap((target) => {
    const id = fieldText(target, 'TargetId');
    return id === undefined || !/^(\d{12}|r-[0-9a-z]+|ou-[0-9a-z-]+)$/.test(id)
      ? []
      : [{ text: id, place: target.place }];
  });
}

/** The account, unit or root that a file's name names: `policies-for-111122223333.json`. */
function targetNamed(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /(?<![0-9a-z])(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32}|\d{12})(?![0-9a-z])/.exec(name)?.[1];
}

/** Its ARN shows whose the organization is: `arn:aws:organizations::MANAGEMENT:account/o-exampleorgid/ID`. */
function accountIn(value: Value): readonly OrganizationAccount[] {
  const arn = fieldText(value, 'Arn') ?? '';
  const [, management, organization, id] =
    /^arn:[^:]*:organizations::(\d{12}):account\/(o-[a-z0-9]+)\/(\d{12})$/.exec(arn) ?? [];
  if (management === undefined || organization === undefined || id === undefined) return [];
  return [{ id, organization, management: management === id, name: fieldText(value, 'Name') ?? id }];
}
