import type { Value } from '../../../symbolic/value.ts';
import { referencesOf } from './configuration.ts';
import type { Json } from './json.ts';
import type { JsonPath } from './places.ts';
import type { Plan, PlannedInstance } from './plan.ts';

/** What an attribute takes: which attributes give it, of which resources, and which one where that is not said. */
interface Wanted {
  readonly from: RegExp;
  readonly of: RegExp;
  readonly usual: string;
}

const JSON_TEXT: Wanted = { from: /^(minified_)?json$/, of: /^aws_iam_policy_document$/, usual: 'json' };
const ARN: Wanted = { from: /^arn$/, of: /./, usual: 'arn' };
// A bucket's ARN is often followed by more; a role's is the whole of what may be assumed.
const ROLE_ARN: Wanted = { from: /^arn$/, of: /^aws(cc)?_iam_role$/, usual: 'arn' };
const NAME: Wanted = { from: /^(name|id)$/, of: /^aws(cc)?_iam_/, usual: 'name' };
const ORGANIZATION_ID: Wanted = { from: /^id$/, of: /^aws_organizations_/, usual: 'id' };
const PERMISSION_SET: Wanted = { from: /^arn$/, of: /^aws_ssoadmin_permission_set$/, usual: 'arn' };

/**
 * Attributes that take a whole name, ARN or document: text around a reference would make no sense in them, so the one thing
 * that their expression refers to is their value.
 */
const WHOLE: Readonly<Record<string, Wanted>> = {
  assume_role_policy: JSON_TEXT,
  policy: JSON_TEXT,
  source_policy_documents: JSON_TEXT,
  override_policy_documents: JSON_TEXT,
  identifiers: ARN,
  resources: ROLE_ARN,
  content: JSON_TEXT,
  inline_policy: JSON_TEXT,
  policy_id: ORGANIZATION_ID,
  parent_id: ORGANIZATION_ID,
  target_id: ORGANIZATION_ID,
  target_ids: ORGANIZATION_ID,
  permission_set_arn: PERMISSION_SET,
  managed_policy_arn: ARN,
  policy_arn: ARN,
  policy_arns: ARN,
  managed_policy_arns: ARN,
  permissions_boundary: ARN,
  policy_names: NAME,
  user: NAME,
  users: NAME,
  user_name: NAME,
  group: NAME,
  groups: NAME,
  group_name: NAME,
};

/** A reference into `for_each` loses what follows the key: IAM's own resources take names, most others ARNs. */
function wantedBy({ type }: PlannedInstance, attribute: string): Wanted | undefined {
  if (/(^|_)(roles?|role_name|role_arns?|instance_profile)$/.test(attribute)) {
    const usual = type.startsWith('aws_iam_') && !/_arns?$/.test(attribute) ? 'name' : 'arn';
    return { from: /^(arn|name|id)$/, of: /^aws(cc)?_iam_(role|instance_profile)$/, usual };
  }
  return WHOLE[attribute];
}

/** Resources whose id is their ARN. */
const ID_IS_ARN = /^aws_iam_(policy|openid_connect_provider|saml_provider)$/;

/** Beyond this a chain of variables and outputs is not followed. */
const MOST_STEPS = 50;

/** What a plan's references lead to, through the arguments and outputs of modules, to the attribute of one instance. */
export class References {
  readonly #plan: Plan;
  readonly #attribute: (instance: PlannedInstance, attribute: string) => Value | undefined;
  readonly #instances = new Map<string, PlannedInstance[]>();

  constructor(plan: Plan, attribute: (instance: PlannedInstance, attribute: string) => Value | undefined) {
    this.#plan = plan;
    this.#attribute = attribute;
    for (const one of plan.instances) {
      const key = `${one.module}|${one.mode === 'data' ? 'data.' : ''}${one.type}.${one.name}`;
      const same = this.#instances.get(key);
      if (same === undefined) this.#instances.set(key, [one]);
      else same.push(one);
    }
  }

