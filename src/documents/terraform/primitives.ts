import type { Place } from '../../source/source.ts';
import { concat, isKnown, show, type Text, type Unknown, unknownText } from '../../symbolic/text.ts';
import { bool, failure, type NumberTerm, number, openUnknown, type SettledTerm, type Term, textTerm } from './term.ts';

/** A number as Terraform writes it in a text. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
  return String(value);
}

/** Beyond this a number is not kept to its last digit. */
export function numberAsText({ value, place }: NumberTerm): Text {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return numberText(value);
  const id = `${place.source.path}:${place.start}:${value}`;
  return unknownText(openUnknown(id, String(value), `the digits of ${value}`));
}

/** A primitive as text; undefined for what is none. An unknown becomes a text that nobody knows. */
export function asText(term: Term): Text | undefined {
  switch (term.kind) {
    case 'text':
      return term.text;
    case 'number':
      return numberAsText(term);
    case 'bool':
      return String(term.value);
    case 'unknown':
      return unknownText(term.unknown);
    case 'choice':
      return unknownText(term.otherwise);
    case 'lazy':
      return unknownText(openUnknown(term.name, term.name));
    default:
      return undefined;
  }
}

/** Joins very many texts as well as few. */
export function joinTexts(texts: readonly (Text | Unknown)[]): Text {
  if (texts.every((text) => typeof text === 'string')) return texts.join('');
  let all: Text = '';
  for (let at = 0; at < texts.length; at += 1000) all = concat(all, ...texts.slice(at, at + 1000));
  return all;
}

/**
 * A primitive as the next piece of a text. A variable that nobody has filled in is empty, but where an ARN has its account it
 * stands for one.
 */
export function asPiece(term: Term, before: readonly Text[]): Text | undefined {
  const text = asText(term);
  if (text !== '' || term.kind !== 'text' || term.unset === undefined) return text;
  const isAccount = /^arn:[^:]*:(iam|sts):[^:]*:$/.test(show(joinTexts(before)));
  return isAccount ? unknownText({ ...term.unset, kind: 'account-id' }) : text;
}

export function toText(term: SettledTerm, place: Place = term.place): Term {
  if (term.kind === 'text' || term.kind === 'null' || term.kind === 'failure') return term;
  const text = asText(term);
  return text === undefined ? failure('a text is needed here', place) : textTerm(text, term.place);
}

export function toNumber(term: SettledTerm): Term {
  if (term.kind !== 'text') {
    const fits = term.kind === 'number' || term.kind === 'null' || term.kind === 'unknown' || term.kind === 'failure';
    return fits ? term : failure('a number is needed here', term.place);
  }
  if (!isKnown(term.text)) return { kind: 'unknown', unknown: unknownNumber(term.text), place: term.place };
  const value = numberOf(term.text);
  return value === undefined ? failure('a number is needed here', term.place) : number(value, term.place);
}

function unknownNumber(text: Exclude<Text, string>) {
  const [only] = text.parts.filter((part) => typeof part !== 'string');
  return only ?? openUnknown('number', 'number');
}

/** https://pkg.go.dev/github.com/zclconf/go-cty/cty#ParseNumberVal */
export function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

export function toBool(term: SettledTerm): Term {
  if (term.kind !== 'text') {
    const fits = term.kind === 'bool' || term.kind === 'null' || term.kind === 'unknown' || term.kind === 'failure';
    return fits ? term : failure('true or false is needed here', term.place);
  }
  if (!isKnown(term.text)) return { kind: 'unknown', unknown: unknownNumber(term.text), place: term.place };
  if (term.text === 'true' || term.text === '1') return bool(true, term.place);
  if (term.text === 'false' || term.text === '0') return bool(false, term.place);
  return failure('true or false is needed here', term.place);
}

/**
 * Terraform reckons with 512 bits where we have 53: what could differ is undefined.
 * https://developer.hashicorp.com/terraform/language/expressions/types#numbers
 */
export function exact(value: number): number | undefined {
  if (Number.isSafeInteger(value)) return value;
  if (!Number.isFinite(value) || Math.abs(value) > 2 ** 53) return undefined;
  const rounded = Number(value.toPrecision(14));
  return String(rounded).replace(/[-.]/g, '').length <= 12 ? rounded : undefined;
}
