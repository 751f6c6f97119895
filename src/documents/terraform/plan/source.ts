import type { SourceFile } from '../../../source/source.ts';
import type { Value } from '../../../symbolic/value.ts';
import { isKeptOtherwise } from '../aws/computed.ts';
import { type EvaluatedRoot, evaluateRoot } from '../module/evaluate-root.ts';
import type { InstanceKey } from '../module/instances.ts';
import type { TerraformFiles } from '../module/terraform-files.ts';
import { defaultOf, readVariableFiles } from '../module/variables.ts';
import type { Computed } from '../resource.ts';
import { toValue } from '../to-value.ts';
import { edited } from './edited.ts';
import { mapIn } from './json.ts';
import { knownValue } from './known-value.ts';
import { placed } from './placed.ts';
import type { PlanPlaces } from './places.ts';
import type { Plan, PlannedInstance } from './plan.ts';
import type { Written } from './resources.ts';

/** The root module that a plan was made from. */
export interface PlanSource {
  readonly files: TerraformFiles;
  /** The files that it was made from, where an edit is laid over them since. */
  readonly unedited?: TerraformFiles | undefined;
  readonly directory: string;
}

/** The directory of the root module that a plan was made from: the one beside it, or else the only one with its blocks. */
export function sourceOf(plan: Plan, files: TerraformFiles): PlanSource | 'several' | undefined {
  const beside = folderOf(plan.file);
  const fitting = files.directories.filter((directory) => fits(plan, files, directory));
  const [only, ...more] = fitting.includes(beside) ? [beside] : fitting;
  if (more.length > 0) return 'several';
  return only === undefined ? undefined : { files, directory: only };
}

function folderOf({ path }: SourceFile): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A plan's configuration lists every block, also those without an instance. */
function fits(plan: Plan, files: TerraformFiles, directory: string): boolean {
  const source = files.module(directory);
  const calls = [...(source?.calls.keys() ?? [])].map((name) => `module.${name}`);
  const names = [...(source?.resources.keys() ?? []), ...calls];
  const planned = plan.configuration.rootNames;
  return names.length > 0 && names.length === planned.size && names.every((name) => planned.has(name));
}

/** The root module evaluated as the plan has it: with its variables, its instances, and the attributes that it knows. */
export function evaluateAsPlanned(
  plan: Plan,
  places: PlanPlaces,
  { files, directory }: PlanSource,
  id: string,
  computed: Computed,
  before: Written = new Map(),
): EvaluatedRoot | undefined {
  const instances = new Map(plan.instances.map((one) => [one.address, one]));
  const keys = keysOf(plan);
  return evaluateRoot({
    files,
    directory,
    id,
    variables: variablesOf(plan, places, files, directory),
    computed: (resource, attribute) => {
      const own = computed(resource, attribute);
      const instance = isKeptOtherwise(resource.type, attribute) ? undefined : instances.get(resource.address);
      const known = instance === undefined ? undefined : attributeOf(instance, attribute, places);
      if (known === undefined) return own;
      const was = before.get(resource.address);
      return edited(known, was && computed(was, attribute), own) ?? placed(known, own, resource.place);
    },
    instances: (block) => keys.get(block),
  });
}

function attributeOf({ values, unknown, at }: PlannedInstance, name: string, places: PlanPlaces): Value | undefined {
  const mask = mapIn(unknown)[name];
  return mask === undefined || mask === false ? knownValue(values[name] ?? null, [...at, name], places) : undefined;
}

/** The keys of each block with `count` or `for_each`, modules included. */
function keysOf(plan: Plan): ReadonlyMap<string, readonly InstanceKey[]> {
  const found = new Map<string, Set<InstanceKey>>();
  const add = (block: string, key: InstanceKey): void => {
    if (key === undefined) return;
    const keys = found.get(block) ?? new Set();
    found.set(block, keys.add(key));
  };
  for (const { module, mode, type, name, key, fate } of plan.instances) {
    if (fate === 'destroyed') continue;
    add(`${module === '' ? '' : `${module}.`}${mode === 'data' ? 'data.' : ''}${type}.${name}`, key);
    const steps = [...module.matchAll(/(?:^|\.)module\.[\w-]+(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?/g)];
    for (const step of steps) {
      const written = step[1];
      const end = step.index + step[0].length - (written === undefined ? 0 : written.length + 2);
      if (written !== undefined) add(module.slice(0, end), JSON.parse(written) as string | number);
    }
  }
  return new Map([...found].map(([block, keys]) => [block, [...keys]]));
}

/** The plan's values of the root module's variables, each at the text that gives it, where that is in the files. */
function variablesOf(
  plan: Plan,
  places: PlanPlaces,
  files: TerraformFiles,
  directory: string,
): ReadonlyMap<string, Value> {
  const given = readVariableFiles(files.variableFiles(directory)).values;
  const values = new Map<string, Value>();
  for (const [name, block] of files.module(directory)?.variables ?? []) {
    const planned = knownValue(plan.variables.get(name) ?? null, ['variables', name, 'value'], places);
    const written = toValue(given.get(name) ?? defaultOf(block));
    if (planned !== undefined) values.set(name, placed(planned, written, block.labels[0]?.place ?? block.place));
  }
  return values;
}
