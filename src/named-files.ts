import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Files } from './documents/files.ts';
import { decode } from './files/decode.ts';
import { SourceFile } from './source/source.ts';
import { UserError } from './user-error.ts';

/** Files that the command line or the action names, wherever they stand: under their paths, as reports print them. */
export function namedFile(path: string, cwd: string, root: string, what: string): SourceFile | undefined {
  const text = decode(bytesOf(path, cwd, what));
  return text === undefined ? undefined : new SourceFile(pathFrom(root, resolve(cwd, path)), text, slashed(path));
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

function bytesOf(path: string, cwd: string, what: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path));
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
