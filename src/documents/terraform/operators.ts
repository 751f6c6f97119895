import type { BinaryOperator } from '../../source/hcl/syntax.ts';
import { type Place, textAt } from '../../source/source.ts';
import { type Atom, couldMatch } from '../../symbolic/overlap.ts';
import { isKnown, keyOf, partsOf, type Text, type Unknown } from '../../symbolic/text.ts';
import { through, undecided } from './choices.ts';
import { asText, exact, toBool, toNumber } from './primitives.ts';
import {
  bool,
  failure,
  identityOf,
  isCounted,
  type ListTerm,
  type MapTerm,
  number,
  openUnknown,
  type SettledTerm,
  type Term,
  unknownIn,
} from './term.ts';

/** Something that an expression makes of what nobody knows: named by the expression, missing what its cause misses. */
export function derived(name: string, operands: readonly Term[], place: Place): Unknown {
  const cause = operands.map((operand) => unknownIn(operand)).find((unknown) => unknown !== undefined);
  const identities = operands.map((operand) => identityOf(operand));
  const known = identities.every((identity) => identity !== undefined) && identities.join().length < 600;
  const id = known ? `${name}(${identities.join(', ')})` : `${place.source.path}:${place.start}:${name}`;
  const written = textAt(place).replace(/\s+/g, ' ');
  const shown = written.length <= 60 && !written.includes('${') ? written : (cause?.shown ?? name);
  const unknown = openUnknown(id, shown, cause?.missing ?? `what ${name} gives`);
  return cause?.undeclared === true ? { ...unknown, undeclared: true } : unknown;
}

export function unknownResult(name: string, operands: readonly Term[], place: Place): Term {
  return { kind: 'unknown', unknown: derived(name, operands, place), place };
}

/** A condition's truth as `true`, `false` or a choice between them. */
export function truthOf(term: Term): Term {
  return through([term], ([condition]) => {
    if (condition === undefined) return term;
    if (condition.kind === 'null') return failure('a condition is null', condition.place);
    const truth = condition.kind === 'lazy' ? failure('a condition is an object', condition.place) : toBool(condition);
    return truth.kind === 'unknown' ? undecided(truth.unknown, truth.place) : truth;
  });
}

export function applyUnary(operator: '!' | '-', operand: Term, place: Place): Term {
  return through([operator === '!' ? truthOf(operand) : operand], ([value]) => {
    if (value === undefined || value.kind === 'failure') return value ?? operand;
    if (operator === '!') return value.kind === 'bool' ? bool(!value.value, place) : value;
    const negated = toNumber(value);
    if (negated.kind === 'number') return number(-negated.value, place);
    return negated.kind === 'failure' ? negated : unknownResult('-', [value], place);
  });
}

export function applyBinary(operator: BinaryOperator, left: Term, right: Term, place: Place): Term {
  if (operator === '&&' || operator === '||')
    return through([truthOf(left), truthOf(right)], ([one, two]) => logic(operator, one, two, place));
  return through([left, right], ([one, two]) => {
    if (one === undefined || two === undefined) return left;
    if (one.kind === 'failure') return one;
    if (two.kind === 'failure') return two;
    if (operator === '==') return equals(one, two, place);
    return operator === '!=' ? applyUnary('!', equals(one, two, place), place) : reckon(operator, one, two, place);
  });
}

function logic(
  operator: '&&' | '||',
  left: SettledTerm | undefined,
  right: SettledTerm | undefined,
  place: Place,
): Term {
  if (left?.kind === 'failure') return left;
  if (left?.kind === 'bool' && left.value === (operator === '||')) return bool(left.value, place);
  if (right?.kind === 'failure') return right;
  if (left?.kind !== 'bool' || right?.kind !== 'bool') return failure('true or false is needed here', place);
  return bool(operator === '&&' ? left.value && right.value : left.value || right.value, place);
}

type Reckoning = Exclude<BinaryOperator, '&&' | '||' | '==' | '!='>;

function reckon(operator: Reckoning, left: SettledTerm, right: SettledTerm, place: Place): Term {
  const one = toNumber(left);
  const two = toNumber(right);
  if (one.kind === 'failure') return one;
  if (two.kind === 'failure') return two;
  const compares = operator === '<' || operator === '>' || operator === '<=' || operator === '>=';
  if (one.kind !== 'number' || two.kind !== 'number') {
    if (one.kind === 'null' || two.kind === 'null') return failure('a number is null', place);
    const unknown = derived(operator, [left, right], place);
    return compares ? undecided(unknown, place) : { kind: 'unknown', unknown, place };
  }
  if (compares) return bool(compare(operator, one.value, two.value), place);
  if ((operator === '/' || operator === '%') && two.value === 0) return unknownResult(operator, [one, two], place);
  const result = exact(calculate(operator, one.value, two.value));
  return result === undefined ? unknownResult(operator, [one, two], place) : number(result, place);
}

