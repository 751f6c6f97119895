import { commentText } from '../report/comment.ts';
import { type Linked, pathsOnly } from '../report/links.ts';
import { isPlain } from '../report/printable.ts';
import type { ReportedFinding } from '../report/report.ts';
import { mostSevereFirst } from '../report/severity.ts';
import { type Anchored, anchorOf, type Diff } from './anchor.ts';
import { digest } from './marker.ts';
import type { Wanted } from './plan.ts';

/** Above 32 comments GitHub was seen to post a review and to answer 502. https://github.com/reviewdog/reviewdog/issues/355 */
const MOST = 25;
/** Each comment on a whole file is a request, and a notification, of its own. */
const MOST_FILES = 10;
/** A suggestion of such a length helps nobody. */
const LONGEST_SUGGESTION = 4000;

export interface WantedComments {
  readonly comments: readonly Wanted[];
  /** What stands at no line of the diff, or is over the limit: told in the review's text. */
  readonly rest: readonly ReportedFinding[];
}

/** The comments that a run wants on the pull request, the most severe findings first. */
export function wantedComments(findings: readonly ReportedFinding[], diff: Diff, link: Linked): WantedComments {
  const comments: Wanted[] = [];
  const rest: ReportedFinding[] = [];
  let files = 0;
  for (const { finding, fingerprint } of named(mostSevereFirst(findings))) {
    const anchored = comments.length < MOST ? anchorOf(finding, diff) : undefined;
    const onFile = anchored?.anchor.kind === 'file';
    if (anchored === undefined || (onFile && files === MOST_FILES)) rest.push(finding);
    else {
      comments.push(wantedComment(finding, fingerprint, anchored, link));
      if (onFile) files += 1;
    }
  }
  return { comments, rest };
}

function wantedComment(finding: ReportedFinding, fingerprint: string, anchored: Anchored, link: Linked): Wanted {
  const { anchor, elsewhere } = anchored;
  const suggestion = offered(anchored.suggestion);
  const told = { suggestion, elsewhere };
  return {
    finding,
    fingerprint,
    anchor,
    text: commentText(finding, told, link),
    content: digest(commentText(finding, told, pathsOnly)),
    exact: suggestion !== undefined,
  };
}

/** What would not be shown as it stands is not offered to be applied. */
function offered(suggestion: string | undefined): string | undefined {
  return suggestion !== undefined && suggestion.length <= LONGEST_SUGGESTION && isPlain(suggestion)
    ? suggestion
    : undefined;
}

/** Two findings may be about the same; each has its own comment. */
function named(findings: readonly ReportedFinding[]) {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const count = (seen.get(finding.fingerprint) ?? 0) + 1;
    seen.set(finding.fingerprint, count);
    return { finding, fingerprint: count === 1 ? finding.fingerprint : `${finding.fingerprint}-${count}` };
  });
}
