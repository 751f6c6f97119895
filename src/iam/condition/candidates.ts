import { isKnown, type Text } from '../../symbolic/text.ts';
import type { Operator } from './test.ts';
import { type Network, readDate, readNetwork, readNumber, showAddress } from './values.ts';

/** What must hold of one condition key. */
export interface Required {
  readonly operator: Operator;
  readonly values: readonly Text[];
}

/** Texts that nobody asks for. */
const FILLERS: readonly Text[] = ['other-value', 'Zq7', '0'];

/** Values that a key might have to meet several requirements at once: what they name, and what lies between. */
export function candidatesFor(all: readonly Required[]): readonly Text[] {
  const named = all.flatMap(({ values }) => values);
  const known = named.filter(isKnown);
  const kinds = new Set(all.map(({ operator }) => /^(Numeric|Date|IpAddress|Bool)?/.exec(operator.comparison)?.[0]));
  return [
    ...new Set([
      ...named,
      ...known.flatMap((text) => [text.toLowerCase(), text.toUpperCase()]),
      ...(known.some((text) => /[*?]/.test(text)) ? filledIn(known) : []),
      ...(kinds.has('Bool') ? ['true', 'false'] : []),
      ...(kinds.has('Numeric') ? between(known.map(readNumber)).map(String) : []),
      ...(kinds.has('Date') ? between(known.map(readDate)).map(dateText) : []),
      ...(kinds.has('IpAddress') ? known.map(readNetwork).flatMap(addressesOf) : []),
      ...FILLERS,
    ]),
  ];
}

/** So many patterns are tried together with each other. */
const MOST_PAIRED = 16;

/** Patterns with nothing, a letter, or what another one asks for, in place of their wildcards. */
function filledIn(patterns: readonly string[]): readonly string[] {
  const fill = (pattern: string, first: string, others: string): string => {
    let at = 0;
    return pattern.replaceAll('?', 'x').replaceAll('*', () => (at++ === 0 ? first : others));
  };
  return patterns.flatMap((pattern) => [
    fill(pattern, '', ''),
    fill(pattern, 'x', 'x'),
    ...patterns
      .slice(0, MOST_PAIRED)
      .filter((other) => other !== pattern)
      .flatMap((other) => [fill(pattern, fill(other, '', ''), ''), fill(pattern, '', fill(other, '', ''))]),
  ]);
}

/** The bounds, and one number in each of the ranges that they leave. */
function between(bounds: readonly (number | undefined)[]): readonly number[] {
  const sorted = bounds.filter((bound) => bound !== undefined).sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const middles = sorted.slice(1).map((bound, index) => (bound + (sorted[index] ?? bound)) / 2);
  return [first - 1000, ...sorted, ...middles, last + 1000];
}

function dateText(time: number): string {
  return Math.abs(time) < 8.64e15 ? new Date(Math.floor(time)).toISOString() : '';
}

/** The first address of a range, and the one after its last. */
function addressesOf(range: Network | undefined): readonly string[] {
  if (range === undefined) return [];
  const bits = range.version === 4 ? 32 : 128;
  const size = 1n << BigInt(bits - range.prefix);
  const first = (range.address / size) * size;
  const next = first + size;
  return [first, ...(next < 1n << BigInt(bits) ? [next] : [])].map((address) => showAddress(range.version, address));
}
