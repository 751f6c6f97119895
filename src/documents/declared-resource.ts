import type { Deployment } from '../inventory/declarations.ts';
import type { Place } from '../source/source.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import type { Text } from '../symbolic/text.ts';
import { branchesOf, type GuardedValue, type MapValue, type Value } from '../symbolic/value.ts';

/** A resource that a template or a module declares, alike in CloudFormation and Terraform. */
export interface DeclaredResource {
  /** `AWS::Lambda::Function`, `aws_lambda_function` */
  readonly type: string;
  /** Its logical id or address. */
  readonly id: string;
  property(name: string): Value | undefined;
  /** As far as it follows from the document. */
  readonly arn: Text | undefined;
  /** Where a person finds it: its logical id, its label. */
  readonly place: Place;
  readonly deployment: Deployment;
  /** Under which choices of the document it exists. */
  readonly guard: Guard;
}

/**
 * The values at a path of member names (`Targets[].RoleArn`, `stage.action.role_arn`), each with the choices that lead to it.
 * A list stands for its items, with or without `[]`; `*` stands for every member.
 */
export function valuesAt(resource: DeclaredResource, path: string): readonly GuardedValue[] {
  const [first = '', ...rest] = path.replaceAll('[]', '').split('.');
  return rest.reduce<readonly GuardedValue[]>(
    (found, name) => found.flatMap(({ value, guard }) => (value.kind === 'map' ? membersOf(value, name, guard) : [])),
    leaves(resource.property(first), true),
  );
}

function membersOf(map: MapValue, name: string, guard: Guard): readonly GuardedValue[] {
  return map.members
    .filter((member) => name === '*' || member.name === name)
    .flatMap((member) => leaves(member.value, guard));
}

/** The value itself, or a list's items, lists in lists included. */
function leaves(value: Value | undefined, guard: Guard): readonly GuardedValue[] {
  return branchesOf(value, guard).flatMap((branch) =>
    branch.value.kind === 'list'
      ? branch.value.items.flatMap((item) => leaves(item, both(guard, branch.guard)))
      : [branch],
  );
}
