/** A moment as it is written, with its own zone. */
interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** `+01:00`; `Z` for UTC. */
  readonly zone: string;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** https://developer.hashicorp.com/terraform/language/functions/formatdate#specification-syntax */
const VERBS: Readonly<Record<string, (at: Moment) => string>> = {
  YYYY: ({ year }) => padded(year, 4),
  YY: ({ year }) => padded(year % 100, 2),
  MMMM: ({ month }) => MONTHS[month - 1] ?? '',
  MMM: ({ month }) => (MONTHS[month - 1] ?? '').slice(0, 3),
  MM: ({ month }) => padded(month, 2),
  M: ({ month }) => String(month),
  DD: ({ day }) => padded(day, 2),
  D: ({ day }) => String(day),
  EEEE: (at) => weekday(at),
  EEE: (at) => weekday(at).slice(0, 3),
  hh: ({ hour }) => padded(hour, 2),
  h: ({ hour }) => String(hour),
  HH: ({ hour }) => padded(hour % 12 || 12, 2),
  H: ({ hour }) => String(hour % 12 || 12),
  AA: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  aa: ({ hour }) => (hour < 12 ? 'am' : 'pm'),
  mm: ({ minute }) => padded(minute, 2),
  m: ({ minute }) => String(minute),
  ss: ({ second }) => padded(second, 2),
  s: ({ second }) => String(second),
  ZZZZZ: ({ zone }) => (zone === 'Z' ? '+00:00' : zone),
  ZZZZ: ({ zone }) => (zone === 'Z' ? '+0000' : zone.replace(':', '')),
  ZZZ: ({ zone }) => (zone === 'Z' ? 'UTC' : zone.replace(':', '')),
  Z: ({ zone }) => zone,
};

/** A timestamp in another form; undefined where the form or the timestamp is none. */
export function formatDate(form: string, timestamp: string): string | undefined {
  const at = momentOf(timestamp);
  if (at === undefined) return undefined;
  let text = '';
  for (const [token] of form.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|'|[^A-Za-z']+/g)) {
    if (token === "'") return undefined;
    if (token.startsWith("'")) text += token.slice(1, -1).replaceAll("''", "'");
    else if (/^[A-Za-z]/.test(token)) {
      const verb = Object.hasOwn(VERBS, token) ? VERBS[token] : undefined;
      if (verb === undefined) return undefined;
      text += verb(at);
    } else text += token;
  }
  return text;
}

function momentOf(timestamp: string): Moment | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(timestamp);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const zone = /^[+-]00:00$/.test(match[7] ?? '') ? 'Z' : (match[7] ?? '');
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const real = month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
  return real ? { year, month, day, hour, minute, second, zone } : undefined;
}

function weekday({ year, month, day }: Moment): string {
  return DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
