import { commitsBetween, readCommit } from './commits.ts';
import type { Scenario } from './scenario.ts';
import { showPull } from './shapes/pull-request.ts';
import { htmlOf, ownerOf, showRepository, showUser } from './shapes/repository.ts';
import { type User, userNamed } from './state.ts';
import { webhookProblems } from './validate.ts';

type Payload = Readonly<Record<string, unknown>>;

/** What starts a workflow: its payload, and what the runner derives from it. */
export interface WorkflowEvent {
  readonly name: 'pull_request' | 'pull_request_target' | 'merge_group' | 'push' | 'schedule' | 'workflow_dispatch';
  readonly payload: Payload;
  readonly repository: string;
  /** `GITHUB_SHA`: for a pull request the merge commit, not its head. */
  readonly sha: string;
  readonly ref: string;
  readonly headRef?: string;
  readonly baseRef?: string;
  /** Forks and Dependabot get a token that only reads, whatever the workflow's `permissions` say. */
  readonly hasReadOnlyToken: boolean;
}

interface PullRequestEventOptions {
  readonly action?: 'opened' | 'synchronize';
  /** Who acts; the pull request's author where nobody is named. */
  readonly actor?: string;
  /** As `pull_request_target`: with the base's rights, on the base's commit. */
  readonly target?: boolean;
}

export const pullRequestEvent = (
  scenario: Scenario,
  number: number,
  { action = 'opened', actor, target = false }: PullRequestEventOptions = {},
): WorkflowEvent => {
  const { world, state } = scenario;
  const pull = state.pulls.get(number);
  if (pull === undefined) throw new Error(`There is no pull request ${number}`);
  const sender = actor === undefined ? pull.user : userNamed(actor);
  const moved = { before: pull.heads.at(-2) ?? pull.base.sha, after: pull.head.sha };
  const isFork = pull.head.repository !== state;
  return {
    name: target ? 'pull_request_target' : 'pull_request',
    payload: checked(`pull-request-${action}`, {
      action,
      number,
      ...(action === 'synchronize' ? moved : {}),
      pull_request: showPull(world, state, pull),
      ...context(scenario, sender),
    }),
    repository: scenario.name,
    sha: target ? scenario.tip(pull.base.ref) : scenario.mergeCommit(number),
    ref: target ? `refs/heads/${pull.base.ref}` : `refs/pull/${number}/merge`,
    headRef: pull.head.ref,
    baseRef: pull.base.ref,
    hasReadOnlyToken: !target && (isFork || sender.login === 'dependabot[bot]'),
  };
};

/** The pull request enters the merge queue: GitHub makes a branch of its own for it. */
export const mergeGroupEvent = (scenario: Scenario, number: number): WorkflowEvent => {
  const { base } = scenario.pull(number);
  const baseSha = scenario.tip(base.ref);
  const sha = scenario.mergeCommit(number);
  const branch = `gh-readonly-queue/${base.ref}/pr-${number}-${baseSha}`;
  scenario.state.branches.set(branch, sha);
  scenario.state.store.setRef(`refs/heads/${branch}`, sha);
  const { id, tree_id, message, timestamp, author, committer } = pushedCommit(scenario, sha);
  return {
    name: 'merge_group',
    payload: checked('merge-group-checks-requested', {
      action: 'checks_requested',
      merge_group: {
        head_sha: sha,
        head_ref: `refs/heads/${branch}`,
        base_sha: baseSha,
        base_ref: `refs/heads/${base.ref}`,
        head_commit: { id, tree_id, message, timestamp, author, committer },
      },
      ...context(scenario, userNamed('github-merge-queue[bot]')),
    }),
    repository: scenario.name,
    sha,
    ref: `refs/heads/${branch}`,
    hasReadOnlyToken: false,
  };
};

interface PushEventOptions {
  readonly branch?: string;
  /** Where the branch was before; its tip's first parent unless told. `null` for a branch that is new. */
  readonly before?: string | null;
  readonly forced?: boolean;
}

const NO_COMMIT = '0'.repeat(40);

