import { GitHubError, readOnly } from './errors.ts';
import type { Reply } from './operations/context.ts';
import { handlers } from './operations/index.ts';
import type { Route } from './routes.ts';
import type { World } from './state.ts';
import { requestProblems, responseProblems } from './validate.ts';

/** Something that GitHub would not have sent or taken. A test asserts that there is none. */
export interface Violation {
  readonly kind: 'request' | 'response' | 'internal';
  readonly operation: string;
  readonly message: string;
}

export interface Question {
  readonly route: Route;
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  readonly body: unknown;
  readonly accept: string;
  readonly mayWrite: boolean;
}

/** Answers a request that has a route: checks it, lets its handler act, and checks what comes back. */
export const answer = (world: World, question: Question, report: (violation: Violation) => void): Reply => {
  const { route, params } = question;
  const violate = (kind: Violation['kind'], message: string): void => report({ kind, operation: route.id, message });

  const problems = requestProblems(route, question);
  for (const message of problems) violate('request', message);

  const reply = (() => {
    try {
      if (problems.length > 0) throw new GitHubError(422, `Invalid request.\n\n${problems.join('\n')}`);
      const repository = world.repositories.get(`${params.get('owner')}/${params.get('repo')}`);
      if (repository === undefined) throw new GitHubError(404, 'Not Found');
      if (route.method !== 'get' && !question.mayWrite) throw readOnly();
      return handlers[route.id]({ ...question, world, repository, actor: world.viewer });
    } catch (error) {
      if (error instanceof GitHubError) return errorReply(error, route.operation.externalDocs.url);
      violate('internal', error instanceof Error ? (error.stack ?? error.message) : String(error));
      return errorReply(new GitHubError(500, 'The test double failed; see violations'));
    }
  })();

  if (reply.raw === undefined) {
    // What goes over the wire is JSON, in which `undefined` is absent.
    const sent: unknown = reply.body === undefined ? undefined : JSON.parse(JSON.stringify(reply.body));
    for (const message of responseProblems(route, reply.status, sent)) violate('response', message);
  }
  return reply;
};

export const errorReply = (
  { status, message, errors }: GitHubError,
  documentation = 'https://docs.github.com/rest',
): Reply => ({
  status,
  body: {
    message,
    ...(errors.length === 0 ? {} : { errors }),
    documentation_url: documentation,
    status: String(status),
  },
});
