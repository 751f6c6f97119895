import type { Declarations } from '../../inventory/declarations.ts';
import type { TextProblem } from '../../source/tree.ts';
import type { Deployments } from '../deployments.ts';
import type { Files } from '../files.ts';

/** What one root module says, and the files on which that hangs. */
export interface Reading {
  readonly declarations: Declarations;
  readonly problems: readonly TextProblem[];
  /** The directories of its modules. */
  readonly directories: ReadonlySet<string>;
  /** Files that its functions read, and its plan. */
  readonly paths: ReadonlySet<string>;
}

interface Kept {
  readonly given: Deployments['given'];
  readonly byRoot: Map<string, Reading>;
}

const KEPT = new WeakMap<Files, Kept>();

/**
 * Readings of root modules. With an edit laid over the files, each root that the edit does not touch says what it said without it.
 * A reading is a function of the files and of what is given, so that nobody can tell.
 */
export class Readings {
  readonly #kept: Kept | undefined;
  readonly #edited: readonly string[];
  readonly #later: Map<string, Reading> | undefined;

  constructor(files: Files, { given, paths }: Deployments) {
    const { edited } = files;
    this.#edited = [...(edited?.paths ?? [])];
    if (edited === undefined) {
      this.#later = new Map();
      KEPT.set(files, { given, byRoot: this.#later });
      return;
    }
    const kept = KEPT.get(edited.from);
    const fits = kept?.given.configuration === given.configuration && kept.given.account === given.account;
    const replaced = this.#edited.every((path) => {
      const known = files.read(path) !== undefined && edited.from.read(path) !== undefined;
      return known && !paths.has(path) && !concernsAll(path);
    });
    if (fits && replaced) this.#kept = kept;
  }

  /** The root's reading: the one that is kept, where no edit touches it. */
  of(root: string, read: () => Reading | undefined): Reading | undefined {
    const kept = this.#kept?.byRoot.get(root);
    if (kept !== undefined && !this.#edited.some((path) => touches(path, kept))) return kept;
    const reading = read();
    if (reading !== undefined) this.#later?.set(root, reading);
    return reading;
  }
}

/** Terragrunt's files, and the list of what `terraform init` has fetched, may say something of any root. */
function concernsAll(path: string): boolean {
  return /\.hcl(\.json)?$|(^|\/)modules\.json$/i.test(path);
}

function touches(path: string, { directories, paths }: Reading): boolean {
  return paths.has(path) || directories.has(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
}
