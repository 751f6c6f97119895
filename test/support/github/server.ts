import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Violation } from './answer.ts';
import { exchange, graphqlPath, type Hub, type Listener, type RequestRecord, TOKENS } from './exchange.ts';
import { type Fault, planFaults } from './faults.ts';
import { type RepositorySeed, type Scenario, startScenario } from './scenario.ts';
import { GITHUB_LIMITS, type Limits, userNamed, type World } from './state.ts';

export interface GitHubOptions extends Partial<RepositorySeed> {
  /** More repositories than the one described by the other options. */
  readonly repositories?: readonly RepositorySeed[];
  /** `/api/v3` on GitHub Enterprise Server. */
  readonly basePath?: string;
  readonly serverUrl?: string;
  /** Whose the token is; `github-actions[bot]` unless told. */
  readonly viewer?: string;
  readonly limits?: Partial<Limits>;
  /** Files whose `patch` GitHub leaves out although it is small. */
  readonly omitsPatch?: (path: string) => boolean;
}

/** GitHub as an action sees it; the methods of {@link Scenario} act on the first repository. */
export interface GitHubServer extends Scenario {
  /** For `GITHUB_API_URL`. */
  readonly url: string;
  /** For `GITHUB_SERVER_URL`. */
  readonly serverUrl: string;
  /** For `GITHUB_GRAPHQL_URL`; it tells who asks, whatever is asked. */
  readonly graphqlUrl: string;
  /** Of `github-actions[bot]`, or whoever the options name; allowed to write. */
  readonly token: string;
  /** What a fork or Dependabot gets. */
  readonly readOnlyToken: string;
  readonly requests: readonly RequestRecord[];
  /** The requests that would change something. */
  readonly writes: readonly RequestRecord[];
  readonly violations: readonly Violation[];
  repository(name: string): Scenario;
  fail(fault: Fault): void;
  /** Runs before a request is answered, and may change the state; returns the way to stop it. */
  onRequest(listener: Listener): () => void;
  close(): Promise<void>;
}

export const startGitHub = async (options: GitHubOptions = {}): Promise<GitHubServer> => {
  const directory = mkdtempSync(join(tmpdir(), 'github-'));
  const http = createServer();
  const origin = await listen(http);
  const basePath = options.basePath ?? '';
  const world = createWorld(options, `${origin}${basePath}`);
  const hub: Hub = { world, basePath, requests: [], violations: [], listeners: new Set(), faults: planFaults() };
  http.on('request', (request, response) => {
    exchange(hub, request, response).catch((error: unknown) => {
      hub.violations.push({ kind: 'internal', operation: request.url ?? '', message: String(error) });
      response.destroy();
    });
  });

  const first = startScenario(world, { name: 'octo-org/octo-repo', files: {}, ...options }, directory);
  const others = (options.repositories ?? []).map((seed) => startScenario(world, seed, directory));
  return {
    ...first,
    url: world.apiUrl,
    serverUrl: world.htmlUrl,
    graphqlUrl: `${origin}${graphqlPath(basePath)}`,
    token: TOKENS.write,
    readOnlyToken: TOKENS.read,
    requests: hub.requests,
    get writes() {
      return hub.requests.filter(({ method, operation }) => method !== 'GET' && operation !== 'graphql');
    },
    violations: hub.violations,
    repository: (name) => {
      const found = [first, ...others].find((candidate) => candidate.name === name);
      if (found === undefined) throw new Error(`There is no repository ${name}`);
      return found;
    },
    fail: hub.faults.add,
    onRequest: (listener) => {
      hub.listeners.add(listener);
      return () => hub.listeners.delete(listener);
    },
    close: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

const listen = async (http: Server): Promise<string> => {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
};

const createWorld = (options: GitHubOptions, apiUrl: string): World => {
  let id = 1000;
  let clock = Date.parse('2026-01-01T00:00:00Z') / 1000;
  return {
    apiUrl,
    htmlUrl: options.serverUrl ?? 'https://github.com',
    viewer: userNamed(options.viewer ?? 'github-actions[bot]'),
    limits: { ...GITHUB_LIMITS, ...options.limits },
    omitsPatch: options.omitsPatch ?? (() => false),
    repositories: new Map(),
    nextId: () => {
      id += 1;
      return id;
    },
    now: () => {
      clock += 1;
      return clock;
    },
  };
};
