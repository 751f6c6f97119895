import { isKnown, keyOf } from '../../../symbolic/text.ts';
import type { Value } from '../../../symbolic/value.ts';
import { policyValue } from '../../policy-text.ts';

/**
 * What the source says after an edit, where the edit changes what it said and a plan that was made before bears out what it said
 * until then: so would a plan that is made now. Undefined where the plan's own word stands.
 */
export function edited(
  planned: Value | undefined,
  before: Value | undefined,
  after: Value | undefined,
): Value | undefined {
  if (after === undefined || before === undefined || planned === undefined) return undefined;
  const was = said(before);
  return was !== said(after) && was === said(planned) ? after : undefined;
}

/** A value without its places; one text says the same as a list of it, and lists have any order, as in a policy. */
function said(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
      return '';
    case 'text': {
      const policy = value.encodes ?? (isKnown(value.text) && /^\s*[[{]/.test(value.text) ? policyValue(value) : value);
      return policy.kind === 'text' ? JSON.stringify(keyOf(policy.text)) : said(policy);
    }
    case 'list': {
      const items = value.items.map(said).sort();
      return items.length === 1 ? (items[0] ?? '') : `[${items.join()}]`;
    }
    case 'map':
      return `{${value.members
        .map(({ key, value: of }) => `${JSON.stringify(keyOf(key))}:${said(of)}`)
        .sort()
        .join()}}`;
    case 'unknown':
      return `?${value.unknown.id}`;
    case 'choice':
      return `(${JSON.stringify(value.guard)}?${said(value.whenTrue)}:${said(value.whenFalse)})`;
  }
}