export const pushEvent = (
  scenario: Scenario,
  { branch = scenario.state.defaultBranch, before, forced = false }: PushEventOptions = {},
): WorkflowEvent => {
  const { world, state } = scenario;
  const after = scenario.tip(branch);
  const parent = readCommit(state.store, after).parents[0] ?? null;
  const from = before === undefined ? parent : before;
  // On a new branch GitHub lists what the default branch does not have.
  const known = from ?? scenario.tip();
  const commits = commitsBetween(state.store, known, after).map((sha) => pushedCommit(scenario, sha));
  const pusher = userNamed(readCommit(state.store, after).author);
  return {
    name: 'push',
    payload: checked('push', {
      ref: `refs/heads/${branch}`,
      before: from ?? NO_COMMIT,
      after,
      created: from === null,
      deleted: false,
      forced,
      base_ref: null,
      compare: `${htmlOf(world, state)}/compare/${known.slice(0, 12)}...${after.slice(0, 12)}`,
      commits,
      head_commit: pushedCommit(scenario, after),
      pusher: { name: pusher.login, email: `${pusher.login}@users.noreply.github.com` },
      ...context(scenario, pusher),
    }),
    repository: scenario.name,
    sha: after,
    ref: `refs/heads/${branch}`,
    hasReadOnlyToken: false,
  };
};

/** GitHub publishes no schema for this payload: https://docs.github.com/actions/reference/events-that-trigger-workflows#schedule */
export const scheduleEvent = (scenario: Scenario, cron = '0 4 * * 1'): WorkflowEvent => ({
  ...manual(scenario, scenario.state.defaultBranch, { schedule: cron, workflow: '.github/workflows/check.yml' }),
  name: 'schedule',
});

export const workflowDispatchEvent = (
  scenario: Scenario,
  { branch = scenario.state.defaultBranch, inputs = {} }: { readonly branch?: string; readonly inputs?: Payload } = {},
): WorkflowEvent => ({
  ...manual(scenario, branch, { ref: `refs/heads/${branch}`, inputs, workflow: '.github/workflows/check.yml' }),
  name: 'workflow_dispatch',
});

const manual = (scenario: Scenario, branch: string, payload: Payload): Omit<WorkflowEvent, 'name'> => ({
  payload: { ...payload, ...context(scenario, userNamed('octocat')) },
  repository: scenario.name,
  sha: scenario.tip(branch),
  ref: `refs/heads/${branch}`,
  hasReadOnlyToken: false,
});

/** What every payload says about where it comes from. */
const context = ({ world, state }: Scenario, sender: User): Payload => {
  const { url, id, login, node_id, avatar_url } = showUser(world, ownerOf(state));
  const api = `${world.apiUrl}/orgs/${login}`;
  const organization = {
    login,
    id,
    node_id,
    url: api,
    avatar_url,
    description: null,
    repos_url: `${url}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
  };
  return { repository: showRepository(world, state), organization, sender: showUser(world, sender) };
};

const pushedCommit = ({ world, state }: Scenario, sha: string) => {
  const { tree, message, date, author, email } = readCommit(state.store, sha);
  const who = { name: author, email, username: author };
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: date,
    url: `${htmlOf(world, state)}/commit/${sha}`,
    author: who,
    committer: who,
    ...touched(state.store.read('diff-tree', '-r', '--no-commit-id', '--name-status', '-z', '--root', sha)),
  };
};

const touched = (nameStatus: string) => {
  const lists: Record<string, string[]> = { A: [], D: [], M: [] };
  const fields = nameStatus.split('\0');
  for (let index = 0; index + 1 < fields.length; index += 2) {
    lists[fields[index] ?? '']?.push(fields[index + 1] ?? '');
  }
  return { added: lists.A ?? [], removed: lists.D ?? [], modified: lists.M ?? [] };
};

const checked = (schema: string, payload: Payload): Payload => {
  // As the runner writes it to a file: without `undefined`.
  const written: Payload = JSON.parse(JSON.stringify(payload));
  const problems = webhookProblems(schema, written);
  if (problems === undefined) throw new Error(`The subset has no schema for ${schema}`);
  if (problems.length > 0) throw new Error(`GitHub would not send this ${schema} event: ${problems.join(' ')}`);
  return written;
};
