import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Files } from './documents/files.ts';
import { isPlan } from './documents/terraform/plan/plan.ts';
import { decode } from './files/decode.ts';
import { SourceFile } from './source/source.ts';
import { UserError } from './user-error.ts';

/** The files of a run with the plans that are named for it, wherever those stand. */
export function withPlans(files: Files, paths: readonly string[], cwd: string, root: string): Files {
  if (paths.length === 0) return files;
  const plans = new Map(paths.map((path) => [pathFrom(root, resolve(cwd, path)), planAt(path, cwd, root)]));
  return { ...withFiles(files, plans), plans: new Set(plans.keys()) };
}

/** The files of the base with the plans of the head that are not its own: what they found there before is the base. */
export function withPlansOf(
  head: Files,
  base: Files,
): { readonly files: Files; readonly asFound: ReadonlySet<string> } {
  const plans = new Map<string, SourceFile>();
  for (const path of head.documents) {
    const own = base.documents.includes(path) && head.plans?.has(path) !== true;
    const file = own ? undefined : head.read(path);
    if (file !== undefined && isPlan(file.text)) plans.set(path, file);
  }
  return { files: plans.size === 0 ? base : withFiles(base, plans), asFound: new Set(plans.keys()) };
}

function withFiles(files: Files, added: ReadonlyMap<string, SourceFile>): Files {
  return {
    documents: [...new Set([...files.documents, ...added.keys()])].sort(),
    covers: (path) => added.has(path) || files.covers(path),
    matching: (pattern) => files.matching(pattern),
    shownPath: (path) => files.shownPath(path),
    read: (path) => added.get(path) ?? files.read(path),
    unreadable: () => files.unreadable(),
  };
}

function planAt(path: string, cwd: string, root: string): SourceFile {
  const text = decode(bytesOf(path, cwd));
  if (text === undefined || !isPlan(text))
    throw new UserError(`${path} is no Terraform plan: terraform show -json PLANFILE prints one that can be read`);
  return new SourceFile(pathFrom(root, resolve(cwd, path)), text, path.split(sep).join('/'));
}

function bytesOf(path: string, cwd: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(code === 'ENOENT' ? `there is no Terraform plan ${path}` : `cannot read ${path} (${code})`);
  }
}

function pathFrom(root: string, path: string): string {
  const way = relative(root, path);
  return (way === '' || isAbsolute(way) ? path : way).split(sep).join('/');
}
