import { type Item, textItems } from '../../../iam/item.ts';
import { parsePolicy } from '../../../iam/parse-policy.ts';
import type { Declarations, PolicyDocument } from '../../../inventory/declarations.ts';
import type { OrganizationPolicy } from '../../../inventory/organization.ts';
import { both } from '../../../symbolic/guard.ts';
import { isKnown, keyOf, show, type Text } from '../../../symbolic/text.ts';
import { policyValue } from '../../policy-text.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute, attributeText } from './attributes.ts';
import { organizationId } from './names.ts';

const USES: Readonly<Record<string, OrganizationPolicy['use']>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
};

/**
 * The SCPs and RCPs of an organization with what they are attached to: an account, a unit or the root, and with these every
 * account that stands below and is declared beside them.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy
 */
export function organizationPolicies(
  all: readonly TerraformResource[],
): Pick<Declarations, 'organizationPolicies' | 'policies'> {
  const resources = all.filter(({ mode, guard }) => mode === 'managed' && guard !== false);
  const attachments = resources.filter(({ type }) => type === 'aws_organizations_policy_attachment');
  const tree = new Tree(resources);
  const attached: OrganizationPolicy[] = [];
  const policies: PolicyDocument[] = [];
  for (const resource of resources) {
    if (resource.type !== 'aws_organizations_policy' && resource.type !== 'awscc_organizations_policy') continue;
    const type = attributeText(resource, 'type') ?? 'SERVICE_CONTROL_POLICY';
    const use = isKnown(type) ? USES[type] : undefined;
    const content = attribute(resource, 'content');
    if (use === undefined || content === undefined) continue;
    const owner = `${use.toUpperCase()} ${resource.address}`;
    const policy = parsePolicy(policyValue(content), use, owner);
    policies.push({ policy, use, owner });
    const id = keyOf(organizationId(resource));
    for (const one of [resource, ...attachments.filter((each) => keyOfText(each, 'policy_id') === id)]) {
      const targets = textItems(attribute(one, one === resource ? 'target_ids' : 'target_id'));
      const guard = both(resource.guard, one.guard);
      if (targets.length > 0)
        attached.push({ use, policy, targets: targets.flatMap((target) => tree.covered(target)), guard });
    }
  }
  return { organizationPolicies: attached, policies };
}

function keyOfText(resource: TerraformResource, name: string): string | undefined {
  const text = attributeText(resource, name);
  return text === undefined ? undefined : keyOf(text);
}

/** The declared units and accounts of an organization, each below its parent. */
class Tree {
  readonly #accounts: readonly TerraformResource[];
  readonly #parents: ReadonlyMap<string, string | undefined>;

  constructor(resources: readonly TerraformResource[]) {
    this.#accounts = resources.filter(({ type }) => /^aws(cc)?_organizations_account$/.test(type));
    const units = resources.filter(({ type }) => /^aws(cc)?_organizations_organizational_unit$/.test(type));
    this.#parents = new Map(
      [...this.#accounts, ...units].map((one) => [
        keyOf(organizationId(one)),
        keyOfText(one, one.type === 'awscc_organizations_account' ? 'parent_ids' : 'parent_id'),
      ]),
    );
  }

  /** What a policy that is attached there holds for: the target itself, and the accounts below it. */
  covered(target: Item): readonly Item[] {
    const below = this.#accounts.filter((account) => this.#isBelow(keyOf(organizationId(account)), target.text));
    return [target, ...below.map((account) => ({ ...target, text: organizationId(account) }))];
  }

  #isBelow(id: string, target: Text): boolean {
    const seen = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); at = this.#parents.get(at)) {
      if (at === keyOf(target)) return id !== at;
      seen.add(at);
    }
    // Without a parent an account stands at the root.
    return isRoot(target) && [...seen].at(-1) !== undefined && this.#parents.has([...seen].at(-1) ?? '');
  }
}

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html */
function isRoot(text: Text): boolean {
  return isKnown(text)
    ? /^r-[0-9a-z]{4,32}$/.test(text)
    : /\baws_organizations_organization\.[\w.[\]-]+\.roots\b/.test(show(text));
}
