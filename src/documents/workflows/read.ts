import {
  type Declarations,
  type Deployment,
  type Intent,
  NOTHING_DECLARED,
  type Problem,
} from '../../inventory/declarations.ts';
import type { PresentedSubjects } from '../../inventory/presented-subjects.ts';
import type { SourceFile } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { keyOf } from '../../symbolic/text.ts';
import { parseText } from '../text.ts';
import { credentialSteps } from './credential-steps.ts';
import { JobReader, stepsOf } from './job.ts';
import { assumesRoles, type LocalActions } from './local-actions.ts';
import { cellsOf } from './matrix.ts';
import type { Repository } from './repository.ts';
import { jobsOf, rootOf, startsOf, type Workflow } from './starts.ts';
import { presentedSubjects } from './subjects.ts';
import { unfollowed } from './unfollowed.ts';

const WORKFLOW_PATH = /(?:^|\/)(\.github\/workflows\/[^/]+\.ya?ml)$/;

export function isWorkflowPath(path: string): boolean {
  return WORKFLOW_PATH.test(path);
}

/** The workflows of a repository: they are all known before the first is read, since one calls another. */
export class Workflows {
  readonly #repositories: (root: string) => Repository;
  readonly #actions: LocalActions;
  readonly #all: Workflow[] = [];
  /** Those of the repository itself, whether they assume roles or not. */
  readonly #own: SourceFile[] = [];

  /** Workflows in a folder of their own are another repository's: a template, an example. */
  constructor(repositories: (root: string) => Repository, actions: LocalActions) {
    this.#repositories = repositories;
    this.#actions = actions;
  }

  /** Whether a workflow may assume a role at all, or names one; most do not, and are not parsed. */
  mayAssume(path: string, text: string): boolean {
    const root = path.replace(WORKFLOW_PATH, '');
    return assumesRoles(text) || NAMES_ROLE.test(text) || this.#actions.assumeRoles(root, text);
  }

  /** Takes the file of a workflow in, which is parsed where somebody asks for all of them. */
  note(file: SourceFile): void {
    if (WORKFLOW_PATH.exec(file.path)?.[1] === file.path) this.#own.push(file);
  }

  /** The subjects that the repository's jobs can have; undefined where one of its workflows cannot be read. */
  presented(): PresentedSubjects | undefined {
    const all: Workflow[] = [];
    for (const file of this.#own) {
      const { documents, problems } = parseText(file);
      const [tree] = documents;
      if (tree?.kind !== 'map' || problems.some(({ level }) => level === 'error')) return undefined;
      all.push({ path: file.path, ownPath: file.path, tree });
    }
    return presentedSubjects(all, this.#repositories(''));
  }

  /** Takes a workflow in; what it declares is read later. */
  open(path: string, tree: Tree, deployment: Deployment): () => Declarations {
    const workflow: Workflow = { path, ownPath: WORKFLOW_PATH.exec(path)?.[1] ?? path, tree };
    this.#all.push(workflow);
    return () => ({
      ...NOTHING_DECLARED,
      intents: this.#read(workflow, deployment),
      problems: this.#unfollowed(workflow),
    });
  }

  #read(workflow: Workflow, deployment: Deployment): readonly Intent[] {
    const root = rootOf(workflow);
    const jobs = jobsOf(workflow.tree).filter(({ job }) => stepsOf(job).some((step) => this.#assumes(root, step)));
    if (jobs.length === 0) return [];
    const repository = this.#repositories(root);
    const actions = { at: (uses: string) => this.#actions.at(root, uses) };
    const starts = startsOf(workflow, this.#all, repository);
    const found = new Map<string, Intent>();
    for (const { id, job } of jobs)
      for (const start of starts)
        for (const cell of cellsOf(job))
          for (const intent of new JobReader({
            workflow,
            id,
            job,
            start,
            cell,
            repository,
            actions,
            deployment,
          }).intents())
            found.set(keyOfIntent(intent), intent);
    return [...found.values()];
  }

  #assumes(root: string, step: Tree): boolean {
    const uses = usesOf(step);
    return (
      credentialSteps(step, (text) => text) !== undefined ||
      (uses !== undefined && this.#actions.at(root, uses) !== undefined)
    );
  }

  /** Once for each action and workflow, however many jobs use it. */
  #unfollowed(workflow: Workflow): readonly Problem[] {
    const root = rootOf(workflow);
    const steps = jobsOf(workflow.tree).flatMap(({ job }) => [job, ...stepsOf(job)]);
    const found = steps.flatMap((one) => [
      ...(this.#assumes(root, one) ? [] : unfollowed(one)),
      ...this.#actions.problems(root, usesOf(one) ?? ''),
    ]);
    return [...new Map(found.reverse().map((problem) => [problem.message, problem])).values()].reverse();
  }
}

const NAMES_ROLE = /\barn:aws[\w-]*:iam::[^:\s]*:role\//;

function usesOf(step: Tree): string | undefined {
  return scalarText(member(step, 'uses'));
}

/** Cells and inputs that a job's role does not hang on give the same intent again. */
function keyOfIntent({ role, caller, withheld }: Intent): string {
  const forms = caller.kind === 'token' ? caller.forms : [];
  const claims = forms.flatMap((form) =>
    [...form].map(([name, value]) => `${name}=${value === undefined ? '' : keyOf(value)}`),
  );
  const arn = caller.kind === 'principal' ? keyOf(caller.arn) : '';
  return [keyOf(role.text), role.place.source.path, role.place.start, arn, withheld?.place.start ?? '', ...claims].join(
    '\n',
  );
}
