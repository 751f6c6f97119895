import type { Deployment } from '../inventory/declarations.ts';
import type { Place } from '../source/source.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import { isKnown, type Text } from '../symbolic/text.ts';
import { branchesOf, type GuardedValue, type Member, memberOf, type Value } from '../symbolic/value.ts';
import { policyValue } from './policy-text.ts';

/** A resource that a template or a module declares, alike in CloudFormation and Terraform. */
export interface DeclaredResource {
  /** `AWS::Lambda::Function`, `aws_lambda_function` */
  readonly type: string;
  /** Its logical id or address. */
  readonly id: string;
  /** The names of the properties that are set. */
  readonly properties: readonly string[];
  property(name: string): Value | undefined;
  /** Texts by which other resources of the document refer to it: its name, its ARN. */
  references(): readonly Text[];
  /** Where a person finds it: its logical id, its label. */
  readonly place: Place;
  readonly deployment: Deployment;
  /** Under which choices of the document it exists. */
  readonly guard: Guard;
}

interface Step {
  readonly name: string;
  /** Only items with this member's value. */
  readonly where: { readonly path: readonly string[]; readonly is: string } | undefined;
}

/**
 * The values at a path of member names (`Targets[].RoleArn`, `stage.action.role_arn`), each with the choices that lead to it.
 * A list stands for its items, with or without `[]`; `*` stands for every member; `setting[name=ServiceRole]` for those items
 * alone. A text on the way is taken for JSON.
 */
export function valuesAt(resource: DeclaredResource, path: string): readonly GuardedValue[] {
  const [first, ...rest] = stepsOf(path);
  if (first === undefined) return [];
  const names = first.name === '*' ? resource.properties : [first.name];
  return rest.reduce<readonly GuardedValue[]>(
    (found, step) => found.flatMap((one) => follow(one, step)),
    names.flatMap((name) => leaves(resource.property(name), true)).filter((one) => chosen(one, first)),
  );
}

function stepsOf(path: string): readonly Step[] {
  return [...path.matchAll(/([^.[\]]+)(?:\[([^=\]]*)(?:=([^\]]*))?\])?/g)].map(([, name = '', key = '', is]) => ({
    name,
    where: is === undefined ? undefined : { path: key.split('.'), is },
  }));
}

function follow({ value, guard }: GuardedValue, step: Step): readonly GuardedValue[] {
  if (value.kind === 'text')
    return isJson(value.text) ? leaves(policyValue(value), guard).flatMap((one) => follow(one, step)) : [];
  if (value.kind !== 'map') return [];
  return value.members
    .filter((member) => step.name === '*' || member.name === step.name)
    .flatMap((member) => leaves(writtenIn(value.place, member), guard))
    .filter((one) => chosen(one, step));
}

function isJson(text: Text): boolean {
  const [first] = isKnown(text) ? [text] : text.parts;
  return typeof first === 'string' && /^\s*[[{]/.test(first);
}

function chosen({ value }: GuardedValue, { where }: Step): boolean {
  if (where === undefined) return true;
  const found = where.path.reduce<Value | undefined>((at, name) => memberOf(at, name), value);
  return found?.kind === 'text' && found.text === where.is;
}

/** What a reference gives has its place where it is declared: it is used where the reference stands, which its name tells. */
export function writtenIn({ source, start, end }: Place, { value, namePlace }: Member): Value {
  const { place } = value;
  const within = place.source === source ? place.start >= start && place.end <= end : place.source.file === source.file;
  return within || value.kind === 'list' || value.kind === 'map' ? value : { ...value, place: namePlace };
}

/** The value itself, or a list's items, lists in lists included. */
function leaves(value: Value | undefined, guard: Guard): readonly GuardedValue[] {
  return branchesOf(value, guard).flatMap((branch) =>
    branch.value.kind === 'list'
      ? branch.value.items.flatMap((item) => leaves(item, both(guard, branch.guard)))
      : [branch],
  );
}
