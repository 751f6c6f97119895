import { type JsonMap, listIn, mapIn, textIn } from './json.ts';
import type { PlannedInstance } from './plan.ts';

/** What a role lists that was found there: the attribute, and what names an entry where it is more than a name. */
const LISTS: Readonly<Record<string, readonly (readonly [attribute: string, name: string | undefined])[]>> = {
  aws_iam_role: [
    ['inline_policy', 'name'],
    ['managed_policy_arns', undefined],
  ],
  awscc_iam_role: [
    ['policies', 'policy_name'],
    ['managed_policy_arns', undefined],
  ],
};

/** What gives a role one more policy: inline, or attached. */
const KEEPING = /^(aws(cc)?_iam_role_policy|aws_iam_(role_)?policy_attachment)$/;

/**
 * A role shows every policy that it had when it was read, also those that other resources keep. What becomes of those, only these
 * others say: they may change or destroy them in the same plan.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role.go
 */
export class KeptByOthers {
  readonly #entries = new Set<string>();

  constructor(instances: readonly PlannedInstance[]) {
    for (const { mode, type, was } of instances) {
      if (mode !== 'managed' || !KEEPING.test(type)) continue;
      const names = [was.role, was.role_name, ...listIn(was.roles)].flatMap((one) => textIn(one) ?? []);
      const entries = type.endsWith('_attachment') ? [was.policy_arn] : [was.name, was.policy_name];
      for (const role of names)
        for (const entry of entries) if (typeof entry === 'string') this.#entries.add(keyOf(role, entry));
    }
  }

  /** Which entries of a role's attribute others keep; none where the role's own block writes it. */
  in({ type, mode, values }: PlannedInstance, attribute: string, expressions: JsonMap): ReadonlySet<number> {
    const [, name] = LISTS[type]?.find(([list]) => list === attribute) ?? [];
    const role = textIn(values.name) ?? textIn(values.role_name);
    if (LISTS[type] === undefined || mode !== 'managed' || role === undefined || expressions[attribute] !== undefined)
      return NONE;
    const indices = listIn(values[attribute]).flatMap((entry, index) => {
      const shown = textIn(name === undefined ? entry : mapIn(entry)[name]);
      return shown !== undefined && this.#entries.has(keyOf(role, shown)) ? [index] : [];
    });
    return new Set(indices);
  }
}

const NONE: ReadonlySet<number> = new Set();

function keyOf(role: string, entry: string): string {
  return JSON.stringify([role, entry]);
}
