import { isList, type Json, type JsonMap, listIn, mapIn } from './json.ts';
import type { JsonPath } from './places.ts';

/**
 * The expression in a resource's configuration that gives the value at a path. Sets are re-ordered in a plan, so blocks are
 * told apart by the constants in them, never by their position; undefined where they cannot be told apart, and where a
 * `dynamic` block, which the configuration does not show, may have made some.
 */
export function expressionAt(expressions: JsonMap, values: JsonMap, path: JsonPath): Json | undefined {
  const [first, ...rest] = path;
  if (typeof first !== 'string') return undefined;
  const expression = expressions[first];
  const value = values[first];
  if (isExpression(expression) || expression === undefined) return expression;
  const [index, ...below] = rest;
  const written = isList(expression) ? expression : [expression];
  if (typeof index !== 'number') return expressionAt(mapIn(expression), mapIn(value), rest);
  const planned = listIn(value);
  if (planned.length !== written.length) return undefined;
  const block = mapIn(planned[index]);
  const found = written.map(mapIn).flatMap((one) => (contradicts(one, block) ? [] : [expressionAt(one, block, below)]));
  const kinds = new Set(found.map((one) => JSON.stringify(one)));
  return kinds.size === 1 ? found[0] : undefined;
}

/** An expression is a constant, or names what it refers to; `{}` is one that refers to nothing. */
function isExpression(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null || isList(value)) return false;
  const names = Object.keys(value);
  return names.every((name) => name === 'constant_value' || name === 'references');
}

/** Whether a block cannot be the one that became this value: a constant of it is another one there. */
function contradicts(block: JsonMap, value: JsonMap): boolean {
  return Object.entries(block).some(([name, expression]) => {
    const { constant_value: constant } = mapIn(expression);
    const planned = value[name];
    if (isExpression(expression)) return constant !== undefined && planned !== undefined && !same(constant, planned);
    // Blocks in blocks: each that is planned needs one that could have become it.
    const inner = isList(expression) ? expression.map(mapIn) : [];
    return listIn(planned)
      .map(mapIn)
      .some((one) => inner.length > 0 && inner.every((other) => contradicts(other, one)));
  });
}

/** The same constant; a set has any order, and `null` stands for what is not known yet. */
function same(constant: Json, planned: Json): boolean {
  if (planned === null) return true;
  if (!isList(constant) || !isList(planned)) return JSON.stringify(constant) === JSON.stringify(planned);
  const left = constant.map((one) => JSON.stringify(one)).sort();
  const right = planned.map((one) => JSON.stringify(one)).sort();
  return planned.includes(null) || left.join() === right.join();
}
