import { scalarText, type Tree } from '../../source/tree.ts';
import { equal } from '../../symbolic/pattern.ts';
import { concat, isKnown, lowerCase, partsOf, type Text, unknownText } from '../../symbolic/text.ts';
import { type Expression, piecesOf } from './expression.ts';

/** What an expression is, as far as it is known beforehand. */
export type Result = Text | boolean | null | Tree | Undecided;

/** A value that only a run has. */
export interface Undecided {
  readonly kind: 'undecided';
  readonly source: string;
  /** Whether it counts as true, where that much is known. */
  readonly truth?: boolean;
}

/** What names stand for in a step. */
export interface Scope {
  /** The value at a path (`github.ref`, `matrix.stage`); undefined where nobody can know it. */
  lookup(names: readonly string[]): Result | undefined;
  /** Whether an unknown text is sure not to be this one. */
  differs(text: Text, literal: string): boolean;
  /** A text of which only its expression is known. */
  unknown(source: string): Text;
}

export function evaluate(expression: Expression, scope: Scope): Result {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'path':
      return scope.lookup(expression.names) ?? undecided(expression.source);
    case 'other':
      return undecided(expression.source);
    case 'not': {
      const truth = truthOf(evaluate(expression.operand, scope));
      return truth === undefined ? undecided('!') : !truth;
    }
    case 'and':
    case 'or': {
      const left = evaluate(expression.left, scope);
      const truth = truthOf(left);
      if (truth !== undefined) return truth === (expression.kind === 'and') ? evaluate(expression.right, scope) : left;
      // Where the right side settles it, the left one does not matter.
      const right = truthOf(evaluate(expression.right, scope));
      return {
        kind: 'undecided',
        source: sourceOf(expression),
        ...(right === (expression.kind === 'or') ? { truth: right } : {}),
      };
    }
    case '==':
    case '!=': {
      const same = alike(evaluate(expression.left, scope), evaluate(expression.right, scope), scope);
      return same === undefined ? undecided(expression.kind) : same === (expression.kind === '==');
    }
    case 'call':
      return call(expression, scope);
  }
}

function undecided(source: string): Undecided {
  return { kind: 'undecided', source };
}

/** Whether a condition lets a step run: `undefined` where only the run knows. */
export function truthOf(result: Result): boolean | undefined {
  if (typeof result === 'boolean') return result;
  if (result === null || result === '') return false;
  if (typeof result === 'string') return true;
  if ('kind' in result) {
    if (result.kind === 'undecided') return result.truth;
    return result.kind === 'scalar' ? truthOf(scalarOf(result)) : true;
  }
  // A text with literal letters in it is not empty.
  return partsOf(result).some((part) => typeof part === 'string') ? true : undefined;
}

function scalarOf(tree: Extract<Tree, { readonly kind: 'scalar' }>): Result {
  if (tree.type === 'boolean') return tree.text.toLowerCase() === 'true';
  return tree.type === 'null' ? null : tree.text;
}

/** The text of a result, where it has one. */
function textIn(result: Result): Text | undefined {
  if (typeof result === 'string') return result;
  if (typeof result === 'boolean') return String(result);
  if (result === null) return '';
  if (!('kind' in result)) return result;
  return result.kind === 'scalar' ? (scalarText(result) ?? '') : undefined;
}

/** GitHub compares texts without case. */
function alike(left: Result, right: Result, scope: Scope): boolean | undefined {
  const [a, b] = [textIn(left), textIn(right)];
  if (a === undefined || b === undefined) return undefined;
  if (isKnown(a) && !isKnown(b) && scope.differs(b, a)) return false;
  if (isKnown(b) && !isKnown(a) && scope.differs(a, b)) return false;
  const truth = equal(lowerCase(a), lowerCase(b));
  return typeof truth === 'boolean' ? truth : undefined;
}

function call({ name, args, source }: Extract<Expression, { readonly kind: 'call' }>, scope: Scope): Result {
  const values = args.map((arg) => evaluate(arg, scope));
  const texts = values.map(textIn);
  const [first, second] = texts;
  switch (name) {
    case 'always':
    case 'success':
      return true;
    case 'startswith':
    case 'endswith':
    case 'contains':
      return compare(name, first, second) ?? undecided(source);
    case 'format': {
      if (first === undefined || !isKnown(first)) return undecided(source);
      const parts = first.split(/\{(\d+)\}/);
      return concat(
        ...parts.map((part, index) => (index % 2 === 0 ? part : (texts[Number(part) + 1] ?? scope.unknown(source)))),
      );
    }
    default:
      return undecided(source);
  }
}

function compare(name: string, text: Text | undefined, wanted: Text | undefined): boolean | undefined {
  if (text === undefined || wanted === undefined || !isKnown(wanted)) return undefined;
  const sought = wanted.toLowerCase();
  const parts = partsOf(lowerCase(text));
  const [first] = parts;
  const last = parts.at(-1);
  if (name === 'contains') {
    if (parts.some((part) => typeof part === 'string' && part.includes(sought))) return true;
    return isKnown(text) ? false : undefined;
  }
  const edge = name === 'startswith' ? first : last;
  if (typeof edge !== 'string') return undefined;
  const fits = name === 'startswith' ? edge.startsWith(sought) : edge.endsWith(sought);
  if (fits || isKnown(text)) return fits;
  // The literal edge may already differ from what is sought.
  const same = name === 'startswith' ? sought.startsWith(edge) : sought.endsWith(edge);
  return same ? undefined : false;
}

/** A text with its expressions filled in. */
export function fill(text: string, scope: Scope): Text {
  return concat(
    ...piecesOf(text).map((piece): Text => {
      if (typeof piece === 'string') return piece;
      const result = evaluate(piece, scope);
      return textIn(result) ?? scope.unknown(sourceOf(piece));
    }),
  );
}

function sourceOf(expression: Expression): string {
  if ('source' in expression) return expression.source;
  if (expression.kind === 'not') return `!${sourceOf(expression.operand)}`;
  if (expression.kind === 'literal') return String(expression.value);
  const sign = { and: '&&', or: '||', '==': '==', '!=': '!=' }[expression.kind];
  return `${sourceOf(expression.left)} ${sign} ${sourceOf(expression.right)}`;
}

/** A text that is unknown as a whole. */
export function unknownValue(source: string, missing: string, chosen = false): Text {
  return unknownText({
    id: `workflow:${source}`,
    kind: 'open',
    shown: `\${{ ${source} }}`,
    missing,
    ...(chosen ? { chosen } : {}),
  });
}
