import type { Expression } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import { isKnown } from '../../../symbolic/text.ts';
import { unknownResult } from '../operators.ts';
import { asText, toNumber } from '../primitives.ts';
import type { Scope } from '../scope.ts';
import { bool, failure, listTerm, number, type SettledTerm, type Term, textTerm, unknownIn } from '../term.ts';

export type Evaluate = (expression: Expression, scope: Scope) => Term;

/** Where a function is called. */
export interface CallSite {
  readonly name: string;
  readonly place: Place;
  readonly scope: Scope;
}

/** Its arguments hold no choice and no failure at their top. */
export type TerraformFunction = (given: readonly SettledTerm[], call: CallSite) => Term;
export type Functions = Readonly<Record<string, TerraformFunction>>;

/** `null` is what is left to Terraform. */
type Plain = string | number | boolean | readonly string[] | readonly number[] | null | undefined;

/** A function of texts, each of them known; what it does not accept is `undefined`. */
export function ofTexts(apply: (...texts: readonly string[]) => Plain): TerraformFunction {
  return (given, call) => {
    const texts: string[] = [];
    for (const term of given) {
      const text = asText(term);
      if (text === undefined) return failure(`${call.name} takes texts`, call.place);
      if (!isKnown(text)) return unknownResult(call.name, given, call.place);
      texts.push(text);
    }
    return plainTerm(apply(...texts), given, call);
  };
}

/** A function of numbers, each of them known. */
export function ofNumbers(apply: (...numbers: readonly number[]) => Plain): TerraformFunction {
  return (given, call) => {
    const numbers: number[] = [];
    for (const term of given) {
      const value = toNumber(term);
      if (value.kind === 'failure') return value;
      if (value.kind === 'null') return failure(`${call.name} takes numbers`, call.place);
      if (value.kind !== 'number') return unknownResult(call.name, given, call.place);
      numbers.push(value.value);
    }
    return plainTerm(apply(...numbers), given, call);
  };
}

function plainTerm(result: Plain, given: readonly SettledTerm[], call: CallSite): Term {
  const { place } = call;
  if (result === null) return unknownResult(call.name, given, place);
  if (result === undefined) return failure(`${call.name} does not accept this`, place);
  if (typeof result === 'string') return textTerm(result, place);
  if (typeof result === 'boolean') return bool(result, place);
  if (typeof result === 'number') return number(result, place);
  return listTerm(
    result.map((item) => (typeof item === 'string' ? textTerm(item, place) : number(item, place))),
    place,
    'list',
  );
}

/** A known text among the arguments. */
export function knownText(term: SettledTerm | undefined): string | undefined {
  const text = term === undefined ? undefined : asText(term);
  return text !== undefined && isKnown(text) ? text : undefined;
}

export function knownNumber(term: SettledTerm | undefined): number | undefined {
  const value = term === undefined ? undefined : toNumber(term);
  return value?.kind === 'number' ? value.value : undefined;
}

/** Why a function gives nothing: something unknown among its arguments, else something that it does not take. */
export function neither(given: readonly SettledTerm[], { name, place }: CallSite): Term {
  const open = given.some((term) => unknownIn(term) !== undefined);
  return open ? unknownResult(name, given, place) : failure(`${name} does not accept this`, place);
}
