import { resolve } from 'node:path';
import { Dump } from './documents/authorization-details/dump.ts';
import type { Files } from './documents/files.ts';
import { decode } from './files/decode.ts';
import { isTooLarge, largeFile } from './files/large-file.ts';
import { placeOfNamed, readNamed, withFiles } from './named-files.ts';
import { SourceFile } from './source/source.ts';
import { UserError } from './user-error.ts';

/** The files of a run with what stands elsewhere: dumps of accounts, what other repositories declare. */
export function withInventories(files: Files, paths: readonly string[], cwd: string, root: string): Files {
  const named = new Map(paths.map((path) => [resolve(cwd, path), inventoryAt(path, cwd, root)]));
  const texts = [...named.values()].flatMap((one) => (one instanceof SourceFile ? [one] : []));
  const dumps = [...named.values()].flatMap((one) => (one instanceof Dump ? [one] : []));
  return withDumps(withElsewhere(files, texts), dumps);
}

/** The base of a comparison with the inventories of the head: they are no part of the change. */
export function withInventoriesOf(head: Files, base: Files): Files {
  const paths = [...(head.elsewhere ?? [])];
  const texts = paths.flatMap((path) => (isDump(head, path) ? [] : (head.read(path) ?? [])));
  return withDumps(withElsewhere(base, texts), head.dumps ?? []);
}

export function withElsewhere(files: Files, added: readonly SourceFile[]): Files {
  if (added.length === 0) return files;
  const byPath = new Map(added.map((file) => [file.path, file]));
  return { ...withFiles(files, byPath), elsewhere: new Set([...(files.elsewhere ?? []), ...byPath.keys()]) };
}

function withDumps(files: Files, dumps: readonly Dump[]): Files {
  if (dumps.length === 0) return files;
  const paths = new Set(dumps.map(({ path }) => path));
  return {
    ...files,
    documents: files.documents.filter((path) => !paths.has(path)),
    read: (path) => (paths.has(path) ? undefined : files.read(path)),
    elsewhere: new Set([...(files.elsewhere ?? []), ...paths]),
    dumps,
  };
}

function isDump({ dumps = [] }: Files, path: string): boolean {
  return dumps.some((dump) => dump.path === path);
}

/** Dumps are read in parts, of any size; everything else as a whole. */
function inventoryAt(path: string, cwd: string, root: string): Dump | SourceFile {
  const place = placeOfNamed(path, cwd, root);
  const file = readNamed(path, 'inventory', () => largeFile(resolve(cwd, path), place.path, place.shownPath));
  if (file === undefined) throw new UserError(`${path} holds no text (neither UTF-8 nor UTF-16)`);
  const dump = Dump.open(file);
  if (dump !== undefined) return dump;
  if (isTooLarge(file.size))
    throw new UserError(
      `${path} has ${Math.round(file.size / 1024 / 1024)} MB: so much is read of what get-account-authorization-details or inventory export writes, in UTF-8, and of nothing else`,
    );
  const text = decode(file.read(0, file.size));
  if (text === undefined) throw new UserError(`${path} holds no text (neither UTF-8 nor UTF-16)`);
  return new SourceFile(place.path, text, place.shownPath);
}
