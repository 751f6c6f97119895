import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';

export type GitHub = ReturnType<typeof client>;

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** No answer for so long is no answer. */
const LONGEST_REQUEST = 20_000;

/**
 * Reads are tried once more after a fault; a write never is, since nobody knows whether it took effect. The API's version is
 * pinned: a newer one breaks answers. https://docs.github.com/rest/about-the-rest-api/api-versions
 */
export function client(token: string, apiUrl: string | undefined) {
  const github = getOctokit(
    token,
    { ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }), request: { retries: 1 } },
    retry,
  );
  github.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = '2022-11-28';
    const isRead = options.method === 'GET';
    options.request = {
      ...options.request,
      ...(isRead ? {} : { retries: 0 }),
      signal: AbortSignal.timeout(LONGEST_REQUEST),
    };
  });
  return github;
}
