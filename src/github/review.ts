import { setTimeout as wait } from 'node:timers/promises';
import type { Linked } from '../report/links.ts';
import { pathsOnly } from '../report/links.ts';
import type { ReportedFinding } from '../report/report.ts';
import { restText, reviewHeadline } from '../report/review-text.ts';
import type { GitHub } from './client.ts';
import { faultOf } from './faults.ts';
import { digest, markerOf, withMarker } from './marker.ts';
import { type Plan, planComments } from './plan.ts';
import { diffOf } from './pull-diff.ts';
import { type Posted, type PullNumber, postedBefore } from './standing.ts';
import { type WantedComments, wantedComments } from './wanted.ts';

export interface Review {
  readonly pull: PullNumber;
  /** The head that was checked. */
  readonly head: string;
  /** Tells this run's comments from those of others in the same pull request. */
  readonly key: string;
  readonly findings: readonly ReportedFinding[];
  readonly link: Linked;
}

/** Why not everything is on the pull request; undefined where it is. */
export type Shortfall = { readonly kind: 'refused' | 'moved' | 'unreachable'; readonly status: number } | undefined;

/** A job must not hang for its comments; where GitHub names no time, it asks to be left alone for a minute. */
const LONGEST = 90_000;
const ATTEMPTS = 4;
const NO_FINDINGS: WantedComments = { comments: [], rest: [] };

/**
 * Brings the comments on the pull request to what was found. A write is never sent twice: after a fault it is looked up
 * what took effect, and only the difference is written.
 */
export async function keepReviewCurrent(github: GitHub, review: Review): Promise<Shortfall> {
  const until = Date.now() + LONGEST;
  let inText = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await bringUpToDate(github, review, inText);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind === 'invalid' && inText) return { kind: 'unreachable', status: 422 };
      if (fault.kind === 'refused') return { kind: 'refused', status: fault.status };
      const seconds = fault.kind === 'again' ? Math.max(fault.seconds, attempt) : 0;
      if (attempt === ATTEMPTS || Date.now() + seconds * 1000 > until)
        return { kind: 'unreachable', status: fault.kind === 'again' ? fault.status : 422 };
      // One bad line rejects a whole review: its text takes what the comments were to say.
      inText = inText || fault.kind === 'invalid';
      await wait(seconds * 1000);
    }
  }
}

async function bringUpToDate(github: GitHub, review: Review, inText: boolean): Promise<Shortfall> {
  const { pull, head, key, findings, link } = review;
  const posted = await postedBefore(github, pull, key);
  if (findings.length === 0 && posted.comments.length + posted.reviews.length === 0) return undefined;
  const { data } = await github.rest.pulls.get({ ...pull });
  // The run of the newer head knows better.
  if (data.head.sha !== head) return { kind: 'moved', status: 0 };
  const wanted =
    findings.length === 0 ? NO_FINDINGS : wantedComments(findings, await diffOf(github, pull, findings), link);
  const plan = planComments(wanted.comments, posted.comments, key, head);
  const create = inText ? [] : plan.create;
  const rest = inText ? [...plan.create.map(({ finding }) => finding), ...wanted.rest] : wanted.rest;
  await writeReview(github, review, { ...plan, create }, rest, posted.reviews);
  for (const { id, body } of plan.edit)
    await unlessGone(() => github.rest.pulls.updateReviewComment({ ...of(pull), comment_id: id, body }));
  for (const id of plan.remove)
    await unlessGone(() => github.rest.pulls.deleteReviewComment({ ...of(pull), comment_id: id }));
  return undefined;
}

/** One review with all new comments on lines, then one comment for each whole file; what comments cannot tell stands in one review's text. */
async function writeReview(
  github: GitHub,
  { pull, head, key, findings, link }: Review,
  { create }: Plan,
  rest: readonly ReportedFinding[],
  reviews: Posted['reviews'],
): Promise<void> {
  const comments = create.flatMap(({ anchor, body }) => {
    if (anchor.kind === 'file') return [];
    const { path, side, startLine, line } = anchor;
    const range = startLine < line ? { start_line: startLine, start_side: side } : {};
    return [{ path, side, line, ...range, body }];
  });
  const content = rest.length === 0 ? 'none' : digest(restText(rest, pathsOnly));
  const text = (first: string): string =>
    withMarker({ fingerprint: 'review', key, content }, [first, restText(rest, link)].join('\n\n').trim());
  const last = reviews.at(-1);
  const isNew = comments.length > 0 || (rest.length > 0 && last === undefined);
  if (isNew)
    await github.rest.pulls.createReview({
      ...pull,
      commit_id: head,
      event: 'COMMENT',
      body: text(reviewHeadline(findings, head)),
      comments,
    });
  for (const { anchor, body } of create)
    if (anchor.kind === 'file')
      await github.rest.pulls.createReviewComment({
        ...pull,
        commit_id: head,
        path: anchor.path,
        body,
        subject_type: 'file',
      });
  for (const { id, body } of reviews) {
    const carries = !isNew && id === last?.id;
    const now = markerOf(body)?.content;
    if (now === (carries ? content : 'none')) continue;
    const [, first = ''] = body.split('\n');
    const bare = withMarker({ fingerprint: 'review', key, content: 'none' }, first);
    await github.rest.pulls.updateReview({ ...pull, review_id: id, body: carries ? text(first) : bare });
  }
}

/** Somebody may have deleted a comment meanwhile. */
async function unlessGone(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const fault = faultOf(error);
    if (fault.kind !== 'refused' || fault.status !== 404) throw error;
  }
}

function of({ owner, repo }: PullNumber) {
  return { owner, repo };
}
