import type { Expression, Template, TemplatePart } from '../../source/hcl/syntax.ts';
import type { Place } from '../../source/source.ts';
import { isKnown, type Text } from '../../symbolic/text.ts';
import { through } from './choices.ts';
import { loopOver } from './loops.ts';
import { truthOf, unknownResult } from './operators.ts';
import { asPiece, joinTexts } from './primitives.ts';
import { tooMuch } from './run.ts';
import type { Scope } from './scope.ts';
import { failure, type Piece, type SettledTerm, type Term, textTerm } from './term.ts';

type Evaluate = (expression: Expression, scope: Scope) => Term;

/** The text of a template; of one that is nothing but `${…}`, the value itself. */
export function evaluateTemplate({ parts, place }: Template, scope: Scope, evaluate: Evaluate): Term {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'interpolation') return evaluate(only.value, scope);
  return joinParts(parts, scope, evaluate, place);
}

function joinParts(parts: readonly TemplatePart[], scope: Scope, evaluate: Evaluate, place: Place): Term {
  const terms: Term[] = [];
  const written: (Place | undefined)[] = [];
  for (const part of parts) {
    terms.push(partTerm(part, scope, evaluate));
    written.push(part.kind === 'text' ? undefined : part.place);
  }
  return through(terms, (settled) => joinTerms(settled, written, place, scope));
}

function partTerm(part: TemplatePart, scope: Scope, evaluate: Evaluate): Term {
  switch (part.kind) {
    case 'text':
      return textTerm(part.text, part.place);
    case 'interpolation':
      return evaluate(part.value, scope);
    case 'if': {
      const condition = truthOf(evaluate(part.condition, scope));
      const branch = (chosen: readonly TemplatePart[]): Term => joinParts(chosen, scope, evaluate, part.place);
      return through([condition], ([truth]) => {
        if (truth?.kind !== 'bool') return truth ?? condition;
        return branch(truth.value ? part.whenTrue : part.whenFalse);
      });
    }
    case 'for': {
      const collection = evaluate(part.collection, scope);
      return through([collection], ([settled]) => {
        if (settled === undefined || settled.kind === 'failure') return settled ?? collection;
        const loop = loopOver(settled, scope.run, part.place);
        if (loop === undefined || loop.some(({ when }) => when !== undefined))
          return unknownResult('for', [settled], part.place);
        const turns = loop.map(({ key, value }) => {
          const inner = scope.withName(part.valueName, value);
          const all = part.keyName === undefined ? inner : inner.withName(part.keyName, key);
          return joinParts(part.body, all, evaluate, part.place);
        });
        return through(turns, (texts) =>
          joinTerms(
            texts,
            texts.map(() => undefined),
            part.place,
            scope,
          ),
        );
      });
    }
  }
}

const LONGEST = 4_000_000;
const MOST_PIECES = 20_000;

/** Texts one after another, each with the way back to where it was written. */
function joinTerms(
  terms: readonly SettledTerm[],
  written: readonly (Place | undefined)[],
  place: Place,
  scope: Scope,
): Term {
  const texts: Text[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  for (const [index, term] of terms.entries()) {
    if (term.kind === 'failure') return term;
    const text = asPiece(term, texts);
    if (text === undefined) return failure('what a template puts in is no text', written[index] ?? term.place);
    texts.push(text);
    for (const piece of piecesOf(term, text, written[index])) {
      if (pieces.length <= MOST_PIECES) pieces.push(piece);
      length += piece.length;
    }
  }
  if (length > LONGEST || !scope.run.spend((length >> 6) + pieces.length)) return tooMuch(place);
  // Of a text of very many pieces nobody asks where each was written.
  const kept = pieces.length > MOST_PIECES ? [{ length, place, linear: false }] : pieces;
  return { kind: 'text', text: joinTexts(texts), place, origin: { kind: 'written', pieces: kept } };
}

function piecesOf(term: SettledTerm, text: Text, written: Place | undefined): readonly Piece[] {
  const within = written === undefined ? {} : { within: written };
  if (term.kind === 'text' && term.origin?.kind === 'written')
    return written === undefined
      ? term.origin.pieces
      : term.origin.pieces.map((piece) => ({ within: written, ...piece }));
  const { place } = term;
  const length = lengthOf(text);
  const linear = isKnown(text) && term.kind === 'text' && place.end - place.start === length;
  return [{ length, place, linear: linear && term.origin === undefined, term, ...within }];
}

/** Each unknown counts as one character. */
export function lengthOf(text: Text): number {
  if (isKnown(text)) return text.length;
  return text.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
}
