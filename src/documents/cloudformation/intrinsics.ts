import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import {
  concat,
  isKnown,
  keyOf,
  partsOf,
  show,
  split,
  type Text,
  type Unknown,
  unknownsIn,
  unknownText,
} from '../../symbolic/text.ts';
import { settled, type Value } from '../../symbolic/value.ts';
import { networkOf, subnet } from '../networks.ts';
import { withDynamicReferences } from './dynamic-references.ts';
import { findInMap } from './find-in-map.ts';
import { overChoices } from './over-choices.ts';
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
  'Fn::Cidr': cidrBlocks,
};

/** A text of more pieces is no name and no ARN. */
const MOST_PIECES = 1000;

function textValue(text: Text, place: Place): Value {
  return { kind: 'text', text, type: 'string', place };
}

/** A value as text; what has another shape is one unknown, and what is not there no text. */
function asText(given: Value | undefined, scope: Scope): Text {
  const value = settled(given);
  if (value?.kind === 'text') return value.text;
  if (value?.kind === 'unknown') return unknownText(value.unknown);
  if (value === undefined) return '';
  const missing = `a text (the template has a ${value.kind} there)`;
  return unknownText(scope.named(`${value.kind}:${value.place.start}`, `\${a ${value.kind}}`, missing));
}

function joinedValue(scope: Scope, pieces: readonly Text[], name: string, place: Place): Value {
  const count = pieces.reduce((sum, piece) => sum + partsOf(piece).length, 0);
  return count > MOST_PIECES
    ? scope.unknown(place, name, 'a text of too many pieces to follow')
    : textValue(withDynamicReferences(concat(...pieces), scope), place);
}

function substitute(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [template, names] = argument.kind === 'list' ? argument.items : [argument];
  const written = template?.kind === 'scalar' ? template.text : undefined;
  if (written === undefined || template === undefined)
    return scope.unknown(place, 'Fn::Sub', 'a Fn::Sub whose text is computed');
  const parts: (Value | undefined)[] = [];
  const literal = (text: string): Value => textValue(text, template.place);
  for (const piece of written.split(/(\$\{[^}]*\})/)) {
    const name = /^\$\{\s*([^!}][^}]*?)\s*\}$/.exec(piece)?.[1];
    if (name === undefined) {
      parts.push(literal(piece.startsWith('${!') ? `\${${piece.slice(3)}` : piece));
      continue;
    }
    const own = member(names, name);
    if (own !== undefined) parts.push(scope.resolve(own));
    else if (name.includes('.'))
      parts.push(attributeNamed(scope, name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1), place));
    else parts.push(refTo(scope, name, place));
  }
  // The text is what a person edits, so that is where findings point.
  return overChoices(parts, template.place, (values) =>
    joinedValue(
      scope,
      values.map((value) => asText(value, scope)),
      'Fn::Sub',
      template.place,
    ),
  );
}

function join(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [separatorTree, listTree] = argument.kind === 'list' ? argument.items : [];
  const separator = scalarText(separatorTree) ?? '';
  const list = listTree === undefined ? undefined : scope.resolve(listTree);
  return overChoices([list], place, ([all]) => {
    if (all?.kind !== 'list') return scope.unknown(place, 'Fn::Join', 'a list that Fn::Join puts together');
    return overChoices(all.items, place, (items) => {
      const texts = items.filter((item) => item !== undefined).map((item) => asText(item, scope));
      const pieces = texts.flatMap((text, index) => (index === 0 ? [text] : [separator, text]));
      return joinedValue(scope, pieces, 'Fn::Join', place);
    });
  });
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
  const all = listTree === undefined ? undefined : scope.resolve(listTree);
  return overChoices([all], place, ([list]) => {
    if (index === undefined || list?.kind !== 'list' || !/^\d+$/.test(index))
      return scope.unknown(place, 'Fn::Select', 'an item that Fn::Select takes');
    return (
      list.items[Number(index)] ?? scope.unknown(place, 'Fn::Select', `item ${index} of a list of ${list.items.length}`)
    );
  });
}

function splitText(scope: Scope, argument: Tree, place: Place): Value | undefined {
  const [separatorTree, textTree] = argument.kind === 'list' ? argument.items : [];
  const separator = scalarText(separatorTree);
  return overChoices([textTree === undefined ? undefined : scope.resolve(textTree)], place, ([text]) =>
    text?.kind !== 'text' || separator === undefined || separator === '' || !splits(text.text, separator)
      ? scope.unknown(place, 'Fn::Split', 'the parts of a text that is not known')
      : { kind: 'list', items: split(text.text, separator).map((part) => textValue(part, place)), place },
  );
}

/** What is unknown may hold separators of its own, except where AWS makes it. */
function splits(text: Text, separator: string): boolean {
  return unknownsIn(text).every(
    ({ kind }) => kind === 'account-id' || (kind === 'generated-name' && /[^\w+=,.@-]/.test(separator)),
  );
}

function toJsonString(scope: Scope, argument: Tree, place: Place): Value {
  const value = scope.resolve(argument);
  return value === undefined
    ? scope.unknown(place, 'Fn::ToJsonString', 'a value that is not there')
    : { kind: 'text', text: jsonText(value), type: 'string', place, encodes: value };
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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html */
function cidrBlocks(scope: Scope, argument: Tree, place: Place): Value {
  const [block, count, bits] = argument.kind === 'list' ? argument.items.map((item) => scope.literal(item)) : [];
  const network = networkOf(block ?? '');
  const many = Number(count);
  const hosts = Number(bits);
  const asked = network !== undefined && many >= 1 && many <= 256 && hosts >= 1;
  const blocks = asked
    ? Array.from({ length: many }, (_, index) => subnet(network, 32 - hosts - network.length, index))
    : [undefined];
  return blocks.every((one) => one !== undefined)
    ? { kind: 'list', items: blocks.map((one) => textValue(one, place)), place }
    : scope.unknown(place, 'Fn::Cidr', 'the blocks of a network');
}

function importValue(scope: Scope, argument: Tree, place: Place): Value | undefined {
  return overChoices([scope.resolve(argument)], place, ([value]) =>
    value === undefined || value.kind === 'list' || value.kind === 'map'
      ? scope.unknown(place, 'Fn::ImportValue', 'an export whose name is not known')
      : imported(scope, asText(value, scope), place),
  );
}

function imported(scope: Scope, name: Text, place: Place): Value {
  const { outside, deployment } = scope.template;
  const given = isKnown(name) ? outside.imports.get(name) : undefined;
  if (typeof given === 'string') return textValue(given, place);
  const exported = outside.exports.find(deployment.account, name);
  // The importing text is where a person of this template looks.
  if (exported?.found !== undefined) {
    scope.note(exported.assumes);
    return { ...exported.found, place };
  }
  const unknown: Unknown = {
    id: `import:${keyOf(deployment.account)}:${keyOf(name)}`,
    kind: 'open',
    shown: `\${${show(name)}}`,
    missing: `the export ${show(name)} (imports in the configuration)`,
  };
  return textValue(unknownText(unknown), place);
}
