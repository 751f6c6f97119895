import { parseArn } from '../../iam/arn.ts';
import type { Intent } from '../../inventory/declarations.ts';
import type { Place } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import { concat, isKnown, show, type Text } from '../../symbolic/text.ts';
import { claimsOf } from './claims.ts';
import { type CredentialStep, credentialSteps } from './credential-steps.ts';
import { fill, type Scope, unknownValue } from './evaluate.ts';
import { type JobRun, jobScope } from './job-run.ts';
import { inputOf, type LocalAction } from './local-actions.ts';
import { type Standing, scopeOf } from './scope.ts';
import { type SessionLimits, sessionContext, sessionLimits } from './session.ts';
import { conditionHolds, givenInputs, inputNamed, jobRuns, jobStanding, type Start } from './starts.ts';
import { withheldToken, withoutAccount } from './withheld.ts';

export function stepsOf(job: Tree): readonly Tree[] {
  const steps = member(job, 'steps');
  return steps?.kind === 'list' ? steps.items : [];
}

/** The credentials that a job holds after a step. */
type Credentials =
  | { readonly kind: 'none' | 'unknown' }
  | { readonly kind: 'role'; readonly role: Text; readonly limits: SessionLimits };

/** Steps one after the other: a job's own, or those of an action that one of its steps uses. */
interface Steps {
  readonly standing: Standing;
  /** The credentials in the outputs of steps, by their ids. */
  readonly outputs: Map<string, Credentials>;
  readonly perhaps: boolean;
  /** The step that uses the action, and the steps among which it stands. */
  readonly user?: { readonly step: Tree; readonly among: Steps; readonly action: LocalAction };
}

/** https://docs.github.com/en/actions/reference/limits : composite actions nest to ten levels */
const MOST_NESTED = 10;
/** Uses of actions in one job: a hostile repository nests each of its actions in the next one many times. */
const MOST_USES = 200;

/** Reads which roles a job assumes, and as whom. */
export class JobReader {
  readonly #run: JobRun;
  #held: Credentials;
  readonly #profiles = new Map<string, Credentials>();
  #uses = 0;

  constructor(run: JobRun) {
    this.#run = run;
    this.#held = { kind: setsKeys(run.workflow.tree.place.source.text) ? 'unknown' : 'none' };
  }

  intents(): readonly Intent[] {
    const { workflow, id, job, start, cell, repository } = this.#run;
    const standing = jobStanding(start, repository, workflow, job, cell);
    const runs = jobRuns(id, workflow, scopeOf(standing));
    if (runs === false) return [];
    const perhaps = start.perhaps || runs === undefined;
    return this.#among({ standing, outputs: new Map(), perhaps }, stepsOf(job), 0);
  }

  #among(among: Steps, steps: readonly Tree[], depth: number): readonly Intent[] {
    return steps.flatMap((step) => {
      const uses = scalarText(member(step, 'uses'));
      const action =
        uses === undefined || depth >= MOST_NESTED || this.#uses >= MOST_USES ? undefined : this.#run.actions.at(uses);
      const scope = scopeIn(among, step);
      const credential = credentialSteps(step, (text) => fill(text, scope));
      if (credential === undefined && action === undefined) return [];
      const holds = conditionHolds(scalarText(member(step, 'if')), scope);
      if (holds === false) return [];
      const here: Steps = { ...among, perhaps: among.perhaps || holds === undefined };
      if (action !== undefined) return this.#inAction(here, step, action, scope, depth);
      if (credential === 'other-credentials') this.#hold(here, step, { kind: 'unknown' });
      return typeof credential === 'object' ? credential.flatMap((one) => this.#intent(one, step, here)) : [];
    });
  }

  /** The steps of an action see its inputs alone, and the variables of the step that uses it. */
  #inAction(among: Steps, step: Tree, action: LocalAction, outer: Scope, depth: number): readonly Intent[] {
    this.#uses += 1;
    if (this.#held.kind === 'none' && setsKeys(action.text)) this.#held = { kind: 'unknown' };
    const { standing, perhaps } = among;
    const inside: Steps = {
      standing: {
        ...standing,
        inputs: givenInputs(action.inputs, member(step, 'with'), outer),
        environments: [],
        jobText: `${standing.jobText}\n${action.text}`,
        outer,
      },
      outputs: new Map(),
      perhaps,
      user: { step, among, action },
    };
    const intents = this.#among(inside, action.steps, depth + 1);
    const id = scalarText(member(step, 'id'));
    // Which of its steps' credentials the action gives out is not followed.
    if (id !== undefined) among.outputs.set(id, { kind: 'unknown' });
    return intents;
  }

