import { type Functions, ofTexts } from './function.ts';

/** A network of IPv4 or IPv6: its first address, and how many of its bits are the network's. */
interface Network {
  readonly start: bigint;
  readonly length: number;
  readonly bits: 32 | 128;
}

/** IPv6 networks may be cut by so many bits at once. https://developer.hashicorp.com/terraform/language/functions/cidrsubnets */
const MOST_NEW_BITS = 32;

export const NETWORKS: Functions = {
  cidrhost: ofNetwork((network, number = '') => {
    const host = wholeOf(number);
    const size = sizeOf(network);
    const index = host !== undefined && host < 0n ? size + host : host;
    return index !== undefined && index >= 0n && index < size
      ? written(network.start + index, network.bits)
      : undefined;
  }),
  cidrnetmask: ofNetwork((network) =>
    network.bits === 32 ? written((1n << 32n) - sizeOf(network), network.bits) : undefined,
  ),
  cidrsubnet: ofNetwork((network, bits = '', number = '') => {
    const [more, index] = [wholeOf(bits), wholeOf(number)];
    if (more === undefined || index === undefined) return undefined;
    if (more < 0n || index < 0n) return null;
    const length = network.length + Number(more);
    if (length > network.bits || index >= 1n << more) return undefined;
    return prefixOf({ ...network, start: network.start + index * (1n << BigInt(network.bits - length)), length });
  }),
  cidrsubnets: ofNetwork((network, ...bits) => {
    const subnets: string[] = [];
    const end = network.start + sizeOf(network);
    let next = network.start;
    for (const given of bits.slice(0, 1024)) {
      const more = wholeOf(given);
      if (more === undefined || more < 1n || more > MOST_NEW_BITS) return undefined;
      const inner = { ...network, length: network.length + Number(more) };
      if (inner.length > network.bits) return undefined;
      const size = sizeOf(inner);
      const start = ((next + size - 1n) / size) * size;
      if (start + size > end) return undefined;
      subnets.push(prefixOf({ ...inner, start }));
      next = start + size;
    }
    return subnets;
  }),
};

type OfNetwork = (network: Network, ...rest: readonly string[]) => string | readonly string[] | null | undefined;

function ofNetwork(apply: OfNetwork) {
  return ofTexts((prefix = '', ...rest) => {
    const network = networkOf(prefix);
    if (network === undefined) return undefined;
    // Addresses of IPv4 in the form of IPv6 are cut as Go has it.
    return network.bits === 128 && network.start >> 32n === 0xffffn ? null : apply(network, ...rest);
  });
}

function wholeOf(number: string): bigint | undefined {
  return /^-?\d{1,40}$/.test(number) ? BigInt(number) : undefined;
}

function sizeOf({ length, bits }: Network): bigint {
  return 1n << BigInt(bits - length);
}

function networkOf(prefix: string): Network | undefined {
  const [, address = '', length = ''] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(prefix) ?? [];
  const numbers = address.includes(':') ? groupsOf(address) : octetsOf(address);
  if (numbers === undefined) return undefined;
  const bits = address.includes(':') ? 128 : 32;
  const each = BigInt(bits / numbers.length);
  const start = numbers.reduce((sum, number) => (sum << each) + BigInt(number), 0n);
  const network = { start, length: Number(length), bits } as const;
  return network.length > bits ? undefined : { ...network, start: start - (start % sizeOf(network)) };
}

function octetsOf(address: string): readonly number[] | undefined {
  const octets = /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? address.split('.').map(Number) : [];
  return octets.length === 4 && octets.every((octet) => octet < 256) ? octets : undefined;
}

/** The eight groups of an IPv6 address; `::` stands for as many zeros as are wanting. https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
function groupsOf(address: string): readonly number[] | undefined {
  const [, before = '', last] = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(address) ?? [];
  const octets = last === undefined ? undefined : octetsOf(last);
  if (last !== undefined && octets === undefined) return undefined;
  const [one = 0, two = 0, three = 0, four = 0] = octets ?? [];
  const tail = octets === undefined ? '' : `${(one * 256 + two).toString(16)}:${(three * 256 + four).toString(16)}`;
  const halves = (octets === undefined ? address : `${before}${tail}`).split('::');
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const written = [...left, ...right];
  if (halves.length > 2 || !written.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const missing = 8 - written.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...left, ...Array<string>(missing).fill('0'), ...right].map((group) => Number.parseInt(group, 16));
}

function prefixOf({ start, length, bits }: Network): string {
  return `${written(start, bits)}/${length}`;
}

function written(address: bigint, bits: 32 | 128): string {
  const each = bits === 32 ? 8 : 16;
  const count = bits / each;
  const numbers = Array.from({ length: count }, (_, index) =>
    Number((address >> BigInt((count - 1 - index) * each)) & ((1n << BigInt(each)) - 1n)),
  );
  return bits === 32 ? numbers.join('.') : compressed(numbers);
}

/** The longest run of zeros is left out, the first of several, and none of one. https://www.rfc-editor.org/rfc/rfc5952#section-4.2 */
function compressed(groups: readonly number[]): string {
  let [best, longest] = [-1, 1];
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (groups[at + length] === 0) length += 1;
    if (length > longest) [best, longest] = [at, length];
  }
  const hex = groups.map((group) => group.toString(16));
  return best < 0 ? hex.join(':') : `${hex.slice(0, best).join(':')}::${hex.slice(best + longest).join(':')}`;
}
