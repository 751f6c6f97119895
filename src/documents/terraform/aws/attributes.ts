import { createHash } from 'node:crypto';
import type { Item } from '../../../iam/item.ts';
import { locate } from '../../../source/source.ts';
import { keyOf, type Text, type Unknown, unknownText } from '../../../symbolic/text.ts';
import { type ChoiceValue, settled, type Value } from '../../../symbolic/value.ts';
import type { TerraformResource } from '../resource.ts';

/** An attribute, or the list of a nested block's maps. */
export function attribute(resource: TerraformResource, name: string): Value | undefined {
  return resource.body.members.find((member) => member.name === name)?.value;
}

/** The one text of a value; an empty one counts as none, as the provider sees it. */
export function textOf(value: Value | undefined): Item | undefined {
  if (value?.kind === 'choice') return { text: unknownText(wholeOf(value)), place: value.place };
  const one = settled(value);
  if (one?.kind === 'text') return one.text === '' ? undefined : { text: one.text, place: one.place };
  return one?.kind === 'unknown' ? { text: unknownText(one.unknown), place: one.place } : undefined;
}

export function attributeText(resource: TerraformResource, name: string): Text | undefined {
  return textOf(attribute(resource, name))?.text;
}

/** At its attribute, where what that refers to stands elsewhere. */
export function boundaryOf({ body }: TerraformResource): Item | undefined {
  const found = body.members.find(({ name }) => name === 'permissions_boundary');
  const boundary = textOf(found?.value);
  if (found === undefined || boundary === undefined || found.namePlace.source.derived === true) return boundary;
  const [key, value] = [locate(found.namePlace), locate(boundary.place)];
  const inline = key.path === value.path && key.startLine === value.startLine;
  return inline ? boundary : { ...boundary, place: found.namePlace };
}

/** A choice as a whole: not what it hangs on, which other choices with other ways hang on, too. */
function wholeOf({ otherwise: { unknown }, whenTrue, whenFalse }: ChoiceValue): Unknown {
  // Short: what an id becomes part of is told apart only as far as it is not too long.
  const ways = createHash('sha256')
    .update(JSON.stringify([whenTrue, whenFalse].map(wayOf)))
    .digest('hex')
    .slice(0, 16);
  return { ...unknown, id: `${unknown.id}?${ways}`, kind: 'open' };
}

function wayOf(value: Value | undefined): string {
  switch (value?.kind) {
    case 'text':
      return keyOf(value.text);
    case 'unknown':
      return value.unknown.id;
    case 'choice':
      return wholeOf(value).id;
    default:
      return value === undefined ? 'null' : `${value.place.source.path}:${value.place.start}`;
  }
}
