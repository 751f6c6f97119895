import type { Files } from '../documents/files.ts';
import { overlay } from '../documents/overlay.ts';
import { decode } from '../files/decode.ts';
import { SourceFile } from '../source/source.ts';
import { blobText } from './blob.ts';
import type { GitHub, Repository } from './client.ts';
import { faultOf } from './faults.ts';
import { filesAtCommit, READABLE } from './tree.ts';

/** What a pull request changes is listed up to here. https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
const MOST_OF_PULL = 3000;
/** https://docs.github.com/rest/commits/commits#compare-two-commits */
const MOST_OF_COMPARISON = 300;

export interface Comparison {
  readonly base: string;
  readonly head: string;
  /** The pull request's number; undefined for a merge queue's branch. */
  readonly number: number | undefined;
}

interface ListedFile {
  readonly filename: string;
  readonly status: string;
  readonly previous_filename?: string;
}

/** The files at the merge base, by the API: for checkouts that do not have that commit. */
export async function baseFromApi(
  github: GitHub,
  repository: Repository,
  comparison: Comparison,
  now: Files,
): Promise<Files> {
  const { base, head } = comparison;
  const { data } = await github.rest.repos.compareCommitsWithBasehead({
    ...repository,
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  const ref = data.merge_base_commit.sha;
  const listed = await changedFiles(github, repository, comparison, data.files ?? []);
  return listed === undefined
    ? filesAtCommit(github, repository, ref, now)
    : readAt(github, repository, ref, listed, now);
}

/** Where the merge base of two commits is. */
export async function mergeBaseByApi(github: GitHub, repository: Repository, { base, head }: Comparison) {
  const basehead = `${base}...${head}`;
  const { data } = await github.rest.repos.compareCommitsWithBasehead({ ...repository, basehead, per_page: 1 });
  return data.merge_base_commit.sha;
}

/** Undefined where the list has an end before the changes have. */
async function changedFiles(
  github: GitHub,
  repository: Repository,
  { number }: Comparison,
  compared: readonly ListedFile[],
): Promise<readonly ListedFile[] | undefined> {
  const whole = compared.length < MOST_OF_COMPARISON ? compared : undefined;
  if (number === undefined) return whole;
  try {
    const pull = { ...repository, pull_number: number, per_page: 100 };
    const listed: readonly ListedFile[] = await github.paginate(github.rest.pulls.listFiles, pull);
    return listed.length < MOST_OF_PULL ? listed : undefined;
  } catch (error) {
    // A token that may read the contents of a private repository need not be one that may read its pull requests.
    if (faultOf(error).kind === 'refused') return whole;
    throw error;
  }
}

async function readAt(
  github: GitHub,
  repository: Repository,
  ref: string,
  listed: readonly ListedFile[],
  now: Files,
): Promise<Files> {
  const prefix = now.shownPath('');
  const before = new Map<string, SourceFile | undefined>();
  for (const { filename, status, previous_filename } of listed) {
    const isNew = status === 'added' || status === 'renamed' || status === 'copied';
    if (isNew && filename.startsWith(prefix)) before.set(filename.slice(prefix.length), undefined);
    const earlier = status === 'renamed' ? previous_filename : isNew ? undefined : filename;
    if (earlier === undefined || !earlier.startsWith(prefix)) continue;
    const path = earlier.slice(prefix.length);
    if (!READABLE.test(earlier) && !now.covers(path)) continue;
    const text = await textAt(github, repository, earlier, ref);
    before.set(path, text === undefined ? undefined : new SourceFile(path, text, earlier));
  }
  return overlay(now, before);
}

/** Contents over a megabyte come as their name only. https://docs.github.com/rest/repos/contents#get-repository-content */
async function textAt(github: GitHub, repository: Repository, path: string, ref: string): Promise<string | undefined> {
  const { data } = await github.rest.repos.getContent({ ...repository, path, ref });
  if (!('content' in data) || typeof data.content !== 'string') return undefined;
  return data.content === '' && data.size > 0
    ? blobText(github, repository, data.sha)
    : decode(Buffer.from(data.content, 'base64'));
}
