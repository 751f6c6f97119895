import { pullChanges } from '../anchors.ts';
import { commitsBetween, mergeCommit } from '../commits.ts';
import type { PullRequest, Repository, World } from '../state.ts';
import { apiOf, associationOf, htmlOf, nodeId, ownerOf, showRepository, showUser } from './repository.ts';

export const showPull = (world: World, repository: Repository, pull: PullRequest) => {
  const api = apiOf(world, repository);
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const html = `${htmlOf(world, repository)}/pull/${pull.number}`;
  const statuses = `${api}/statuses/${pull.head.sha}`;
  const changes = pullChanges(world, pull);
  const merge = mergeCommit(repository, pull);
  const published = pull.comments.filter((comment) =>
    pull.reviews.some((review) => review.id === comment.reviewId && review.state !== 'PENDING'),
  );
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: showUser(world, pull.user),
    author_association: associationOf(repository, pull.user),
    draft: pull.draft,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    comments_url: `${issue}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    statuses_url: statuses,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: null,
    merged_at: null,
    merge_commit_sha: merge ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    auto_merge: null,
    active_lock_reason: null,
    base: showBranch(world, repository, pull.base),
    head: showBranch(world, pull.head.repository, pull.head),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    merged: false,
    merged_by: null,
    mergeable: merge !== undefined,
    rebaseable: merge !== undefined,
    mergeable_state: merge === undefined ? 'dirty' : 'clean',
    maintainer_can_modify: pull.head.repository !== repository,
    comments: [...repository.issueComments.values()].filter(({ number }) => number === pull.number).length,
    review_comments: published.length,
    commits: commitsBetween(repository.store, pull.base.sha, pull.head.sha).length,
    additions: changes.reduce((sum, { additions }) => sum + additions, 0),
    deletions: changes.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: changes.length,
  };
};

const showBranch = (
  world: World,
  repository: Repository,
  { ref, sha }: { readonly ref: string; readonly sha: string },
) => ({
  label: `${repository.owner}:${ref}`,
  ref,
  sha,
  user: showUser(world, ownerOf(repository)),
  repo: showRepository(world, repository),
});
