import { dotted, type Network, networkOf, subnet } from '../../networks.ts';
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

function ofFour(apply: (network: Network, ...rest: readonly string[]) => string | readonly string[] | undefined) {
  return ofTexts((prefix = '', ...rest) => {
    const network = networkOf(prefix);
    return network === undefined ? undefined : apply(network, ...rest);
  });
}
