import type { Body } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import { both, type Guard, unless } from '../../../symbolic/guard.ts';
import { isKnown } from '../../../symbolic/text.ts';
import { through, undecided } from '../choices.ts';
import { evaluate } from '../evaluate.ts';
import { inKeyOrder } from '../loops.ts';
import { derived, unknownResult } from '../operators.ts';
import { toNumber } from '../primitives.ts';
import type { Scope } from '../scope.ts';
import { partOf } from '../select.ts';
import {
  failure,
  type LazyTerm,
  listTerm,
  mapTerm,
  number,
  openUnknown,
  type SettledTerm,
  type Term,
  textTerm,
} from '../term.ts';
import { attributeIn } from './module-source.ts';

/** More of one block is none that a person wrote. */
const MOST_INSTANCES = 1000;

export type InstanceKey = string | number | undefined;

/** Which instances of a block a plan holds; undefined where none is at hand. */
export type KnownInstances = (block: string) => readonly InstanceKey[] | undefined;

/** One instance of a block: its key, and what `count` and `each` are there. */
export interface Instance {
  readonly key: InstanceKey;
  /** Nobody knows its key: it stands for each that there is. */
  readonly symbolic: boolean;
  readonly names: ReadonlyMap<string, Term>;
}

/** The instances of one block, as its `count` or `for_each` makes them. */
export class Instances<T> {
  /** What the block's reference is: one instance, a list or a map of them. */
  readonly term: Term;
  readonly #made = new Map<InstanceKey | symbol, { readonly instance: Instance; readonly made: T }>();
  readonly #make: (instance: Instance) => T;
  readonly #lazy: (made: T, place: Place) => LazyTerm;
  readonly #name: string;

  constructor(
    block: {
      readonly name: string;
      readonly body: Body;
      readonly place: Place;
      readonly scope: Scope;
      readonly known: readonly InstanceKey[] | undefined;
    },
    make: (instance: Instance) => T,
    lazy: (made: T, place: Place) => LazyTerm,
  ) {
    this.#make = make;
    this.#lazy = lazy;
    this.#name = block.name;
    this.term = this.#expand(block);
  }

  /** Each instance, with the choices under which it is there. */
  all(): readonly { readonly instance: Instance; readonly made: T; readonly guard: Guard }[] {
    const guards = new Map<InstanceKey | symbol, Guard>();
    const walk = (term: Term | undefined, guard: Guard): void => {
      if (term === undefined) return;
      if (term.kind === 'choice') {
        walk(term.whenTrue, both(guard, term.guard));
        walk(term.whenFalse, both(guard, unless(term.guard)));
        return;
      }
      for (const id of this.#idsIn(term)) {
        const earlier = guards.get(id) ?? false;
        guards.set(
          id,
          earlier === true || guard === true
            ? true
            : earlier === false
              ? guard
              : { kind: 'or', left: earlier, right: guard },
        );
      }
    };
    walk(this.term, true);
    return [...this.#made].map(([id, one]) => ({ ...one, guard: guards.get(id) ?? false }));
  }

  #idsIn(term: SettledTerm): readonly (InstanceKey | symbol)[] {
    const ids = [...this.#made.keys()];
    switch (term.kind) {
      case 'list':
        return term.items.map((_, index) => index);
      case 'map':
        return term.members.map(({ key }) => String(key));
      case 'lazy':
        return term.index === undefined ? [undefined] : ids.filter((id) => typeof id === 'symbol');
      default:
        return [];
    }
  }

  #expand({ body, place, scope, known }: ConstructorParameters<typeof Instances<T>>[0]): Term {
    const count = attributeIn(body, 'count');
    const forEach = attributeIn(body, 'for_each');
    if (count === undefined && forEach === undefined) return this.#one(undefined, place, new Map());
    const given = evaluate((count ?? forEach)?.value ?? { kind: 'literal', value: null, place }, scope);
    if (known !== undefined) return this.#fromPlan(known, given, place);
    return through([given], ([value]) => {
      if (value === undefined || value.kind === 'failure') return value ?? given;
      return count === undefined ? this.#each(value, place) : this.#count(value, place);
    });
  }

  #one(key: InstanceKey, place: Place, names: ReadonlyMap<string, Term>, id: InstanceKey | symbol = key): LazyTerm {
    let entry = this.#made.get(id);
    if (entry === undefined) {
      const instance = { key, symbolic: typeof id === 'symbol', names };
      entry = { instance, made: this.#make(instance) };
      this.#made.set(id, entry);
    }
    return this.#lazy(entry.made, place);
  }

  #count(value: SettledTerm, place: Place): Term {
    const count = toNumber(value);
    if (count.kind === 'failure' || count.kind === 'null') return failure('count is no number', place);
    if (count.kind !== 'number' || count.value > MOST_INSTANCES) return this.#symbolic(value, 'count', place);
    return listTerm(
      Array.from({ length: Math.max(0, count.value) }, (_, index) => this.#counted(index, place)),
      place,
    );
  }

