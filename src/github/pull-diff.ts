import type { ReportedFinding } from '../report/report.ts';
import type { SourceFile } from '../source/source.ts';
import { type Diff, type Lines, placesOf } from './anchor.ts';
import { blobId, blobText } from './blob.ts';
import type { GitHub } from './client.ts';
import { hunksOf, type PullFile } from './diff.ts';
import type { PullNumber } from './standing.ts';

/** What the pull request changes, as far as the findings need it. */
export async function diffOf(github: GitHub, pull: PullNumber, findings: readonly ReportedFinding[]): Promise<Diff> {
  const listed = await github.paginate(github.rest.pulls.listFiles, { ...pull, per_page: 100 });
  const files = new Map(
    listed.map((file): [string, PullFile] => [
      file.filename,
      {
        path: file.filename,
        previousPath: file.previous_filename,
        blob: file.status === 'removed' ? undefined : (file.sha ?? undefined),
        hunks: file.patch === undefined ? undefined : hunksOf(file.patch),
      },
    ]),
  );
  const documents = documentsOf(findings);
  const heads = new Map<string, string | undefined>();
  for (const [path, { text }] of documents) {
    const blob = files.get(path)?.blob;
    if (blob !== undefined && blob !== blobId(text, blob)) heads.set(path, await blobText(github, of(pull), blob));
  }
  return {
    files,
    atHead: (lines) => {
      const document = documents.get(lines.path);
      if (document === undefined || !heads.has(lines.path)) return lines;
      return sameLines(lines, document, heads.get(lines.path)?.split(/\r\n?|\n/) ?? []);
    },
  };
}

function of({ owner, repo }: PullNumber) {
  return { owner, repo };
}

function documentsOf(findings: readonly ReportedFinding[]): ReadonlyMap<string, SourceFile> {
  const places = findings.flatMap((finding) => [finding.place, ...placesOf(finding)]);
  return new Map(places.map(({ source: { file } }) => [file.shownPath, file]));
}

/**
 * A pull request's checkout is the merge with its base branch, which may have moved lines that the diff counts from its head:
 * the same lines there, told from others that read alike by the lines around them.
 */
function sameLines(
  { path, startLine, endLine }: Lines,
  document: SourceFile,
  head: readonly string[],
): Lines | undefined {
  const length = endLine - startLine + 1;
  const fits = (at: number, above: number, below: number): boolean => {
    for (let line = -above; line < length + below; line++)
      if (head[at - 1 + line] !== document.line(startLine + line)) return false;
    return true;
  };
  let found = head.map((_, index) => index + 1).filter((at) => fits(at, 0, 0));
  for (let around = 1; found.length > 1 && around <= 20; around++) {
    const above = found.filter((at) => fits(at, around, 0));
    const both = (above.length > 0 ? above : found).filter((at) => fits(at, 0, around));
    if (above.length + both.length === 0) break;
    found = both.length > 0 ? both : above;
  }
  const [only, ...more] = found;
  return only === undefined || more.length > 0 ? undefined : { path, startLine: only, endLine: only + length - 1 };
}
