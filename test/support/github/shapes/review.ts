import { currentPlace } from '../anchors.ts';
import type { PullRequest, Repository, Review, ReviewComment, World } from '../state.ts';
import { apiOf, associationOf, htmlOf, nodeId, showUser } from './repository.ts';

export const showReview = (world: World, repository: Repository, pull: PullRequest, review: Review) => {
  const html = `${htmlOf(world, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const pullUrl = `${apiOf(world, repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: showUser(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, review.user),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    commit_id: review.commitId,
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
  };
};

export const showReviewComment = (world: World, repository: Repository, pull: PullRequest, comment: ReviewComment) => {
  const api = apiOf(world, repository);
  const url = `${api}/pulls/comments/${comment.id}`;
  const html = `${htmlOf(world, repository)}/pull/${pull.number}#discussion_r${comment.id}`;
  const pullUrl = `${api}/pulls/${pull.number}`;
  const place = currentPlace(world, pull, comment);
  return {
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    url,
    html_url: html,
    pull_request_url: pullUrl,
    pull_request_review_id: comment.reviewId,
    diff_hunk: comment.diffHunk,
    path: comment.path,
    // GitHub moves `commit_id` to the newest commit that the comment still applies to; the other one stays.
    commit_id: place.state === 'outdated' ? comment.commitId : pull.head.sha,
    original_commit_id: comment.commitId,
    user: showUser(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    subject_type: comment.anchor.subject,
    ...showAnchor(comment),
    ...(place.state === 'current'
      ? { line: place.line, start_line: place.startLine, position: place.position }
      : { line: null, start_line: null, position: place.state === 'file' ? 1 : null }),
  };
};

const showAnchor = ({ anchor }: ReviewComment) =>
  anchor.subject === 'file'
    ? { side: 'RIGHT', original_line: null, original_start_line: null, start_side: null, original_position: 1 }
    : {
        side: anchor.side,
        original_line: anchor.line,
        original_start_line: anchor.start?.line ?? null,
        start_side: anchor.start?.side ?? null,
        original_position: anchor.position,
      };