function compare(operator: '<' | '>' | '<=' | '>=', left: number, right: number): boolean {
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

function calculate(operator: '+' | '-' | '*' | '/' | '%', left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

/** Equality as cty has it: values of different types differ, except that a null equals a null. */
export function equals(left: SettledTerm, right: SettledTerm, place: Place): Term {
  const same = sameness(left, right);
  if (same !== undefined) return bool(same, place);
  const unknown = derived('==', ordered(left, right), place);
  return undecided(unknown, place, groupOf(left, right) ?? groupOf(right, left));
}

function ordered(left: Term, right: Term): readonly Term[] {
  return (identityOf(left) ?? '') <= (identityOf(right) ?? '') ? [left, right] : [right, left];
}

/** One unknown equals at most one of the values that it is compared with. */
function groupOf(one: Term, other: Term): string | undefined {
  if (unknownIn(other) !== undefined) return undefined;
  if (one.kind === 'unknown') return `== ${one.unknown.id}`;
  return one.kind === 'text' && !isKnown(one.text) ? `== ${keyOf(one.text)}` : undefined;
}

/** Whether two terms are equal; undefined where nobody knows. */
export function sameness(left: Term | undefined, right: Term | undefined): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left.kind === 'unknown' || right.kind === 'unknown') {
    const both = left.kind === 'unknown' && right.kind === 'unknown' && left.unknown.id === right.unknown.id;
    return both ? true : undefined;
  }
  if (left.kind === 'choice' || right.kind === 'choice') return undefined;
  if (left.kind === 'lazy' || right.kind === 'lazy') {
    if (left.kind === 'null' || right.kind === 'null') return false;
    return left.kind === 'lazy' && right.kind === 'lazy' && left.name === right.name ? true : undefined;
  }
  if (left.kind === 'null' || right.kind === 'null') {
    if (left.kind === right.kind) return true;
    const other = left.kind === 'null' ? right : left;
    // What only the apply gives may be null, unless some of its text is known.
    return other.kind === 'text' && isOneUnknown(other.text) ? undefined : false;
  }
  if (left.kind === 'list' && right.kind === 'list') return sameItems(left, right);
  if (left.kind === 'map' && right.kind === 'map') return sameMembers(left, right);
  if (left.kind === 'list' || right.kind === 'list' || left.kind === 'map' || right.kind === 'map') return false;
  return samePrimitives(left, right);
}

function isOneUnknown(text: Text): boolean {
  return !isKnown(text) && text.parts.every((part) => typeof part !== 'string');
}

function samePrimitives(left: Term, right: Term): boolean | undefined {
  const one = asText(left);
  const two = asText(right);
  if (one === undefined || two === undefined) return undefined;
  if (isKnown(one) && isKnown(two)) return left.kind === right.kind && one === two;
  if (keyOf(one) === keyOf(two)) return true;
  const short = keyOf(one).length < LONGEST_COMPARED && keyOf(two).length < LONGEST_COMPARED;
  return !short || couldMatch(atomsOf(one), atomsOf(two)) ? undefined : false;
}

/** Texts with unknowns are compared letter by letter, each with each. */
const LONGEST_COMPARED = 400;

function atomsOf(text: Text): readonly Atom[] {
  return partsOf(text).flatMap((part): readonly Atom[] =>
    typeof part === 'string' ? Array.from({ length: part.length }, (_, index) => part.charCodeAt(index)) : [part],
  );
}

function sameItems(left: ListTerm, right: ListTerm): boolean | undefined {
  // A tuple never equals a list, but which of both a conditional gives is not always known here.
  if (!isCounted(left) || !isCounted(right) || left.form !== right.form) return undefined;
  if (left.items.length !== right.items.length) return left.form === 'set' ? undefined : false;
  return all(left.items.map((item, index) => sameness(item, right.items[index])));
}

function sameMembers(left: MapTerm, right: MapTerm): boolean | undefined {
  if (left.form !== right.form) return undefined;
  const keys = (map: MapTerm): string =>
    map.members
      .map(({ key }) => keyOf(key))
      .sort()
      .join('\u0001');
  if (keys(left) !== keys(right))
    return unknownIn(left) === undefined && unknownIn(right) === undefined ? false : undefined;
  return all(
    left.members.map(({ key, value }) =>
      sameness(value, right.members.find((other) => keyOf(other.key) === keyOf(key))?.value),
    ),
  );
}

function all(truths: readonly (boolean | undefined)[]): boolean | undefined {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}
