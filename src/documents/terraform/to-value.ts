import type { Place } from '../../source/source.ts';
import { isKnown, show, type Text } from '../../symbolic/text.ts';
import type { Member, TextValue, UnknownValue, Value } from '../../symbolic/value.ts';
import { embeddedJson } from './embedded-json.ts';
import { numberAsText } from './primitives.ts';
import { openUnknown, type Term, type TextTerm } from './term.ts';

/** A term as every document's values are written; `undefined` is null. */
export function toValue(term: Term | undefined): Value | undefined {
  switch (term?.kind) {
    case undefined:
    case 'null':
      return undefined;
    case 'bool':
      return { kind: 'text', text: String(term.value), type: 'boolean', place: term.place };
    case 'number':
      return { kind: 'text', text: numberAsText(term), type: 'number', place: term.place };
    case 'text':
      return textValue(term);
    case 'list':
      return {
        kind: 'list',
        items: term.items.map((item) => toValue(item)).filter((item) => item !== undefined),
        place: term.place,
      };
    case 'map': {
      const members = term.members.flatMap(({ key, keyPlace, value: own }): readonly Member[] => {
        const value = toValue(own);
        return value === undefined ? [] : [{ name: show(key), key, namePlace: keyPlace, value }];
      });
      return { kind: 'map', members, place: term.place };
    }
    case 'lazy':
      return term.whole === undefined ? unknown(openUnknown(term.name, term.name), term.place) : toValue(term.whole());
    case 'unknown':
      return unknown(term.unknown, term.place);
    case 'failure':
      return unknown(failed(term.message, term.place), term.place);
    case 'choice': {
      // What Terraform rejects is never deployed, so the other way is the one that is.
      if (term.whenTrue?.kind === 'failure') return toValue(term.whenFalse);
      if (term.whenFalse?.kind === 'failure') return toValue(term.whenTrue);
      return {
        kind: 'choice',
        guard: term.guard,
        whenTrue: toValue(term.whenTrue),
        whenFalse: toValue(term.whenFalse),
        otherwise: unknown(term.otherwise, term.place),
        place: term.place,
      };
    }
  }
}

function unknown(of: UnknownValue['unknown'], place: Place): UnknownValue {
  return { kind: 'unknown', unknown: of, place };
}

function failed(message: string, place: Place) {
  const id = `${place.source.path}:${place.start}:failure`;
  return openUnknown(id, '…', `an expression that Terraform rejects: ${message}`);
}

function textValue(term: TextTerm): TextValue {
  const { text, place } = term;
  if (!mayHoldJson(term)) return { kind: 'text', text, type: 'string', place };
  return new StructuredText(term);
}

function mayHoldJson({ text, origin }: TextTerm): boolean {
  if (origin?.kind === 'encoded') return true;
  const [first] = isKnown(text) ? [text] : text.parts;
  return typeof first === 'string' && /^\s*[[{]/.test(first);
}

/** A text with a policy in it: the policy is read when somebody asks for it, each of its texts where it was written. */
class StructuredText implements TextValue {
  readonly kind = 'text';
  readonly type = 'string';
  readonly text: Text;
  readonly place: Place;
  readonly #term: TextTerm;
  #read: { readonly value: Value | undefined } | undefined;

  constructor(term: TextTerm) {
    this.text = term.text;
    this.place = term.place;
    this.#term = term;
  }

  get encodes(): Value {
    this.#read ??= { value: toValue(embeddedJson(this.#term)) };
    return this.#read.value ?? unknown(failed('a text that is not valid JSON', this.place), this.place);
  }
}
