import type { Files } from '../documents/files.ts';
import { overlay } from '../documents/overlay.ts';
import { decode, isVerbatim } from '../files/decode.ts';
import { SourceFile } from '../source/source.ts';
import { changedSince, readBlobs } from './repository.ts';

/** The files as they were at a commit: those of the working tree, with what changed since laid over them. */
export function filesAt(folder: string, commit: string, now: Files): Files | undefined {
  const changed = changedSince(folder, commit);
  if (changed === undefined) return undefined;
  const blobs = readBlobs(
    folder,
    changed.map(({ blob }) => blob).filter((blob) => blob !== undefined),
  );
  const before = new Map<string, SourceFile | undefined>();
  for (const { path, blob } of changed) {
    const bytes = blob === undefined ? undefined : blobs.get(blob);
    const text = bytes === undefined ? undefined : decode(bytes);
    const verbatim = bytes !== undefined && isVerbatim(bytes);
    before.set(path, text === undefined ? undefined : new SourceFile(path, text, now.shownPath(path), verbatim));
  }
  return overlay(now, before);
}
