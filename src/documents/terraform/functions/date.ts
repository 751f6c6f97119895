import { unknownResult } from '../operators.ts';
import { failure, textTerm } from '../term.ts';
import { formatDate } from './format-date.ts';
import { type Functions, knownText, neither, ofTexts } from './function.ts';

/** Of dates only what does not depend on the clock: `timestamp` and `plantimestamp` stay unknown. */
export const DATES: Functions = {
  formatdate: ofTexts((form = '', timestamp = '') => formatDate(form, timestamp)),
  timeadd: (given, call) => {
    const [time, duration] = [knownText(given[0]), knownText(given[1])];
    if (time === undefined || duration === undefined) return neither(given, call);
    const [from, more] = [instant(time), milliseconds(duration)];
    if (from === undefined || more === undefined) return failure('timeadd does not accept this', call.place);
    // The sum keeps the zone, and seconds in their parts are left to Terraform.
    if (!/\d\dZ$/.test(time) || time.includes('.') || more % 1000 !== 0)
      return unknownResult('timeadd', given, call.place);
    const sum = new Date(from + more);
    if (Number.isNaN(sum.getTime()) || sum.getUTCFullYear() > 9999 || sum.getUTCFullYear() < 0)
      return unknownResult('timeadd', given, call.place);
    return textTerm(sum.toISOString().replace('.000Z', 'Z'), call.place);
  },
  timecmp: ofTexts((left = '', right = '') => {
    if (isFinerThanHere(left) || isFinerThanHere(right)) return null;
    const [one, other] = [instant(left), instant(right)];
    return one === undefined || other === undefined ? undefined : Math.sign(one - other);
  }),
};

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/** `-1h30m`, as Go writes durations. https://pkg.go.dev/time#ParseDuration */
function milliseconds(text: string): number | undefined {
  const [, sign, parts = ''] = /^([-+]?)((?:\d+(?:\.\d+)?(?:h|ms|m|us|µs|ns|s))+)$/.exec(text) ?? [];
  if (sign === undefined) return text === '0' ? 0 : undefined;
  const sum = [...parts.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|us|µs|ns|s)/g)].reduce(
    (total, [, count = '', unit = '']) => total + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
  return sign === '-' ? -sum : sum;
}

/** A millisecond in parts is left to Terraform. */
function isFinerThanHere(text: string): boolean {
  return /\.\d{4}/.test(text);
}

function instant(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  return formatDate('', text) === undefined ? undefined : Date.parse(text);
}
