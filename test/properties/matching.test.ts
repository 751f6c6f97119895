import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/iam/decide.ts';
import { globMatches, matches, pattern } from '../../src/symbolic/pattern.ts';
import { concat, type Text, type Unknown } from '../../src/symbolic/text.ts';
import { given, scenario, when } from '../conformance/language.ts';
import { type Document, questionOf } from '../support/questions.ts';
import { naiveGlob } from './naive.ts';
import { unknown } from './worlds.ts';

const letters = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), maxLength });

test('a pattern matches as by hand', () => {
  fc.assert(
    fc.property(letters('ab*?', 8), letters('ab', 9), (written, text) => {
      const byHand = naiveGlob(written, text);
      expect(globMatches(written, text)).toBe(byHand);
      expect(matches(pattern(written), text)).toBe(byHand);
    }),
    { numRuns: 5000 },
  );
});

test('a star matches all but what a pattern’s ends and letters ask for', () => {
  fc.assert(
    fc.property(letters('ab', 6), letters('ab', 6), letters('ab*?', 12), (start, end, text) => {
      const inside = text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
      expect(globMatches(`${start}*${end}`, text)).toBe(inside);
    }),
    { numRuns: 2000 },
  );
});

test('what is sure of a pattern and a text with unknowns is so for each of their values', () => {
  const one = unknown('‹1›', 'open');
  const two = unknown('‹2›', 'open');
  const parts = (alphabet: string) =>
    fc.array(fc.oneof(letters(alphabet, 3), fc.constantFrom<Unknown[]>(one, two)), { maxLength: 4 });
  const values = fc.record({ '‹1›': letters('ab', 3), '‹2›': letters('ab', 3) });
  const known = (all: readonly (string | Unknown)[], by: Readonly<Record<string, string>>): string =>
    all.map((part) => (typeof part === 'string' ? part : (by[part.id] ?? ''))).join('');
  fc.assert(
    fc.property(parts('ab*?'), parts('ab'), values, (written, text, by) => {
      const sure = matches(pattern(concat(...written)), concat(...text));
      if (typeof sure === 'boolean') expect(naiveGlob(known(written, by), known(text, by))).toBe(sure);
    }),
    { numRuns: 5000 },
  );
});

describe('long texts end soon', () => {
  const text = 'a'.repeat(100_000);

  test.each(['*a*a*a*a*b', '*a*a*a*a*a', 'a*a*a*a*a*?b', `${'*a'.repeat(50)}*b`, '?*?*?*?*c'])('%s', (written) => {
    expect(globMatches(written, text)).toBe(written.endsWith('a'));
  });

  test('with an unknown in the text', () => {
    const open: Text = concat(text, unknown('‹1›', 'open'));
    expect(matches(pattern('*a*a*a*a*b'), open)).not.toBe(true);
    expect(matches(pattern('b*'), open)).toBe(false);
  });

  test('in a condition', () => {
    const long = scenario(when({ StringLike: { 'sts:ExternalId': '*a*a*a*a*b' } }), given({ 'sts:ExternalId': text }));
    expect(decide(questionOf(long)).decision).toBe('denied');
  });
});

/** Whether a condition on an external id or another key of the call holds. */
function holds(condition: Document, context: Parameters<typeof given>[0]): boolean {
  return decide(questionOf(scenario(when(condition), given(context)))).decision === 'allowed';
}

test('ArnLike matches part by part, as by hand', () => {
  const part = letters('a*?', 2);
  const six = (unit: fc.Arbitrary<string>) => fc.tuple(unit, unit, unit, unit, unit);
  const lists = fc.tuple(six(part), six(letters('ab', 2)));
  fc.assert(
    fc.property(lists, fc.constantFrom('', ':a'), ([wanted, has], tail) => {
      const byHand = wanted.every((one, index) => naiveGlob(one, `${has[index] ?? ''}${index === 4 ? tail : ''}`));
      const condition = { ArnLike: { 'aws:SourceArn': `arn:${wanted.join(':')}` } };
      expect(holds(condition, { 'aws:SourceArn': `arn:${has.join(':')}${tail}` })).toBe(byHand);
    }),
    { numRuns: 1500 },
  );
});