  #counted(index: number, place: Place): LazyTerm {
    return this.#one(index, place, new Map([['count', record('count', { index: number(index, place) }, place)]]));
  }

  #each(value: SettledTerm, place: Place): Term {
    if (
      value.kind === 'map' &&
      value.members.every(({ key }) => isKnown(key)) &&
      value.members.length <= MOST_INSTANCES
    ) {
      const members = inKeyOrder(value).map((member) => ({
        ...member,
        value: this.#keyed(String(member.key), textTerm(member.key, member.keyPlace), member.value, place),
      }));
      return mapTerm(members, place);
    }
    if (value.kind === 'list' && value.items.length <= MOST_INSTANCES) {
      // Terraform itself takes sets of known texts alone.
      const keys = value.items.flatMap((item) =>
        item.kind === 'text' && isKnown(item.text) ? [{ item, key: item.text }] : [],
      );
      if (keys.length === value.items.length)
        return mapTerm(
          keys.map(({ item, key }) => ({ key, keyPlace: item.place, value: this.#keyed(key, item, item, place) })),
          place,
        );
    }
    if (value.kind === 'null') return failure('for_each is null', place);
    return this.#symbolic(value, 'for_each', place);
  }

  #keyed(key: string, keyTerm: Term, value: Term, place: Place): LazyTerm {
    return this.#one(key, place, new Map([['each', record('each', { key: keyTerm, value }, place)]]));
  }

  /** Nobody knows how many there are: one stands for each, and may not be there. */
  #symbolic(value: SettledTerm, what: string, place: Place): Term {
    const unknown = derived(what, [value], place);
    const some = undecided(openUnknown(`some:${unknown.id}`, `${this.#name} has instances`, unknown.missing), place);
    const part = (name: string): Term => {
      const one = openUnknown(`${this.#name}:${name}`, name, unknown.missing);
      return { kind: 'unknown', unknown: one, place };
    };
    const names = new Map([
      ['each', record('each', { key: part('each.key'), value: part('each.value') }, place)],
      ['count', record('count', { index: part('count.index') }, place)],
    ]);
    const lazy = this.#one(undefined, place, names, SYMBOLIC);
    // Of a known key the instance is known, wherever else it is unknown which there are.
    const index = (key: Term, at: Place): Term => {
      if (key.kind === 'number' && what === 'count') return this.#counted(key.value, at);
      if (key.kind !== 'text' || !isKnown(key.text) || what === 'count') return unknownResult('[]', [key, lazy], at);
      const each = value.kind === 'unknown' ? partOf(value, `["${key.text}"]`, at) : part('each.value');
      return this.#keyed(key.text, key, each, at);
    };
    const all: LazyTerm = { kind: 'lazy', name: this.#name, attribute: lazy.attribute, index, place };
    return {
      kind: 'choice',
      guard: some.guard,
      whenTrue: all,
      whenFalse: mapTerm([], place),
      otherwise: unknown,
      place,
    };
  }

  #fromPlan(known: readonly InstanceKey[], given: Term, place: Place): Term {
    const indexes = known.filter((key) => typeof key === 'number');
    if (indexes.length === known.length && indexes.length > 0)
      return listTerm(
        indexes.sort((left, right) => left - right).map((index) => this.#counted(index, place)),
        place,
      );
    const keys = known.filter((key) => typeof key === 'string').sort();
    const elementOf = (key: string): Term => {
      if (given.kind === 'map')
        return given.members.find((member) => member.key === key)?.value ?? textTerm(key, place);
      if (given.kind === 'list')
        return given.items.find((item) => item.kind === 'text' && item.text === key) ?? textTerm(key, place);
      return { kind: 'unknown', unknown: openUnknown(`${this.#name}["${key}"]:each.value`, 'each.value'), place };
    };
    return mapTerm(
      keys.map((key) => ({
        key,
        keyPlace: place,
        value: this.#keyed(key, textTerm(key, elementOf(key).place), elementOf(key), place),
      })),
      place,
    );
  }
}

const SYMBOLIC = Symbol('an instance of which nobody knows the key');

function record(name: string, attributes: Readonly<Record<string, Term>>, place: Place): Term {
  const attribute = (wanted: string, at: Place): Term =>
    (Object.hasOwn(attributes, wanted) ? attributes[wanted] : undefined) ?? failure(`${name} has no ${wanted}`, at);
  return { kind: 'lazy', name, attribute, place };
}

/** `aws_iam_role.app`, `aws_iam_role.app[0]`, `aws_iam_role.app["x"]` */
export function withKey(address: string, { key, symbolic }: Instance): string {
  if (symbolic) return `${address}[*]`;
  if (key === undefined) return address;
  return typeof key === 'number' ? `${address}[${key}]` : `${address}[${JSON.stringify(key)}]`;
}
