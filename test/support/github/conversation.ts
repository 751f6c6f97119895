import { type CurrentPlace, currentPlace, placeAnchor, type RequestedAnchor } from './anchors.ts';
import { HUMAN, pullAt } from './history.ts';
import { addComment, addIssue, addIssueComment, addReview } from './operations/records.ts';
import {
  type Issue,
  type IssueComment,
  type Repository,
  type Review,
  type ReviewComment,
  userNamed,
  type World,
} from './state.ts';

interface Written {
  readonly body: string;
  readonly user?: string;
}

export type CommentView = ReviewComment & { readonly login: string; readonly place: CurrentPlace };

/** People comment and reply; and what there is to read in the end. */
export interface Conversation {
  addReviewComment(number: number, comment: Written & RequestedAnchor): number;
  /** A person answers a review comment. */
  replies(commentId: number, body: string, user?: string): number;
  addIssueComment(number: number, comment: Written): number;
  addIssue(issue: Written & { readonly title: string }): number;
  reviewComments(number: number): readonly CommentView[];
  reviews(number: number): readonly Review[];
  issueComments(number: number): readonly IssueComment[];
  issues(): readonly Issue[];
}

export const conversationOf = (world: World, repository: Repository): Conversation => ({
  addReviewComment: (number, { body, user = HUMAN, ...anchor }) => {
    const pull = pullAt(repository, number);
    const author = { world, actor: userNamed(user) };
    const place = placeAnchor(world, pull, pull.head.sha, anchor);
    if ('problems' in place) throw new Error(`No comment can stand there: ${JSON.stringify(place.problems)}`);
    const review = addReview(author, pull, { state: 'COMMENTED', commitId: pull.head.sha, body: '' });
    return addComment(author, pull, review, { ...place, path: anchor.path, body, inReplyTo: null }).id;
  },
  replies: (commentId, body, user = HUMAN) => {
    const author = { world, actor: userNamed(user) };
    for (const pull of repository.pulls.values()) {
      const parent = pull.comments.find(({ id }) => id === commentId);
      if (parent === undefined) continue;
      const review = addReview(author, pull, { state: 'COMMENTED', commitId: parent.commitId, body: '' });
      return addComment(author, pull, review, { ...parent, body, inReplyTo: parent.inReplyTo ?? parent.id }).id;
    }
    throw new Error(`There is no review comment ${commentId}`);
  },
  addIssueComment: (number, { body, user = HUMAN }) =>
    addIssueComment({ world, actor: userNamed(user) }, repository, { number, body }).id,
  addIssue: ({ title, body, user = HUMAN }) =>
    addIssue({ world, actor: userNamed(user) }, repository, { title, body }).number,
  reviewComments: (number) => {
    const pull = pullAt(repository, number);
    return pull.comments.map((comment) => ({
      ...comment,
      login: comment.user.login,
      place: currentPlace(world, pull, comment),
    }));
  },
  reviews: (number) => [...pullAt(repository, number).reviews],
  issueComments: (number) => [...repository.issueComments.values()].filter((comment) => comment.number === number),
  issues: () => [...repository.issues.values()],
});
