import { parseExpression } from '../../../source/hcl/parse.ts';
import type { Block, Body } from '../../../source/hcl/syntax.ts';
import { parseJson } from '../../../source/json.ts';
import { type Place, SourceFile } from '../../../source/source.ts';
import type { TextProblem } from '../../../source/tree.ts';
import { isKnown } from '../../../symbolic/text.ts';
import type { MapValue } from '../../../symbolic/value.ts';
import { evaluate } from '../evaluate.ts';
import { fromTree } from '../from-tree.ts';
import { Run } from '../run.ts';
import { Scope } from '../scope.ts';
import { failure, type Term } from '../term.ts';
import { toValue } from '../to-value.ts';
import type { TypeConstraint } from '../type-constraint.ts';
import { bodyTerm } from './blocks.ts';
import { attributeIn, parseTerraform } from './module-source.ts';

export interface VariableFiles {
  readonly values: ReadonlyMap<string, Term>;
  readonly problems: readonly TextProblem[];
}

/** The values that tfvars files give; a later file wins. */
export function readVariableFiles(files: readonly SourceFile[]): VariableFiles {
  const values = new Map<string, Term>();
  const problems: TextProblem[] = [];
  for (const file of files) {
    if (/\.json$/i.test(file.path)) {
      const parsed = parseJson(file);
      problems.push(...parsed.problems);
      const [tree] = parsed.documents;
      for (const { key, value } of tree?.kind === 'map' ? tree.entries : []) values.set(key.text, fromTree(value));
      continue;
    }
    const parsed = parseTerraform(file);
    problems.push(...parsed.problems);
    for (const { name, value } of parsed.body.attributes) values.set(name, evaluate(value, literals()));
  }
  return { values, problems };
}

/** What a variable is where nobody gives it a value; undefined where it must be given. */
export function defaultOf(block: Block): Term | undefined {
  const initial = attributeIn(block.body, 'default')?.value;
  return initial === undefined ? undefined : evaluate(initial, literals());
}

/** The attributes of a file that holds values alone. */
export function literalBody(body: Body, place: Place): MapValue | undefined {
  const value = toValue(bodyTerm(body, literals(), place));
  return value?.kind === 'map' ? value : undefined;
}

/** A scope without any names: tfvars files hold values alone. */
function literals(): Scope {
  const nothing = { read: () => undefined, list: () => undefined, lose: () => undefined };
  return new Scope(
    { ...nothing, find: (name, place) => failure(`there is no ${name} in a variables file`, place) },
    new Run(),
  );
}

/** A text that is given for a variable of another type is an expression, as on Terraform's command line. */
export function givenAs(term: Term, type: TypeConstraint): Term {
  const primitive = type.kind === 'string' || type.kind === 'number' || type.kind === 'bool' || type.kind === 'any';
  if (primitive || term.kind !== 'text' || !isKnown(term.text)) return term;
  const expression = parseExpression(new SourceFile(term.place.source.path, term.text));
  return 'message' in expression ? term : evaluate(expression, literals());
}
