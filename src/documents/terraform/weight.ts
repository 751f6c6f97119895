import { isKnown, type Unknown } from '../../symbolic/text.ts';
import type { Term, TextTerm } from './term.ts';

/** What nobody writes by hand; only values that hold each other many times come to it. */
const MOST_WEIGHT = 200_000;
const MOST_LEAVES = 200;

const WEIGHTS = new WeakMap<Term, number>();
const LEAVES = new WeakMap<Term, number>();

/** How many parts a value has, counting what it holds twice twice, as everybody does who walks it. */
export function weightOf(term: Term | undefined): number {
  if (term === undefined) return 0;
  if (term.kind === 'text') return textWeight(term);
  if (term.kind !== 'list' && term.kind !== 'map' && term.kind !== 'choice') return 1;
  let weight = WEIGHTS.get(term);
  if (weight === undefined) {
    weight = 1;
    for (const part of partsOf(term)) weight += weightOf(part);
    WEIGHTS.set(term, weight);
  }
  return weight;
}

function textWeight({ text, origin }: TextTerm): number {
  const length = isKnown(text) ? text.length : text.parts.reduce((sum, part) => sum + lengthOf(part), 0);
  return 1 + (length >> 6) + (origin?.kind === 'encoded' ? weightOf(origin.of) : 0);
}

function lengthOf(part: string | Unknown): number {
  return typeof part === 'string' ? part.length : 64;
}

function partsOf(term: Extract<Term, { kind: 'list' | 'map' | 'choice' }>): readonly (Term | undefined)[] {
  if (term.kind === 'list') return term.items;
  return term.kind === 'map' ? term.members.map(({ value }) => value) : [term.whenTrue, term.whenFalse];
}

function leavesOf(term: Term | undefined): number {
  if (term?.kind !== 'choice') return 1;
  let leaves = LEAVES.get(term);
  if (leaves === undefined) {
    leaves = leavesOf(term.whenTrue) + leavesOf(term.whenFalse);
    LEAVES.set(term, leaves);
  }
  return leaves;
}

/** Whether a value is too large to go on with. */
export function isTooHeavy(term: Term): boolean {
  return weightOf(term) > MOST_WEIGHT || leavesOf(term) > MOST_LEAVES;
}
