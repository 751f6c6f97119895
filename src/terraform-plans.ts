import type { Files } from './documents/files.ts';
import { isPlan } from './documents/terraform/plan/plan.ts';
import { namedFile, withFiles } from './named-files.ts';
import type { SourceFile } from './source/source.ts';
import { UserError } from './user-error.ts';

/** The files of a run with the plans that are named for it, wherever those stand. */
export function withPlans(files: Files, paths: readonly string[], cwd: string, root: string): Files {
  if (paths.length === 0) return files;
  const named = paths.map((path) => planAt(path, cwd, root));
  const plans = new Map(named.map((file) => [file.path, file]));
  return { ...withFiles(files, plans), plans: new Set(plans.keys()) };
}

/** The files of the base with the plans of the head that are not its own: what they found there before is the base. */
export function withPlansOf(
  head: Files,
  base: Files,
): { readonly files: Files; readonly asFound: ReadonlySet<string> } {
  const plans = new Map<string, SourceFile>();
  for (const path of head.documents) {
    const own = base.documents.includes(path) && head.plans?.has(path) !== true;
    const file = own ? undefined : head.read(path);
    if (file !== undefined && isPlan(file.text)) plans.set(path, file);
  }
  return { files: plans.size === 0 ? base : withFiles(base, plans), asFound: new Set(plans.keys()) };
}

function planAt(path: string, cwd: string, root: string): SourceFile {
  const file = namedFile(path, cwd, root, 'Terraform plan');
  if (file === undefined || !isPlan(file.text))
    throw new UserError(`${path} is no Terraform plan: terraform show -json PLANFILE prints one that can be read`);
  return file;
}
