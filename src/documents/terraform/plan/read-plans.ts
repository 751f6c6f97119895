import { type Declarations, NOTHING_DECLARED, type Problem, together } from '../../../inventory/declarations.ts';
import type { SourceFile } from '../../../source/source.ts';
import type { Deployments } from '../../deployments.ts';
import type { TerraformFiles } from '../module/terraform-files.ts';
import type { Readings } from '../readings.ts';
import { type Moment, readPlan } from './plan.ts';
import { readPlanned } from './read.ts';
import { sourceOf } from './source.ts';

export interface PlanFile {
  readonly file: SourceFile;
  readonly moment: Moment;
}

export interface ReadPlans {
  readonly declarations: Declarations;
  /** The directories of the root modules that were read with their plans. */
  readonly directories: ReadonlySet<string>;
}

/** Every plan, each with the source that it was made from where that is in the repository. */
export function readPlans(
  plans: readonly PlanFile[],
  files: TerraformFiles,
  deployments: Deployments,
  readings: Readings,
): ReadPlans {
  const declared: Declarations[] = [];
  const directories = new Set<string>();
  // An edit that is tried may add blocks that the plan's own source does not have.
  const unedited = files.unedited();
  for (const { file, moment } of plans) {
    const tell = (level: Problem['level'], message: string): void => {
      declared.push({ ...NOTHING_DECLARED, problems: [{ level, message, place: { source: file, start: 0, end: 0 } }] });
    };
    const plan = readPlan(file, moment);
    if (typeof plan === 'string') {
      tell('error', plan);
      continue;
    }
    const found = sourceOf(plan, unedited ?? files);
    const source = typeof found === 'object' ? { ...found, files, unedited } : undefined;
    if (found === 'several')
      tell('warning', 'it fits several root modules alike: beside its own it is read together with it');
    const at = source === undefined ? file.path : `${source.directory === '' ? '' : `${source.directory}/`}main.tf`;
    if (source !== undefined) directories.add(source.directory);
    for (const own of deployments.of(at)) {
      const root = JSON.stringify([file.path, moment, source?.directory, own.accountName]);
      const reading = readings.of(root, () => readPlanned(plan, own, deployments, source));
      if (reading !== undefined) declared.push(reading.declarations);
    }
  }
  return { declarations: together(declared), directories };
}
