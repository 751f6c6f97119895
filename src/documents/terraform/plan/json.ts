/** What `JSON.parse` gives. */
export type Json = null | string | number | boolean | readonly Json[] | JsonMap;

export interface JsonMap {
  readonly [name: string]: Json | undefined;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** An empty one stands for whatever is none. */
export function mapIn(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

export function listIn(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

export function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
