import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { concat, isKnown, keyOf, show, split, type Text, type Unknown, unknownText } from '../../symbolic/text.ts';
import { settled, type Value } from '../../symbolic/value.ts';
import { attributeNamed, refTo } from './references.ts';
import type { Scope } from './scope.ts';
import { jsonText } from './to-json.ts';

type Intrinsic = (scope: Scope, argument: Tree, place: Place) => Value | undefined;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::If': choose,
  'Fn::Select': select,
  'Fn::Split': splitText,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': importValue,
  'Fn::ToJsonString': toJsonString,
  'Fn::Length': lengthOf,
  'Fn::Base64': base64,
};

function textValue(text: Text, place: Place): Value {
  return { kind: 'text', text, type: 'string', place };
}

/** A value as text; what has another shape is one unknown. */
function asText(given: Value | undefined): Text {
  const value = settled(given);
  if (value?.kind === 'text') return value.text;
  if (value?.kind === 'unknown') return unknownText(value.unknown);
  return '';
}

function substitute(scope: Scope, argument: Tree, place: Place): Value {
  const [template, names] = argument.kind === 'list' ? argument.items : [argument];
  const written = template?.kind === 'scalar' ? template.text : undefined;
  if (written === undefined || template === undefined)
    return scope.unknown(place, 'Fn::Sub', 'a Fn::Sub whose text is computed');
  const parts: (Text | Unknown)[] = [];
  for (const piece of written.split(/(\$\{[^}]*\})/)) {
    const name = /^\$\{\s*([^!}][^}]*?)\s*\}$/.exec(piece)?.[1];
    if (name === undefined) {
      parts.push(piece.startsWith('${!') ? `\${${piece.slice(3)}` : piece);
      continue;
    }
    const own = member(names, name);
    if (own !== undefined) parts.push(asText(scope.resolve(own)));
    else if (name.includes('.'))
      parts.push(
        asText(attributeNamed(scope, name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1), place)),
      );
    else parts.push(asText(refTo(scope, name, place)));
  }
  // The text is what a person edits, so that is where findings point.
  return textValue(concat(...parts), template.place);
}

function join(scope: Scope, argument: Tree, place: Place): Value {
  const [separatorTree, listTree] = argument.kind === 'list' ? argument.items : [];
  const separator = scalarText(separatorTree) ?? '';
  const list = listTree === undefined ? undefined : scope.resolve(listTree);
  if (list?.kind !== 'list') return scope.unknown(place, 'Fn::Join', 'a list that Fn::Join puts together');
  const texts = list.items.map(asText);
  return textValue(concat(...texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text]))), place);
}

function choose(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [nameTree, whenTrue, whenFalse] = argument.kind === 'list' ? argument.items : [];
  const name = scalarText(nameTree);
  if (name === undefined || whenTrue === undefined || whenFalse === undefined)
    return scope.unknown(place, 'Fn::If', 'what Fn::If chooses');
  const guard = scope.conditions.holds(name);
  if (typeof guard === 'boolean') return scope.resolve(guard ? whenTrue : whenFalse);
  const otherwise: Unknown = {
    id: `${place.source.path}:${place.start}:${name}`,
    kind: 'open',
    shown: `\${${name}}`,
    missing: `whether the condition ${name} holds`,
  };
  return {
    kind: 'choice',
    guard,
    whenTrue: scope.resolve(whenTrue),
    whenFalse: scope.resolve(whenFalse),
    otherwise: { kind: 'unknown', unknown: otherwise, place },
    place,
  };
}

function select(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [indexTree, listTree] = argument.kind === 'list' ? argument.items : [];
  const index = scope.literal(indexTree);
  const list = listTree === undefined ? undefined : scope.resolve(listTree);
  if (index === undefined || list?.kind !== 'list' || !/^\d+$/.test(index))
    return scope.unknown(place, 'Fn::Select', 'an item that Fn::Select takes');
  return (
    list.items[Number(index)] ?? scope.unknown(place, 'Fn::Select', `item ${index} of a list of ${list.items.length}`)
  );
}

function splitText(scope: Scope, argument: Tree, place: Place): Value {
  const [separatorTree, textTree] = argument.kind === 'list' ? argument.items : [];
  const separator = scalarText(separatorTree);
  const text = scope.text(textTree);
  // What is unknown may hold separators of its own.
  if (separator === undefined || separator === '' || text === undefined || !isKnown(text.text))
    return scope.unknown(place, 'Fn::Split', 'the parts of a text that is not known');
  return { kind: 'list', items: split(text.text, separator).map((part) => textValue(part, place)), place };
}

function findInMap(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [map, first, second, options] = argument.kind === 'list' ? argument.items : [];
  const names = [map, first, second].map((tree) => scope.literal(tree));
  let found = scope.template.mappings;
  for (const name of names) found = name === undefined ? undefined : member(found, name);
  if (found !== undefined) return scope.resolve(found);
  const initial = member(options, 'DefaultValue');
  if (initial !== undefined && names.every((name) => name !== undefined)) return scope.resolve(initial);
  const shown = names.map((name) => name ?? '…').join('.');
  return {
    kind: 'unknown',
    unknown: scope.named(
      `map:${shown}:${names.includes(undefined) ? place.start : ''}`,
      `\${${shown}}`,
      `the entry ${shown} of the template’s Mappings`,
    ),
    place,
  };
}

function toJsonString(scope: Scope, argument: Tree, place: Place): Value {
  const value = scope.resolve(argument);
  return value === undefined
    ? scope.unknown(place, 'Fn::ToJsonString', 'a value that is not there')
    : textValue(jsonText(value), place);
}

function lengthOf(scope: Scope, argument: Tree, place: Place): Value {
  const value = scope.resolve(argument);
  const known = value?.kind === 'list' && value.items.every(({ kind }) => kind !== 'choice');
  return known
    ? { kind: 'text', text: String(value.items.length), type: 'number', place }
    : scope.unknown(place, 'Fn::Length', 'the length of a list');
}

function base64(scope: Scope, argument: Tree, place: Place): Value {
  const text = scope.literal(argument);
  return text === undefined
    ? scope.unknown(place, 'Fn::Base64', 'an encoded text')
    : textValue(Buffer.from(text).toString('base64'), place);
}

function importValue(scope: Scope, argument: Tree, place: Place): Value {
  const { outside, deployment } = scope.template;
  const name = scope.text(argument)?.text;
  if (name === undefined) return scope.unknown(place, 'Fn::ImportValue', 'an export whose name is not known');
  const given = isKnown(name) ? outside.imports.get(name) : undefined;
  if (typeof given === 'string') return textValue(given, place);
  const exported = outside.exports.find(deployment.account, name);
  // The importing text is where a person of this template looks.
  if (exported !== undefined) return { ...exported, place };
  const unknown: Unknown = {
    id: `import:${keyOf(deployment.account)}:${keyOf(name)}`,
    kind: 'open',
    shown: `\${${show(name)}}`,
    missing: `the export ${show(name)} (imports in the configuration)`,
  };
  return textValue(unknownText(unknown), place);
}