  /** The value of an expression that is unknown; undefined where its references do not tell it. */
  value(
    expression: Json | undefined,
    from: PlannedInstance,
    path: JsonPath,
    siblings: { readonly index: number; readonly count: number } | undefined,
  ): Value | undefined {
    const name = path.findLast((step) => typeof step === 'string');
    const all = referencesOf(expression);
    const references = all.filter((one) => !isKey(one));
    const wanted = typeof name === 'string' ? wantedBy(from, name) : undefined;
    if (wanted === undefined) return undefined;
    // Several unknown items of a list are as many references, in any order.
    const at = siblings === undefined ? 0 : siblings.index;
    const count = siblings === undefined ? 1 : siblings.count;
    const reference = references[at];
    if (references.length !== count || reference === undefined || (count > 1 && all.length > count)) return undefined;
    return this.#follow(reference, from, from.module, wanted, all.some(isKey), MOST_STEPS);
  }

  #follow(
    reference: string,
    from: PlannedInstance,
    module: string,
    wanted: Wanted,
    keyed: boolean,
    steps: number,
  ): Value | undefined {
    if (steps === 0) return undefined;
    const on = (expression: Json | undefined, where: string): Value | undefined => {
      const all = referencesOf(expression);
      const [only, ...more] = all.filter((one) => !isKey(one));
      return only === undefined || more.length > 0
        ? undefined
        : this.#follow(only, from, where, wanted, all.some(isKey), steps - 1);
    };
    const variable = /^var\.([\w-]+)$/.exec(reference)?.[1];
    if (variable !== undefined)
      return module === '' ? undefined : on(this.#plan.configuration.argument(module, variable), outer(module));
    const [, call, key, output] = /^module\.([\w-]+)(\[[^\]]*\])?\.([\w-]+)$/.exec(reference) ?? [];
    if (call !== undefined && output !== undefined) {
      const inner = this.#moduleInstance(module, call, key, keyed, from);
      return inner === undefined ? undefined : on(this.#plan.configuration.output(inner, output), inner);
    }
    const [, base, index, written] = /^((?:data\.)?[\w-]+\.[\w-]+)(\[[^\]]*\])?(?:\.([\w-]+))?$/.exec(reference) ?? [];
    if (base === undefined || base.startsWith('local.')) return undefined;
    const attribute = written ?? wanted.usual;
    const one = this.#pick(this.#instances.get(`${module}|${base}`) ?? [], index, from);
    if (one === undefined || !wanted.of.test(one.type)) return undefined;
    const fits = wanted.from.test(attribute) || (wanted === ARN && attribute === 'id' && ID_IS_ARN.test(one.type));
    return fits ? this.#attribute(one, attribute) : undefined;
  }

  /** The instance with the key that is written, the only one, or the one with the key of whoever refers to it. */
  #pick(
    instances: readonly PlannedInstance[],
    index: string | undefined,
    from: PlannedInstance,
  ): PlannedInstance | undefined {
    if (index !== undefined) return instances.find(({ key }) => `[${JSON.stringify(key)}]` === index);
    const [only, ...more] = instances;
    if (more.length === 0) return only;
    return from.key === undefined ? undefined : instances.find(({ key }) => key === from.key);
  }

  /** The address of a called module's instance, among those that have resources. */
  #moduleInstance(
    module: string,
    call: string,
    key: string | undefined,
    keyed: boolean,
    from: PlannedInstance,
  ): string | undefined {
    const base = `${module === '' ? '' : `${module}.`}module.${call}`;
    if (key !== undefined) return `${base}${key}`;
    if (keyed) return from.key === undefined ? undefined : `${base}[${JSON.stringify(from.key)}]`;
    return base;
  }
}

function isKey(reference: string): boolean {
  return /^(each|count|path|terraform)\./.test(reference);
}

/** The module that calls a module. */
function outer(module: string): string {
  return module.replace(/(?:^|\.)module\.[\w-]+(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?$/, '');
}
