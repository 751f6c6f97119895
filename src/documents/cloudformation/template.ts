import type { Deployment } from '../../inventory/declarations.ts';
import type { Place } from '../../source/source.ts';
import { type MapTree, member, scalarText, type Tree } from '../../source/tree.ts';
import type { Guard } from '../../symbolic/guard.ts';
import type { Text } from '../../symbolic/text.ts';
import type { Value } from '../../symbolic/value.ts';
import { constructOf } from './cdk.ts';
import type { Exports } from './exports.ts';
import { isMacro, type Macros, macrosOf } from './macros.ts';
import type { Noted } from './noted.ts';

/** A CloudFormation template as it is written, deployed to one account. */
export interface Template {
  readonly path: string;
  readonly deployment: Deployment;
  readonly outside: Outside;
  /** Set where another template makes a stack of it. */
  readonly parent: ParentStack | undefined;
  readonly macros: Macros;
  readonly parameters: ReadonlyMap<string, Tree>;
  readonly mappings: Tree | undefined;
  readonly conditions: ReadonlyMap<string, Tree>;
  readonly resources: ReadonlyMap<string, Resource>;
}

/** What a template may refer to beyond itself. */
export interface Outside {
  /** From the configuration: values of imports and SSM parameters. */
  readonly imports: ReadonlyMap<string, string | readonly string[]>;
  readonly exports: Exports;
  /** What the configuration says of an account. */
  deploymentOf(account: Text): Deployment;
  /** Where the source of a CDK app makes a resource of a template, as far as its assembly tells. */
  madeAt(template: string, resource: Tree): Place | undefined;
  /** The stack that a resource of a template makes, where its template lies in the repository. */
  nested(resource: Resource): NestedStack | undefined;
}

/** What a nested stack gets from the template that makes it. */
export interface ParentStack {
  /** Tells the stacks that are made of one template apart. */
  readonly name: string;
  /** The value that is passed for a parameter; undefined where none is. */
  parameter(name: string): Noted<Value | undefined> | undefined;
  /** Under which choices the stack is made. */
  readonly guard: Guard;
}

/** A stack that a template makes, for those that ask for its outputs. */
export interface NestedStack {
  output(name: string): Noted<Value | undefined>;
}

export interface Resource {
  readonly id: string;
  /** How messages call it: the CDK's construct, else its logical id. */
  readonly shown: string;
  readonly type: string;
  readonly properties: Tree | undefined;
  /** The name of the condition under which it exists. */
  readonly condition: string | undefined;
  /** The logical id, as the place where a person finds it. */
  readonly place: Place;
  readonly tree: MapTree;
}

/** What tells this stack apart from all others: unknowns of one stack are not those of another. */
export function stackOf({ path, deployment, parent }: Template): string {
  return `${parent === undefined ? '' : `${parent.name}>`}${path}#${deployment.accountName ?? ''}`;
}

/** Whether a tree is a CloudFormation template: resources with AWS types, or the format version. */
export function isTemplate(tree: Tree): tree is MapTree {
  if (tree.kind !== 'map') return false;
  const resources = member(tree, 'Resources');
  if (resources?.kind !== 'map') return false;
  if (member(tree, 'AWSTemplateFormatVersion') !== undefined) return true;
  return resources.entries.some(
    ({ key, value }) =>
      isMacro(key.text) || /^(AWS|Alexa|Custom|[A-Za-z0-9]+)::/.test(scalarText(member(value, 'Type')) ?? ''),
  );
}

export function readTemplate(
  tree: MapTree,
  path: string,
  deployment: Deployment,
  outside: Outside,
  parent: ParentStack | undefined,
): Template {
  const resources = new Map<string, Resource>();
  for (const { key, value } of entriesOf(member(tree, 'Resources'))) {
    const type = scalarText(member(value, 'Type'));
    if (value.kind !== 'map' || type === undefined) continue;
    const properties = member(value, 'Properties');
    const condition = scalarText(member(value, 'Condition'));
    const shown = constructOf(value) ?? key.text;
    resources.set(key.text, { id: key.text, shown, type, properties, condition, place: key.place, tree: value });
  }
  return {
    path,
    deployment,
    outside,
    parent,
    macros: macrosOf(tree, path),
    parameters: new Map(entriesOf(member(tree, 'Parameters')).map(({ key, value }) => [key.text, value])),
    mappings: member(tree, 'Mappings'),
    conditions: new Map(entriesOf(member(tree, 'Conditions')).map(({ key, value }) => [key.text, value])),
    resources,
  };
}

function entriesOf(tree: Tree | undefined): MapTree['entries'] {
  return tree?.kind === 'map' ? tree.entries : [];
}
