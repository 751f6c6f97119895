import type { Place } from '../../../source/source.ts';
import { both, type Guard } from '../../../symbolic/guard.ts';
import { isKnown, keyOf, show, type Text } from '../../../symbolic/text.ts';
import {
  branchesOf,
  guardedItemsOf,
  type MapValue,
  type Member,
  memberOf,
  type SettledValue,
  type Value,
} from '../../../symbolic/value.ts';
import { policyValue } from '../../policy-text.ts';
import type { TerraformResource } from '../resource.ts';
import { attribute, textOf } from './attributes.ts';
import { Grouped, guardedValue, mapTexts, unknownLike } from './guarded.ts';

const WITH_VARIABLES = '2012-10-17';

/**
 * What `data.aws_iam_policy_document` renders: the sources' statements, then its own, then the overrides', each statement
 * with a Sid in the place of an earlier one of that Sid.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_document_data_source.go
 */
export function policyDocument(resource: TerraformResource): MapValue {
  const { place } = resource.body;
  const version = textOf(attribute(resource, 'version'))?.text ?? WITH_VARIABLES;
  const merged = new Merged();
  for (const source of ['source_policy_documents', 'source_json'])
    for (const { value, guard } of guardedItemsOf(attribute(resource, source))) merged.document(value, guard);
  merged.upgrade(version);
  for (const { value, guard } of guardedItemsOf(attribute(resource, 'statement')))
    merged.statement(value.kind === 'map' ? statement(value, version === WITH_VARIABLES) : value, guard);
  for (const source of ['override_policy_documents', 'override_json'])
    for (const { value, guard } of guardedItemsOf(attribute(resource, source))) merged.document(value, guard);
  const members = [member('Version', { kind: 'text', text: merged.version, type: 'string', place })];
  if (merged.statements.length > 0)
    members.push(member('Statement', { kind: 'list', items: merged.statements, place }));
  return { kind: 'map', members, place };
}

class Merged {
  readonly statements: Value[] = [];
  readonly #bySid = new Map<string, number>();
  version: Text = '';

  /** A later version wins. */
  upgrade(version: Text): void {
    if (show(version) > show(this.version)) this.version = version;
  }

  document(given: Value, guard: Guard): void {
    if (given.kind === 'text' && given.text === '') return;
    for (const { value, guard: when } of branchesOf(policyValue(given), guard)) {
      // A document that cannot be known may hold any statement.
      if (value.kind !== 'map') {
        this.statement(unknownLike(value, 'a policy document'), when);
        continue;
      }
      const version = textOf(memberOf(value, 'Version'));
      if (version !== undefined) this.upgrade(version.text);
      const statements = value.members.find(({ name }) => name === 'Statement')?.value;
      for (const one of guardedItemsOf(statements)) this.statement(one.value, both(when, one.guard));
    }
  }

  statement(value: SettledValue, guard: Guard): void {
    const sid = textOf(memberOf(value, 'Sid'));
    const key = sid === undefined ? undefined : keyOf(sid.text);
    const at = key === undefined ? undefined : this.#bySid.get(key);
    if (at !== undefined) this.statements[at] = guardedValue(value, guard, this.statements[at]);
    else {
      if (key !== undefined) this.#bySid.set(key, this.statements.length);
      this.statements.push(guardedValue(value, guard));
    }
  }
}

/** One `statement` block as IAM writes it. `variables`: whether `&{…}` stands for a policy variable. */
function statement(block: MapValue, variables: boolean): MapValue {
  const members: Member[] = [];
  const add = (name: string, from: string, read: (value: Value) => Value | undefined): void => {
    const written = block.members.find((one) => one.name === from);
    const empty = written === undefined || (written.value.kind === 'list' && written.value.items.length === 0);
    const value = empty ? undefined : read(written.value);
    if (written !== undefined && value !== undefined)
      members.push({ name, key: name, namePlace: written.namePlace, value });
  };
  const plain = (value: Value): Value => value;
  const withVariables = (value: Value): Value => (variables ? mapTexts(value, unescaped) : value);
  const written = (value: Value): Value | undefined => (textOf(value) === undefined ? undefined : value);
  add('Sid', 'sid', written);
  add('Effect', 'effect', written);
  if (members.every(({ name }) => name !== 'Effect'))
    members.push(member('Effect', { kind: 'text', text: 'Allow', type: 'string', place: block.place }));
  add('Action', 'actions', plain);
  add('NotAction', 'not_actions', plain);
  add('Resource', 'resources', withVariables);
  add('NotResource', 'not_resources', withVariables);
  add('Principal', 'principals', (value) => withVariables(principals(value)));
  add('NotPrincipal', 'not_principals', (value) => withVariables(principals(value)));
  add('Condition', 'condition', (value) => withVariables(conditions(value)));
  return { kind: 'map', members, place: block.place };
}

function member(name: string, value: Value): Member {
  return { name, key: name, namePlace: value.place, value };
}

/** Terraform's own `${` is written `&{` where a policy variable is meant. */
function unescaped(part: string): string {
  return part.replaceAll('&{', '${');
}

/** `principals { type, identifiers }` blocks as `{AWS: […], Service: […]}`; a lone `*` stands for everybody. */
function principals(blocks: Value): Value {
  const byType = new Grouped();
  for (const { value: block, guard } of guardedItemsOf(blocks)) {
    const type = textOf(memberOf(block, 'type'));
    const identifiers = block.kind === 'map' ? block.members.find(({ name }) => name === 'identifiers') : undefined;
    // A block that cannot be known may name anybody.
    if (block.kind !== 'map' || (type !== undefined && !isKnown(type.text))) return unknownLike(block, 'a principal');
    if (type !== undefined && isKnown(type.text) && identifiers !== undefined)
      byType.add(type.text, type.place, identifiers.value, guard);
  }
  const [only] = byType.members;
  const lone = byType.members.length === 1 && only?.name === '*' ? only.value : undefined;
  return lone?.kind === 'text' && lone.text === '*'
    ? lone
    : { kind: 'map', members: byType.members, place: blocks.place };
}

/** `condition` blocks by operator and key; the values of blocks with the same of both are one list. */
function conditions(blocks: Value): Value {
  const byTest = new Map<string, { readonly place: Place; readonly keys: Grouped }>();
  const open: Member[] = [];
  for (const { value: block, guard } of guardedItemsOf(blocks)) {
    const test = textOf(memberOf(block, 'test'));
    const variable = textOf(memberOf(block, 'variable'));
    const values = block.kind === 'map' ? block.members.find(({ name }) => name === 'values') : undefined;
    if (block.kind !== 'map' || (test !== undefined && !isKnown(test.text)))
      open.push(member(`(${open.length})`, guardedValue(unknownLike(block, 'a condition'), guard)));
    else if (test !== undefined && isKnown(test.text) && variable !== undefined && values !== undefined) {
      const same = byTest.get(test.text) ?? { place: test.place, keys: new Grouped() };
      byTest.set(test.text, same);
      same.keys.add(variable.text, variable.place, values.value, guard);
    }
  }
  const tests = [...byTest].map(([name, { place, keys }]): Member => {
    const { place: blocksPlace } = blocks;
    return { name, key: name, namePlace: place, value: { kind: 'map', members: keys.members, place: blocksPlace } };
  });
  return { kind: 'map', members: [...tests, ...open], place: blocks.place };
}
