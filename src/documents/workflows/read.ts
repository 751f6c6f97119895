import type { Withheld } from '../../iam/question.ts';
import { type Declarations, type Deployment, type Intent, NOTHING_DECLARED } from '../../inventory/declarations.ts';
import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { isKnown, keyOf, show, type Text } from '../../symbolic/text.ts';
import { claimsOf } from './claims.ts';
import { type CredentialStep, credentialSteps } from './credential-steps.ts';
import { fill, unknownValue } from './evaluate.ts';
import { type Cell, cellsOf } from './matrix.ts';
import { tokenGrant } from './permissions.ts';
import type { Repository } from './repository.ts';
import {
  conditionHolds,
  type Job,
  jobRuns,
  jobScope,
  jobsOf,
  rootOf,
  type Start,
  startsOf,
  type Workflow,
} from './starts.ts';

const WORKFLOW_PATH = /(?:^|\/)(\.github\/workflows\/[^/]+\.ya?ml)$/;

export function isWorkflowPath(path: string): boolean {
  return WORKFLOW_PATH.test(path);
}

/** Whether a workflow may assume a role at all; most do not, and are not parsed. */
export function assumesRoles(text: string): boolean {
  return text.includes('configure-aws-credentials') || /\bsts\s+assume-role/.test(text);
}

/** The workflows of a repository: they are all known before the first is read, since one calls another. */
export class Workflows {
  readonly #repositories: (root: string) => Repository;
  readonly #all: Workflow[] = [];

  /** Workflows in a folder of their own are another repository's: a template, an example. */
  constructor(repositories: (root: string) => Repository) {
    this.#repositories = repositories;
  }

