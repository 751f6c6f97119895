import type { Problem } from '../../inventory/declarations.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';

/** How actions and workflows call the role that they assume: `role-to-assume`, `aws_role_arn`, `oidc-role`. */
const ASSUMED = /assume|oidc|(^|[-_])aws[-_]?role|^role[-_]?arn$/i;
const ROLE_ARN = /^arn:aws[\w-]*:iam::[^:\s]*:role\//;

/**
 * A step or a job that gives a role to what cannot be read: an action or a workflow of another repository, a program. What
 * gets no role may still assume one, but most actions do not, and nothing is said of them.
 */
export function unfollowed(tree: Tree): readonly Problem[] {
  const uses = scalarText(member(tree, 'uses'));
  const inputs = member(tree, 'with');
  if (uses === undefined || inputs?.kind !== 'map') return [];
  return inputs.entries
    .filter(({ key, value }) => ASSUMED.test(key.text) && ROLE_ARN.test(scalarText(value) ?? ''))
    .map(({ value }) => ({
      level: 'warning',
      message: `${uses} is not followed: what it does with this role is not known`,
      place: value.place,
    }));
}
