import { scalarText, type Tree } from '../../source/tree.ts';
import { both, type Choice, either, type Guard, unless } from '../../symbolic/guard.ts';
import { equal } from '../../symbolic/pattern.ts';
import { isKnown, keyOf, partsOf, show, type Text } from '../../symbolic/text.ts';
import { intrinsicCall } from './intrinsic-call.ts';
import type { Noted } from './noted.ts';
import type { Scope } from './scope.ts';
import { stackOf } from './template.ts';

/** The template's conditions: decided as far as its parameters are known, else choices that are consistent with each other. */
export class Conditions {
  readonly #scope: Scope;
  readonly #known = new Map<string, Noted<Guard>>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Under which choices a named condition holds. */
  holds(name: string): Guard {
    const known = this.#known.get(name) ?? this.#learn(name);
    this.#scope.note(known.assumes);
    return known.found;
  }

  #learn(name: string): Noted<Guard> {
    const open = this.#choice(`condition:${name}`, undefined, name);
    // A condition that refers to itself is left open.
    this.#known.set(name, { found: open, assumes: [] });
    const tree = this.#scope.template.conditions.get(name);
    const known = this.#scope.noting(() => (tree === undefined ? open : this.#evaluate(tree, name)));
    this.#known.set(name, known);
    return known;
  }

  #evaluate(tree: Tree, name: string): Guard {
    const call = intrinsicCall(tree);
    const single = tree.kind === 'map' && tree.entries.length === 1 ? tree.entries[0] : undefined;
    if (single?.key.text === 'Condition') return this.holds(scalarText(single.value) ?? '');
    if (call === undefined)
      return scalarText(tree) === 'true' || (scalarText(tree) === 'false' ? false : this.#open(tree, name));
    const operands = call.argument.kind === 'list' ? call.argument.items : [];
    switch (call.name) {
      case 'Condition':
        return this.holds(scalarText(call.argument) ?? '');
      case 'Fn::Equals':
        return this.#equals(operands, tree, name);
      case 'Fn::Not':
        return unless(operands[0] === undefined ? this.#open(tree, name) : this.#evaluate(operands[0], name));
      case 'Fn::And':
        return operands.reduce<Guard>((all, one) => both(all, this.#evaluate(one, name)), true);
      case 'Fn::Or':
        return operands.reduce<Guard>((any, one) => either(any, this.#evaluate(one, name)), false);
      default:
        return this.#open(tree, name);
    }
  }

  #equals([left, right]: readonly Tree[], tree: Tree, name: string): Guard {
    const a = this.#scope.text(left)?.text;
    const b = this.#scope.text(right)?.text;
    return a === undefined || b === undefined ? this.#open(tree, name) : this.same(a, b);
  }

  /** Under which choices two texts are the same. */
  same(a: Text, b: Text): Guard {
    const truth = equal(a, b);
    if (typeof truth === 'boolean') return truth;
    const [open, literal] = isKnown(a) ? [b, a] : [a, b];
    const [only, ...more] = partsOf(open);
    // A parameter equals one value only, so that IsProd and IsDev do not hold together.
    const single = isKnown(literal) && typeof only === 'object' && more.length === 0 ? only : undefined;
    return this.#choice(
      `${keyOf(open)}=${keyOf(literal)}`,
      single === undefined ? undefined : keyOf(open),
      `${show(open)} = ${show(literal) || "''"}`,
      single?.choices === undefined ? undefined : new Set(single.choices).size,
    );
  }

  #open(tree: Tree, name: string): Guard {
    return this.#choice(`${tree.place.source.path}:${tree.place.start}`, undefined, name);
  }

  #choice(id: string, group: string | undefined, name: string, outOf?: number): Guard {
    const choice: Choice = { id: `${stackOf(this.#scope.template)}#${id}`, group, name, outOf };
    return { kind: 'choice', choice };
  }
}
