import { isKnown, type Text } from '../../../symbolic/text.ts';
import { through } from '../choices.ts';
import { unknownResult } from '../operators.ts';
import { asPiece, asText, joinTexts, numberText, toNumber } from '../primitives.ts';
import { failure, isCounted, listTerm, type SettledTerm, type Term, textTerm, unknownIn } from '../term.ts';
import { type CallSite, knownText } from './function.ts';
import { jsonText } from './json-text.ts';

const VERB = /%(?:%|([-+ 0#]*)(\d*)(?:\.(\d*))?(?:\[(\d+)\])?([a-zA-Z]))/g;

/** https://developer.hashicorp.com/terraform/language/functions/format */
export function format(given: readonly SettledTerm[], call: CallSite): Term {
  const [first, ...values] = given;
  const template = knownText(first);
  if (template === undefined) {
    return first === undefined || first.kind === 'null'
      ? failure('format takes a text', call.place)
      : unknownResult('format', given, call.place);
  }
  const texts: Text[] = [];
  let last = 0;
  let next = 0;
  for (const match of template.matchAll(VERB)) {
    texts.push(template.slice(last, match.index));
    last = match.index + match[0].length;
    if (match[0] === '%%') {
      texts.push('%');
      continue;
    }
    const [, flags = '', width = '', precision, position, verb = ''] = match;
    if (position !== undefined) next = Number(position) - 1;
    const value = values[next];
    next += 1;
    if (value === undefined) return failure('format has fewer values than verbs', call.place);
    const options = { flags, width: Number(width), precision };
    const written =
      verb === 's' && flags + width === '' && precision === undefined
        ? piece(value, texts)
        : writeVerb(verb, value, options);
    if (written === 'unsure') return unknownResult('format', given, call.place);
    if (written === undefined) return failure(`format cannot write this as %${verb}`, call.place);
    texts.push(written.text);
  }
  if (template.slice(last).includes('%')) return failure('format has a verb that nobody knows', call.place);
  texts.push(template.slice(last));
  return textTerm(joinTexts(texts), call.place);
}

function piece(value: SettledTerm, before: readonly Text[]): Written {
  const text = asPiece(value, before);
  return text === undefined ? undefined : { text };
}

interface Options {
  readonly flags: string;
  readonly width: number;
  readonly precision: string | undefined;
}

type Written = { readonly text: Text } | 'unsure' | undefined;

function writeVerb(verb: string, value: SettledTerm, options: Options): Written {
  if (options.width > 200 || Number(options.precision ?? 0) > 200) return 'unsure';
  switch (verb) {
    case 's':
      return asString(value, options);
    case 'v':
      return value.kind === 'text' || value.kind === 'number' || value.kind === 'bool'
        ? asString(value, options)
        : asJson(value, options);
    case 'q': {
      const text = asText(value);
      if (text === undefined || !isKnown(text)) return text === undefined ? undefined : 'unsure';
      return { text: padded(JSON.stringify(text), options) };
    }
    case 'd':
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      return asInteger(verb, value, options);
    case 'f':
    case 'F':
      return asDecimal(value, options);
    case 't': {
      const text = asText(value);
      if (text === undefined || !isKnown(text)) return text === undefined ? undefined : 'unsure';
      return text === 'true' || text === 'false' ? { text: padded(text, options) } : undefined;
    }
    case 'e':
    case 'E':
    case 'g':
    case 'G':
      return 'unsure';
    default:
      return undefined;
  }
}

function asString(value: SettledTerm, options: Options): Written {
  const text = asText(value);
  if (text === undefined) return undefined;
  if (!isKnown(text)) return options.width === 0 && options.precision === undefined ? { text } : 'unsure';
  const cut = options.precision === undefined ? text : [...text].slice(0, Number(options.precision)).join('');
  return { text: padded(cut, options) };
}

function asJson(value: SettledTerm, options: Options): Written {
  if (value.kind === 'unknown') return { text: { parts: [value.unknown] } };
  if (unknownIn(value) !== undefined || options.width > 0) return 'unsure';
  return { text: jsonText(value) };
}

function asInteger(verb: string, value: SettledTerm, options: Options): Written {
  const term = toNumber(value);
  if (term.kind !== 'number') return term.kind === 'unknown' ? unsizedText(value, options) : undefined;
  if (!Number.isSafeInteger(term.value)) return Number.isInteger(term.value) ? 'unsure' : undefined;
  const radix = verb === 'b' ? 2 : verb === 'o' ? 8 : verb === 'd' ? 10 : 16;
  const digits = Math.abs(term.value).toString(radix);
  return { text: signed(verb === 'X' ? digits.toUpperCase() : digits, term.value < 0, options) };
}

function unsizedText(value: SettledTerm, { width, flags }: Options): Written {
  const text = asText(value);
  return text !== undefined && width === 0 && flags === '' ? { text } : 'unsure';
}

function asDecimal(value: SettledTerm, options: Options): Written {
  const term = toNumber(value);
  if (term.kind !== 'number') return term.kind === 'unknown' ? 'unsure' : undefined;
  const places = options.precision === undefined ? 6 : Number(options.precision);
  // Terraform rounds a half to even, of more digits than we keep.
  const beyond = numberText(term.value).split('.')[1]?.slice(places) ?? '';
  if (/^50*$/.test(beyond) || /e/i.test(numberText(term.value))) return 'unsure';
  return { text: signed(Math.abs(term.value).toFixed(places), term.value < 0, options) };
}

function signed(digits: string, negative: boolean, { flags, width, precision }: Options): string {
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const zeros = flags.includes('0') && !flags.includes('-') && width > sign.length + digits.length;
  const filled = zeros ? digits.padStart(width - sign.length, '0') : digits;
  return padded(sign + filled, { flags, width, precision });
}

function padded(text: string, { flags, width }: Options): string {
  const missing = Math.max(0, width - [...text].length);
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

/** Lists among the values are walked together; all have one length. */
export function formatList(given: readonly SettledTerm[], call: CallSite): Term {
  let count: number | undefined;
  for (const term of given.slice(1)) {
    if (term.kind === 'unknown') return unknownResult('formatlist', given, call.place);
    if (term.kind !== 'list') continue;
    if (!isCounted(term)) return unknownResult('formatlist', given, call.place);
    if (count !== undefined && count !== term.items.length)
      return failure('formatlist takes lists of one length', call.place);
    count = term.items.length;
  }
  const items: Term[] = [];
  for (let index = 0; index < (count ?? 1); index++) {
    const row = given.map((term, position) =>
      position > 0 && term.kind === 'list' ? (term.items[index] ?? term) : term,
    );
    items.push(through(row, (settled) => format(settled, call)));
  }
  return items.find((item) => item.kind === 'failure') ?? listTerm(items, call.place, 'list');
}
