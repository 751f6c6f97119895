import type { Place } from '../../source/source.ts';
import type { Guard } from '../../symbolic/guard.ts';
import { isKnown, keyOf, type Text, type Unknown } from '../../symbolic/text.ts';

/**
 * A value of Terraform's language while it is evaluated, as far as the sources let anyone know it. Its place is the literal that
 * a person would change, however many locals and modules it came through.
 */
export type Term = SettledTerm | ChoiceTerm;

/** A term that is not one of several. */
export type SettledTerm =
  | NullTerm
  | BoolTerm
  | NumberTerm
  | TextTerm
  | ListTerm
  | MapTerm
  | LazyTerm
  | UnknownTerm
  | Failure;

export interface NullTerm {
  readonly kind: 'null';
  readonly place: Place;
}
export interface BoolTerm {
  readonly kind: 'bool';
  readonly value: boolean;
  readonly place: Place;
}
export interface NumberTerm {
  readonly kind: 'number';
  readonly value: number;
  readonly place: Place;
}

export interface TextTerm {
  readonly kind: 'text';
  readonly text: Text;
  readonly place: Place;
  readonly origin?: Origin;
  /** Set for the empty default of a root module's variable: whom the text stands for until somebody fills it in. */
  readonly unset?: Unknown;
}

/** Where the characters of a text come from, so that a policy inside it can be pointed into. */
export type Origin =
  | { readonly kind: 'encoded'; readonly of: Term }
  | { readonly kind: 'written'; readonly pieces: readonly Piece[] };

/** A run of characters, each at its place where `linear`, else all at one place. */
export interface Piece {
  readonly length: number;
  readonly place: Place;
  readonly linear: boolean;
  /** The `${…}` that put it in. */
  readonly within?: Place;
  /** What was put in. */
  readonly term?: Term;
}

/** A tuple is what brackets write; functions and type constraints make lists and sets. */
export interface ListTerm {
  readonly kind: 'list';
  readonly form: 'tuple' | 'list' | 'set';
  readonly items: readonly Term[];
  readonly place: Place;
}

export interface MapTerm {
  readonly kind: 'map';
  readonly form: 'object' | 'map';
  readonly members: readonly TermMember[];
  readonly place: Place;
  /** Where something of it is lost: told when that is asked for by its key, or (without one) when the whole is walked. */
  readonly asked?: (key?: string) => void;
}

export interface TermMember {
  readonly key: Text;
  readonly keyPlace: Place;
  readonly value: Term;
}

/** An object of which the attributes are found when they are first read: a resource, a module, `var`, `local`. */
export interface LazyTerm {
  readonly kind: 'lazy';
  /** What the language calls it: `aws_iam_role.app`. */
  readonly name: string;
  readonly attribute: (name: string, place: Place) => Term;
  /** For instances that nobody can count. */
  readonly index?: (key: Term, place: Place) => Term;
  /** Every attribute, where somebody asks for the whole object. */
  readonly whole?: () => Term;
  readonly place: Place;
}

export interface UnknownTerm {
  readonly kind: 'unknown';
  readonly unknown: Unknown;
  readonly place: Place;
  /** In a list: it stands for any number of items. */
  readonly many?: boolean;
}

/** What Terraform rejects; only `try` and `can` go on after it. */
export interface Failure {
  readonly kind: 'failure';
  readonly message: string;
  readonly place: Place;
}

/** One of two, by a condition that cannot be decided; in a list, `undefined` is an item that is then not there. */
export interface ChoiceTerm {
  readonly kind: 'choice';
  readonly guard: Guard;
  readonly whenTrue: Term | undefined;
  readonly whenFalse: Term | undefined;
  readonly otherwise: Unknown;
  readonly place: Place;
}

export function textTerm(text: Text, place: Place): TextTerm {
  return { kind: 'text', text, place };
}

export function listTerm(items: readonly Term[], place: Place, form: ListTerm['form'] = 'tuple'): ListTerm {
  return { kind: 'list', form, items, place };
}

