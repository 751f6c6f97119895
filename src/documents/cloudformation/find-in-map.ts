import type { Place } from '../../source/source.ts';
import { member, type Tree } from '../../source/tree.ts';
import { isKnown, partsOf, show, type Text, unknownText } from '../../symbolic/text.ts';
import type { Value } from '../../symbolic/value.ts';
import { overChoices } from './over-choices.ts';
import type { Scope } from './scope.ts';

/** More values of a parameter than this are not tried one by one. */
const MOST_CHOICES = 6;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html */
export function findInMap(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [map, first, second, options] = argument.kind === 'list' ? argument.items : [];
  const entry = new Entry(scope, place, member(options, 'DefaultValue'));
  const keys = [map, first, second].map((tree) => (tree === undefined ? undefined : scope.resolve(tree)));
  return overChoices(keys, place, (values) => entryAt(entry, values.map(textOf), []));
}

class Entry {
  readonly scope: Scope;
  readonly place: Place;
  readonly initial: Tree | undefined;

  constructor(scope: Scope, place: Place, initial: Tree | undefined) {
    this.scope = scope;
    this.place = place;
    this.initial = initial;
  }

  at(names: readonly string[]): Value | undefined {
    let found = this.scope.template.mappings;
    for (const name of names) found = member(found, name);
    if (found !== undefined) return this.scope.resolve(found);
    // An entry that a slip keeps from being read may be there.
    const lost = this.place.source.lost !== undefined;
    return this.initial === undefined || lost ? this.open(names) : this.scope.resolve(this.initial);
  }

  open(names: readonly (Text | undefined)[]): Value {
    const shown = names.map((name) => (name === undefined ? '…' : show(name))).join('.');
    const own = names.every((name) => name !== undefined && isKnown(name)) ? '' : this.place.start;
    const missing = `the entry ${shown} of the template’s Mappings`;
    return {
      kind: 'unknown',
      unknown: this.scope.named(`map:${shown}:${own}`, `\${${shown}}`, missing),
      place: this.place,
    };
  }
}

/** A name that is a parameter of few allowed values is each of them in turn. */
function entryAt(entry: Entry, names: readonly (Text | undefined)[], known: readonly string[]): Value | undefined {
  const name = names[known.length];
  if (known.length === names.length) return entry.at(known);
  if (name !== undefined && isKnown(name)) return entryAt(entry, names, [...known, name]);
  const [only, ...more] = name === undefined ? [] : partsOf(name);
  const choices = typeof only === 'object' && more.length === 0 ? (only.choices ?? []) : [];
  const otherwise = entry.open(names);
  if (name === undefined || choices.length === 0 || choices.length > MOST_CHOICES || otherwise.kind !== 'unknown')
    return otherwise;
  return choices.reduceRight<Value | undefined>((rest, choice, index) => {
    const own = entryAt(entry, names, [...known, choice]);
    if (index === choices.length - 1) return own;
    const guard = entry.scope.conditions.same(name, choice);
    return { kind: 'choice', guard, whenTrue: own, whenFalse: rest, otherwise, place: entry.place };
  }, undefined);
}

function textOf(value: Value | undefined): Text | undefined {
  if (value?.kind === 'unknown') return unknownText(value.unknown);
  return value?.kind === 'text' ? value.text : undefined;
}
