import type { Item } from '../../../iam/item.ts';
import { type Text, unknownText } from '../../../symbolic/text.ts';
import { settled, type Value } from '../../../symbolic/value.ts';
import type { TerraformResource } from '../resource.ts';

/** An attribute, or the list of a nested block's maps. */
export function attribute(resource: TerraformResource, name: string): Value | undefined {
  return resource.body.members.find((member) => member.name === name)?.value;
}

/** The one text of a value; an empty one counts as none, as the provider sees it. */
export function textOf(value: Value | undefined): Item | undefined {
  const one = settled(value);
  if (one?.kind === 'text') return one.text === '' ? undefined : { text: one.text, place: one.place };
  return one?.kind === 'unknown' ? { text: unknownText(one.unknown), place: one.place } : undefined;
}

export function attributeText(resource: TerraformResource, name: string): Text | undefined {
  return textOf(attribute(resource, name))?.text;
}
