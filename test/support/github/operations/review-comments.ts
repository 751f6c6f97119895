import { type AnchorProblem, placeAnchor, type RequestedAnchor } from '../anchors.ts';
import { isPartOf } from '../commits.ts';
import { checkBody, GitHubError, notFound, validationFailed } from '../errors.ts';
import { showReviewComment } from '../shapes/review.ts';
import { type PullRequest, type ReviewComment, timestamp } from '../state.ts';
import { type Context, type Handler, mustOwn, NO_CONTENT, page, param, pullOf, sifted } from './context.ts';
import { addComment, addReview, pendingReview } from './records.ts';

type CommentRequest = RequestedAnchor & {
  readonly body: string;
  readonly commit_id: string;
  readonly in_reply_to?: number;
};

const list: Handler = (context) => {
  const { world, repository } = context;
  const pull = pullOf(context);
  const pending = new Set(pull.reviews.filter(({ state }) => state === 'PENDING').map(({ id }) => id));
  const visible = pull.comments.filter(({ reviewId }) => !pending.has(reviewId));
  const { items, headers } = page(context, sifted(context, visible));
  return { status: 200, headers, body: items.map((it) => showReviewComment(world, repository, pull, it)) };
};

const create: Handler = (context) => {
  const { world, repository } = context;
  const pull = pullOf(context);
  const request = context.body as CommentRequest;
  if (request.in_reply_to !== undefined) return reply(context, pull, request.in_reply_to, request.body);
  // Published as prose only; the message is the one seen in https://github.com/octokit/octokit.rb/pull/1717
  if (request.line === undefined && request.position === undefined && request.subject_type !== 'file') {
    throw new GitHubError(422, 'Invalid request.\n\nNo subschema in "oneOf" matched.\n"line" wasn\'t supplied.');
  }
  checkBody('PullRequestReviewComment', request.body);
  refuseWhilePending(context, pull);
  if (!isPartOf(pull, request.commit_id)) {
    const message = 'commit_id is not part of the pull request';
    throw validationFailed({ resource: 'PullRequestReviewComment', code: 'custom', field: 'commit_id', message });
  }
  const place = placeAnchor(world, pull, request.commit_id, request);
  if ('problems' in place) throw validationFailed(...place.problems.map(fieldError));
  const review = addReview(context, pull, { state: 'COMMENTED', commitId: request.commit_id, body: '' });
  const comment = addComment(context, pull, review, { ...request, ...place, inReplyTo: null });
  return { status: 201, body: showReviewComment(world, repository, pull, comment) };
};

const createReply: Handler = (context) => {
  const { body } = context.body as { readonly body: string };
  return reply(context, pullOf(context), Number(param(context, 'comment_id')), body);
};

const reply = (context: Context, pull: PullRequest, parentId: number, body: string) => {
  const parent = pull.comments.find(({ id }) => id === parentId);
  // "Replies to replies are not supported": https://docs.github.com/rest/pulls/comments
  if (parent === undefined || parent.inReplyTo !== null) throw notFound();
  checkBody('PullRequestReviewComment', body);
  refuseWhilePending(context, pull);
  const review = addReview(context, pull, { state: 'COMMENTED', commitId: parent.commitId, body: '' });
  const comment = addComment(context, pull, review, { ...parent, body, inReplyTo: parent.id });
  return { status: 201, body: showReviewComment(context.world, context.repository, pull, comment) };
};

const update: Handler = (context) => {
  const { pull, comment } = find(context);
  mustOwn(context, comment);
  const { body } = context.body as { readonly body: string };
  checkBody('PullRequestReviewComment', body);
  comment.body = body;
  comment.updatedAt = timestamp(context.world.now());
  return { status: 200, body: showReviewComment(context.world, context.repository, pull, comment) };
};

const remove: Handler = (context) => {
  const { pull, comment } = find(context);
  mustOwn(context, comment);
  pull.comments.splice(pull.comments.indexOf(comment), 1);
  return NO_CONTENT;
};

const find = (context: Context): { readonly pull: PullRequest; readonly comment: ReviewComment } => {
  const id = Number(param(context, 'comment_id'));
  for (const pull of context.repository.pulls.values()) {
    const comment = pull.comments.find((candidate) => candidate.id === id);
    if (comment !== undefined) return { pull, comment };
  }
  throw notFound();
};

const refuseWhilePending = ({ actor }: Context, pull: PullRequest): void => {
  if (pendingReview(pull, actor) === undefined) return;
  // As seen in https://github.com/namanshergill/diohub/issues/18
  const message = 'user_id can only have one pending review per pull request';
  throw validationFailed({ resource: 'PullRequestReview', code: 'custom', field: 'user_id', message });
};

const fieldError = ({ field, code, text }: AnchorProblem) => {
  const name = `pull_request_review_thread.${field}`;
  const error = { resource: 'PullRequestReviewComment', code, field: name } as const;
  return code === 'custom' ? { ...error, message: `${name} ${text}` } : error;
};

export const reviewComments = {
  'pulls/list-review-comments': list,
  'pulls/create-review-comment': create,
  'pulls/create-reply-for-review-comment': createReply,
  'pulls/update-review-comment': update,
  'pulls/delete-review-comment': remove,
} as const;
