import type { Declarations, Problem } from '../../../inventory/declarations.ts';
import { isKnown } from '../../../symbolic/text.ts';
import { textIn } from './json.ts';
import type { PlannedInstance } from './plan.ts';

/**
 * Trust policies that name a role or user which the plan destroys, or makes anew. IAM keeps a principal by its unique id, so a
 * new one of the same name is not trusted until the trust policy is saved again.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function lostPrincipals(instances: readonly PlannedInstance[], declared: Declarations): readonly Problem[] {
  const lost = new Map<string, PlannedInstance>();
  for (const one of instances) {
    const arn = textIn(one.was.arn);
    const goes = one.fate === 'destroyed' || one.fate === 'replaced';
    if (goes && arn !== undefined && /^aws_iam_(role|user)$/.test(one.type)) lost.set(arn, one);
  }
  if (lost.size === 0) return [];
  const kept = new Set(instances.flatMap((one) => (isSavedAgain(one) ? [] : (textIn(one.was.arn) ?? []))));
  return declared.entities.flatMap((entity) => {
    if (entity.kind !== 'role' || entity.trust === undefined) return [];
    const untouched = isKnown(entity.arn) && kept.has(entity.arn);
    const principals = entity.trust.statements.flatMap((statement) => statement.principals?.items ?? []);
    return principals.flatMap(({ text, place }): readonly Problem[] => {
      const one = isKnown(text) ? lost.get(text) : undefined;
      if (one === undefined || (one.fate === 'replaced' && !untouched)) return [];
      const message =
        one.fate === 'destroyed'
          ? `the plan destroys ${one.address}, which this trust policy names`
          : `the plan replaces ${one.address}, which this trust policy names: the new one is not trusted until the policy is saved again`;
      return [{ level: 'warning', message, place }];
    });
  });
}

/** A trust policy that the apply writes is read with the principals of that moment. */
function isSavedAgain({ fate, was, values }: PlannedInstance): boolean {
  return fate === 'replaced' || was.assume_role_policy !== values.assume_role_policy;
}
