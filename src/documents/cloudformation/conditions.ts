import { scalarText, type Tree } from '../../source/tree.ts';
import { equal } from '../../symbolic/pattern.ts';
import { and, dependsOnValue, not, or, type Truth } from '../../symbolic/truth.ts';
import { intrinsicCall } from './intrinsic-call.ts';
import type { Scope } from './scope.ts';

/** The template's conditions, decided as far as its parameters are known. */
export class Conditions {
  readonly #scope: Scope;
  readonly #known = new Map<string, Truth>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Whether a named condition holds. */
  holds(name: string): Truth {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const open = dependsOnValue(
      this.#scope.named(`condition:${name}`, `\${${name}}`, `whether the condition ${name} holds`),
    );
    this.#known.set(name, open);
    const tree = this.#scope.template.conditions.get(name);
    const truth = tree === undefined ? open : this.#evaluate(tree);
    // A condition is one switch: it is told by its name, not by all that it is made of.
    const settled = typeof truth === 'boolean' ? truth : open;
    this.#known.set(name, settled);
    return settled;
  }

  #evaluate(tree: Tree): Truth {
    const call = intrinsicCall(tree);
    const single = tree.kind === 'map' && tree.entries.length === 1 ? tree.entries[0] : undefined;
    if (single?.key.text === 'Condition') return this.holds(scalarText(single.value) ?? '');
    if (call === undefined)
      return scalarText(tree) === 'true' ? true : scalarText(tree) === 'false' ? false : this.#open(tree);
    const operands = call.argument.kind === 'list' ? call.argument.items : [];
    switch (call.name) {
      case 'Condition':
        return this.holds(scalarText(call.argument) ?? '');
      case 'Fn::Equals':
        return this.#equals(operands);
      case 'Fn::Not':
        return not(operands[0] === undefined ? this.#open(tree) : this.#evaluate(operands[0]));
      case 'Fn::And':
        return operands.reduce<Truth>((all, one) => and(all, this.#evaluate(one)), true);
      case 'Fn::Or':
        return operands.reduce<Truth>((any, one) => or(any, this.#evaluate(one)), false);
      default:
        return this.#open(tree);
    }
  }

  #equals([left, right]: readonly Tree[]): Truth {
    const a = this.#scope.text(left);
    const b = this.#scope.text(right);
    if (a === undefined || b === undefined) return left === undefined ? false : this.#open(left);
    return equal(a.text, b.text);
  }

  #open(tree: Tree): Truth {
    const value = this.#scope.unknown(tree.place, 'condition', 'whether a condition holds');
    return value.kind === 'unknown' ? dependsOnValue(value.unknown) : false;
  }
}