export function mapTerm(members: readonly TermMember[], place: Place, form: MapTerm['form'] = 'object'): MapTerm {
  return { kind: 'map', form, members, place };
}

export function bool(value: boolean, place: Place): BoolTerm {
  return { kind: 'bool', value, place };
}

export function number(value: number, place: Place): NumberTerm {
  return { kind: 'number', value, place };
}

export function failure(message: string, place: Place): Failure {
  return { kind: 'failure', message, place };
}

const INDEXES = new WeakMap<MapTerm, ReadonlyMap<string, TermMember>>();

/** The member of a known key. */
export function memberNamed(map: MapTerm, name: string): TermMember | undefined {
  let index = INDEXES.get(map);
  if (index === undefined) {
    index = new Map(map.members.flatMap((member) => (isKnown(member.key) ? [[member.key, member]] : [])));
    INDEXES.set(map, index);
  }
  return index.get(name);
}

/** Whether all the keys of a map are known. */
export function hasKnownKeys(map: MapTerm): boolean {
  return map.members.every(({ key }) => isKnown(key));
}

/** Whether it is known how many items a list has. */
export function isCounted(list: ListTerm): boolean {
  return list.items.every(
    (item) =>
      !(item.kind === 'unknown' && item.many === true) &&
      !(item.kind === 'choice' && (item.whenTrue === undefined || item.whenFalse === undefined)),
  );
}

/** The first thing in it that nobody knows; undefined where all of it is known. */
export function unknownIn(term: Term | undefined): Unknown | undefined {
  switch (term?.kind) {
    case 'text':
      return isKnown(term.text) ? undefined : term.text.parts.find((part) => typeof part !== 'string');
    case 'list':
      return firstOf(term.items, unknownIn);
    case 'map':
      return firstOf(term.members, ({ key, value }) =>
        isKnown(key) ? unknownIn(value) : key.parts.find((part) => typeof part !== 'string'),
      );
    case 'unknown':
      return term.unknown;
    case 'choice':
      return term.otherwise;
    case 'lazy':
      return term.whole === undefined ? openUnknown(term.name, term.name) : unknownIn(term.whole());
    default:
      return undefined;
  }
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function openUnknown(id: string, shown: string, missing = `the value of ${shown}`): Unknown {
  return { id, kind: 'open', shown: shown.startsWith('${') ? shown : `\${${shown}}`, missing };
}

const LONGEST_IDENTITY = 600;

/** A name under which equal values meet; undefined where it would be too long. */
export function identityOf(term: Term | undefined): string | undefined {
  const written = writeIdentity(term, 0);
  return written.length > LONGEST_IDENTITY ? undefined : written;
}

function writeIdentity(term: Term | undefined, depth: number): string {
  if (depth > 8) return ' '.repeat(LONGEST_IDENTITY);
  switch (term?.kind) {
    case undefined:
      return 'absent';
    case 'null':
      return 'null';
    case 'bool':
    case 'number':
      return String(term.value);
    case 'text':
      return JSON.stringify(keyOf(term.text));
    case 'list':
      return joined('[', term.items, ']', (item) => writeIdentity(item, depth + 1));
    case 'map':
      return joined('{', term.members, '}', ({ key, value }) => `${keyOf(key)}=${writeIdentity(value, depth + 1)}`);
    case 'lazy':
      return term.name;
    case 'unknown':
      return `<${term.unknown.id}>`;
    case 'failure':
      return 'failure';
    case 'choice':
      return `(${term.otherwise.id}?${writeIdentity(term.whenTrue, depth + 1)}:${writeIdentity(term.whenFalse, depth + 1)})`;
  }
}

function joined<T>(open: string, items: readonly T[], close: string, write: (item: T) => string): string {
  let all = open;
  for (const item of items) {
    all += `${write(item)},`;
    if (all.length > LONGEST_IDENTITY) break;
  }
  return all + close;
}
