import type { SourceFile } from '../../../source/source.ts';
import { handOffsOf } from '../../services/hand-offs.ts';
import type { Applied } from '../resource.ts';
import { PlanConfiguration } from './configuration.ts';
import { isList, type Json, type JsonMap, listIn, mapIn, textIn } from './json.ts';
import type { JsonPath } from './places.ts';

/** What becomes of an instance when the plan is applied. A forgotten one stays in AWS, but Terraform lets go of it. */
export type Fate = 'stays' | 'replaced' | 'destroyed' | 'forgotten';

/** One instance as it will be after the apply; one that goes, as it was. */
export interface PlannedInstance {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key: string | number | undefined;
  readonly module: string;
  readonly fate: Fate;
  readonly values: JsonMap;
  /** As it was before; empty for what is new. */
  readonly was: JsonMap;
  /** `true` at what is known only after the apply, in the shape of the values. */
  readonly unknown: Json;
  /** Where the values and the address stand in the plan. */
  readonly at: JsonPath;
  readonly addressAt: JsonPath;
}

/** When a plan's world is looked at: as it was found, or as it will be after the apply. */
export type Moment = 'before' | 'after';

export interface Plan {
  readonly file: SourceFile;
  readonly instances: readonly PlannedInstance[];
  readonly configuration: PlanConfiguration;
  /** The root module's variables. */
  readonly variables: ReadonlyMap<string, Json>;
}

/** Whether a text is the JSON of a plan, told by what only a plan has. */
export function isPlan(text: string): boolean {
  return (
    /^\uFEFF?\s*\{/.test(text) &&
    text.includes('"format_version"') &&
    (text.includes('"planned_values"') || text.includes('"resource_changes"'))
  );
}

/** What the apply does with an attribute. */
export function applied({ was, values, unknown, fate }: PlannedInstance, attribute: string): Applied {
  if (fate === 'replaced' || Object.keys(was).length === 0) return 'new';
  const mask = mapIn(unknown)[attribute];
  const known = mask === undefined || mask === false || (isList(mask) && mask.every((one) => one === false));
  return known && sorted(was[attribute]) === sorted(values[attribute]) ? 'kept' : 'changed';
}

/** A set has any order. */
function sorted(value: Json | undefined): string {
  return isList(value) ? JSON.stringify(value.map((one) => JSON.stringify(one)).sort()) : JSON.stringify(value ?? null);
}

/** The plan of `terraform show -json` or `tofu show -json`; a sentence where the text is none that can be read. */
export function readPlan(file: SourceFile, moment: Moment): Plan | string {
  let json: Json;
  try {
    json = JSON.parse(file.text.replace(/^\uFEFF/, '')) as Json;
  } catch {
    return 'it is no valid JSON, so the plan in it is not read';
  }
  const root = mapIn(json);
  const version = textIn(root.format_version);
  if (version === undefined) return 'it is no plan of terraform show -json: there is no format_version';
  // https://developer.hashicorp.com/terraform/internals/json-format#format-version-history
  if (!/^[01](\.|$)/.test(version)) return `plans of format ${version} are not known yet, only those of 0.1 to 1.x`;
  if (root.planned_values === undefined && root.resource_changes === undefined)
    return 'it holds the state, not a plan: terraform show -json needs the plan file';
  const variables = Object.entries(mapIn(root.variables)).map(
    ([name, one]) => [name, mapIn(one).value ?? null] as const,
  );
  return {
    file,
    instances: instancesIn(root, moment),
    configuration: new PlanConfiguration(root.configuration),
    variables: new Map(variables),
  };
}

/** What the prior state has read, what is planned, and over both what changes: a change knows what is unknown. */
function instancesIn(root: JsonMap, moment: Moment): readonly PlannedInstance[] {
  const found = new Map<string, PlannedInstance>();
  const prior = stateInstances(mapIn(mapIn(root.prior_state).values).root_module, [
    'prior_state',
    'values',
    'root_module',
  ]);
  if (moment === 'before') return prior;
  for (const one of prior) if (one.mode === 'data') found.set(one.address, one);
  for (const one of stateInstances(mapIn(root.planned_values).root_module, ['planned_values', 'root_module']))
    found.set(one.address, one);
  for (const [index, one] of listIn(root.resource_changes).entries()) {
    const changed = changedInstance(mapIn(one), ['resource_changes', index]);
    if (changed !== undefined) found.set(changed.address, changed);
  }
  return [...found.values()];
}

function stateInstances(module: Json | undefined, at: JsonPath): readonly PlannedInstance[] {
  const { resources, child_modules: children, address } = mapIn(module);
  const own = listIn(resources).flatMap((resource, index): PlannedInstance[] => {
    const here = [...at, 'resources', index];
    const base = identity(mapIn(resource), textIn(address) ?? '');
    const values = mapIn(mapIn(resource).values);
    const where = { at: [...here, 'values'], addressAt: [...here, 'address'] };
    return base === undefined ? [] : [{ ...base, ...where, fate: 'stays', values, was: values, unknown: false }];
  });
  const below = listIn(children).flatMap((child, index) => stateInstances(child, [...at, 'child_modules', index]));
  return [...own, ...below];
}

function changedInstance(resource: JsonMap, at: JsonPath): PlannedInstance | undefined {
  const base = identity(resource, textIn(resource.module_address) ?? '');
  const change = mapIn(resource.change);
  // A deposed object is the rest of an earlier replacement.
  if (base === undefined || resource.deposed !== undefined) return undefined;
  const fate = fateOf(listIn(change.actions));
  const gone = fate === 'destroyed' || fate === 'forgotten';
  return {
    ...base,
    fate,
    values: mapIn(gone ? change.before : change.after),
    was: mapIn(change.before),
    unknown: gone ? false : (change.after_unknown ?? false),
    at: [...at, 'change', gone ? 'before' : 'after'],
    addressAt: [...at, 'address'],
  };
}

function fateOf(actions: readonly Json[]): Fate {
  if (actions.length === 1 && actions[0] === 'delete') return 'destroyed';
  if (actions.length === 1 && actions[0] === 'forget') return 'forgotten';
  return actions.includes('delete') ? 'replaced' : 'stays';
}

/** Of the thousands of resources in a plan only those are kept that say something of IAM, or hand a role on. */
function isOfInterest(type: string): boolean {
  return (
    /^aws(cc)?_(iam|organizations|ssoadmin|sso)_|^aws_(caller_identity|partition|region)$/.test(type) ||
    handOffsOf(type).length > 0
  );
}

function identity(
  { address, mode, type, name, index }: JsonMap,
  module: string,
): Pick<PlannedInstance, 'address' | 'mode' | 'type' | 'name' | 'key' | 'module'> | undefined {
  if (typeof address !== 'string' || typeof type !== 'string' || typeof name !== 'string') return undefined;
  if (!isOfInterest(type)) return undefined;
  const key = typeof index === 'string' || typeof index === 'number' ? index : undefined;
  return { address, mode: mode === 'data' ? 'data' : 'managed', type, name, key, module };
}
