import { checkBody, notFound } from '../errors.ts';
import { showIssue, showIssueComment, showPullAsIssue } from '../shapes/issue.ts';
import { type IssueComment, timestamp, userNamed } from '../state.ts';
import { type Context, type Handler, mustOwn, NO_CONTENT, page, param, sifted } from './context.ts';
import { addIssue, addIssueComment } from './records.ts';

interface IssueRequest {
  readonly title?: string | number | null;
  readonly body?: string | null;
  readonly state?: 'open' | 'closed';
  readonly state_reason?: string | null;
  readonly labels?: readonly (string | { readonly name?: string })[];
  readonly assignees?: readonly (string | { readonly login?: string })[];
}

const list: Handler = (context) => {
  const { world, repository, query } = context;
  const state = query.get('state') ?? 'open';
  const labels = query.get('labels')?.split(',') ?? [];
  const creator = query.get('creator');
  const all = [...repository.issues.values(), ...repository.pulls.values()].filter(
    (issue) =>
      (state === 'all' || issue.state === state) &&
      (creator === undefined || issue.user.login === creator) &&
      labels.every((label) => 'labels' in issue && issue.labels.includes(label)),
  );
  // Unlike lists of comments, this one starts with the newest unless told otherwise.
  const { items, headers } = page(context, sifted(context, all, 'desc'));
  return {
    status: 200,
    headers,
    body: items.map((it) =>
      'stateReason' in it ? showIssue(world, repository, it) : showPullAsIssue(world, repository, it),
    ),
  };
};

const create: Handler = (context) => {
  const { title, body = null, labels = [], assignees = [] } = context.body as IssueRequest;
  if (body !== null && body !== '') checkBody('Issue', body);
  const issue = addIssue(context, context.repository, {
    title: String(title),
    body,
    labels: labelNames(labels),
    assignees: logins(assignees).map((login) => userNamed(login)),
  });
  return { status: 201, body: showIssue(context.world, context.repository, issue) };
};

const update: Handler = (context) => {
  const { world, repository } = context;
  const issue = repository.issues.get(Number(param(context, 'issue_number')));
  if (issue === undefined) throw notFound();
  const { title, body, state, state_reason: reason, labels, assignees } = context.body as IssueRequest;
  if (body !== undefined && body !== null && body !== '') checkBody('Issue', body);
  issue.updatedAt = timestamp(world.now());
  if (title !== undefined && title !== null) issue.title = String(title);
  if (body !== undefined) issue.body = body;
  if (labels !== undefined) issue.labels = labelNames(labels);
  if (assignees !== undefined) issue.assignees = logins(assignees).map((login) => userNamed(login));
  if (state !== undefined) {
    issue.state = state;
    issue.closedAt = state === 'closed' ? issue.updatedAt : null;
    issue.stateReason = reason ?? (state === 'closed' ? 'completed' : 'reopened');
  }
  return { status: 200, body: showIssue(world, repository, issue) };
};

const labelNames = (labels: readonly (string | { readonly name?: string })[]): readonly string[] =>
  labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));

const logins = (assignees: readonly (string | { readonly login?: string })[]): readonly string[] =>
  assignees.map((assignee) => (typeof assignee === 'string' ? assignee : (assignee.login ?? '')));

/** The number of an issue or of a pull request: their comments are one kind. */
const conversation = (context: Context): number => {
  const number = Number(param(context, 'issue_number'));
  const { issues, pulls } = context.repository;
  if (!issues.has(number) && !pulls.has(number)) throw notFound();
  return number;
};

const listComments: Handler = (context) => {
  const number = conversation(context);
  const comments = [...context.repository.issueComments.values()].filter((comment) => comment.number === number);
  const { items, headers } = page(context, sifted(context, comments));
  return { status: 200, headers, body: items.map((it) => showIssueComment(context.world, context.repository, it)) };
};

const createComment: Handler = (context) => {
  const number = conversation(context);
  const { body } = context.body as { readonly body: string };
  checkBody('IssueComment', body);
  const comment = addIssueComment(context, context.repository, { number, body });
  return { status: 201, body: showIssueComment(context.world, context.repository, comment) };
};

const updateComment: Handler = (context) => {
  const comment = commentOf(context);
  mustOwn(context, comment);
  const { body } = context.body as { readonly body: string };
  checkBody('IssueComment', body);
  comment.body = body;
  comment.updatedAt = timestamp(context.world.now());
  return { status: 200, body: showIssueComment(context.world, context.repository, comment) };
};

const deleteComment: Handler = (context) => {
  const comment = commentOf(context);
  mustOwn(context, comment);
  context.repository.issueComments.delete(comment.id);
  return NO_CONTENT;
};

const commentOf = (context: Context): IssueComment => {
  const comment = context.repository.issueComments.get(Number(param(context, 'comment_id')));
  if (comment === undefined) throw notFound();
  return comment;
};

export const issues = {
  'issues/list-for-repo': list,
  'issues/create': create,
  'issues/update': update,
  'issues/list-comments': listComments,
  'issues/create-comment': createComment,
  'issues/update-comment': updateComment,
  'issues/delete-comment': deleteComment,
} as const;
