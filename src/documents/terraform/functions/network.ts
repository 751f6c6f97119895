import { type Functions, ofTexts } from './function.ts';

/** Of networks those of IPv4; what names an IPv6 network is left to Terraform. */
export const NETWORKS: Functions = {
  cidrhost: ofFour((network, number = '') => {
    const host = Number(number);
    const size = 2 ** (32 - network.length);
    const index = host < 0 ? size + host : host;
    return Number.isInteger(host) && index >= 0 && index < size ? dotted(network.start + index) : undefined;
  }),
  cidrnetmask: ofFour((network) => dotted(2 ** 32 - 2 ** (32 - network.length))),
  cidrsubnet: ofFour((network, bits = '', number = '') => subnet(network, Number(bits), Number(number))),
  cidrsubnets: ofFour((network, ...bits) => {
    const subnets: string[] = [];
    let next = network.start;
    for (const more of bits.slice(0, 1024)) {
      const length = network.length + Number(more);
      if (!Number.isInteger(length) || Number(more) < 1 || length > 32) return undefined;
      const size = 2 ** (32 - length);
      const start = Math.ceil(next / size) * size;
      if (start + size > network.start + 2 ** (32 - network.length)) return undefined;
      subnets.push(`${dotted(start)}/${length}`);
      next = start + size;
    }
    return subnets;
  }),
};

interface Network {
  readonly start: number;
  readonly length: number;
}

function ofFour(apply: (network: Network, ...rest: readonly string[]) => string | readonly string[] | undefined) {
  return ofTexts((prefix = '', ...rest) => {
    const network = parse(prefix);
    return network === undefined ? undefined : apply(network, ...rest);
  });
}

function parse(prefix: string): Network | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(prefix);
  if (match === null) return undefined;
  const numbers = match.slice(1).map(Number);
  const [one = 0, two = 0, three = 0, four = 0, length = 0] = numbers;
  if (numbers.slice(0, 4).some((byte) => byte > 255) || length > 32) return undefined;
  const address = ((one * 256 + two) * 256 + three) * 256 + four;
  const size = 2 ** (32 - length);
  return { start: address - (address % size), length };
}

function subnet({ start, length }: Network, bits: number, number: number): string | undefined {
  const inner = length + bits;
  if (!Number.isInteger(bits) || !Number.isInteger(number) || bits < 0 || inner > 32) return undefined;
  if (number < 0 || number >= 2 ** bits) return undefined;
  return `${dotted(start + number * 2 ** (32 - inner))}/${inner}`;
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
