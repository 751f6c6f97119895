import type { Call } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import { through } from '../choices.ts';
import { itemsOf } from '../conversion.ts';
import { unknownResult } from '../operators.ts';
import { tooMuch } from '../run.ts';
import type { Scope } from '../scope.ts';
import { isCounted, type SettledTerm, type Term, unknownIn } from '../term.ts';
import { weightOf } from '../weight.ts';
import { COLLECTIONS } from './collection.ts';
import { CONVERSIONS } from './convert.ts';
import { DATES } from './date.ts';
import { ENCODINGS } from './encoding.ts';
import { FILES, templateFile } from './file.ts';
import type { Evaluate, Functions } from './function.ts';
import { HASHES } from './hash.ts';
import { NETWORKS } from './network.ts';
import { NUMBERS } from './numeric.ts';
import { SETS } from './set.ts';
import { STRINGS } from './string.ts';
import { attempt } from './try.ts';

/** https://developer.hashicorp.com/terraform/language/functions */
const FUNCTIONS: Functions = {
  ...COLLECTIONS,
  ...CONVERSIONS,
  ...DATES,
  ...ENCODINGS,
  ...FILES,
  ...HASHES,
  ...NETWORKS,
  ...NUMBERS,
  ...SETS,
  ...STRINGS,
};

/** What a call gives. A function that is not known here, such as a provider's, gives what nobody knows. */
export function callFunction(call: Call, scope: Scope, evaluate: Evaluate): Term {
  const { place } = call;
  const name = call.name.replace(/^core::/, '');
  if (name === 'try' || name === 'can') return attempt(name, call.arguments, scope, evaluate, place);
  const given = call.arguments.map((argument) => evaluate(argument, scope));
  return through(given, (settled) => {
    const expanded = call.expanded ? spread(settled) : settled;
    if (expanded === undefined) return unknownResult(name, settled, place);
    return through(expanded, (terms) => apply(name, terms, scope, evaluate, place));
  });
}

const MOST_ARGUMENTS = 5000;

/** `f(list...)` */
function spread(given: readonly SettledTerm[]): readonly Term[] | undefined {
  const last = given.at(-1);
  if (last === undefined) return given;
  if (last.kind === 'failure') return [last];
  const items = itemsOf(last);
  if (items === undefined || last.kind !== 'list' || !isCounted(last) || items.length > MOST_ARGUMENTS)
    return undefined;
  return [...given.slice(0, -1), ...items];
}

function apply(name: string, terms: readonly SettledTerm[], scope: Scope, evaluate: Evaluate, place: Place): Term {
  const failed = terms.find((term) => term.kind === 'failure');
  if (failed !== undefined) return failed;
  if (!scope.run.spend(terms.reduce((sum, term) => sum + (weightOf(term) >> 4), 1))) return tooMuch(place);
  if (name === 'templatefile' || name === 'templatestring') return templateFile(name, terms, scope, evaluate, place);
  const own = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (own === undefined) {
    const [first] = terms.filter((term) => unknownIn(term) !== undefined);
    const result = unknownResult(name, first === undefined ? terms : [first], place);
    return result.kind === 'unknown' && first === undefined
      ? { ...result, unknown: { ...result.unknown, missing: `what the function ${name} gives` } }
      : result;
  }
  return own(terms, { place, scope, name });
}
