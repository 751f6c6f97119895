import { isKnown } from '../symbolic/text.ts';
import type { Value } from '../symbolic/value.ts';
import { policyValue } from './policy-text.ts';

/** A member by its name in any case: SDKs and tools write `RoleName`, `roleName` and `role_name`. */
export function field(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'map') return undefined;
  const wanted = name.toLowerCase();
  return (
    value.members.find((member) => member.name === name)?.value ??
    value.members.find((member) => member.name.replace(/_/g, '').toLowerCase() === wanted)?.value
  );
}

/** A member's text, where it is one that is known. */
export function fieldText(value: Value | undefined, name: string): string | undefined {
  const found = field(value, name);
  return found?.kind === 'text' && isKnown(found.text) ? found.text : undefined;
}

/**
 * A policy document as the IAM API gives it: an object, its JSON, or its URL-encoded JSON (RFC 3986). Some tools encode it once
 * more; no JSON starts with a percent sign.
 */
export function identityDocument(value: Value): Value {
  if (value.kind !== 'text' || !isKnown(value.text)) return policyValue(value);
  let { text } = value;
  try {
    while (/^\s*%(25)*7B/i.test(text)) text = decodeURIComponent(text);
  } catch {
    return value;
  }
  return policyValue(text === value.text ? value : { ...value, text });
}
