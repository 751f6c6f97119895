import type { Body } from '../../../source/hcl/syntax.ts';
import type { SourceFile } from '../../../source/source.ts';
import { attributeIn, parseTerraform } from './module-source.ts';
import { normalPath } from './paths.ts';

/** Which variables of a module Terragrunt gives a value: those named, or any where it takes some from elsewhere. */
export type GivenNames = 'any' | ReadonlySet<string>;

/**
 * The directories of the modules that Terragrunt runs, with the variables that it gives them. Their values come from its own
 * functions and from other units' outputs, so they stay unknown. https://terragrunt.gruntwork.io/docs/reference/hcl/attributes/#inputs
 */
export function terragruntUnits(files: readonly SourceFile[]): ReadonlyMap<string, GivenNames> {
  const units = new Map<string, GivenNames>();
  for (const file of files) {
    const directory = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    const { body, problems } = parseTerraform(file);
    const module = moduleOf(body, directory);
    if (module === undefined) continue;
    // An included file gives values, too; of one that cannot be read nobody knows what it gives.
    const open = problems.length > 0 || body.blocks.some(({ type }) => type === 'include');
    const names = open ? 'any' : namesIn(body);
    const earlier = units.get(module);
    units.set(module, names === 'any' || earlier === 'any' ? 'any' : new Set([...(earlier ?? []), ...names]));
  }
  return units;
}

/** The directory that a unit runs: its own, unless its source is another one in the repository. */
function moduleOf(body: Body, directory: string): string | undefined {
  const terraform = body.blocks.find(({ type }) => type === 'terraform');
  const source = terraform === undefined ? undefined : attributeIn(terraform.body, 'source')?.value;
  if (source === undefined) return directory;
  if (source.kind !== 'literal' || !/^\.\.?\//.test(String(source.value))) return undefined;
  return normalPath(`${directory}/${source.value}`);
}

function namesIn(body: Body): GivenNames {
  const inputs = attributeIn(body, 'inputs')?.value;
  if (inputs === undefined) return new Set();
  if (inputs.kind !== 'object') return 'any';
  const names = inputs.items.map(({ key }) => (key.kind === 'literal' ? String(key.value) : undefined));
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? new Set(known) : 'any';
}
