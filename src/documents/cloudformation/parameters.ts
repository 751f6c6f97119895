import type { Assumed } from '../../iam/policy.ts';
import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { isKnown } from '../../symbolic/text.ts';
import type { Value } from '../../symbolic/value.ts';
import type { Scope } from './scope.ts';

/** A parameter's value: given by the configuration, else its default, else unknown with its allowed values as the choices. */
export function parameterValue(scope: Scope, name: string, declaration: Tree, place: Place): Value {
  const { deployment } = scope.template;
  const type = scalarText(member(declaration, 'Type')) ?? 'String';
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
  const passed = scope.template.parent?.parameter(name);
  if (passed?.found !== undefined) {
    scope.note(passed.assumes);
    return isList ? asList(passed.found, place) : { ...passed.found, place };
  }
  const given = scope.template.parent === undefined ? deployment.parameters.get(name) : undefined;
  if (given !== undefined) return typeof given === 'string' ? plain(given, isList, place) : list(given, place);
  const allowed = member(declaration, 'AllowedValues');
  const choices = allowed?.kind === 'list' && !isList ? allowed.items.map((item) => scalarText(item) ?? '') : undefined;
  if (scope.template.parent === undefined && deployment.kept?.has(name) === true)
    return unknown(scope, name, `the value that the stack has for the parameter ${name}`, choices, isList, place);
  const written = member(declaration, 'Default');
  const initial = written?.tag === undefined ? scalarText(written) : undefined;
  if (type.startsWith('AWS::SSM::Parameter::Value')) {
    const from = initial === undefined ? '' : ` (SSM parameter ${initial})`;
    const imported =
      initial === undefined
        ? undefined
        : (scope.template.outside.imports.get(initial) ?? deployment.parameters.get(initial));
    if (imported !== undefined)
      return typeof imported === 'string' ? plain(imported, isList, place) : list(imported, place);
    return unknown(scope, name, `the value of the parameter ${name}${from}`, undefined, isList, place);
  }
  if (initial !== undefined && written !== undefined) {
    scope.note([defaultOf(name, initial, written)]);
    return plain(initial, isList, place);
  }
  return unknown(scope, name, `a value for the parameter ${name}`, choices, isList, place);
}

function unknown(
  scope: Scope,
  name: string,
  missing: string,
  choices: readonly string[] | undefined,
  isList: boolean,
  place: Place,
): Value {
  const own = scope.named(name, `\${${name}}`, missing);
  const value = choices === undefined ? own : { ...own, choices };
  return isList
    ? { kind: 'unknown', unknown: value, place }
    : { kind: 'text', text: { parts: [value] }, type: 'string', place };
}

function plain(text: string, isList: boolean, place: Place): Value {
  return isList
    ? list(
        text.split(',').map((item) => item.trim()),
        place,
      )
    : { kind: 'text', text, type: 'string', place };
}

const DEFAULTS = new WeakMap<Tree, Assumed>();

/** One for each default, however often it is used. */
function defaultOf(name: string, value: string, written: Tree): Assumed {
  const known = DEFAULTS.get(written) ?? { name, value, place: written.place };
  DEFAULTS.set(written, known);
  return known;
}

/** A parent passes a list as a text with commas, or as a list. */
function asList(passed: Value, place: Place): Value {
  return passed.kind === 'text' && isKnown(passed.text) ? plain(passed.text, true, place) : { ...passed, place };
}

function list(items: readonly string[], place: Place): Value {
  return { kind: 'list', items: items.map((text) => ({ kind: 'text', text, type: 'string', place })), place };
}
