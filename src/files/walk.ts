import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Folders that hold other people's files, or none that anybody deploys. */
const PRUNED = new Set([
  '.git',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.terraform',
  '.terragrunt-cache',
  '.aws-sam',
  '.tox',
  '.mypy_cache',
  'bower_components',
]);

/** The files below a folder, as paths relative to the root with forward slashes, sorted. Links do not lead out of the root. */
export function walk(root: string, below: string, wanted: (path: string) => boolean): readonly string[] {
  const found: string[] = [];
  const realRoot = realpathSync(root);
  const visit = (folder: string): void => {
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!PRUNED.has(entry.name)) visit(path);
      } else if (
        wanted(path) &&
        (entry.isFile() || (entry.isSymbolicLink() && isFileWithin(join(root, path), realRoot)))
      )
        found.push(path);
    }
  };
  visit(below);
  return found.sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Whether a link ends at a file inside the root. */
function isFileWithin(path: string, realRoot: string): boolean {
  try {
    const real = realpathSync(path);
    return real.startsWith(realRoot + sep) && statSync(real).isFile();
  } catch {
    return false;
  }
}
