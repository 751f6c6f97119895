import type { SourceFile } from '../source/source.ts';
import type { Dump } from './authorization-details/dump.ts';

/** The files of a run, as the rim gives them: a working tree, a revision, or either with edits laid over it. */
export interface Files {
  /** Paths of the files to check, relative to the root, sorted. */
  readonly documents: readonly string[];
  /** Whether a file of this name would be one to check. */
  covers(path: string): boolean;
  /** All paths under the root that a pattern of the configuration matches, sorted. */
  matching(pattern: string): readonly string[];
  /** How reports print a path. */
  shownPath(path: string): string;
  /** Undefined where there is no such file, or none that can be read as text. */
  read(path: string): SourceFile | undefined;
  /** Those of the documents that were named for the run as Terraform plans. */
  readonly plans?: ReadonlySet<string>;
  /** Where edits are laid over: the files as they are without them, and the paths that the edits touch. */
  readonly edited?: { readonly from: Files; readonly paths: ReadonlySet<string> };
  /** Those of the documents that say what stands elsewhere: dumps, other repositories' inventories. Nobody edits them here. */
  readonly elsewhere?: ReadonlySet<string>;
  /** Dumps among them, of which only what is asked is read; they are none of the documents. */
  readonly dumps?: readonly Dump[];
  /** Files that were to be read and could not be, each with one clear sentence; complete once all is read. */
  unreadable(): readonly Unreadable[];
}

export interface Unreadable {
  readonly path: string;
  readonly shown: string;
  readonly message: string;
}
