import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { answer, errorReply, type Violation } from './answer.ts';
import { GitHubError } from './errors.ts';
import { type FaultPlan, meet, type Operation } from './faults.ts';
import type { Reply } from './operations/context.ts';
import { routeOf } from './routes.ts';
import type { World } from './state.ts';

export interface RequestRecord {
  readonly method: string;
  /** Below the base path, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly operation: Operation | null;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** `null` until it is answered, and for ever where the connection was dropped. */
  readonly status: number | null;
}

export type Listener = (request: RequestRecord) => void | Promise<void>;

/** What all requests to one server share. */
export interface Hub {
  readonly world: World;
  readonly basePath: string;
  readonly requests: RequestRecord[];
  readonly violations: Violation[];
  readonly listeners: Set<Listener>;
  readonly faults: FaultPlan;
}

export const TOKENS = { write: `ghs_${'w'.repeat(36)}`, read: `ghs_${'r'.repeat(36)}` } as const;

const API_VERSION = '2022-11-28';

/** One request and its answer, over HTTP. */
export const exchange = async (hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { basePath, world } = hub;
  const url = new URL(request.url ?? '/', world.apiUrl);
  const method = request.method ?? 'GET';
  // Elsewhere than below the base path there is nothing.
  const path = url.pathname.startsWith(`${basePath}/`) ? url.pathname.slice(basePath.length) : '';
  const match = routeOf(method, path);
  const isQuestion = method === 'POST' && url.pathname === graphqlPath(basePath);
  const operation: Operation | null = isQuestion ? 'graphql' : (match?.route.id ?? null);
  const body = parsed(await text(request));
  const query = Object.fromEntries(url.searchParams);
  const record = { method, path, query, operation, headers: request.headers, body, status: null as number | null };
  hub.requests.push(record);
  for (const listener of hub.listeners) await listener(record);

  const reply = meet(hub.faults.next(record), () => {
    const refusal = refuse(request, body);
    if (refusal !== undefined) return errorReply(refusal);
    if (isQuestion) return { status: 200, body: { data: { viewer: { login: world.viewer.login } } } };
    if (match === undefined) return errorReply(new GitHubError(404, 'Not Found'));
    const accept = request.headers.accept ?? '';
    const mayWrite = tokenOf(request) === TOKENS.write;
    const question = { ...match, path, query: new Map(url.searchParams), body, accept, mayWrite };
    return answer(world, question, (violation) => hub.violations.push(violation));
  });
  if (reply === 'silence') return;
  if (reply === 'drop') {
    response.destroy();
    return;
  }
  if (reply === 'break-off') {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': '1000' });
    response.write('{"id": 1, "bo');
    setTimeout(() => response.destroy(), 20);
    return;
  }
  record.status = reply.status;
  send(response, reply);
};

/** https://docs.github.com/enterprise-server/graphql/guides/managing-enterprise-accounts#about-the-graphql-api-endpoint */
export const graphqlPath = (basePath: string): string => (basePath === '' ? '/graphql' : '/api/graphql');

const send = (response: ServerResponse, { status, headers, body, raw }: Reply): void => {
  const content = raw?.content ?? (body === undefined ? undefined : JSON.stringify(body));
  response.writeHead(status, {
    ...(content === undefined ? {} : { 'content-type': raw?.type ?? 'application/json; charset=utf-8' }),
    'x-github-api-version-selected': API_VERSION,
    ...headers,
  });
  response.end(content);
};

const MALFORMED = Symbol('malformed JSON');

const parsed = (source: string): unknown => {
  if (source === '') return undefined;
  try {
    return JSON.parse(source);
  } catch (error) {
    if (error instanceof SyntaxError) return MALFORMED;
    throw error;
  }
};

const tokenOf = ({ headers }: IncomingMessage): string | undefined =>
  /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? '')?.[1];

/** What GitHub refuses before it looks at the address. */
const refuse = (request: IncomingMessage, body: unknown): GitHubError | undefined => {
  const token = tokenOf(request);
  if (token === undefined) return new GitHubError(401, 'Requires authentication');
  if (token !== TOKENS.write && token !== TOKENS.read) return new GitHubError(401, 'Bad credentials');
  const version = request.headers['x-github-api-version'];
  if (version !== undefined && version !== API_VERSION) {
    return new GitHubError(400, `API version ${String(version)} is not the one that this double speaks`);
  }
  return body === MALFORMED ? new GitHubError(400, 'Problems parsing JSON') : undefined;
};
