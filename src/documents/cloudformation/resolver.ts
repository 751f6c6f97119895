import type { Assumed } from '../../iam/policy.ts';
import type { Place } from '../../source/source.ts';
import type { MapTree, Tree } from '../../source/tree.ts';
import { both, type Guard } from '../../symbolic/guard.ts';
import { isKnown, show, type Unknown, unknownText } from '../../symbolic/text.ts';
import { type Member, settled, type Value } from '../../symbolic/value.ts';
import { Conditions } from './conditions.ts';
import { withDynamicReferences } from './dynamic-references.ts';
import { withForeignParts } from './foreign-text.ts';
import { intrinsicCall } from './intrinsic-call.ts';
import { intrinsics } from './intrinsics.ts';
import { isMacro } from './macros.ts';
import type { Noted } from './noted.ts';
import { attributeOf, refTo } from './references.ts';
import type { Scope } from './scope.ts';
import { shortForm } from './short-form.ts';
import { type Resource, stackOf, type Template } from './template.ts';

/** Nothing that people write nests so deep; what does is left unknown. */
const DEEPEST = 100;
/** Nor does a template that people write ask for so many values; one that does asks for the same ones again and again. */
const MOST_STEPS = 500_000;

/** Resolves the values of one template symbolically. `undefined` is AWS::NoValue: the member or item is not there. */
export class Resolver implements Scope {
  readonly template: Template;
  readonly conditions: Conditions;
  #depth = 0;
  #steps = 0;
  readonly #open = new Set<Tree>();
  #noted = new Set<Assumed>();

  constructor(template: Template) {
    this.template = template;
    this.conditions = new Conditions(this);
  }

  resolve(tree: Tree): Value | undefined {
    this.#steps += 1;
    if (this.#depth >= DEEPEST || this.#steps > MOST_STEPS)
      return this.unknown(tree.place, 'nested', 'a value that is nested too deep to follow');
    if (this.#open.has(tree)) return this.unknown(tree.place, 'itself', 'a value that refers to itself');
    this.#open.add(tree);
    this.#depth += 1;
    try {
      return this.#resolve(tree);
    } finally {
      this.#depth -= 1;
      this.#open.delete(tree);
    }
  }

  #resolve(tree: Tree): Value | undefined {
    const call = intrinsicCall(tree);
    if (call !== undefined) return this.#call(call.name, call.argument, tree.place);
    switch (tree.kind) {
      case 'scalar':
        return this.#scalar(tree.text, tree.type === 'null' ? 'string' : tree.type, tree.place);
      case 'list': {
        const items = tree.items.map((item) => this.resolve(item)).filter((item) => item !== undefined);
        return { kind: 'list', items, place: tree.place };
      }
      case 'map':
        return this.#map(tree);
    }
  }

  #map(tree: MapTree): Value {
    const macro = tree.entries.find(({ key }) => isMacro(key.text));
    if (macro !== undefined) return this.unknown(tree.place, macro.key.text, `what ${macro.key.text} makes of it`);
    const members: Member[] = [];
    for (const { key, value } of tree.entries) {
      const resolved = this.resolve(value);
      if (resolved !== undefined)
        members.push({ name: key.text, key: key.text, namePlace: key.place, value: resolved });
    }
    return { kind: 'map', members, place: tree.place };
  }

  #scalar(text: string, type: 'string' | 'number' | 'boolean', place: Place): Value {
    const read = withDynamicReferences(text, this);
    return { kind: 'text', text: isKnown(read) ? withForeignParts(read, this) : read, type, place };
  }

  #call(name: string, argument: Tree, place: Place): Value | undefined {
    if (name === 'Ref' && argument.kind === 'scalar') return refTo(this, argument.text, place);
    if (name === 'Fn::GetAtt') return attributeOf(this, argument, place);
    const intrinsic = intrinsics[name];
    return intrinsic === undefined ? this.unknown(place, name, `what ${name} gives`) : intrinsic(this, argument, place);
  }

  note(assumed: readonly Assumed[]): void {
    for (const one of assumed) this.#noted.add(one);
  }

  noting<T>(work: () => T): Noted<T> {
    const before = this.#noted;
    this.#noted = new Set();
    const found = work();
    const assumes = [...this.#noted];
    this.#noted = new Set([...before, ...assumes]);
    return { found, assumes };
  }

  unknown(place: Place, what: string, missing: string): Value {
    const id = `${place.source.path}:${place.start}:${what}`;
    const shown = shortForm(what, place);
    return { kind: 'unknown', unknown: { id, kind: 'open', shown, missing }, place };
  }

  named(name: string, shown: string, missing: string, kind: Unknown['kind'] = 'open'): Unknown {
    return { id: `${stackOf(this.template)}#${name}`, kind, shown, missing };
  }

  exists({ condition }: Resource): Guard {
    return both(this.template.parent?.guard ?? true, condition === undefined ? true : this.conditions.holds(condition));
  }

  text(tree: Tree | undefined): Extract<Value, { kind: 'text' }> | undefined {
    const value = settled(tree === undefined ? undefined : this.resolve(tree));
    if (value?.kind === 'unknown')
      return { kind: 'text', text: unknownText(value.unknown), type: 'string', place: value.place };
    return value?.kind === 'text' ? value : undefined;
  }

  literal(tree: Tree | undefined): string | undefined {
    const value = this.text(tree);
    return value === undefined || typeof value.text !== 'string' ? undefined : show(value.text);
  }
}
