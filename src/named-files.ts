import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Files } from './documents/files.ts';
import { decode } from './files/decode.ts';
import { SourceFile } from './source/source.ts';
import { UserError } from './user-error.ts';

/** Files that the command line or the action names, wherever they stand: under their paths, as reports print them. */
export function namedFile(path: string, cwd: string, root: string, what: string): SourceFile | undefined {
  const text = decode(readNamed(path, what, () => readFileSync(resolve(cwd, path))));
  const place = placeOfNamed(path, cwd, root);
  return text === undefined ? undefined : new SourceFile(place.path, text, place.shownPath);
}

/** Where a named file stands for the run, and how reports print it. */
export function placeOfNamed(
  path: string,
  cwd: string,
  root: string,
): { readonly path: string; readonly shownPath: string } {
  return { path: pathFrom(root, resolve(cwd, path)), shownPath: slashed(path) };
}

/** The same files, with others beside them. */
export function withFiles(files: Files, added: ReadonlyMap<string, SourceFile>): Files {
  return {
    ...files,
    documents: [...new Set([...files.documents, ...added.keys()])].sort(),
    covers: (path) => added.has(path) || files.covers(path),
    read: (path) => added.get(path) ?? files.read(path),
  };
}

/** What reading a named file gives; a file that cannot be read ends the run. */
export function readNamed<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(code === 'ENOENT' ? `there is no ${what} ${path}` : `cannot read ${path} (${code})`);
  }
}

function pathFrom(root: string, path: string): string {
  const way = relative(root, path);
  return slashed(way === '' || isAbsolute(way) ? path : way);
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
