import { notice, warning } from '@actions/core';
import { publish } from './action-publish.ts';
import { connect, type Environment, readActionWorld } from './action-world.ts';
import { type Event, readEvent } from './github/event.ts';
import { faultOf } from './github/faults.ts';
import { digest } from './github/marker.ts';
import { keepReviewCurrent, type Shortfall } from './github/review.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { withElsewhere } from './inventories.ts';
import { askLiveAccounts } from './live-accounts.ts';
import { type Linked, linksTo } from './report/links.ts';
import type { Report } from './report/report.ts';
import { repositoryFacts } from './repository-facts.ts';
import { exitStatus, type RunInput, run } from './run.ts';

/** The action's run, to its exit status. The verdict never depends on what the token may do. */
export async function runAction(environment: Environment, now: number, write: (text: string) => void): Promise<number> {
  const inputs = readInputs();
  const event = readEvent(environment);
  const world = await readActionWorld(event, inputs, environment);
  const repository = repositoryFacts(undefined, environment, environment.GITHUB_WORKSPACE ?? process.cwd());
  const scope = inputs.scope ?? (isProposed(event) ? 'changed' : 'all');
  const asked = { ...world, account: inputs.account, repository, now, scope };
  const report = run(await withLiveAccounts(asked, inputs, event, environment));
  const link = linksOf(event, environment);
  publish(report, inputs, environment, link, write);
  if (event.kind === 'pull-request' && inputs.review) await review(event, report, inputs, environment, link);
  return exitStatus(report, inputs.failOn);
}

/** A job with secrets asks nothing of AWS for a change that anybody may have made: its documents would say what is asked. */
async function withLiveAccounts(
  input: RunInput,
  inputs: Inputs,
  event: Event,
  environment: Environment,
): Promise<RunInput> {
  if (inputs.lookup === 'off' && !inputs.verify) return input;
  if (event.kind === 'pull-request' && event.privileged) {
    warning('AWS is asked nothing here: the job has secrets, and what is checked may be anybody’s.');
    return input;
  }
  const { documents, problems, verification } = await askLiveAccounts(input, inputs, environment);
  return { ...input, files: withElsewhere(input.files, documents), problems, verification };
}

/** What waits to be merged is held to what it changes; in the merge queue as before it. */
function isProposed(event: Event): boolean {
  return event.kind === 'pull-request' || event.name === 'merge_group';
}

function linksOf(event: Event, { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY, GITHUB_SHA }: Environment): Linked {
  const commit = event.kind === 'other' ? GITHUB_SHA : event.head;
  const repository = event.kind === 'pull-request' ? (event.headRepository ?? GITHUB_REPOSITORY) : GITHUB_REPOSITORY;
  const known = server !== undefined && repository !== undefined && commit !== undefined;
  return linksTo(known ? `${server}/${repository}/blob/${commit}/` : undefined);
}

/** Comments are reporting: they may fail, and then it is said that they did. */
async function review(
  event: Extract<Event, { readonly kind: 'pull-request' }>,
  { findings }: Report,
  inputs: Inputs,
  environment: Environment,
  link: Linked,
): Promise<void> {
  try {
    const connection = await connect(inputs, environment);
    const shortfall: Shortfall =
      connection === undefined
        ? { kind: 'refused', status: 401 }
        : await keepReviewCurrent(connection.github, {
            pull: { ...connection.repository, pull_number: event.number },
            head: event.head,
            key: keyOf(inputs, environment),
            findings,
            link,
          });
    if (shortfall !== undefined && findings.length > 0) notice(sentenceOf(shortfall));
  } catch (error) {
    const fault = faultOf(error);
    notice(sentenceOf({ kind: 'unreachable', status: fault.kind === 'invalid' ? 422 : fault.status }));
  }
}

/** Runs that check the same in the same job keep each other's comments current. */
function keyOf({ paths, plans, config, account }: Inputs, environment: Environment): string {
  const { GITHUB_WORKFLOW: workflow, GITHUB_JOB: job, GITHUB_ACTION: step } = environment;
  const [places, found] = [paths, plans].map((all) => [...all].sort().join('\n'));
  return digest(workflow ?? '', job ?? '', step ?? '', places ?? '', found ?? '', config ?? '', account ?? '');
}

function sentenceOf({ kind, status }: NonNullable<Shortfall>): string {
  const else_ = 'The annotations and the job summary say the same; the verdict does not depend on it.';
  switch (kind) {
    case 'refused':
      return `The findings are not commented on the pull request (${status}): the token may not write there. A run for a fork or for Dependabot gets one that only reads; other runs need the permission pull-requests: write. ${else_}`;
    case 'moved':
      return `The findings are not commented on the pull request: a newer commit was pushed, and its own run comments on it. ${else_}`;
    case 'unreachable':
      return `The findings are not all commented on the pull request${status === 0 ? '' : ` (${status})`}: GitHub did not take them. ${else_}`;
  }
}
