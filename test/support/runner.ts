import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import type { WorkflowEvent } from './github/event.ts';
import type { GitHubServer } from './github/server.ts';
import { parseCommands, parseFileCommand, type WorkflowCommand } from './github/workflow-commands.ts';

export interface ActionRun {
  /** The script that `runs.main` names. */
  readonly entry: string;
  readonly server: Pick<GitHubServer, 'url' | 'serverUrl' | 'graphqlUrl' | 'token' | 'readOnlyToken'>;
  readonly event: WorkflowEvent;
  /** The checked out repository; also the working directory. */
  readonly workspace: string;
  /** What the workflow's `with:` says. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** What the workflow's `env:` says, credentials of other steps for example. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another node than that of `ACTION_NODE`, or this one. */
  readonly node?: string;
  /** Another token than the one that the event's run would get. */
  readonly token?: string;
  /** Another manifest than this repository's action.yml. */
  readonly manifest?: string;
  readonly timeoutSeconds?: number;
  /** A clock that runs faster, for what waits. */
  readonly fast?: boolean;
}

export interface ActionResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly commands: readonly WorkflowCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the step exported to later ones. */
  readonly exported: Readonly<Record<string, string>>;
}

const FAST = ['--import', new URL('fast-clock.mjs', import.meta.url).href];
const OWN_MANIFEST = new URL('../../action.yml', import.meta.url);

/** Starts an action as the runner does: a process of its own, and nothing in its environment but what the runner sets. */
export const runAction = async (run: ActionRun): Promise<ActionResult> => {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'));
  try {
    const files = fileCommands(temp);
    const child = spawn(
      run.node ?? process.env.ACTION_NODE ?? process.execPath,
      [...(run.fast === true ? FAST : []), run.entry],
      {
        cwd: run.workspace,
        env: { ...environment(run, temp), ...files, ...run.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: (run.timeoutSeconds ?? 30) * 1000,
      },
    );
    const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const exitCode: unknown = exit[0];
    const written = [stdout, stderr, ...Object.values(files).map((file) => readFileSync(file, 'utf8'))].join('\n');
    // An action that a test wrote may show what it is given.
    for (const token of run.manifest === undefined ? tokensOf(run) : [])
      if (written.includes(token)) throw new Error(`The token was printed:\n${written}`);
    return {
      exitCode: typeof exitCode === 'number' ? exitCode : null,
      stdout,
      stderr,
      // The runner reads commands from both streams.
      commands: [...parseCommands(stdout), ...parseCommands(stderr)],
      outputs: parseFileCommand(readFileSync(files.GITHUB_OUTPUT, 'utf8')),
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
      exported: parseFileCommand(readFileSync(files.GITHUB_ENV, 'utf8')),
    };
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
};

const tokensOf = ({ server, token }: ActionRun): readonly string[] =>
  [server.token, server.readOnlyToken, token ?? ''].filter((one) => one !== '');

const fileCommands = (temp: string) => {
  const folder = join(temp, '_runner_file_commands');
  mkdirSync(folder);
  const file = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  return {
    GITHUB_ENV: file('set_env'),
    GITHUB_OUTPUT: file('set_output'),
    GITHUB_PATH: file('add_path'),
    GITHUB_STATE: file('save_state'),
    GITHUB_STEP_SUMMARY: file('step_summary'),
  };
};

const environment = (run: ActionRun, temp: string): Readonly<Record<string, string>> => {
  const { event, server, workspace } = run;
  const eventPath = join(temp, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event.payload));
  return {
    PATH: process.env.PATH ?? '',
    HOME: temp,
    RUNNER_TEMP: temp,
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_REPOSITORY: event.repository,
    GITHUB_SHA: event.sha,
    GITHUB_REF: event.ref,
    ...(event.headRef === undefined ? {} : { GITHUB_HEAD_REF: event.headRef }),
    ...(event.baseRef === undefined ? {} : { GITHUB_BASE_REF: event.baseRef }),
    GITHUB_WORKSPACE: workspace,
    GITHUB_API_URL: server.url,
    GITHUB_SERVER_URL: server.serverUrl,
    GITHUB_GRAPHQL_URL: server.graphqlUrl,
    GITHUB_RUN_ID: '1',
    ...inputVariables(run),
  };
};

/** Every declared input is set, to the empty string where nothing gives it a value. */
const inputVariables = (run: ActionRun): Readonly<Record<string, string>> => {
  const inputs = recordIn(parse(readFileSync(run.manifest ?? OWN_MANIFEST, 'utf8')), 'inputs');
  const token = run.token ?? (run.event.hasReadOnlyToken ? run.server.readOnlyToken : run.server.token);
  const defaults = Object.keys(inputs).map((name) => [name, evaluated(recordIn(inputs, name).default, token)] as const);
  // A workflow's names are matched without regard to case.
  const all = new Map(
    [...defaults, ...Object.entries(run.inputs ?? {})].map(([name, value]) => [name.toUpperCase(), value]),
  );
  // Spaces become underscores and hyphens stay: https://github.com/actions/toolkit/blob/main/packages/core/src/core.ts
  return Object.fromEntries([...all].map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_')}`, value]));
};

const evaluated = (value: unknown, token: string): string => {
  const literal = value === undefined || value === null ? '' : String(value);
  const result = literal.replace(/\$\{\{\s*github\.token\s*\}\}/g, token);
  if (result.includes('${{')) throw new Error(`This runner does not evaluate ${literal}`);
  return result;
};

const recordIn = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'object' && found !== null ? { ...found } : {};
};
