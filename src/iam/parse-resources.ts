import { pattern, segmentsOf } from '../symbolic/pattern.ts';
import { isKnown, type Text } from '../symbolic/text.ts';
import type { Member } from '../symbolic/value.ts';
import { type Item, textItems } from './item.ts';
import type { ResourceElement, ResourceItem } from './policy.ts';

export function parseResources(
  resource: Member | undefined,
  notResource: Member | undefined,
  variables: boolean,
): ResourceElement | undefined {
  const member = resource ?? notResource;
  if (member === undefined) return undefined;
  const items = textItems(member.value).map((item) => resourceItem(item, variables));
  return { negated: resource === undefined, items, place: member.value.place };
}

function resourceItem(item: Item, variables: boolean): ResourceItem {
  const whole = pattern(item.text);
  return {
    ...item,
    everything: item.text === '*',
    whole,
    segments: whole.literal === undefined ? segmentsOf(whole.tokens) : undefined,
    variables: variables && hasVariable(item.text),
  };
}

export function hasVariable(text: Text): boolean {
  return isKnown(text)
    ? text.includes('${')
    : text.parts.some((part) => typeof part === 'string' && part.includes('${'));
}
