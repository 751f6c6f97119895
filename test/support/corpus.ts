import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real public documents, which lie beside the repository where they are at hand; undefined where they are not. */
export const CORPUS = corpusFrom(fileURLToPath(new URL('../..', import.meta.url)));

function corpusFrom(root: string): string | undefined {
  const places = [dirname(root), dirname(dirname(root))].map((folder) => join(folder, 'shared/corpus'));
  return places.find((place) => existsSync(place));
}

/** The texts of the files under a folder of the corpus, by their path in it. */
export function corpusFiles(folder: string, pattern: RegExp): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  if (CORPUS === undefined) return all;
  const base = join(CORPUS, folder);
  for (const path of readdirSync(base, { recursive: true, encoding: 'utf8' }).sort())
    if (pattern.test(path)) all.set(path, readFileSync(join(base, path), 'utf8'));
  return all;
}
