import { unknownResult } from '../operators.ts';
import { exact } from '../primitives.ts';
import { number, type SettledTerm, type Term, unknownIn } from '../term.ts';
import { type CallSite, type Functions, neither, ofNumbers, ofTexts } from './function.ts';

/** A result that we cannot reckon to Terraform's precision is unknown. */
function inexactly(apply: (...numbers: readonly number[]) => number | undefined) {
  return (given: readonly SettledTerm[], call: CallSite): Term => {
    const result = ofNumbers(apply)(given, call);
    if (result.kind !== 'number') return result;
    const value = exact(result.value);
    return value === undefined ? unknownResult(call.name, given, call.place) : number(value, call.place);
  };
}

export const NUMBERS: Functions = {
  abs: ofNumbers((value) => (value !== undefined ? Math.abs(value) : undefined)),
  ceil: ofNumbers((value) => (value === undefined ? undefined : Math.ceil(value))),
  floor: ofNumbers((value) => (value === undefined ? undefined : Math.floor(value))),
  max: ofNumbers((...all) => (all.length === 0 ? undefined : Math.max(...all))),
  min: ofNumbers((...all) => (all.length === 0 ? undefined : Math.min(...all))),
  signum: ofNumbers((value) => (value === undefined ? undefined : Math.sign(value))),
  log: inexactly((value, base) =>
    value === undefined || base === undefined || value <= 0 || base <= 0 ? undefined : Math.log(value) / Math.log(base),
  ),
  pow: inexactly((value, power) => (value === undefined || power === undefined ? undefined : value ** power)),
  parseint: (given, call) => {
    const [text, base] = given;
    const result = ofTexts((digits = '', radix = '') => parseInteger(digits, Number(radix)))(
      [text, base].filter((term) => term !== undefined),
      call,
    );
    return result.kind === 'number' && !Number.isSafeInteger(result.value)
      ? unknownResult(call.name, given, call.place)
      : result;
  },
  range: (given, call) => {
    if (given.some((term) => unknownIn(term) !== undefined)) return neither(given, call);
    return ofNumbers((first = 0, second, third) => {
      const [from, to] = second === undefined ? [0, first] : [first, second];
      return steps(from, to, third ?? (to < from ? -1 : 1));
    })(given, call);
  },
  sum: (given, call) => {
    const [list] = given;
    if (list?.kind !== 'list' || list.items.length === 0 || list.items.length > 5000 || unknownIn(list) !== undefined)
      return neither(given, call);
    const items = list.items.filter((item) => item.kind !== 'choice');
    return inexactly((...all) => all.reduce((one, other) => one + other, 0))(items, call);
  },
};

function parseInteger(digits: string, radix: number): number | undefined {
  if (!Number.isInteger(radix) || radix < 2 || radix > 36) return undefined;
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, radix);
  const bare = digits.replace(/^[+-]/, '').toLowerCase();
  if (bare === '' || [...bare].some((letter) => !letters.includes(letter))) return undefined;
  return Number.parseInt(digits, radix);
}

/** Terraform itself makes at most 1,024. https://developer.hashicorp.com/terraform/language/functions/range */
function steps(from: number, to: number, step: number): readonly number[] | undefined {
  if (step === 0 || (to > from && step < 0) || (to < from && step > 0)) return undefined;
  const all: number[] = [];
  for (let value = from; step > 0 ? value < to : value > to; value += step) {
    if (all.length >= 1024) return undefined;
    all.push(value);
  }
  return all;
}
