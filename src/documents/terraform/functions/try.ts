import type { Expression } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import { through, undecided } from '../choices.ts';
import { derived } from '../operators.ts';
import type { Scope } from '../scope.ts';
import { bool, failure, type Term } from '../term.ts';
import type { Evaluate } from './function.ts';

/** The first argument that does not fail. What nobody knows may fail too, and stands for what comes after it as well. */
export function attempt(
  name: 'try' | 'can',
  given: readonly Expression[],
  scope: Scope,
  evaluate: Evaluate,
  place: Place,
): Term {
  const from = (index: number): Term => {
    const expression = given[index];
    if (expression === undefined)
      return name === 'can' ? bool(false, place) : failure('every argument of try fails', place);
    return through([evaluate(expression, scope)], ([term]) => {
      if (term === undefined || term.kind === 'failure') return from(index + 1);
      if (name === 'try') return term;
      return term.kind === 'unknown' ? undecided(derived('can', [term], place), place) : bool(true, place);
    });
  };
  return from(0);
}
