import type { Binary, Conditional, Expression, ForExpression, ObjectExpression } from '../../source/hcl/syntax.ts';
import type { Place } from '../../source/source.ts';
import { keyOf, show, type Text } from '../../symbolic/text.ts';
import { choose, through } from './choices.ts';
import { unify } from './conversion.ts';
import { callFunction } from './functions/call.ts';
import { loopOver } from './loops.ts';
import { applyBinary, applyUnary, truthOf, unknownResult } from './operators.ts';
import { asText } from './primitives.ts';
import { tooMuch } from './run.ts';
import type { Loss, Scope } from './scope.ts';
import { attributeOf, indexOf } from './select.ts';
import { evaluateTemplate } from './templates.ts';
import { bool, failure, identityOf, listTerm, mapTerm, number, type Term, type TermMember, textTerm } from './term.ts';
import { isTooHeavy } from './weight.ts';

/** What an expression gives in a scope. It never throws: what cannot be known is unknown, what Terraform rejects a failure. */
export function evaluate(expression: Expression, scope: Scope): Term {
  return scope.run.deeper(expression.place, () => {
    const term = evaluateKind(expression, scope);
    return isTooHeavy(term) ? tooMuch(expression.place) : term;
  });
}

function evaluateKind(expression: Expression, scope: Scope): Term {
  const { place } = expression;
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value, place);
    case 'template':
      return evaluateTemplate(expression, scope, evaluate);
    case 'variable':
      return scope.find(expression.name, place);
    case 'attribute':
      return attributeOf(evaluate(expression.of, scope), expression.name, place);
    case 'index':
      return indexOf(evaluate(expression.of, scope), evaluate(expression.key, scope), place);
    case 'splat':
      return splat(evaluate(expression.of, scope), expression.each, scope, place);
    case 'element':
      return scope.element ?? failure('an element outside of a splat', place);
    case 'tuple':
      return listTerm(
        expression.items.map((item) => evaluate(item, scope)),
        place,
      );
    case 'object':
      return object(expression, scope);
    case 'for':
      return forExpression(expression, scope);
    case 'conditional':
      return conditional(expression, scope);
    case 'unary':
      return applyUnary(expression.operator, evaluate(expression.operand, scope), place);
    case 'binary':
      return binary(expression, scope);
    case 'call':
      return callFunction(expression, scope, evaluate);
    case 'parentheses':
      return evaluate(expression.inner, scope);
  }
}

function literal(value: string | number | boolean | null, place: Place): Term {
  if (value === null) return { kind: 'null', place };
  if (typeof value === 'string') return textTerm(value, place);
  return typeof value === 'number' ? number(value, place) : bool(value, place);
}

function binary({ operator, left, right, place }: Binary, scope: Scope): Term {
  return applyBinary(operator, evaluate(left, scope), evaluate(right, scope), place);
}

function conditional(expression: Conditional, scope: Scope): Term {
  const { place } = expression;
  const condition = truthOf(evaluate(expression.condition, scope));
  let whenTrue: Term | undefined;
  let whenFalse: Term | undefined;
  const yes = (): Term => {
    whenTrue ??= evaluate(expression.whenTrue, scope);
    return whenTrue;
  };
  const no = (): Term => {
    whenFalse ??= evaluate(expression.whenFalse, scope);
    return whenFalse;
  };
  return through([condition], ([truth]) => {
    if (truth?.kind === 'bool') return truth.value ? unify(yes(), no) : unify(no(), yes);
    return truth?.kind === 'failure' ? truth : unknownResult('?', [condition], place);
  });
}

function splat(of: Term, each: Expression, scope: Scope, place: Place): Term {
  return through([of], ([value]) => {
    if (value === undefined || value.kind === 'failure') return value ?? of;
    if (value.kind === 'unknown') return unknownResult('[*]', [value], place);
    const one = (item: Term): Term => evaluate(each, scope.withElement(item));
    if (value.kind === 'null') return listTerm([], value.place);
    if (value.kind === 'lazy' && value.index !== undefined) return unknownResult('[*]', [value], place);
    if (value.kind !== 'list') return listTerm([one(value)], place);
    if (!scope.run.spend(value.items.length)) return unknownResult('[*]', [value], place);
    return listTerm(
      value.items.map((item) => inEachWay(item, one)),
      place,
    );
  });
}

/** An item that may not be there stays one that may not be there. */
function inEachWay(item: Term, map: (item: Term) => Term): Term {
  if (item.kind !== 'choice') return map(item);
  const way = (branch: Term | undefined): Term | undefined => branch && inEachWay(branch, map);
  return { ...item, whenTrue: way(item.whenTrue), whenFalse: way(item.whenFalse) };
}

