import type { GitHub, Repository } from './client.ts';
import { faultOf } from './faults.ts';
import { type Marker, markerOf } from './marker.ts';
import type { Standing } from './plan.ts';

export interface PullNumber extends Repository {
  readonly pull_number: number;
}

/** What runs with this key have posted so far. */
export interface Posted {
  readonly comments: readonly Standing[];
  readonly reviews: readonly { readonly id: number; readonly body: string; readonly marker: Marker }[];
}

/** The job's own token acts as this one. https://docs.github.com/actions/concepts/security/github_token */
const ACTIONS = 'github-actions[bot]';

interface Author {
  readonly login: string;
  readonly type: string;
}

/** Lists our own comments and reviews, all pages of them. A marker alone says nothing: anybody can paste one. */
export async function postedBefore(github: GitHub, pull: PullNumber, key: string): Promise<Posted> {
  const comments = await github.paginate(github.rest.pulls.listReviewComments, { ...pull, per_page: 100 });
  const reviews = await github.paginate(github.rest.pulls.listReviews, { ...pull, per_page: 100 });
  const marked = <T extends { readonly body: string; readonly user: Author | null }>(all: readonly T[]) =>
    all.flatMap((one) => {
      const marker = markerOf(one.body);
      return marker?.key === key && one.user !== null ? [{ ...one, user: one.user, marker }] : [];
    });
  const [ours, ourReviews] = [marked(comments), marked(reviews)];
  const isOwn = await ownership(
    github,
    [...ours, ...ourReviews].map(({ user }) => user),
  );
  const answered = new Set(comments.map(({ in_reply_to_id }) => in_reply_to_id));
  return {
    comments: ours
      .filter(({ user, in_reply_to_id }) => isOwn(user) && in_reply_to_id === undefined)
      .map(({ id, body, marker, subject_type, line, start_line }) => ({
        id,
        body,
        marker,
        replied: answered.has(id),
        at:
          subject_type === 'file'
            ? 'file'
            : line === undefined || line === null
              ? 'outdated'
              : { startLine: start_line ?? line, line },
      })),
    reviews: ourReviews.filter(({ user }) => isOwn(user)).map(({ id, body, marker }) => ({ id, body, marker })),
  };
}

/** Whose comments are ours: those of whoever the token acts as, which only GitHub knows. */
async function ownership(github: GitHub, authors: readonly Author[]): Promise<(author: Author) => boolean> {
  if (authors.length === 0) return () => false;
  const me = await viewer(github);
  return ({ login, type }) => login === me || (type === 'Bot' && login === `${me}[bot]`);
}

/** Apps, and with them the job's own token, are told by GraphQL only; where that refuses, it is taken for the job's own. */
async function viewer(github: GitHub): Promise<string> {
  try {
    const { viewer } = await github.graphql<{ readonly viewer: { readonly login: string } }>(
      'query { viewer { login } }',
    );
    return viewer.login;
  } catch (error) {
    // Without knowing who we are, what stands could be written twice: a fault is one to come back from.
    if (faultOf(error).kind === 'again' && !isAnswered(error)) throw error;
    return ACTIONS;
  }
}

/** GraphQL says in an answer of its own that it does not do something. */
function isAnswered(error: unknown): boolean {
  return error instanceof Error && error.name === 'GraphqlResponseError';
}
