/** A member of data that a library has parsed, whatever its shape. */
export function dataAt(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
