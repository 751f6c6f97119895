import { isKnown } from '../../../symbolic/text.ts';
import { embeddedJson, embeddedYaml } from '../embedded-json.ts';
import { unknownResult } from '../operators.ts';
import { asText } from '../primitives.ts';
import { failure, listTerm, mapTerm, type SettledTerm, type Term, textTerm, unknownIn } from '../term.ts';
import { type CallSite, type Functions, neither, ofTexts } from './function.ts';
import { jsonText } from './json-text.ts';

export const ENCODINGS: Functions = {
  base64decode: ofTexts((text = '') => {
    if (!isBase64(text)) return undefined;
    const decoded = Buffer.from(text, 'base64');
    const written = decoded.toString('utf8');
    return Buffer.from(written, 'utf8').equals(decoded) ? written : undefined;
  }),
  base64encode: ofTexts((text = '') => Buffer.from(text, 'utf8').toString('base64')),
  csvdecode: (given, call) => csv(given, call),
  jsondecode: (given, call) => decode(given, call, embeddedJson),
  jsonencode: (given, call) => {
    const [value] = given;
    if (value === undefined) return neither(given, call);
    if (value.kind === 'unknown')
      return { ...textTerm(jsonText(value), call.place), origin: { kind: 'encoded', of: value } };
    return { kind: 'text', text: jsonText(value), place: value.place, origin: { kind: 'encoded', of: value } };
  },
  textdecodebase64: ofTexts((text = '', encoding = '') => {
    const name = ENCODING_NAMES.get(encoding.toUpperCase());
    if (name === undefined) return null;
    if (!isBase64(text)) return undefined;
    // What is no text in this encoding is decoded as Go has it.
    try {
      return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64'));
    } catch {
      return null;
    }
  }),
  textencodebase64: ofTexts((text = '', encoding = '') => {
    const name = ENCODING_NAMES.get(encoding.toUpperCase());
    if (name === undefined) return null;
    const bytes = Buffer.from(text, name === 'utf-8' ? 'utf8' : 'utf16le');
    return (name === 'utf-16be' ? bytes.swap16() : bytes).toString('base64');
  }),
  // https://pkg.go.dev/net/url#QueryEscape
  urlencode: ofTexts((text = '') =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/%20/g, '+'),
  ),
  yamldecode: (given, call) => decode(given, call, embeddedYaml),
  yamlencode: (given, call) => {
    const [value] = given;
    if (value === undefined) return neither(given, call);
    // The text is laid out as only Terraform does, but what it encodes is known.
    const text = unknownResult('yamlencode', given, call.place);
    const shown = asText(text);
    return shown === undefined
      ? text
      : { kind: 'text', text: shown, place: value.place, origin: { kind: 'encoded', of: value } };
  },
};

/** Others are left to Terraform. */
const ENCODING_NAMES: ReadonlyMap<string, 'utf-8' | 'utf-16le' | 'utf-16be'> = new Map([
  ['UTF-8', 'utf-8'],
  ['UTF-16LE', 'utf-16le'],
  ['UTF-16BE', 'utf-16be'],
]);

function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0;
}

function decode(
  given: readonly SettledTerm[],
  call: CallSite,
  read: (text: Extract<Term, { kind: 'text' }>) => Term | undefined,
): Term {
  const [text] = given;
  if (text?.kind !== 'text') return neither(given, call);
  const value = read(text);
  if (value !== undefined) return value;
  return isKnown(text.text)
    ? failure(`${call.name} cannot read this`, call.place)
    : unknownResult(call.name, given, call.place);
}

function csv(given: readonly SettledTerm[], call: CallSite): Term {
  const [first] = given;
  const text = first === undefined || unknownIn(first) !== undefined ? undefined : asText(first);
  if (typeof text !== 'string') return neither(given, call);
  const records = csvRecords(text);
  const [header, ...rows] = records ?? [];
  if (header === undefined || new Set(header).size < header.length)
    return failure('csvdecode cannot read this', call.place);
  if (rows.some((row) => row.length !== header.length)) return failure('csvdecode cannot read this', call.place);
  const items = rows.map((row) =>
    mapTerm(
      header.map((key, index) => ({ key, keyPlace: call.place, value: textTerm(row[index] ?? '', call.place) })),
      call.place,
    ),
  );
  return listTerm(items, call.place, 'list');
}

/** As RFC 4180 has it; undefined where a quote stands where none may. Empty lines are passed over. */
function csvRecords(text: string): readonly (readonly string[])[] | undefined {
  const records: string[][] = [];
  let record: string[] = [];
  const input = text.replace(/\r\n/g, '\n');
  for (let at = 0; at < input.length; ) {
    if (record.length === 0 && input[at] === '\n') {
      at += 1;
      continue;
    }
    const field = /("[^"]*(?:""[^"]*)*"|[^",\n]*)(,|\n|$)/y;
    field.lastIndex = at;
    const [whole, written, end] = field.exec(input) ?? [];
    if (whole === undefined || written === undefined) return undefined;
    record.push(written.startsWith('"') ? written.slice(1, -1).replace(/""/g, '"') : written);
    at += whole.length;
    if (end === ',' && at < input.length) continue;
    if (end === ',') record.push('');
    records.push(record);
    record = [];
  }
  return records;
}
