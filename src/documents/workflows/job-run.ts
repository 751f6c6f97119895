import type { Deployment } from '../../inventory/declarations.ts';
import type { Tree } from '../../source/tree.ts';
import type { Scope } from './evaluate.ts';
import type { LocalAction } from './local-actions.ts';
import type { Cell } from './matrix.ts';
import type { Repository } from './repository.ts';
import { scopeOf } from './scope.ts';
import { type Job, jobStanding, type Start, type Workflow } from './starts.ts';

/** One run of one job. */
export interface JobRun {
  readonly workflow: Workflow;
  readonly id: Job['id'];
  readonly job: Tree;
  readonly start: Start;
  readonly cell: Cell;
  readonly repository: Repository;
  /** The composite actions that lie in the repository. */
  readonly actions: { at(uses: string): LocalAction | undefined };
  readonly deployment: Deployment;
}

export function jobScope({ workflow, job, start, cell, repository }: JobRun): Scope {
  return scopeOf(jobStanding(start, repository, workflow, job, cell));
}
