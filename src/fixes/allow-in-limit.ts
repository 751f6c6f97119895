import type { RoleAction } from '../iam/actions.ts';
import type { Caller } from '../iam/caller.ts';
import type { LayerName } from '../iam/layer-report.ts';
import type { Policy } from '../iam/policy.ts';
import type { Finding } from '../rules/apply.ts';
import { show } from '../symbolic/text.ts';
import type { Fix } from './fix.ts';
import { addItem } from './list-item.ts';
import { addStatement } from './new-statement.ts';

type Proposal = Omit<Fix, 'verified'>;

/** What a boundary, a session policy or an SCP of the documents leaves out: one statement more, and in an SCP one action. */
export function allowInLimit(finding: Finding): readonly Proposal[] {
  const { subject } = finding;
  const explanation = subject?.explanation();
  const blocked = explanation?.blockedBy;
  const caller = subject?.assumption.question.caller;
  if (subject === undefined || explanation === undefined || blocked?.verdict !== 'no-allow') return [];
  if (caller === undefined || blocked.layer === 'identity') return [];
  const role = show(subject.assumption.question.role.arn);
  return policiesOf(caller, blocked.layer).flatMap((policy) => {
    // AWS's own policies are nobody's to edit.
    if (policy.document === undefined) return [];
    const listed = blocked.layer === 'scp' ? actionListed(policy, explanation.action, finding) : undefined;
    const resource = blocked.layer === 'scp' ? '*' : role;
    const edit = addStatement(policy.statements, { actions: [explanation.action], resource }, finding);
    const added = {
      description: `allow ${explanation.action}${resource === '*' ? '' : ` on ${role}`} in the ${policy.name}`,
      edits: edit === undefined ? [] : [edit],
    };
    return [listed, added].filter((one) => one !== undefined && one.edits.length > 0) as Proposal[];
  });
}

/** The caller's own policies in one layer. */
export function policiesOf(caller: Caller, layer: LayerName): readonly Policy[] {
  if (caller.kind !== 'user' && caller.kind !== 'role') return [];
  switch (layer) {
    case 'identity':
      return caller.identity.policies.map(({ policy }) => policy);
    case 'boundary':
      return caller.boundary?.kind === 'policy' ? [caller.boundary.policy] : [];
    case 'session':
      return caller.sessionPolicy === undefined ? [] : [caller.sessionPolicy];
    case 'scp':
      return (caller.organization.scps ?? []).flat();
    default:
      return [];
  }
}

/** The list of what an account may do at all. */
function actionListed({ statements, name }: Policy, action: RoleAction, finding: Finding): Proposal | undefined {
  const list = statements.find(
    ({ effect, actions, resources, conditions, guard }) =>
      effect === 'Allow' &&
      !actions.negated &&
      conditions.length === 0 &&
      guard === true &&
      resources?.negated === false &&
      resources.items.some(({ everything }) => everything),
  );
  const edit = list === undefined ? undefined : addItem(list.actions.items, action, finding);
  return edit === undefined ? undefined : { description: `allow ${action} in the ${name}`, edits: [edit] };
}
