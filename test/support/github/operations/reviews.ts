import { placeAnchor, type RequestedAnchor } from '../anchors.ts';
import { isPartOf } from '../commits.ts';
import { checkBody, notFound, unprocessable } from '../errors.ts';
import { showReview } from '../shapes/review.ts';
import { type Handler, mustOwn, page, param, pullOf } from './context.ts';
import { addComment, addReview, pendingReview } from './records.ts';

interface ReviewRequest {
  readonly commit_id?: string;
  readonly body?: string;
  readonly event?: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
  readonly comments?: readonly (RequestedAnchor & { readonly body: string })[];
}

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

const list: Handler = (context) => {
  const pull = pullOf(context);
  const visible = pull.reviews.filter(({ state, user }) => state !== 'PENDING' || user.login === context.actor.login);
  const { items, headers } = page(context, visible);
  return { status: 200, headers, body: items.map((it) => showReview(context.world, context.repository, pull, it)) };
};

const create: Handler = (context) => {
  const { world, repository, actor } = context;
  const pull = pullOf(context);
  // GitHub takes no body at all for an empty pending review.
  const {
    commit_id: commitId = pull.head.sha,
    body = '',
    event,
    comments = [],
  } = (context.body ?? {}) as ReviewRequest;

  if (!isPartOf(pull, commitId)) throw unprocessable('The commitOID is not part of the pull request');
  if (pendingReview(pull, actor) !== undefined) {
    throw unprocessable('User can only have one pending review per pull request');
  }
  if (event === 'COMMENT' && body === '' && comments.length === 0) {
    throw unprocessable('Could not comment pull request review.');
  }
  if (event === 'REQUEST_CHANGES' && body === '') {
    throw unprocessable('Could not request changes for pull request review.');
  }
  if (event !== undefined && event !== 'COMMENT' && pull.user.login === actor.login) {
    const verb = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw unprocessable(`Can not ${verb} your own pull request`);
  }
  if (body !== '') checkBody('PullRequestReview', body);
  for (const comment of comments) checkBody('PullRequestReviewComment', comment.body);

  // All or nothing: https://github.com/parkerbxyz/suggest-changes/issues/28
  const placed = comments.map((comment) => ({ comment, place: placeAnchor(world, pull, commitId, comment) }));
  const refusals = placed.flatMap(({ place }) => ('problems' in place ? [sentence(place.problems)] : []));
  if (refusals.length > 0) throw unprocessable(...refusals);

  const state = event === undefined ? 'PENDING' : STATES[event];
  const review = addReview(context, pull, { state, commitId, body });
  for (const { comment, place } of placed) {
    if ('anchor' in place) addComment(context, pull, review, { ...comment, ...place, inReplyTo: null });
  }
  return { status: 200, body: showReview(world, repository, pull, review) };
};

const update: Handler = (context) => {
  const pull = pullOf(context);
  const review = pull.reviews.find(({ id }) => id === Number(param(context, 'review_id')));
  if (review === undefined) throw notFound();
  mustOwn(context, review);
  const { body } = context.body as { readonly body: string };
  checkBody('PullRequestReview', body);
  review.body = body;
  return { status: 200, body: showReview(context.world, context.repository, pull, review) };
};

/** Rails' `to_sentence` over full messages, which is how GitHub words these. */
const sentence = (problems: readonly { readonly field: string; readonly text: string }[]): string => {
  const parts = problems.map(({ field, text }) => `Pull request review thread ${field.replace('_', ' ')} ${text}`);
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')}${parts.length > 1 ? ',' : ''} and ${last}`;
};

export const reviews = {
  'pulls/list-reviews': list,
  'pulls/create-review': create,
  'pulls/update-review': update,
} as const;
