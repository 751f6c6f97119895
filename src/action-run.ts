import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { notice, setOutput, warning } from '@actions/core';
import type { Files } from './documents/files.ts';
import { workingTree } from './files/working-tree.ts';
import { commitOf, mergeBase } from './git/repository.ts';
import { filesAt } from './git/revision.ts';
import { type BaseFiles, baseFromApi } from './github/base.ts';
import { type Event, readEvent } from './github/event.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { renderGithub } from './report/github.ts';
import { renderJson } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';
import { forLog } from './report/printable.ts';
import { countBy, type Report } from './report/report.ts';
import { summaryLine } from './report/text.ts';
import { findRoot } from './root.ts';
import { exitStatus, run } from './run.ts';
import { UserError } from './user-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The action's run, to its exit status. The verdict never depends on what the token may do. */
export async function runAction(environment: Environment, now: number, write: (text: string) => void): Promise<number> {
  const inputs = readInputs();
  const workspace = environment.GITHUB_WORKSPACE ?? process.cwd();
  const event = readEvent(environment);
  for (const name of inputs.unsupported)
    warning(`the input ${name} is not supported by this version and has no effect`);
  for (const path of inputs.paths)
    if (!existsSync(resolve(workspace, path)))
      throw new UserError(`the input paths names ${path}, which does not exist`);
  if (inputs.config !== undefined && !existsSync(resolve(workspace, inputs.config)))
    throw new UserError(`the input config names ${inputs.config}, which does not exist`);
  const root = findRoot(workspace, inputs.paths, inputs.config);
  const files = workingTree(root.folder, root.paths);
  const base = await baseOf(event, inputs, environment, root.folder, files);
  const scope = inputs.scope ?? (event.kind === 'pull-request' ? 'changed' : 'all');
  const report = run({
    files,
    configuration: root.configuration,
    account: inputs.account,
    now,
    base: base === undefined ? undefined : { ...base, suppresses: event.kind === 'pull-request' },
    scope,
  });
  publish(report, inputs, environment, workspace, event, write);
  return exitStatus(report, inputs.failOn);
}

/** What the change is compared with: from git where the checkout has it, else from the API; without either, all is told. */
async function baseOf(
  event: Event,
  inputs: Inputs,
  environment: Environment,
  folder: string,
  files: Files,
): Promise<BaseFiles | undefined> {
  if (event.kind === 'other') return undefined;
  const local = fromGit(event, folder, files);
  if (local !== undefined || event.kind === 'range') return local;
  const [owner, repo] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  if (owner === undefined || repo === undefined || inputs.token === '') return undefined;
  try {
    // Loading @actions/github reads the event's payload, and fails on one that is not JSON.
    const { client } = await import(/* webpackMode: "eager" */ './github/client.ts');
    const github = client(inputs.token, environment.GITHUB_API_URL);
    return await baseFromApi(github, { owner, repo }, event.base, event.head, event.number, files);
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? ` (${String(error.status)})` : '';
    notice(
      `The base of this pull request could not be read${status}, so every finding is told, not only what the change causes. With fetch-depth: 0 the checkout has it.`,
    );
    return undefined;
  }
}

function fromGit(
  event: Exclude<Event, { readonly kind: 'other' }>,
  folder: string,
  files: Files,
): BaseFiles | undefined {
  const base = commitOf(folder, event.base);
  if (base === undefined) return undefined;
  const head = commitOf(folder, event.head) ?? commitOf(folder, 'HEAD');
  const meeting = head === undefined ? undefined : mergeBase(folder, base, head);
  if (meeting === undefined) return undefined;
  const revision = filesAt(folder, meeting, files);
  return revision === undefined
    ? undefined
    : { files: revision.files, changed: new Set(revision.changed.map(({ path }) => path)) };
}

function publish(
  report: Report,
  inputs: Inputs,
  environment: Environment,
  workspace: string,
  event: Event,
  write: (text: string) => void,
): void {
  const severities = countBy(
    ['error', 'warning', 'notice'],
    report.findings.map(({ severity }) => severity),
  );
  const decisions = countBy(
    ['allowed', 'denied', 'conditional', 'unknown'],
    report.decided.map(({ decision }) => decision.decision),
  );
  if (inputs.summary) writeSummary(report, environment, event);
  write(renderGithub(report));
  write(`${forLog(summaryLine(report))}\n`);
  if (inputs.reportFile !== undefined) writeFileSync(resolve(workspace, inputs.reportFile), renderJson(report));
  setOutput('findings', report.findings.length);
  setOutput('errors', severities.error);
  setOutput('warnings', severities.warning);
  for (const word of ['allowed', 'denied', 'conditional', 'unknown'] as const) setOutput(word, decisions[word]);
  setOutput('report-file', inputs.reportFile ?? '');
  setOutput('sarif-file', '');
}

function writeSummary(report: Report, environment: Environment, event: Event): void {
  const path = environment.GITHUB_STEP_SUMMARY;
  if (path === undefined || path === '') return;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: sha } = environment;
  const commit = event.kind === 'other' ? sha : event.head;
  const from = event.kind === 'pull-request' ? (event.headRepository ?? repository) : repository;
  const blob =
    server === undefined || from === undefined || commit === undefined
      ? undefined
      : `${server}/${from}/blob/${commit}/`;
  try {
    appendFileSync(path, renderMarkdown(report, { blob }));
  } catch {
    warning('The job summary could not be written; the annotations say the same.');
  }
}
