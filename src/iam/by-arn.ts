import { isKnown } from '../symbolic/text.ts';
import type { RoleAction } from './actions.ts';
import { ByName, FEW } from './by-name.ts';
import type { TargetRole } from './caller.ts';
import type { Policy, ResourceElement, ResourceItem, Statement } from './policy.ts';

/** What a call is about. */
interface On {
  readonly action: RoleAction;
  readonly role: TargetRole;
}

const STATEMENTS = new WeakMap<Policy, ByName<Statement>>();
const ITEMS = new WeakMap<ResourceElement, ByName<ResourceItem>>();

/** A policy's statements, without those of which it is plain that they are about other roles than this one. */
export function statementsOn(policy: Policy, on: On): readonly Statement[] {
  const { statements } = policy;
  const arn = statements.length < FEW ? undefined : onlyArn(on);
  if (arn === undefined) return statements;
  let index = STATEMENTS.get(policy);
  if (index === undefined) {
    index = new ByName(statements, ({ resources }) => (resources === undefined ? undefined : arnsNamed(resources)));
    STATEMENTS.set(policy, index);
  }
  return index.on(arn);
}

/** An element's items, without those of which it is plain that they are other roles than this one. */
export function itemsOn(element: ResourceElement, on: On): readonly ResourceItem[] {
  const { items } = element;
  const arn = items.length < FEW ? undefined : onlyArn(on);
  if (arn === undefined) return items;
  let index = ITEMS.get(element);
  if (index === undefined) {
    index = new ByName(items, (item) => {
      const named = arnNamed(item);
      return named === undefined ? undefined : [named];
    });
    ITEMS.set(element, index);
  }
  return index.on(arn);
}

/** The one ARN that a statement must name; undefined where it is not known, or where the caller's own does as well. */
function onlyArn({ action, role }: On): string | undefined {
  return isKnown(role.arn) && action !== 'sts:SetContext' ? role.arn : undefined;
}

/** Undefined where the element is about more than what it names. */
function arnsNamed({ negated, items }: ResourceElement): readonly string[] | undefined {
  const named = items.map(arnNamed).filter((arn) => arn !== undefined);
  return negated || named.length < items.length ? undefined : named;
}

function arnNamed({ everything, variables, whole }: ResourceItem): string | undefined {
  return everything || variables ? undefined : whole.literal;
}
