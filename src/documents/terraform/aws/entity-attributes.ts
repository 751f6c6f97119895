import type { Item } from '../../../iam/item.ts';
import { LONGEST_SESSION, type RoleDeclaration } from '../../../inventory/declarations.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute, attributeText, textOf } from './attributes.ts';

export function longestSession(resource: TerraformResource): Item {
  const written = textOf(attribute(resource, 'max_session_duration'));
  return written ?? { text: LONGEST_SESSION, place: resource.place };
}

export function describedBy(resource: TerraformResource): Pick<RoleDeclaration, 'description'> {
  const written = textOf(attribute(resource, 'description'));
  return written === undefined || written.text === '' ? {} : { description: written };
}

export function uniqueIdOf(resource: TerraformResource): string | undefined {
  const id = attributeText(resource, 'unique_id');
  return typeof id === 'string' ? id : undefined;
}
