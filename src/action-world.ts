import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { notice, warning } from '@actions/core';
import type { Files } from './documents/files.ts';
import { workingTree } from './files/working-tree.ts';
import { commitOf, mergeBase, parentsOf, topLevel } from './git/repository.ts';
import { filesAt } from './git/revision.ts';
import { baseFromApi, mergeBaseByApi } from './github/base.ts';
import type { GitHub, Repository } from './github/client.ts';
import type { Event } from './github/event.ts';
import { faultOf } from './github/faults.ts';
import { filesAtCommit } from './github/tree.ts';
import type { Inputs } from './inputs.ts';
import { withInventories } from './inventories.ts';
import { CONFIGURATION_PATH, findRoot } from './root.ts';
import type { Base } from './run.ts';
import { withPlans } from './terraform-plans.ts';
import { UserError } from './user-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What an action's run checks, and what it compares it with. */
export interface ActionWorld {
  readonly files: Files;
  readonly configuration: string | undefined;
  readonly base: Base | undefined;
}

/** GitHub as this run may ask it. */
export interface Connection {
  readonly github: GitHub;
  readonly repository: Repository;
}

/** Undefined without a token, or where no repository is named. Loading the client reads the event's payload, so it is loaded late. */
export async function connect({ token }: Inputs, environment: Environment): Promise<Connection | undefined> {
  const [owner = '', repo = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  if (token === '' || owner === '' || repo === '') return undefined;
  const { client } = await import(/* webpackMode: "eager" */ './github/client.ts');
  return { github: client(token, environment.GITHUB_API_URL), repository: { owner, repo } };
}

type Change = Exclude<Event, { readonly kind: 'other' }>;

/** The documents of a run: those of the checkout, or where that cannot be believed, those of the pull request's head. */
export async function readActionWorld(event: Event, inputs: Inputs, environment: Environment): Promise<ActionWorld> {
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  const byApi = event.kind === 'pull-request' && event.privileged;
  if (!byApi) namesExist(inputs, workspace);
  const root = findRoot(workspace, inputs.paths, inputs.config);
  const top = topLevel(root.folder) ?? workspace;
  const way = relative(top, root.folder).split(sep).join('/');
  const files = workingTree(root.folder, root.paths, way === '' || way.startsWith('..') ? '' : `${way}/`);
  if (byApi) {
    for (const name of [
      ...(inputs.plans.length > 0 ? ['terraform-plan'] : []),
      ...(inputs.inventories.length > 0 ? ['inventory'] : []),
    ])
      warning(`${name} is not read here: the job has secrets, and what is checked out may be anybody's.`);
    return headFromApi(event, inputs, environment, { files, configuration: root.configuration });
  }
  const base = event.kind === 'other' ? undefined : await baseOf(event, inputs, environment, root.folder, files);
  return {
    files: withInventories(
      withPlans(files, inputs.plans, workspace, root.folder),
      inputs.inventories,
      workspace,
      root.folder,
    ),
    configuration: root.configuration,
    base: base === undefined ? undefined : asBase(event, base),
  };
}

function namesExist({ paths, config }: Inputs, workspace: string): void {
  for (const path of paths)
    if (!existsSync(resolve(workspace, path)))
      throw new UserError(`the input paths names ${path}, which does not exist`);
  if (config !== undefined && !existsSync(resolve(workspace, config)))
    throw new UserError(`the input config names ${config}, which does not exist`);
}

/** A change that waits to be merged cannot silence its own check; what is pushed already can. */
function asBase(event: Event, files: Files): Base {
  return { files, suppresses: event.name !== 'push' };
}

/** Both worlds by the API, without believing what is checked out. */
async function headFromApi(
  event: Extract<Event, { readonly kind: 'pull-request' }>,
  inputs: Inputs,
  environment: Environment,
  { files: checkout, configuration }: Omit<ActionWorld, 'base'>,
): Promise<ActionWorld> {
  const connection = await connect(inputs, environment);
  if (connection === undefined)
    throw new UserError(`on ${event.name} the pull request is read through the API, which needs github-token`);
  const { github, repository } = connection;
  try {
    const head = await filesAtCommit(github, repository, event.head, checkout);
    const meeting = await mergeBaseByApi(github, repository, { ...event });
    const base = await filesAtCommit(github, repository, meeting, head);
    return { files: head, configuration: configuration ?? CONFIGURATION_PATH, base: asBase(event, base) };
  } catch (error) {
    throw new UserError(`the pull request could not be read through the API (${reasonOf(error)})`);
  }
}

/** What the change is compared with: from git where the checkout has it, else from the API; without either, all is told. */
async function baseOf(
  event: Change,
  inputs: Inputs,
  environment: Environment,
  folder: string,
  files: Files,
): Promise<Files | undefined> {
  const local = baseFromGit(event, folder, files);
  if (local !== undefined || event.name === 'push') return local;
  try {
    const connection = await connect(inputs, environment);
    if (connection === undefined) return undefined;
    const { base, head } = event;
    const number = event.kind === 'pull-request' ? event.number : undefined;
    return await baseFromApi(connection.github, connection.repository, { base, head, number }, files);
  } catch (error) {
    notice(
      `The base of this change could not be read (${reasonOf(error)}), so every finding is told, not only what the change causes. With fetch-depth: 0 the checkout has it.`,
    );
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  const fault = faultOf(error);
  const status = fault.kind === 'invalid' ? 422 : fault.status;
  if (status !== 0) return String(status);
  return error instanceof Error && !('request' in error) ? error.message : 'no answer';
}

function baseFromGit(event: Change, folder: string, files: Files): Files | undefined {
  const before = commitBefore(event, folder);
  return before === undefined ? undefined : filesAt(folder, before, files);
}

/** What is checked out for a pull request is its merge: what its base branch brought since is none of its doing. */
function commitBefore(event: Change, folder: string): string | undefined {
  const [first, second] = parentsOf(folder, 'HEAD');
  if (first !== undefined && second === event.head) return commitOf(folder, first);
  const base = commitOf(folder, event.base);
  const head = commitOf(folder, event.head) ?? commitOf(folder, 'HEAD');
  return base === undefined || head === undefined ? undefined : mergeBase(folder, base, head);
}
