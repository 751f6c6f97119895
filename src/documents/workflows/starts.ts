import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import type { Text } from '../../symbolic/text.ts';
import { evaluate, fill, type Scope, truthOf } from './evaluate.ts';
import { parseExpression } from './expression.ts';
import { cellsOf } from './matrix.ts';
import { tokenGrant } from './permissions.ts';
import type { Repository } from './repository.ts';
import { couldBe, type Standing, scopeOf } from './scope.ts';
import { eventsOf, FOREIGN_RUN, type Run, runsOf, splitByRefs } from './triggers.ts';

/** A workflow file. */
export interface Workflow {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** `.github/workflows/deploy.yml` */
  readonly ownPath: string;
  readonly tree: Tree;
}

/** One way in which a workflow comes to run: an event of its own, or a job of another workflow that calls it. */
export interface Start {
  readonly run: Run;
  readonly workflowName: Text;
  readonly inputs: ReadonlyMap<string, Text>;
  /** Where the calling job writes what it hands to inputs, by their names in lower case. */
  readonly given: ReadonlyMap<string, Place>;
  /** Secrets that the calling job hands on under names of its own. */
  readonly secrets: ReadonlyMap<string, Text>;
  /** What the calling job may hand on; undefined for an event of its own. */
  readonly ceiling: { readonly granted: boolean; readonly place: Place | undefined } | undefined;
  /** A condition that cannot be decided stands before it. */
  readonly perhaps: boolean;
}

const MOST_STARTS = 64;
/** https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#limitations-of-reusable-workflows */
const MOST_CALLS = 10;

export function startsOf(
  workflow: Workflow,
  all: readonly Workflow[],
  repository: Repository,
  depth = 0,
): readonly Start[] {
  const literals = refLiterals(workflow.tree);
  const name = nameOf(workflow);
  const own = runsOf(workflow.tree, repository)
    .flatMap((run) => splitByRefs(run, literals, couldBe))
    .flatMap((run) =>
      dispatchInputs(workflow.tree, run).map(
        (inputs): Start => ({
          run,
          workflowName: name,
          inputs,
          given: new Map(),
          secrets: new Map(),
          ceiling: undefined,
          perhaps: false,
        }),
      ),
    );
  if (!eventsOf(workflow.tree).has('workflow_call')) return own;
  const called = depth >= MOST_CALLS ? [] : all.flatMap((caller) => callsOf(caller, workflow, all, repository, depth));
  const foreign: Start = {
    run: FOREIGN_RUN,
    workflowName: name,
    inputs: new Map(),
    given: new Map(),
    secrets: new Map(),
    ceiling: undefined,
    perhaps: true,
  };
  // Callers in other repositories are not seen; where there are some here, those are what it is for.
  const starts = [...own, ...(called.length === 0 ? [foreign] : called)];
  return starts.length > MOST_STARTS ? [foreign] : starts;
}

function nameOf({ tree, ownPath }: Workflow): Text {
  return scalarText(member(tree, 'name')) ?? ownPath;
}

/** The jobs of a workflow that call another one of the same repository. */
function callsOf(
  caller: Workflow,
  called: Workflow,
  all: readonly Workflow[],
  repository: Repository,
  depth: number,
): readonly Start[] {
  if (rootOf(caller) !== rootOf(called)) return [];
  const jobs = jobsOf(caller.tree).filter(({ job }) => scalarText(member(job, 'uses')) === `./${called.ownPath}`);
  if (jobs.length === 0) return [];
  const starts = startsOf(caller, all, repository, depth + 1);
  return jobs.flatMap(({ id, job }) =>
    starts.flatMap((start) =>
      cellsOf(job).flatMap((cell): readonly Start[] => {
        const scope = scopeOf(jobStanding(start, repository, caller, job, cell));
        const runs = jobRuns(id, caller, scope);
        if (runs === false) return [];
        const grant = tokenGrant(caller.tree, job);
        const own = grant ?? { granted: start.ceiling?.granted ?? false, place: start.ceiling?.place };
        const limited = start.ceiling?.granted === false ? start.ceiling : own;
        return [
          {
            ...start,
            inputs: givenInputs(
              member(member(member(called.tree, 'on'), 'workflow_call'), 'inputs'),
              member(job, 'with'),
              scope,
            ),
            given: givenPlaces(member(job, 'with'), start.given),
            secrets: givenSecrets(member(job, 'secrets'), start.secrets, scope),
            ceiling: { granted: limited.granted, place: limited.place ?? id.place },
            perhaps: start.perhaps || runs === undefined,
          },
        ];
      }),
    ),
  );
}

/** The folder that holds `.github`, with its slash; empty for the root. */
export function rootOf({ path, ownPath }: Workflow): string {
  return path.slice(0, path.length - ownPath.length);
}

export interface Job {
  readonly id: { readonly text: string; readonly place: Place };
  readonly job: Tree;
}

export function jobsOf(workflow: Tree): readonly Job[] {
  const jobs = member(workflow, 'jobs');
  return jobs?.kind === 'map' ? jobs.entries.map(({ key, value }) => ({ id: key, job: value })) : [];
}

/** Where the expressions of a job stand. */
export function jobStanding(
  start: Start,
  repository: Repository,
  workflow: Workflow,
  job: Tree,
  cell: ReadonlyMap<string, Tree>,
): Standing {
  const { source, start: from, end } = job.place;
  return {
    repository,
    run: start.run,
    workflowName: start.workflowName,
    inputs: start.inputs,
    secrets: start.secrets,
    cell,
    environments: [member(job, 'env'), member(workflow.tree, 'env')],
    jobText: source.text.slice(from, end),
  };
}

