import { globMatches, overlap, type Pattern, pattern, patternOfTokens } from '../../symbolic/pattern.ts';
import { isKnown, lowerCase, partsOf, type Text, unknownsIn } from '../../symbolic/text.ts';
import { and, dependsOnAll, type Truth } from '../../symbolic/truth.ts';
import { candidatesFor, type Required } from './candidates.ts';
import { meets } from './evaluate.ts';
import type { Operator } from './test.ts';

/** Beyond this many values not each is tried. */
const MOST_VALUES = 100;

/**
 * Whether one value of a key (or several, of a key that takes them) could meet all that is required of it: no only where
 * that is sure. `held` are values that the key has in any case.
 */
export function couldMeet(key: string, all: readonly Required[], held: readonly Text[]): Truth {
  const without = held.length === 0 ? allMeet(all, undefined) : false;
  if (without === true) return true;
  if (all.reduce((sum, { values }) => sum + values.length, 0) > MOST_VALUES) return !all.some(isAbsence);
  const multivalued = isMultivalued(key, all);
  const candidates = candidatesFor(all);
  const lists: (readonly Text[])[] = candidates.map((one) => [...held, one]);
  if (held.length > 0) lists.push(held);
  // What each value must meet bars some; all the others together meet what any one of them may.
  if (multivalued)
    lists.push([...held, ...candidates.filter((one) => allMeet(all.filter(ofEachValue), [one]) !== false)]);
  const answers = [without, ...lists.map((given) => allMeet(all, given))];
  if (answers.includes(true)) return true;
  if (answers.some((answer) => answer !== false))
    return dependsOnAll(all.flatMap(({ values }) => values.flatMap(unknownsIn)));
  return !(multivalued ? neverTogether(all, held) : neverMet(all));
}

function allMeet(all: readonly Required[], given: readonly Text[] | undefined): Truth {
  return all.reduce<Truth>((met, { operator, values }) => and(met, meets(operator, values, given)), true);
}

const MULTIVALUED =
  /^(aws:tagkeys|sts:transitivetagkeys|sts:requestcontextproviders|aws:.*orgpaths|aws:calledvia|aws:principalservicenameslist|.*:amr|saml:.*)$/;

function isMultivalued(key: string, all: readonly Required[]): boolean {
  // Of a provider's claims nobody knows it but by what policies ask of them.
  return MULTIVALUED.test(key) || (!/^(aws|sts):/.test(key) && all.some(({ operator }) => operator.set !== undefined));
}

/** What every value of a key must meet, not just one of them. */
function ofEachValue({ operator: { set, negated } }: Required): boolean {
  return set === 'all' || (set === undefined && negated);
}

/** For a key of several values of which no candidate will do: whether none at all will. */
function neverTogether(all: readonly Required[], held: readonly Text[]): boolean {
  const each = all.filter(ofEachValue);
  if (all.some(isAbsence) || held.some((one) => allMeet(each, [one]) === false)) return true;
  if (each.some(namesAllThatDo)) return true;
  const some = all.filter((one) => !ofEachValue(one) && namesAllThatDo(one));
  if (some.some(({ values }) => values.every((value) => allMeet(each, [value]) === false))) return true;
  return all.some((one) => !one.operator.negated && !ofEachValue(one) && each.some((other) => apart(one, other)));
}

/** The same for a key of one value. */
function neverMet(all: readonly Required[]): boolean {
  if (all.some(isAbsence) || all.every(isOrdered)) return true;
  // Without any value it is not met: so what is asked of a value is asked.
  if (all.some(namesAllThatDo)) return true;
  return all.some((one) => !one.operator.negated && all.some((other) => other !== one && apart(one, other)));
}

/** That the key is not in the call. */
function isAbsence({ operator, values }: Required): boolean {
  return operator.comparison === 'Null' && meets(operator, values, ['…']) === false;
}

/** Ordered values and ranges: there is a candidate on each side of every bound. */
function isOrdered({ operator: { comparison, set }, values }: Required): boolean {
  return set === undefined && /^(Numeric|Date|IpAddress|Bool|Null)/.test(comparison) && values.every(isKnown);
}

/** A requirement that nothing meets but the values that it names. */
function namesAllThatDo({ operator: { comparison, negated }, values }: Required): boolean {
  if (negated || !values.every(isKnown)) return false;
  switch (comparison) {
    case 'StringEquals':
      return true;
    case 'StringEqualsIgnoreCase':
      return values.every((value) => value.toLowerCase() === value.toUpperCase());
    case 'StringLike':
    case 'ArnLike':
      return values.every((value) => !/[*?]/.test(value));
    default:
      return false;
  }
}

/** Whether no text that the first takes is one that the second takes. */
function apart(one: Required, other: Required): boolean {
  if (!isOfText(one) || !isOfText(other)) return false;
  const [folded, foldedToo] = [ignoresCase(one), ignoresCase(other)];
  const inOneCase = (text: Text): Text => (folded || foldedToo ? lowerCase(text) : text);
  const [left, right] = [one.values.map(inOneCase), other.values.map(inOneCase)];
  if (!other.operator.negated)
    return left.every((a) => right.every((b) => !overlap(patternOf(a, one), patternOf(b, other))));
  // What differs by its case alone is another text to an operator that heeds case.
  if (folded && !foldedToo) return false;
  return left.every((a) => right.some((b) => covers(b, a, other.operator)));
}

function patternOf(text: Text, { operator: { comparison } }: Required): Pattern {
  return comparison === 'StringLike' || comparison === 'ArnLike' ? pattern(text) : patternOfTokens(partsOf(text));
}

function isOfText({ operator: { comparison } }: Required): boolean {
  return comparison.startsWith('String') || comparison === 'ArnLike';
}

function ignoresCase({ operator }: Required): boolean {
  return operator.comparison === 'StringEqualsIgnoreCase';
}

/** Whether a pattern (or a text, to an operator that takes it literally) matches whatever another pattern matches. */
function covers(wide: Text, narrow: Text, { comparison }: Operator): boolean {
  if (!isKnown(wide) || !isKnown(narrow)) return false;
  if (comparison !== 'StringLike') return wide === narrow && !/[*?]/.test(narrow);
  // The stars of the narrow one stand for any text, which only a star takes.
  return !(wide.includes('?') && narrow.includes('*')) && globMatches(wide, narrow);
}
