import type { PresentedSubjects } from '../../inventory/presented-subjects.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { isKnown, keyOf, type Text } from '../../symbolic/text.ts';
import { claimsOf } from './claims.ts';
import { fill, unknownValue } from './evaluate.ts';
import { cellsOf } from './matrix.ts';
import type { Repository } from './repository.ts';
import { scopeOf } from './scope.ts';
import { jobRuns, jobStanding, jobsOf, type Start, startsOf, type Workflow } from './starts.ts';

/** More than a repository's jobs have; a hostile one nests matrices in calls. */
const MOST_SUBJECTS = 2000;

/**
 * The subjects of the tokens that the jobs of a repository can have, whichever of them ask for one. Undefined where that is
 * not known: the repository has no name, its subjects are made up in another way, there are too many.
 */
export function presentedSubjects(all: readonly Workflow[], repository: Repository): PresentedSubjects | undefined {
  const { name, subjectClaims } = repository;
  if (all.length === 0 || !isKnown(name) || subjectClaims.join() !== 'repo,context') return undefined;
  const found = new Map<string, Text>();
  for (const workflow of all)
    for (const start of startsOf(workflow, all, repository))
      for (const { id, job } of jobsOf(workflow.tree))
        for (const cell of cellsOf(job)) {
          if (found.size > MOST_SUBJECTS) return undefined;
          const scope = scopeOf(jobStanding(start, repository, workflow, job, cell));
          if (jobRuns(id, workflow, scope) === false) continue;
          for (const environment of environmentsOf(job, (text) => fill(text, scope)))
            for (const subject of subjectsOf(start, workflow, environment, repository))
              found.set(keyOf(subject), subject);
        }
  return { repository: name, subjects: [...found.values()] };
}

/** A job of another repository's workflow may have any environment; one of this repository's has starts of its own. */
function environmentsOf(job: Tree, filled: (text: string) => Text): readonly (Text | undefined)[] {
  const uses = scalarText(member(job, 'uses'));
  if (uses !== undefined)
    return uses.startsWith('./')
      ? []
      : [undefined, unknownValue('environment', 'the environment of a called workflow')];
  const written = member(job, 'environment');
  const name = scalarText(written?.kind === 'map' ? member(written, 'name') : written);
  const environment = name === undefined ? undefined : filled(name);
  // An expression may give none.
  return environment === '' || environment === undefined
    ? [undefined]
    : isKnown(environment)
      ? [environment]
      : [environment, undefined];
}

function subjectsOf(
  { run, workflowName }: Start,
  { ownPath }: Workflow,
  environment: Text | undefined,
  repository: Repository,
): readonly Text[] {
  if (run.foreign) return [];
  const job = { run, repository, environment, audience: '', workflowPath: ownPath, workflowName };
  return claimsOf(job).flatMap((claims) => claims.get('sub') ?? []);
}
