import { pathPattern } from '../config/patterns.ts';
import type { SourceFile } from '../source/source.ts';
import type { Files } from './files.ts';

/** The same files with some replaced, added, or (`undefined`) gone. What is not touched stays the same object, and parsed. */
export function overlay(files: Files, changes: ReadonlyMap<string, SourceFile | undefined>): Files {
  const present = (paths: readonly string[], wanted: (path: string) => boolean): readonly string[] => {
    const kept = paths.filter((path) => !changes.has(path) || changes.get(path) !== undefined);
    const added = [...changes]
      .filter(([path, file]) => file !== undefined && !paths.includes(path) && wanted(path))
      .map(([path]) => path);
    return added.length === 0 ? kept : [...kept, ...added].sort();
  };
  return {
    ...files,
    documents: present(files.documents, files.covers),
    matching: (pattern) => present(files.matching(pattern), (path) => pathPattern(pattern).match(path) !== undefined),
    read: (path) => (changes.has(path) ? changes.get(path) : files.read(path)),
    edited: { from: files, paths: new Set(changes.keys()) },
  };
}
