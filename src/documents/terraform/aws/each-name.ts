import { both } from '../../../symbolic/guard.ts';
import { branchesOf, type ChoiceValue, type Value } from '../../../symbolic/value.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute } from './attributes.ts';
import { nameAttribute } from './names.ts';

/** Beyond so many names a resource is left with one that nobody knows. */
const MOST_NAMES = 4;

/** The resource under each of the names that an undecided condition gives it: whoever names it by one means it there. */
export function inEachName(resource: TerraformResource): readonly TerraformResource[] {
  const names = choiceOfNames(resource);
  if (names === undefined) return [resource];
  return branchesOf(names).map(({ value, guard }) => ({
    ...withName(resource, value),
    guard: both(resource.guard, guard),
  }));
}

/** What is made of a resource's name, under the same conditions. */
export function throughNames(
  resource: TerraformResource,
  make: (named: TerraformResource) => Value | undefined,
): Value | undefined {
  const names = choiceOfNames(resource);
  const way = (value: Value | undefined): Value | undefined => {
    if (value?.kind !== 'choice') return value && make(withName(resource, value));
    return { ...value, whenTrue: way(value.whenTrue), whenFalse: way(value.whenFalse), otherwise: ofAll };
  };
  const made = make(resource);
  const { place } = resource;
  const unknown = { id: `${resource.address}.name`, kind: 'open', shown: `\${${resource.address}.name}` } as const;
  const ofAll: ChoiceValue['otherwise'] =
    made?.kind === 'unknown' ? made : { kind: 'unknown', unknown: { ...unknown, missing: 'its name' }, place };
  return names === undefined ? made : way(names);
}

function choiceOfNames(resource: TerraformResource): ChoiceValue | undefined {
  const written = attribute(resource, nameAttribute(resource));
  if (written?.kind !== 'choice' || !isWhole(written)) return undefined;
  return branchesOf(written).length > MOST_NAMES ? undefined : written;
}

/** Whether each way has a name; without one the provider makes it up. */
function isWhole(value: Value | undefined): boolean {
  return value?.kind === 'choice' ? isWhole(value.whenTrue) && isWhole(value.whenFalse) : value?.kind === 'text';
}

function withName(resource: TerraformResource, value: Value): TerraformResource {
  const { address, mode, type, name, key, module, provider, guard, place, body } = resource;
  const named = nameAttribute(resource);
  const members = body.members.map((member) => (member.name === named ? { ...member, value } : member));
  return { address, mode, type, name, key, module, provider, guard, place, body: { ...body, members } };
}
