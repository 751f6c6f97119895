import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';

export type GitHub = ReturnType<typeof client>;

/** Reads are tried again after a fault; the API's version is pinned, since a newer one breaks answers. */
export function client(token: string, apiUrl: string | undefined) {
  const github = getOctokit(
    token,
    { ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }), request: { retries: 2 } },
    retry,
  );
  github.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = '2022-11-28';
  });
  return github;
}
