/** Readers of the typed values that conditions compare. Each gives undefined for a text that is not of its type. */

/** A number as IAM writes it: an integer or a decimal. */
export function readNumber(text: string): number | undefined {
  return /^[-+]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/**
 * Milliseconds since 1970: the W3C profile of ISO 8601, or epoch seconds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function readDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d{5,}(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?)?)?$/.exec(
    trimmed,
  );
  if (match === null) return undefined;
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    match;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(time) ? undefined : time;
}

export function readBoolean(text: string): boolean | undefined {
  const lower = text.trim().toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

/** The bytes of base64 text, in a form that compares. */
export function readBinary(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text.trim())) return undefined;
  return text.trim().replace(/=+$/, '');
}

export interface Network {
  readonly version: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
}

/** An address or a CIDR range; a bare address is its own range. IPv4 and IPv6 never match each other. */
export function readNetwork(text: string): Network | undefined {
  const [host = '', length, ...rest] = text.trim().split('/');
  if (rest.length > 0) return undefined;
  const version = host.includes(':') ? 6 : 4;
  const address = version === 4 ? readIPv4(host) : readIPv6(host);
  const longest = version === 4 ? 32 : 128;
  const prefix = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : longest + 1;
  if (address === undefined || prefix > longest) return undefined;
  return { version, address, prefix };
}

/** Whether a range holds an address. */
export function holds(range: Network, address: Network): boolean {
  if (range.version !== address.version || address.prefix < range.prefix) return false;
  const free = BigInt((range.version === 4 ? 32 : 128) - range.prefix);
  return range.address >> free === address.address >> free;
}

/** An address as text. */
export function showAddress(version: Network['version'], address: bigint): string {
  const [groups, width, separator, base] = version === 4 ? ([4, 8n, '.', 10] as const) : ([8, 16n, ':', 16] as const);
  return Array.from({ length: groups }, (_, index) => {
    const shift = BigInt(groups - 1 - index) * width;
    return ((address >> shift) & ((1n << width) - 1n)).toString(base);
  }).join(separator);
}

function readIPv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function readIPv6(text: string): bigint | undefined {
  const mixed = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = mixed?.[2] === undefined ? undefined : readIPv4(mixed[2]);
  if (mixed !== null && tail === undefined) return undefined;
  const plain =
    mixed === null || tail === undefined
      ? text
      : `${mixed[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const left = halves[0] === '' ? [] : (halves[0] ?? '').split(':');
  const right = halves[1] === undefined || halves[1] === '' ? [] : halves[1].split(':');
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
