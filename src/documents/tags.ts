import type { Tags } from '../iam/caller.ts';
import { isKnown, type Text, type Unknown } from '../symbolic/text.ts';
import { itemsOf, memberOf, type Value } from '../symbolic/value.ts';

/** `[{Key, Value}]` */
export function tagsOf(value: Value | undefined): Tags {
  const values = new Map<string, Text>();
  let open: Unknown | undefined = value?.kind === 'unknown' ? value.unknown : undefined;
  for (const item of itemsOf(value)) {
    const key = memberOf(item, 'Key') ?? memberOf(item, 'key');
    const own = memberOf(item, 'Value') ?? memberOf(item, 'value');
    if (item.kind === 'unknown') open ??= item.unknown;
    else if (key?.kind === 'text' && isKnown(key.text) && own?.kind === 'text')
      values.set(key.text.toLowerCase(), own.text);
    else if (key?.kind === 'text' && isKnown(key.text) && own?.kind === 'unknown')
      values.set(key.text.toLowerCase(), { parts: [own.unknown] });
  }
  return { values, open };
}
