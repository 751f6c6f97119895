import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';

export type GitHub = ReturnType<typeof client>;

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** No answer for so long is no answer. */
const LONGEST_REQUEST = 20_000;

/** Octokit hands on what it cannot parse as text: an answer that broke off is no answer. */
function wholeAnswers(octokit: Pick<ReturnType<typeof getOctokit>, 'hook'>): void {
  octokit.hook.after('request', ({ data, headers }, options) => {
    if (typeof data !== 'string' || !/json/.test(String(headers['content-type'] ?? ''))) return;
    throw Object.assign(new Error('the answer broke off'), { status: 500, request: options });
  });
}

/**
 * Reads are tried once more after a fault; a write never is, since nobody knows whether it took effect. The API's version is
 * pinned: a newer one breaks answers. https://docs.github.com/rest/about-the-rest-api/api-versions
 */
export function client(token: string, apiUrl: string | undefined) {
  const github = getOctokit(
    token,
    { ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }), request: { retries: 1 } },
    wholeAnswers,
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
