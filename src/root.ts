import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { topLevel } from './git/repository.ts';

export const CONFIGURATION_PATH = '.github/assume-role-check.yml';

/** Where a run stands: the folder that paths are relative to, what to check below it, and the configuration file. */
export interface Root {
  readonly folder: string;
  /** The PATHs relative to the folder; `''` is all of it. */
  readonly paths: readonly string[];
  /** Relative to the folder, or outside of it as it was given. */
  readonly configuration: string | undefined;
}

/** Finds the root: the folder that holds `.github`, else the repository's, else the one that holds all PATHs. */
export function findRoot(cwd: string, paths: readonly string[], configuration: string | undefined): Root {
  const absolute = (paths.length === 0 ? ['.'] : paths).map((path) => resolve(cwd, path));
  const [first = cwd] = absolute;
  const start = isFolder(first) ? first : dirname(first);
  const config = configuration === undefined ? above(start) : resolve(cwd, configuration);
  const folder = rootFolder(cwd, absolute, start, config);
  return {
    folder,
    paths: absolute.map((path) => toRelative(folder, path)),
    configuration: config === undefined ? undefined : toRelative(folder, config),
  };
}

function rootFolder(cwd: string, paths: readonly string[], start: string, config: string | undefined): string {
  const holding = (folder: string | undefined): folder is string =>
    folder !== undefined && paths.every((path) => isWithin(folder, path));
  const ofConfig =
    config !== undefined && basename(dirname(config)) === '.github' ? dirname(dirname(config)) : undefined;
  if (holding(ofConfig)) return ofConfig;
  const ofGit = topLevel(start);
  if (holding(ofGit)) return ofGit;
  if (holding(cwd)) return cwd;
  let folder = start;
  while (!holding(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function above(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, CONFIGURATION_PATH);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}

function toRelative(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
