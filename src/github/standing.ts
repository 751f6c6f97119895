import type { GitHub, Repository } from './client.ts';
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

/** Whose comments are ours. GitHub is asked who we are only where the job's own token cannot have written them all. */
async function ownership(github: GitHub, authors: readonly Author[]): Promise<(author: Author) => boolean> {
  const others = authors.filter(({ login }) => login !== ACTIONS);
  if (others.length === 0) return () => true;
  const me = await viewer(github, others);
  return ({ login }) => login === (me ?? ACTIONS);
}

/** A person's token tells its owner, an app's only by GraphQL; where neither answers, it is the job's own. */
async function viewer(github: GitHub, others: readonly Author[]): Promise<string | undefined> {
  if (others.every(({ type }) => type !== 'Bot')) {
    try {
      return (await github.rest.users.getAuthenticated()).data.login;
    } catch {
      return undefined;
    }
  }
  try {
    const { viewer } = await github.graphql<{ readonly viewer: { readonly login: string } }>(
      'query { viewer { login } }',
    );
    return viewer.login;
  } catch {
    return undefined;
  }
}