  #hold(among: Steps, step: Tree, credentials: Credentials, to?: CredentialStep): void {
    if (to?.exported !== false) this.#held = credentials;
    if (to?.toProfile !== undefined) this.#profiles.set(to.toProfile, credentials);
    const id = scalarText(member(step, 'id'));
    if (id !== undefined) among.outputs.set(id, credentials);
  }

  /** Whose credentials a step calls with. */
  #from({ credentialsOf, ofProfile }: CredentialStep, among: Steps): Credentials | undefined {
    if (ofProfile !== undefined) return this.#profiles.get(ofProfile);
    return credentialsOf === undefined ? this.#held : among.outputs.get(credentialsOf);
  }

  #intent(credential: CredentialStep, step: Tree, among: Steps): readonly Intent[] {
    const { id, start, repository, workflow, deployment } = this.#run;
    const scope = scopeIn(among, step);
    const before = this.#held;
    if (credential.unlessHeld && before.kind !== 'none') return [];
    const from = this.#from(credential, among);
    const written = fill(credential.role.text, scope);
    const role = named(written, credential.by === 'credentials' ? from : undefined);
    const limits = sessionLimits(credential, scope, id.text);
    this.#hold(among, step, { kind: 'role', role, limits }, credential);
    const place = writtenAt(among, credential.role, start);
    const base = {
      kind: 'workflow',
      role: { text: role, place },
      deployment,
      ...(among.perhaps ? { perhaps: true } : {}),
    } as const;
    if (credential.foreign) return [];
    if (credential.by === 'credentials') return this.#chained(credential, base, from, among, scope);
    const noToken = withheldToken(this.#run, before.kind === 'none');
    if (noToken === 'ambient') return [];
    const nameAlone =
      role === written || member(step, 'uses') === undefined ? undefined : withoutAccount(id.text, place);
    const withheld = noToken ?? nameAlone;
    const audience =
      credential.audience === undefined
        ? unknownValue('aud', 'the audience that the script asks for')
        : fill(credential.audience, scope);
    const forms = claimsOf({
      run: start.run,
      repository,
      environment: this.#environment(),
      audience,
      workflowPath: workflow.ownPath,
      workflowName: start.workflowName,
    });
    return [
      {
        ...base,
        caller: { kind: 'token', issuer: repository.issuer, forms },
        given: sessionContext(credential, scope, repository),
        text: `the job ${id.text} assumes it with its token (${start.run.name})${this.#through(among, base.role.place)}`,
        ...this.#duration(credential, among, scope),
        ...(withheld === undefined ? {} : { withheld }),
      },
    ];
  }

  /** A further role, with the credentials of an earlier one. */
  #chained(
    credential: CredentialStep,
    base: Pick<Intent, 'kind' | 'role' | 'deployment' | 'perhaps'>,
    from: Credentials | undefined,
    among: Steps,
    scope: Scope,
  ): readonly Intent[] {
    if (from?.kind !== 'role') return [];
    const { id } = this.#run;
    const { tagged } = credential;
    return [
      {
        ...base,
        caller: { kind: 'principal', arn: from.role, ...from.limits },
        given: sessionContext(credential, scope, this.#run.repository),
        ...(tagged ? { carries: ['sts:TagSession'] as const } : {}),
        text: `the job ${id.text} assumes it with the credentials of ${show(from.role)}${this.#through(among, base.role.place)}`,
        ...this.#duration(credential, among, scope),
      },
    ];
  }

  #duration({ duration, by }: CredentialStep, among: Steps, scope: Scope): Pick<Intent, 'duration'> {
    const text = duration === undefined ? '' : fill(duration.text, scope);
    // The action takes 0, and what is no number, for its default.
    if (duration === undefined || !isKnown(text) || !/^\s*[1-9]\d*\s*$/.test(text)) return {};
    const { id, start } = this.#run;
    return {
      duration: {
        seconds: Number(text),
        asked: duration.asked,
        caller: `the job ${id.text}`,
        chained: by === 'credentials',
        place: writtenAt(among, duration, start),
      },
    };
  }

  /** The file that assumes the role, where another one names it. */
  #through({ user }: Steps, { source }: Place): string {
    const { path, ownPath } = this.#run.workflow;
    if (user !== undefined) return `, by ${user.action.path}`;
    return source.path === path ? '' : `, by ${ownPath}`;
  }

  #environment(): Text | undefined {
    const written = member(this.#run.job, 'environment');
    const name = scalarText(written?.kind === 'map' ? member(written, 'name') : written);
    const filled = name === undefined ? undefined : fill(name, jobScope(this.#run));
    return filled === '' ? undefined : filled;
  }
}

function scopeIn({ standing }: Steps, step: Tree): Scope {
  return scopeOf({ ...standing, environments: [member(step, 'env'), ...standing.environments] });
}

/** A role by its name alone is one of the account that the credentials are of. https://github.com/aws-actions/configure-aws-credentials#assuming-a-role */
function named(role: Text, from: Credentials | undefined): Text {
  if (!isKnown(role) || !/^[\w+=,.@/-]+$/.test(role)) return role;
  const own = from?.kind === 'role' ? parseArn(from.role)?.account : undefined;
  const account = own ?? unknownValue('account', 'the account of the role');
  return concat('arn:aws:iam::', account, ':role/', role);
}

/** A text that speaks of keys may set them in a way that is not followed. */
function setsKeys(text: string): boolean {
  return /AWS_(ACCESS_KEY_ID|WEB_IDENTITY_TOKEN_FILE|PROFILE)/.test(text);
}

/** Where a workflow gives what an action or a called workflow writes: the input that it stands for, else the use of the action. */
function writtenAt({ user }: Steps, written: { readonly text: string; readonly place: Place }, start: Start): Place {
  const name = inputNamed(written.text);
  if (user === undefined) return (name === undefined ? undefined : start.given.get(name)) ?? written.place;
  const given = name === undefined ? undefined : inputOf(member(user.step, 'with'), name);
  const used = { text: '', place: member(user.step, 'uses')?.place ?? user.step.place };
  return writtenAt(user.among, given ?? used, start);
}
