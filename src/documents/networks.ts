/** A network of IPv4. */
export interface Network {
  readonly start: number;
  readonly length: number;
}

/** Undefined for what is no network of IPv4. */
export function networkOf(prefix: string): Network | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(prefix);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  const [one = 0, two = 0, three = 0, four = 0, length = 0] = numbers;
  if (numbers.slice(0, 4).some((byte) => byte > 255) || length > 32) return undefined;
  const address = ((one * 256 + two) * 256 + three) * 256 + four;
  const size = 2 ** (32 - length);
  return { start: address - (address % size), length };
}

/** The network of so many more bits and this number within another; undefined where it does not fit. */
export function subnet({ start, length }: Network, bits: number, number: number): string | undefined {
  const inner = length + bits;
  if (!Number.isInteger(bits) || !Number.isInteger(number) || bits < 0 || inner > 32) return undefined;
  if (number < 0 || number >= 2 ** bits) return undefined;
  return `${dotted(start + number * 2 ** (32 - inner))}/${inner}`;
}

export function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
