import { isKnown } from '../symbolic/text.ts';
import type { RoleAction } from './actions.ts';
import type { TargetRole } from './caller.ts';
import type { Policy, ResourceElement, ResourceItem, Statement } from './policy.ts';

/** Fewer are soon looked at one by one. */
const FEW = 16;

/** What may be said of resources, by the ARNs that it names in full. */
class ByArn<T> {
  readonly #all: readonly T[];
  readonly #naming = new Map<string, number[]>();
  /** Those with a pattern or an unknown, which may mean any. */
  readonly #others: number[] = [];

  constructor(all: readonly T[], arnsIn: (one: T) => readonly string[] | undefined) {
    this.#all = all;
    for (const [index, one] of all.entries()) {
      const arns = arnsIn(one);
      if (arns === undefined) this.#others.push(index);
      for (const arn of new Set(arns)) {
        const naming = this.#naming.get(arn);
        if (naming === undefined) this.#naming.set(arn, [index]);
        else naming.push(index);
      }
    }
  }

  /** All but those that name other ARNs in full, in their order. */
  on(arn: string): readonly T[] {
    const indexes = [...(this.#naming.get(arn) ?? []), ...this.#others].sort((a, b) => a - b);
    return indexes.map((index) => this.#all[index]).filter((one) => one !== undefined);
  }
}

/** What a call is about. */
interface On {
  readonly action: RoleAction;
  readonly role: TargetRole;
}

const STATEMENTS = new WeakMap<Policy, ByArn<Statement>>();
const ITEMS = new WeakMap<ResourceElement, ByArn<ResourceItem>>();

/** A policy's statements, without those of which it is plain that they are about other roles than this one. */
export function statementsOn(policy: Policy, on: On): readonly Statement[] {
  const { statements } = policy;
  const arn = statements.length < FEW ? undefined : onlyArn(on);
  if (arn === undefined) return statements;
  let index = STATEMENTS.get(policy);
  if (index === undefined) {
    index = new ByArn(statements, ({ resources }) => (resources === undefined ? undefined : arnsNamed(resources)));
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
    index = new ByArn(items, (item) => {
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
