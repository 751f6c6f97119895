import type { Expression, ObjectItem } from '../../source/hcl/syntax.ts';
import type { Place } from '../../source/source.ts';
import { isKnown, show } from '../../symbolic/text.ts';
import { through } from './choices.ts';
import { asSet, unifiedItems } from './conversion.ts';
import { toBool, toNumber, toText } from './primitives.ts';
import {
  failure,
  type ListTerm,
  listTerm,
  type MapTerm,
  mapTerm,
  memberNamed,
  type SettledTerm,
  type Term,
  type TermMember,
} from './term.ts';

/** What a variable accepts. https://developer.hashicorp.com/terraform/language/expressions/type-constraints */
export type TypeConstraint =
  | { readonly kind: 'any' | 'string' | 'number' | 'bool' }
  | { readonly kind: 'list' | 'set' | 'map'; readonly of: TypeConstraint }
  | { readonly kind: 'tuple'; readonly items: readonly TypeConstraint[] }
  | { readonly kind: 'object'; readonly attributes: ReadonlyMap<string, AttributeType> };

interface AttributeType {
  readonly type: TypeConstraint;
  readonly optional: boolean;
  readonly initial: Expression | undefined;
}

const ANY: TypeConstraint = { kind: 'any' };

export function typeOf(expression: Expression | undefined): TypeConstraint {
  if (expression?.kind === 'literal' && typeof expression.value === 'string') return named(expression.value);
  if (expression?.kind === 'variable') return named(expression.name);
  if (expression?.kind !== 'call') return ANY;
  const [inner] = expression.arguments;
  switch (expression.name) {
    case 'list':
    case 'set':
    case 'map':
      return { kind: expression.name, of: typeOf(inner) };
    case 'tuple':
      return inner?.kind === 'tuple' ? { kind: 'tuple', items: inner.items.map(typeOf) } : ANY;
    case 'object':
      return inner?.kind === 'object' ? { kind: 'object', attributes: new Map(inner.items.map(attributeType)) } : ANY;
    default:
      return ANY;
  }
}

function named(name: string): TypeConstraint {
  if (name === 'string' || name === 'number' || name === 'bool') return { kind: name };
  // Terraform 0.11 wrote "list" and "map" for lists and maps of anything.
  return name === 'list' || name === 'set' || name === 'map' ? { kind: name, of: ANY } : ANY;
}

function attributeType({ key, value }: ObjectItem): [string, AttributeType] {
  const name = key.kind === 'literal' ? String(key.value) : key.kind === 'variable' ? key.name : '';
  if (value.kind !== 'call' || value.name !== 'optional')
    return [name, { type: typeOf(value), optional: false, initial: undefined }];
  const [type, initial] = value.arguments;
  return [name, { type: typeOf(type), optional: true, initial }];
}

/** What a conversion needs besides the value. */
export interface Converting {
  readonly evaluate: (expression: Expression) => Term;
  /** An attribute that the type does not list is gone. */
  readonly dropped: (lost: Dropped) => void;
}

interface Dropped {
  readonly name: string;
  readonly beside: readonly string[];
  readonly place: Place;
  /** Set where something asks for it afterwards. */
  readonly asked?: true;
}

export function convert(term: Term, type: TypeConstraint, by: Converting): Term {
  return through([term], ([value]) => (value === undefined ? term : convertSettled(value, type, by)));
}

function convertSettled(value: SettledTerm, type: TypeConstraint, by: Converting): Term {
  if (value.kind === 'null' || value.kind === 'failure' || value.kind === 'unknown' || type.kind === 'any')
    return value;
  switch (type.kind) {
    case 'string':
      return toText(value);
    case 'number':
      return toNumber(value);
    case 'bool':
      return toBool(value);
    case 'list':
    case 'set':
      return value.kind === 'list' ? items(value, type, by) : failure('a list is needed here', value.place);
    case 'tuple':
      return value.kind === 'list' ? value : failure('a list is needed here', value.place);
    case 'map':
      return value.kind === 'map' ? map(value, type.of, by) : failure('a map is needed here', value.place);
    case 'object':
      return value.kind === 'map'
        ? object(value, type.attributes, by)
        : failure('an object is needed here', value.place);
  }
}

function items(list: ListTerm, type: Extract<TypeConstraint, { kind: 'list' | 'set' | 'map' }>, by: Converting): Term {
  const converted = list.items.map((item): Term => {
    if (item.kind !== 'choice') return convert(item, type.of, by);
    const way = (branch: Term | undefined): Term | undefined => branch && convert(branch, type.of, by);
    return { ...item, whenTrue: way(item.whenTrue), whenFalse: way(item.whenFalse) };
  });
  const failed = converted.find(({ kind }) => kind === 'failure');
  const own = type.of.kind === 'any' ? unifiedItems(converted) : converted;
  const whole = listTerm(own, list.place, type.kind === 'set' ? 'set' : 'list');
  return failed ?? (type.kind === 'set' ? asSet(whole) : whole);
}

function map(value: MapTerm, of: TypeConstraint, by: Converting): Term {
  const converted = value.members.map((member) => convert(member.value, of, by));
  const own = of.kind === 'any' ? unifiedItems(converted) : converted;
  const members = value.members.map((member, index) => ({ ...member, value: own[index] ?? member.value }));
  return converted.find(({ kind }) => kind === 'failure') ?? mapTerm(members, value.place, 'map');
}

function object(value: MapTerm, attributes: ReadonlyMap<string, AttributeType>, by: Converting): Term {
  const beside = value.members.map(({ key }) => show(key));
  const dropped = value.members.flatMap(({ key, keyPlace }): readonly Dropped[] =>
    isKnown(key) && !attributes.has(key) ? [{ name: key, beside, place: keyPlace }] : [],
  );
  for (const lost of dropped) by.dropped(lost);
  const members: TermMember[] = [];
  for (const [name, { type, optional, initial }] of attributes) {
    const given = memberNamed(value, name);
    if (given === undefined && !optional) return failure(`the attribute ${name} is required`, value.place);
    const isSet = given !== undefined && given.value.kind !== 'null';
    const own = isSet ? given.value : initial === undefined ? undefined : by.evaluate(initial);
    const place = given?.keyPlace ?? value.place;
    const converted = own === undefined ? ({ kind: 'null', place } as const) : convert(own, type, by);
    if (converted.kind === 'failure') return converted;
    members.push({ key: name, keyPlace: place, value: converted });
  }
  const whole = mapTerm(members, value.place);
  const asked = (key?: string): void => {
    for (const lost of dropped) if (key === undefined || key === lost.name) by.dropped({ ...lost, asked: true });
  };
  return dropped.length === 0 ? whole : { ...whole, asked };
}
