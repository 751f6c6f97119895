export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Fields = { readonly [key: string]: Json };

export function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

export function isFields(json: Json | undefined): json is Fields {
  return typeof json === 'object' && json !== null && !isList(json);
}

export function fieldsOf(json: Json | undefined): Fields | undefined {
  return isFields(json) ? json : undefined;
}

/** A text that is not empty; numbers and truth values as they are written. */
export function textOf(json: Json | undefined): string | undefined {
  if (typeof json === 'string') return json === '' ? undefined : json;
  return typeof json === 'number' || typeof json === 'boolean' ? String(json) : undefined;
}

export function textsOf(json: Json | undefined): readonly string[] {
  return isList(json) ? json.flatMap((one) => textOf(one) ?? []) : [];
}
