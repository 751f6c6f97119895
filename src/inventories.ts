import type { Files } from './documents/files.ts';
import { namedFile, withFiles } from './named-files.ts';
import type { SourceFile } from './source/source.ts';
import { UserError } from './user-error.ts';

/** The files of a run with what stands elsewhere: dumps of accounts, what other repositories declare. */
export function withInventories(files: Files, paths: readonly string[], cwd: string, root: string): Files {
  const named = paths.map((path) => {
    const file = namedFile(path, cwd, root, 'inventory');
    if (file === undefined) throw new UserError(`${path} holds no text (neither UTF-8 nor UTF-16)`);
    return file;
  });
  return withElsewhere(files, named);
}

/** The base of a comparison with the inventories of the head: they are no part of the change. */
export function withInventoriesOf(head: Files, base: Files): Files {
  const paths = [...(head.elsewhere ?? [])];
  return withElsewhere(
    base,
    paths.flatMap((path) => head.read(path) ?? []),
  );
}

export function withElsewhere(files: Files, added: readonly SourceFile[]): Files {
  if (added.length === 0) return files;
  const byPath = new Map(added.map((file) => [file.path, file]));
  return { ...withFiles(files, byPath), elsewhere: new Set([...(files.elsewhere ?? []), ...byPath.keys()]) };
}
