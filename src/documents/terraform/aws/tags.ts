import type { Tags } from '../../../iam/caller.ts';
import { isKnown, type Text, type Unknown, unknownText } from '../../../symbolic/text.ts';
import { settled, type Value } from '../../../symbolic/value.ts';
import { tagsOf } from '../../tags.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute } from './attributes.ts';
import type { Provider } from './providers.ts';

/** All tags of a resource: `tags_all` where it is known, else the provider's default ones and its own over them. */
export function terraformTags(resource: TerraformResource, { defaultTags }: Provider): Tags {
  const all = attribute(resource, 'tags_all');
  const own = attribute(resource, 'tags');
  if (own?.kind === 'list') return tagsOf(own);
  const layers = all?.kind === 'map' ? [all] : [defaultTags, own];
  const values = new Map<string, Text>();
  let open: Unknown | undefined;
  for (const layer of layers) open = addTags(layer, values) ?? open;
  return { values, open };
}

/** Keys are looked up without case, as IAM compares them. */
function addTags(given: Value | undefined, values: Map<string, Text>): Unknown | undefined {
  const tags = settled(given);
  if (tags?.kind === 'unknown') return tags.unknown;
  if (tags?.kind !== 'map') return undefined;
  let open: Unknown | undefined;
  for (const { key, value } of tags.members) {
    const written = settled(value);
    const [unknown] = isKnown(key) ? [] : key.parts.filter((part) => typeof part !== 'string');
    if (unknown !== undefined) open = unknown;
    else if (isKnown(key) && written.kind === 'text') values.set(key.toLowerCase(), written.text);
    else if (isKnown(key) && written.kind === 'unknown') values.set(key.toLowerCase(), unknownText(written.unknown));
  }
  return open;
}
