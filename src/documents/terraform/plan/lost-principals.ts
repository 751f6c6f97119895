import type { LostPrincipal, Policy, PrincipalItem } from '../../../iam/policy.ts';
import type { Declarations } from '../../../inventory/declarations.ts';
import { isKnown, type Text } from '../../../symbolic/text.ts';
import { mapIn, textIn } from './json.ts';
import type { PlannedInstance } from './plan.ts';

/**
 * Marks, in trust policies, the roles and users that the plan destroys or makes anew. IAM keeps a principal by its unique id, so a
 * new one of the same name is not trusted until the trust policy is saved again.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function markLostPrincipals(instances: readonly PlannedInstance[], declared: Declarations): Declarations {
  const lost = new Map<string, PlannedInstance>();
  for (const one of instances) {
    const arn = textIn(one.was.arn);
    const goes = one.fate === 'destroyed' || one.fate === 'replaced';
    if (goes && arn !== undefined && /^aws(cc)?_iam_(role|user)$/.test(one.type)) lost.set(arn, one);
  }
  if (lost.size === 0) return declared;
  const byAddress = new Map(instances.map((one) => [one.address, one]));
  const arns = new Map(declared.entities.map(({ id, arn }) => [id, arn]));
  const marked = new Map<Policy, Policy>();
  const entities = declared.entities.map((entity) => {
    if (entity.kind !== 'role' || entity.trust === undefined) return entity;
    const saved = savingOf(byAddress.get(entity.id ?? ''));
    const trust = withMarks(entity.trust, (item) => {
      const one = isKnown(item.text) ? lost.get(item.text) : undefined;
      return one && lossOf(one, arns.get(one.address), item.text, saved);
    });
    marked.set(entity.trust, trust);
    return { ...entity, trust };
  });
  const policies = declared.policies.map((one) => ({ ...one, policy: marked.get(one.policy) ?? one.policy }));
  return { ...declared, entities, policies };
}

/** Whether the apply writes a trust policy, so that it is read with the principals of that moment. */
type Saving = 'yes' | 'no' | 'where its text changes';

/**
 * What is known after the apply only is saved where it then differs from what was there.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role.go
 */
function savingOf(instance: PlannedInstance | undefined): Saving {
  if (instance === undefined || instance.fate === 'replaced') return 'yes';
  const name = instance.type === 'aws_iam_role' ? 'assume_role_policy' : 'assume_role_policy_document';
  const { was, values, unknown } = instance;
  if (was[name] === undefined || was[name] === null) return 'yes';
  if (mapIn(unknown)[name] === true) return 'where its text changes';
  return JSON.stringify(was[name]) === JSON.stringify(values[name]) ? 'no' : 'yes';
}

function lossOf(one: PlannedInstance, arn: Text | undefined, named: Text, saved: Saving): LostPrincipal | undefined {
  const { address } = one;
  const moves = one.fate === 'replaced' && arn !== undefined && isKnown(arn) && arn !== named;
  if (one.fate === 'destroyed') return { fate: 'gone', reason: `the plan destroys ${address}` };
  if (moves) return { fate: 'gone', reason: `the plan replaces ${address} by one with another ARN` };
  if (saved === 'yes') return undefined;
  const reason = `the plan replaces ${address}, and AWS does not trust the new one until the policy is saved again`;
  if (saved === 'no') return { fate: 'anew', reason };
  return { fate: 'perhaps anew', reason: `${reason}, which Terraform does only where its text changes` };
}

function withMarks(policy: Policy, lossOfItem: (item: PrincipalItem) => LostPrincipal | undefined): Policy {
  const statements = policy.statements.map((statement) => {
    if (statement.principals === undefined) return statement;
    const items = statement.principals.items.map((item) => {
      const lost = item.type === 'AWS' ? lossOfItem(item) : undefined;
      return lost === undefined ? item : { ...item, lost };
    });
    return { ...statement, principals: { ...statement.principals, items } };
  });
  return { ...policy, statements };
}