  /** Takes a workflow in; what it declares is read later. */
  open(path: string, tree: Tree, deployment: Deployment): () => Declarations {
    const workflow: Workflow = { path, ownPath: WORKFLOW_PATH.exec(path)?.[1] ?? path, tree };
    this.#all.push(workflow);
    return () => ({ ...NOTHING_DECLARED, intents: this.#read(workflow, deployment) });
  }

  #read(workflow: Workflow, deployment: Deployment): readonly Intent[] {
    const jobs = jobsOf(workflow.tree).filter(({ job }) =>
      stepsOf(job).some((step) => credentialSteps(step) !== undefined),
    );
    if (jobs.length === 0) return [];
    const repository = this.#repositories(rootOf(workflow));
    const starts = startsOf(workflow, this.#all, repository);
    const found = new Map<string, Intent>();
    for (const { id, job } of jobs)
      for (const start of starts)
        for (const cell of cellsOf(job))
          for (const intent of new JobReader(workflow, id, job, start, cell, repository, deployment).intents())
            found.set(keyOfIntent(intent), intent);
    return [...found.values()];
  }
}

/** Cells and inputs that a job's role does not hang on give the same intent again. */
function keyOfIntent({ role, caller, withheld }: Intent): string {
  const forms = caller.kind === 'token' ? caller.forms : [];
  const claims = forms.flatMap((form) =>
    [...form].map(([name, value]) => `${name}=${value === undefined ? '' : keyOf(value)}`),
  );
  const arn = caller.kind === 'principal' ? keyOf(caller.arn) : '';
  return [keyOf(role.text), role.place.start, arn, withheld?.place.start ?? '', ...claims].join('\n');
}

function stepsOf(job: Tree): readonly Tree[] {
  const steps = member(job, 'steps');
  return steps?.kind === 'list' ? steps.items : [];
}

/** The credentials that a job holds after a step. */
type Credentials = { readonly kind: 'none' | 'unknown' } | { readonly kind: 'role'; readonly role: Text };

/** One run of one job. */
class JobReader {
  readonly #workflow: Workflow;
  readonly #id: Job['id'];
  readonly #job: Tree;
  readonly #start: Start;
  readonly #cell: Cell;
  readonly #repository: Repository;
  readonly #deployment: Deployment;
  readonly #outputs = new Map<string, Credentials>();
  #held: Credentials;

  constructor(
    workflow: Workflow,
    id: Job['id'],
    job: Tree,
    start: Start,
    cell: Cell,
    repository: Repository,
    deployment: Deployment,
  ) {
    this.#workflow = workflow;
    this.#id = id;
    this.#job = job;
    this.#start = start;
    this.#cell = cell;
    this.#repository = repository;
    this.#deployment = deployment;
    this.#held = { kind: this.#ambient() ? 'unknown' : 'none' };
  }

  intents(): readonly Intent[] {
    const runs = jobRuns(this.#id, this.#workflow, this.#scope());
    if (runs === false) return [];
    return stepsOf(this.#job).flatMap((step) => {
      const credential = credentialSteps(step);
      if (credential === undefined) return [];
      const holds = conditionHolds(scalarText(member(step, 'if')), this.#scope(step));
      if (holds === false) return [];
      if (credential === 'other-credentials') {
        this.#hold(step, { kind: 'unknown' });
        return [];
      }
      const perhaps = this.#start.perhaps || runs === undefined || holds === undefined;
      return credential.flatMap((one) => this.#intent(one, step, perhaps));
    });
  }

  #scope(step?: Tree) {
    return jobScope(this.#start, this.#repository, this.#workflow, this.#job, this.#cell, step);
  }

  #hold(step: Tree, credentials: Credentials): void {
    this.#held = credentials;
    const id = scalarText(member(step, 'id'));
    if (id !== undefined) this.#outputs.set(id, credentials);
  }

  #intent(credential: CredentialStep, step: Tree, perhaps: boolean): readonly Intent[] {
    const scope = this.#scope(step);
    const role = fill(credential.role.text, scope);
    const before = this.#held;
    this.#hold(step, { kind: 'role', role });
    const item = { text: role, place: credential.role.place };
    const base = {
      kind: 'workflow',
      role: item,
      deployment: this.#deployment,
      ...(perhaps ? { perhaps } : {}),
    } as const;
    if (credential.foreign) return [];
    if (credential.by === 'credentials') return this.#chained(credential, base, before);
    const withheld = this.#withheldToken(before);
    if (withheld === 'ambient') return [];
    const audience =
      credential.audience === undefined
        ? unknownValue('aud', 'the audience that the script asks for')
        : fill(credential.audience, scope);
    const forms = claimsOf({
      run: this.#start.run,
      repository: this.#repository,
      environment: this.#environment(),
      audience,
      workflowPath: this.#workflow.ownPath,
      workflowName: this.#start.workflowName,
    });
    return [
      {
        ...base,
        caller: { kind: 'token', issuer: this.#repository.issuer, forms },
        text: `the job ${this.#id.text} assumes it with its token (${this.#start.run.name})`,
        ...(withheld === undefined ? {} : { withheld }),
      },
    ];
  }

  /** A further role, with the credentials of an earlier one. */
  #chained(
    credential: CredentialStep,
    base: Pick<Intent, 'kind' | 'role' | 'deployment' | 'perhaps'>,
    before: Credentials,
  ): readonly Intent[] {
    const from = credential.credentialsOf === undefined ? before : this.#outputs.get(credential.credentialsOf);
    if (from?.kind !== 'role') return [];
    const { externalId, duration, tagged } = credential;
    const withheld = tooLong(duration, this.#id.text);
    const given = {
      keys: new Map(externalId === undefined ? [] : [['sts:externalid', [fill(externalId, this.#scope())]] as const]),
      names: new Map([['sts:externalid', 'sts:ExternalId']]),
      unknown: new Set<string>(),
      complete: false,
    };
    return [
      {
        ...base,
        caller: { kind: 'principal', arn: from.role },
        given,
        ...(tagged ? { carries: ['sts:TagSession'] as const } : {}),
        text: `the job ${this.#id.text} assumes it with the credentials of ${show(from.role)}`,
        ...(withheld === undefined ? {} : { withheld }),
      },
    ];
  }

  #environment(): Text | undefined {
    const written = member(this.#job, 'environment');
    const name = scalarText(written?.kind === 'map' ? member(written, 'name') : written);
    const filled = name === undefined ? undefined : fill(name, this.#scope());
    return filled === '' ? undefined : filled;
  }

  /** Without the permission there is no token; what else a runner of one's own holds, nobody knows. */
  #withheldToken(before: Credentials): Withheld | 'ambient' | undefined {
    const { ceiling, run } = this.#start;
    const own = tokenGrant(this.#workflow.tree, this.#job);
    const limit = ceiling?.granted === false ? ceiling : undefined;
    const grant = limit ?? own ?? ceiling;
    if (grant?.granted === true || (run.foreign && own === undefined)) return undefined;
    if (before.kind !== 'none' || !this.#hosted()) return 'ambient';
    const place: Place = grant?.place ?? this.#id.place;
    const reason =
      limit === undefined
        ? 'it has no permission id-token: write, so GitHub gives it no token'
        : `the job that calls ${this.#workflow.ownPath} has no permission id-token: write to hand on, so GitHub gives no token`;
    return {
      caller: `the job ${this.#id.text}`,
      reason,
      place,
      answer:
        'Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers',
    };
  }

  #hosted(): boolean {
    const runner = member(this.#job, 'runs-on');
    const label =
      runner?.kind === 'list' && runner.items.length === 1 ? scalarText(runner.items[0]) : scalarText(runner);
    const text = label === undefined ? undefined : fill(label, this.#scope());
    return text !== undefined && isKnown(text) && /^(ubuntu|windows|macos)-[\w.-]+$/i.test(text);
  }

  /** A workflow that speaks of keys may set them in a way that is not followed. */
  #ambient(): boolean {
    const { source } = this.#workflow.tree.place;
    return /AWS_(ACCESS_KEY_ID|WEB_IDENTITY_TOKEN_FILE|PROFILE)/.test(source.text);
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html : role chaining limits a session to one hour. */
function tooLong(duration: CredentialStep['duration'], job: string): Withheld | undefined {
  const seconds = duration !== undefined && /^\d+$/.test(duration.text) ? Number(duration.text) : undefined;
  if (duration === undefined || seconds === undefined || seconds <= 3600) return undefined;
  return {
    caller: `the job ${job}`,
    reason: `role-duration-seconds is ${seconds}, and a session that is opened from a role’s session lasts 3600 at most`,
    place: duration.place,
    answer: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  };
}
