import {
  type Declarations,
  type Deployment,
  NOTHING_DECLARED,
  type Problem,
  together,
} from '../../inventory/declarations.ts';
import type { TextProblem } from '../../source/tree.ts';
import type { Value } from '../../symbolic/value.ts';
import type { Deployments } from '../deployments.ts';
import type { Files } from '../files.ts';
import { isBackendFile, readBackendFile } from './aws/backend-files.ts';
import { computed } from './aws/computed.ts';
import { declaredBy } from './aws/declared.ts';
import { providerIntents } from './aws/provider-intents.ts';
import { Providers } from './aws/providers.ts';
import { evaluateRoot } from './module/evaluate-root.ts';
import type { ModuleSource } from './module/module-source.ts';
import { rootDirectories } from './module/root-directories.ts';
import { isModuleFile, TerraformFiles } from './module/terraform-files.ts';
import { type PlanFile, readPlans } from './plan/read-plans.ts';
import { type Reading, Readings } from './readings.ts';

export interface ReadTerraform {
  readonly declarations: Declarations;
  /** How many files held something of ours. */
  readonly count: number;
}

/** Files that are read by the directory, and not one by one. */
export function isTerraform(path: string): boolean {
  return /\.(tf|tofu|tfvars|hcl)(\.json)?$|\.tfbackend$/i.test(path);
}

const OURS = /\baws(?:cc)?_(?:iam|organizations|ssoadmin|sso)_/;

/** Reads every root module of the repository, or each module that nothing calls: with its plan, or from its sources alone. */
export function readTerraform(
  files: Files,
  deployments: Deployments,
  plans: readonly PlanFile[],
): ReadTerraform | undefined {
  const checked = files.documents.filter(isModuleFile);
  const backends = files.documents.filter(isBackendFile).flatMap((path) => files.read(path) ?? []);
  if (checked.length === 0 && plans.length === 0 && backends.length === 0) return undefined;
  const modules = new TerraformFiles(files);
  const problems = new Map<string, Problem>();
  const readings = new Readings(files, deployments);
  const planned = readPlans(plans, modules, deployments, readings);
  const alone = rootDirectories(modules, checked).filter((directory) => !planned.directories.has(directory));
  const declared = alone.flatMap((directory) => {
    const accounts = deployments.of(`${directory === '' ? '' : `${directory}/`}main.tf`);
    return accounts.map((own) => {
      const reading = readings.of(JSON.stringify([directory, own.accountName]), () =>
        readRoot(modules, directory, own, deployments),
      );
      collect(reading?.problems ?? [], problems);
      return reading?.declarations ?? NOTHING_DECLARED;
    });
  });
  for (const directory of modules.directories) collect(modules.module(directory)?.problems ?? [], problems);
  const count = checked.filter((path) => OURS.test(files.read(path)?.text ?? '')).length;
  return {
    declarations: together([
      planned.declarations,
      ...declared,
      ...backends.map((file) => readBackendFile(file, deployments.of(file.path))),
      { ...NOTHING_DECLARED, problems: [...problems.values()] },
    ]),
    count: count + plans.length,
  };
}

function readRoot(
  files: TerraformFiles,
  directory: string,
  own: Deployment,
  deployments: Deployments,
): Reading | undefined {
  const root = evaluateRoot({
    files,
    directory,
    id: `${directory}#${own.accountName ?? ''}`,
    variables: variablesOf(files.module(directory), own),
    computed: (resource, attribute) => computed(resource, attribute, providers.of(resource.provider).deployment),
  });
  if (root === undefined) return undefined;
  const providers = new Providers(root.providers, { own, ofAccount: deployments.ofAccount });
  const declared = declaredBy(root.resources(), providers);
  const intents = [...declared.intents, ...providerIntents(root, own)];
  const { directories, paths } = root;
  return { declarations: { ...declared, intents }, problems: root.problems(), directories, paths };
}

/** The values that the configuration gives for the account, each at the variable that takes it. */
function variablesOf(source: ModuleSource | undefined, { parameters }: Deployment): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, block] of source?.variables ?? []) {
    const given = parameters.get(name);
    const place = block.labels[0]?.place ?? block.place;
    const text = (one: string): Value => ({ kind: 'text', text: one, type: 'string', place });
    if (typeof given === 'string') values.set(name, text(given));
    else if (given !== undefined) values.set(name, { kind: 'list', items: given.map(text), place });
  }
  return values;
}

/** One problem for each place, however many roots come by it. What has nothing to do with IAM breaks no check. */
function collect(found: readonly TextProblem[], problems: Map<string, Problem>): void {
  for (const problem of found) {
    const { source, start } = problem.place;
    const level = /iam|sts|assume/i.test(source.file.text) ? problem.level : 'warning';
    problems.set(`${source.path}:${start}:${problem.message}`, { ...problem, level });
  }
}
