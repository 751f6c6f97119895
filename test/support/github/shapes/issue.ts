import type { Issue, IssueComment, PullRequest, Repository, World } from '../state.ts';
import { apiOf, associationOf, htmlOf, nodeId, showUser } from './repository.ts';

const commentCount = (repository: Repository, number: number): number =>
  [...repository.issueComments.values()].filter((comment) => comment.number === number).length;

export const showIssue = (world: World, repository: Repository, issue: Issue) => ({
  ...showConversation(world, repository, issue, 'issues'),
  node_id: nodeId('I', issue.id),
  state_reason: issue.stateReason,
  closed_at: issue.closedAt,
  assignee: issue.assignees[0] === undefined ? null : showUser(world, issue.assignees[0]),
  assignees: issue.assignees.map((user) => showUser(world, user)),
  labels: issue.labels.map((name) => showLabel(world, repository, name)),
});

/** "Every pull request is an issue": https://docs.github.com/rest/issues/issues#list-repository-issues */
export const showPullAsIssue = (world: World, repository: Repository, pull: PullRequest) => {
  const html = `${htmlOf(world, repository)}/pull/${pull.number}`;
  return {
    ...showConversation(world, repository, pull, 'pull'),
    node_id: nodeId('PR', pull.id),
    state_reason: null,
    closed_at: null,
    assignee: null,
    assignees: [],
    labels: [],
    draft: pull.draft,
    pull_request: {
      url: `${apiOf(world, repository)}/pulls/${pull.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: null,
    },
  };
};

const showConversation = (
  world: World,
  repository: Repository,
  conversation: Issue | PullRequest,
  folder: 'issues' | 'pull',
) => {
  const api = apiOf(world, repository);
  const url = `${api}/issues/${conversation.number}`;
  return {
    id: conversation.id,
    number: conversation.number,
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: `${htmlOf(world, repository)}/${folder}/${conversation.number}`,
    title: conversation.title,
    body: conversation.body,
    state: conversation.state,
    user: showUser(world, conversation.user),
    author_association: associationOf(repository, conversation.user),
    locked: false,
    active_lock_reason: null,
    milestone: null,
    comments: commentCount(repository, conversation.number),
    created_at: conversation.createdAt,
    updated_at: conversation.updatedAt,
  };
};

const showLabel = (world: World, repository: Repository, name: string) => ({
  id: 1,
  node_id: nodeId('LA', name),
  url: `${apiOf(world, repository)}/labels/${encodeURIComponent(name)}`,
  name,
  description: null,
  color: 'ededed',
  default: false,
});

export const showIssueComment = (world: World, repository: Repository, comment: IssueComment) => {
  const api = apiOf(world, repository);
  const folder = repository.pulls.has(comment.number) ? 'pull' : 'issues';
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${api}/issues/comments/${comment.id}`,
    html_url: `${htmlOf(world, repository)}/${folder}/${comment.number}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.number}`,
    user: showUser(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.user),
    performed_via_github_app: null,
    body: comment.body,
  };
};
