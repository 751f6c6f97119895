import type { Place } from '../../source/source.ts';
import type { Guard } from '../../symbolic/guard.ts';
import type { MapValue, Value } from '../../symbolic/value.ts';

/** One instance of a `resource` or `data` block, as a plan or the source alone lets anyone know it. */
export interface TerraformResource {
  /** `module.a["x"].aws_iam_role.r[0]` */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Its `count.index` or `each.key`; undefined where it has neither, or nobody can know them. */
  readonly key: string | number | undefined;
  /** The address of its module; `''` for the root. */
  readonly module: string;
  /** `aws`, `aws.prod`: as the root module calls the provider's configuration. */
  readonly provider: string | undefined;
  /** Its attributes and nested blocks; a nested block is a list of maps. */
  readonly body: MapValue;
  /** Under which choices (`count`, `for_each`) it exists. */
  readonly guard: Guard;
  /** The block's name label. */
  readonly place: Place;
  /** Set in a plan: what the apply does with an attribute that the provider writes. */
  readonly applied?: (attribute: string) => Applied;
}

/** Written for the first time, written again because it differs from what is there, kept as it is, or found and written by nobody. */
export type Applied = 'new' | 'changed' | 'kept' | 'found';

/**
 * What only the provider computes: `aws_iam_role.x.arn`, `data.aws_iam_policy_document.x.json`. Asked when an expression first
 * reads the attribute; undefined where it stays unknown until apply.
 */
export type Computed = (resource: TerraformResource, attribute: string) => Value | undefined;