function object({ items, place }: ObjectExpression, scope: Scope): Term {
  const members: TermMember[] = [];
  const at = new Map<string, number>();
  const repeated: Loss[] = [];
  for (const item of items) {
    const key = evaluate(item.key, scope);
    if (key.kind === 'failure') return key;
    const name = key.kind === 'text' ? key.text : asText(key);
    if (name === undefined) return failure('the key of an object is no text', item.key.place);
    const member = { key: name, keyPlace: key.place, value: evaluate(item.value, scope) };
    const earlier = at.get(keyOf(name));
    if (earlier !== undefined) {
      const loss = { kind: 'repeated key', name: show(name), beside: [...at.keys()], place: item.key.place } as const;
      scope.lose(loss);
      if (identityOf(members[earlier]?.value) !== identityOf(member.value)) repeated.push(loss);
    }
    // The last of equal keys wins.
    if (earlier !== undefined) members[earlier] = member;
    else {
      at.set(keyOf(name), members.length);
      members.push(member);
    }
  }
  const whole = mapTerm(members, place);
  const asked = (key?: string): void => {
    for (const loss of repeated) if (key === undefined || key === loss.name) scope.lose({ ...loss, asked: true });
  };
  return repeated.length === 0 ? whole : { ...whole, asked };
}

function forExpression(expression: ForExpression, scope: Scope): Term {
  const { place } = expression;
  const collection = evaluate(expression.collection, scope);
  return through([collection], ([settled]) => {
    if (settled === undefined || settled.kind === 'failure') return settled ?? collection;
    const within = (key: Term, value: Term): Scope => {
      const inner = scope.withName(expression.valueName, value);
      return expression.keyName === undefined ? inner : inner.withName(expression.keyName, key);
    };
    const { condition } = expression;
    const kept = (inner: Scope): Term =>
      condition === undefined ? bool(true, place) : truthOf(evaluate(condition, inner));
    const loop = loopOver(settled, scope.run, place);
    if (loop === undefined) return unknownResult('for', [settled], place);
    return expression.key === undefined
      ? listLoop(expression, loop, within, kept)
      : objectLoop(expression, expression.key, loop, within, kept);
  });
}

type Loop = NonNullable<ReturnType<typeof loopOver>>;
type Within = (key: Term, value: Term) => Scope;

function listLoop({ value, place }: ForExpression, loop: Loop, within: Within, kept: (inner: Scope) => Term): Term {
  const items: Term[] = [];
  for (const entry of loop) {
    const inner = within(entry.key, entry.value);
    const keeps = kept(inner);
    if (keeps.kind === 'failure') return keeps;
    if (keeps.kind === 'bool' && !keeps.value) continue;
    const item = evaluate(value, inner);
    const chosen = keeps.kind === 'choice' ? onlyWhen(keeps, item) : item;
    const { when } = entry;
    const present = when === undefined ? chosen : choose(when.guard, chosen, undefined, when.otherwise, place);
    if (present !== undefined) items.push(present);
  }
  return listTerm(items, place);
}

function onlyWhen(keeps: Extract<Term, { kind: 'choice' }>, item: Term): Term | undefined {
  const way = (branch: Term | undefined): Term | undefined => {
    if (branch?.kind === 'choice') return onlyWhen(branch, item);
    return branch?.kind === 'bool' && !branch.value ? undefined : item;
  };
  return choose(keeps.guard, way(keeps.whenTrue), way(keeps.whenFalse), keeps.otherwise, item.place);
}

function objectLoop(
  { value, place, grouped }: ForExpression,
  keyExpression: Expression,
  loop: Loop,
  within: Within,
  kept: (inner: Scope) => Term,
): Term {
  const groups = new Map<string, { readonly key: Text; readonly keyPlace: Place; readonly values: Term[] }>();
  for (const entry of loop) {
    const inner = within(entry.key, entry.value);
    const keeps = kept(inner);
    if (keeps.kind === 'failure') return keeps;
    if (keeps.kind !== 'bool' || entry.when !== undefined) return unknownResult('for', [keeps, entry.value], place);
    if (!keeps.value) continue;
    const key = evaluate(keyExpression, inner);
    if (key.kind === 'failure') return key;
    const name = asText(key);
    if (name === undefined) return failure('the key of a loop is no text', keyExpression.place);
    const id = keyOf(name);
    const group = groups.get(id) ?? { key: name, keyPlace: key.place, values: [] };
    if (group.values.length > 0 && !grouped)
      return failure(`two items of a loop have the key ${JSON.stringify(show(name))}`, keyExpression.place);
    group.values.push(evaluate(value, inner));
    groups.set(id, group);
  }
  const members = [...groups.values()].map(({ key, keyPlace, values }) => {
    const [only] = values;
    return { key, keyPlace, value: grouped || only === undefined ? listTerm(values, place) : only };
  });
  return mapTerm(members, place);
}
