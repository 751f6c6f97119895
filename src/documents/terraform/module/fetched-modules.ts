import { parseJson } from '../../../source/json.ts';
import { member, scalarText } from '../../../source/tree.ts';
import { normalPath } from './paths.ts';
import type { TerraformFiles } from './terraform-files.ts';

/** The directories that `terraform init` has put modules into, by the names of the calls that lead to each (`a.b`). */
export function fetchedModules(files: TerraformFiles, directory: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const path = normalPath(`${directory}/.terraform/modules/modules.json`);
  const file = path === undefined ? undefined : files.read(path);
  const [tree] = file === undefined ? [] : parseJson(file).documents;
  const modules = member(tree, 'Modules');
  for (const module of modules?.kind === 'list' ? modules.items : []) {
    const key = scalarText(member(module, 'Key'));
    const below = scalarText(member(module, 'Dir'));
    const within = below === undefined || below.startsWith('/') ? undefined : normalPath(`${directory}/${below}`);
    if (key !== undefined && key !== '' && within !== undefined) found.set(key, within);
  }
  return found;
}
