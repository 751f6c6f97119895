import type { Place } from '../../source/source.ts';
import { type MapEntry, scalarText, type Tree } from '../../source/tree.ts';

/** Whether a job may request a token, and the text that says so. */
export interface TokenGrant {
  readonly granted: boolean;
  /** Undefined where nothing is said: a job without `permissions` has the default ones. */
  readonly place: Place | undefined;
}

/**
 * Neither of the defaults that a repository can choose has `id-token: write`; a scope that a list leaves out is `none`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
export function tokenGrant(workflow: Tree, job: Tree): TokenGrant | undefined {
  const entry = entryOf(job, 'permissions') ?? entryOf(workflow, 'permissions');
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind === 'scalar')
    return { granted: value.text === 'write-all', place: value.type === 'null' ? entry.key.place : value.place };
  const own = entryOf(value, 'id-token');
  return { granted: scalarText(own?.value) === 'write', place: own?.value.place ?? entry.key.place };
}

export function entryOf(tree: Tree | undefined, name: string): MapEntry | undefined {
  return tree?.kind === 'map' ? tree.entries.find(({ key }) => key.text === name) : undefined;
}
