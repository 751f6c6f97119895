import { sourceOf } from './module-call.ts';
import { normalPath } from './paths.ts';
import type { TerraformFiles } from './terraform-files.ts';

/** The directories of the modules that no other module calls, and that hold a file to check, themselves or in what they call. */
export function rootDirectories(files: TerraformFiles, checked: readonly string[]): readonly string[] {
  const calls = new Map(files.directories.map((directory) => [directory, calledFrom(files, directory)]));
  const called = new Set([...calls.values()].flat());
  const wanted = new Set(checked.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  const roots = files.directories.filter((directory) => !called.has(directory));
  const reached = new Set<string>();
  const reaches = (from: string): readonly string[] => {
    const seen = new Set<string>();
    const queue = [from];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      queue.push(...(calls.get(at) ?? []));
    }
    for (const one of seen) reached.add(one);
    return [...seen];
  };
  const chosen = roots.filter((root) => reaches(root).some((directory) => wanted.has(directory)));
  // Modules that call each other in a circle have no root: each is looked at by itself.
  const circles = files.directories.filter((directory) => !reached.has(directory) && wanted.has(directory));
  return [...chosen, ...circles];
}

function calledFrom(files: TerraformFiles, directory: string): readonly string[] {
  return [...(files.module(directory)?.calls.values() ?? [])].flatMap((block) => {
    const source = sourceOf(block);
    const target =
      source !== undefined && /^\.\.?(\/|$)/.test(source) ? normalPath(`${directory}/${source}`) : undefined;
    return target === undefined || target === directory ? [] : [target];
  });
}
