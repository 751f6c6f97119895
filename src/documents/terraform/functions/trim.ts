import { isKnown } from '../../../symbolic/text.ts';
import { asText } from '../primitives.ts';
import { type Piece, type TextTerm, textTerm } from '../term.ts';
import { knownText, neither, type TerraformFunction } from './function.ts';

/** A function that keeps a part of its first text, and the places of what it keeps. */
export function trimmed(range: (text: string, argument: string) => readonly [number, number]): TerraformFunction {
  return (given, call) => {
    const [first, second] = given;
    const text = first === undefined ? undefined : asText(first);
    const argument = second === undefined ? '' : knownText(second);
    if (first === undefined || text === undefined || argument === undefined || !isKnown(text))
      return neither(given, call);
    const [start, end] = range(text, argument);
    if (start === 0 && end === text.length && first.kind === 'text') return first;
    const kept = textTerm(text.slice(start, end), call.place);
    if (first.kind !== 'text' || first.origin?.kind === 'encoded') return kept;
    return { ...kept, origin: { kind: 'written', pieces: piecesBetween(first, text, start, end) } };
  };
}

function piecesBetween({ origin, place }: TextTerm, text: string, start: number, end: number): readonly Piece[] {
  const whole: Piece = { length: text.length, place, linear: place.end - place.start === text.length };
  const pieces: Piece[] = [];
  let at = 0;
  for (const piece of origin?.kind === 'written' ? origin.pieces : [whole]) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.length)];
    at += piece.length;
    if (to <= from) continue;
    const { source, start: first } = piece.place;
    const cut = piece.linear ? { source, start: first + from, end: first + to } : piece.place;
    const { term, ...kept } = piece;
    pieces.push({ ...kept, ...(to - from === piece.length && term ? { term } : {}), length: to - from, place: cut });
  }
  return pieces;
}