/** Whether a job runs: not where its own condition fails, nor where a job that it needs is passed over. */
export function jobRuns(id: Job['id'], workflow: Workflow, scope: Scope): boolean | undefined {
  const jobs = new Map(jobsOf(workflow.tree).map((one) => [one.id.text, one.job]));
  const known = new Map<string, boolean | undefined>();
  const runs = (name: string): boolean | undefined => {
    if (known.has(name)) return known.get(name);
    // A job that needs itself is a slip that GitHub tells.
    known.set(name, undefined);
    const job = jobs.get(name);
    const condition = scalarText(member(job, 'if'));
    const own = conditionHolds(condition, scope);
    const alone = own === false || (condition !== undefined && /\b(always|cancelled|failure)\s*\(/.test(condition));
    const needs = alone ? [] : namesIn(member(job, 'needs')).map(runs);
    const all = needs.includes(false) ? false : needs.includes(undefined) ? undefined : own;
    known.set(name, all);
    return all;
  };
  return runs(id.text);
}

function namesIn(tree: Tree | undefined): readonly string[] {
  const items = tree?.kind === 'list' ? tree.items : tree === undefined ? [] : [tree];
  return items.map((item) => scalarText(item) ?? '');
}

/** `if` takes an expression with or without its braces. */
export function conditionHolds(condition: string | undefined, scope: Scope): boolean | undefined {
  if (condition === undefined) return true;
  const inner = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  if (inner.includes('${{')) return undefined;
  return truthOf(evaluate(parseExpression(inner), scope));
}

/** What a call hands to the declared inputs of a workflow or an action; a default for what it leaves out. */
export function givenInputs(
  declared: Tree | undefined,
  given: Tree | undefined,
  scope: Scope,
): ReadonlyMap<string, Text> {
  const inputs = new Map<string, Text>();
  for (const { key, value } of declared?.kind === 'map' ? declared.entries : []) {
    const own = given?.kind === 'map' ? given.entries.find((entry) => isSameName(entry.key.text, key.text)) : undefined;
    const text = scalarText(own?.value) ?? scalarText(member(value, 'default')) ?? '';
    inputs.set(key.text, fill(text, scope));
  }
  return inputs;
}

function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What is handed through stands where the first of the callers writes it. */
function givenPlaces(given: Tree | undefined, outer: ReadonlyMap<string, Place>): ReadonlyMap<string, Place> {
  const entries = given?.kind === 'map' ? given.entries : [];
  return new Map(
    entries.map(({ key, value }) => {
      const through = inputNamed(scalarText(value) ?? '');
      return [key.text.toLowerCase(), (through === undefined ? undefined : outer.get(through)) ?? value.place];
    }),
  );
}

/** `role` of `${{ inputs.role }}`, in lower case: names of inputs compare without it. */
export function inputNamed(text: string): string | undefined {
  return /^\s*\$\{\{\s*inputs\.([\w-]+)\s*\}\}\s*$/.exec(text)?.[1]?.toLowerCase();
}

/** `secrets: inherit` hands on all, under their own names. */
function givenSecrets(
  written: Tree | undefined,
  own: ReadonlyMap<string, Text>,
  scope: Scope,
): ReadonlyMap<string, Text> {
  if (scalarText(written) === 'inherit') return own;
  const entries = written?.kind === 'map' ? written.entries : [];
  return new Map(entries.map(({ key, value }) => [key.text, fill(scalarText(value) ?? '', scope)]));
}

/** The choices that a person has on the form of a `workflow_dispatch`; elsewhere its inputs are empty. */
function dispatchInputs(workflow: Tree, { event }: Run): readonly ReadonlyMap<string, Text>[] {
  const declared = member(member(member(workflow, 'on'), 'workflow_dispatch'), 'inputs');
  const entries = declared?.kind === 'map' ? declared.entries : [];
  let all: ReadonlyMap<string, Text>[] = [new Map()];
  for (const { key, value } of entries) {
    const options = member(value, 'options');
    const texts = options?.kind === 'list' ? options.items.map((item) => scalarText(item) ?? '') : [];
    if (event !== 'workflow_dispatch') all = all.map((inputs) => new Map([...inputs, [key.text, '']]));
    else if (texts.length > 0 && all.length * texts.length <= 32)
      all = all.flatMap((inputs) => texts.map((text) => new Map([...inputs, [key.text, text]])));
  }
  return all;
}

/** Refs that conditions of the workflow ask for. */
function refLiterals(workflow: Tree): readonly string[] {
  const found = new Set<string>();
  const visit = (tree: Tree): void => {
    if (tree.kind === 'list') tree.items.forEach(visit);
    if (tree.kind === 'map') for (const { value } of tree.entries) visit(value);
    if (tree.kind !== 'scalar' || !/github\.(ref|ref_name)\b/.test(tree.text)) return;
    for (const [, text = ''] of tree.text.matchAll(/'([^']+)'/g))
      if (/^refs\/(heads|tags)\/[^{}]+$/.test(text)) found.add(text);
      else if (/^[\w.][\w./-]*$/.test(text) && !text.startsWith('refs/')) found.add(`refs/heads/${text}`);
  };
  visit(workflow);
  return [...found].slice(0, 8);
}