const byte = fc.constantFrom(0, 1, 10, 127, 128, 192, 203, 255);
const ipv4 = fc.tuple(byte, byte, byte, byte);
const group = fc.constantFrom(0, 1, 0xdb8, 0x2001, 0xffff);
const ipv6 = fc.tuple(group, group, group, group, group, group, group, group);

/** The first bits of an address, as text. */
function bits(parts: readonly number[], width: number, length: number): string {
  return parts
    .map((part) => part.toString(2).padStart(width, '0'))
    .join('')
    .slice(0, length);
}

test('an IPv4 range holds the addresses that share its first bits', () => {
  fc.assert(
    fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (range, address, length) => {
      const inside = bits(range, 8, length) === bits(address, 8, length);
      const test = { 'aws:SourceIp': `${range.join('.')}/${length}` };
      expect(holds({ IpAddress: test }, { 'aws:SourceIp': address.join('.') })).toBe(inside);
      expect(holds({ NotIpAddress: test }, { 'aws:SourceIp': address.join('.') })).toBe(!inside);
    }),
    { numRuns: 1500 },
  );
});

test('an IPv6 range holds the addresses that share its first bits, however they are written', () => {
  const long = (parts: readonly number[]): string => parts.map((part) => part.toString(16).padStart(4, '0')).join(':');
  const short = (parts: readonly number[]): string => {
    const text = parts.map((part) => part.toString(16).toUpperCase()).join(':');
    return text.replace(/(^|:)0(:0)+(:|$)/, '::');
  };
  fc.assert(
    fc.property(ipv6, ipv6, fc.integer({ min: 0, max: 128 }), (range, address, length) => {
      const inside = bits(range, 16, length) === bits(address, 16, length);
      for (const write of [long, short]) {
        const test = { IpAddress: { 'aws:SourceIp': `${write(range)}/${length}` } };
        expect(holds(test, { 'aws:SourceIp': short(address) })).toBe(inside);
        expect(holds(test, { 'aws:SourceIp': long(address) })).toBe(inside);
      }
    }),
    { numRuns: 1000 },
  );
});

test('dates are ordered however they are written', () => {
  const seconds = fc.integer({ min: 1_500_000_000, max: 1_500_000_100 });
  const zones = fc.constantFrom(0, 60, -330, 840);
  const iso = (at: number, zone: number): string => {
    const local = new Date((at + zone * 60) * 1000).toISOString().slice(0, 19);
    const hours = String(Math.floor(Math.abs(zone) / 60)).padStart(2, '0');
    const sign = zone < 0 ? '-' : '+';
    return zone === 0 ? `${local}Z` : `${local}${sign}${hours}:${String(Math.abs(zone) % 60).padStart(2, '0')}`;
  };
  fc.assert(
    fc.property(seconds, seconds, zones, zones, (wanted, has, zone, other) => {
      const ways = [iso(wanted, zone), String(wanted)];
      for (const written of ways) {
        const when = (relation: string): boolean =>
          holds({ [`Date${relation}`]: { 'aws:CurrentTime': written } }, { 'aws:CurrentTime': iso(has, other) });
        expect(when('Equals')).toBe(has === wanted);
        expect(when('NotEquals')).toBe(has !== wanted);
        expect(when('LessThan')).toBe(has < wanted);
        expect(when('GreaterThanEquals')).toBe(has >= wanted);
      }
    }),
    { numRuns: 500 },
  );
});

test('numbers are ordered as numbers', () => {
  const numbers = fc.tuple(fc.integer({ min: -12, max: 12 }), fc.constantFrom('', '.0', '.5'));
  fc.assert(
    fc.property(numbers, numbers, ([a, fraction], [b, other]) => {
      const [wanted, has] = [`${a}${fraction}`, `${b}${other}`];
      const when = (relation: string): boolean =>
        holds({ [`Numeric${relation}`]: { 'aws:MultiFactorAuthAge': wanted } }, { 'aws:MultiFactorAuthAge': has });
      expect(when('Equals')).toBe(Number(has) === Number(wanted));
      expect(when('NotEquals')).toBe(Number(has) !== Number(wanted));
      expect(when('LessThanEquals')).toBe(Number(has) <= Number(wanted));
      expect(when('GreaterThan')).toBe(Number(has) > Number(wanted));
    }),
    { numRuns: 500 },
  );
});
