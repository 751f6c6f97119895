import {
  type Issue,
  type IssueComment,
  type PullRequest,
  type Repository,
  type Review,
  type ReviewComment,
  timestamp,
  type User,
} from '../state.ts';
import type { Context } from './context.ts';

/** Who writes, and in which world. */
type Author = Pick<Context, 'world' | 'actor'>;

export const pendingReview = (pull: PullRequest, user: User): Review | undefined =>
  pull.reviews.find((review) => review.state === 'PENDING' && review.user.login === user.login);

export const addReview = (
  { world, actor }: Author,
  pull: PullRequest,
  { state, commitId, body }: Pick<Review, 'state' | 'commitId' | 'body'>,
): Review => {
  const now = timestamp(world.now());
  const submittedAt = state === 'PENDING' ? null : now;
  const review: Review = { id: world.nextId(), user: actor, commitId, state, submittedAt, body };
  pull.reviews.push(review);
  pull.updatedAt = now;
  return review;
};

export const addComment = (
  { world, actor }: Author,
  pull: PullRequest,
  review: Review,
  {
    path,
    body,
    anchor,
    diffHunk,
    inReplyTo,
  }: Pick<ReviewComment, 'path' | 'body' | 'anchor' | 'diffHunk' | 'inReplyTo'>,
): ReviewComment => {
  const now = timestamp(world.now());
  const comment: ReviewComment = {
    id: world.nextId(),
    reviewId: review.id,
    commitId: review.commitId,
    user: actor,
    path,
    body,
    anchor,
    diffHunk,
    inReplyTo,
    createdAt: now,
    updatedAt: now,
  };
  pull.comments.push(comment);
  return comment;
};

export const addIssueComment = (
  { world, actor }: Author,
  repository: Repository,
  { number, body }: Pick<IssueComment, 'number' | 'body'>,
): IssueComment => {
  const now = timestamp(world.now());
  const comment = { id: world.nextId(), number, user: actor, body, createdAt: now, updatedAt: now };
  repository.issueComments.set(comment.id, comment);
  return comment;
};

export const addIssue = (
  { world, actor }: Author,
  repository: Repository,
  { title, body, labels = [], assignees = [] }: Pick<Issue, 'title' | 'body'> & Partial<Issue>,
): Issue => {
  const now = timestamp(world.now());
  const issue: Issue = {
    id: world.nextId(),
    number: repository.nextNumber,
    user: actor,
    title,
    body,
    state: 'open',
    stateReason: null,
    closedAt: null,
    labels,
    assignees,
    createdAt: now,
    updatedAt: now,
  };
  repository.nextNumber += 1;
  repository.issues.set(issue.number, issue);
  return issue;
};
