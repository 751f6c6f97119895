import type { Files } from '../documents/files.ts';
import { overlay } from '../documents/overlay.ts';
import { decode } from '../files/decode.ts';
import { SourceFile } from '../source/source.ts';
import type { GitHub } from './client.ts';

export interface BaseFiles {
  readonly files: Files;
  readonly changed: ReadonlySet<string>;
}

interface Repository {
  readonly owner: string;
  readonly repo: string;
}

const READABLE = /\.(ya?ml|json|template)$/i;

/** The files at the merge base, by the API: for checkouts that do not have that commit. */
export async function baseFromApi(
  github: GitHub,
  repository: Repository,
  base: string,
  head: string,
  pull: number,
  now: Files,
): Promise<BaseFiles> {
  const compared = await github.rest.repos.compareCommitsWithBasehead({
    ...repository,
    basehead: `${base}...${head}`,
    per_page: 1,
  });
  const ref = compared.data.merge_base_commit.sha;
  const listed = await github.paginate(github.rest.pulls.listFiles, {
    ...repository,
    pull_number: pull,
    per_page: 100,
  });
  const before = new Map<string, SourceFile | undefined>();
  for (const file of listed) {
    if (file.status === 'added' || file.status === 'renamed') before.set(file.filename, undefined);
    const earlier =
      file.status === 'renamed' ? file.previous_filename : file.status === 'added' ? undefined : file.filename;
    if (earlier === undefined || !READABLE.test(earlier)) continue;
    const text = await textAt(github, repository, earlier, ref);
    before.set(earlier, text === undefined ? undefined : new SourceFile(earlier, text));
  }
  const changed = listed.flatMap(({ filename, previous_filename }) =>
    previous_filename === undefined ? [filename] : [filename, previous_filename],
  );
  return { files: overlay(now, before), changed: new Set(changed) };
}

async function textAt(github: GitHub, repository: Repository, path: string, ref: string): Promise<string | undefined> {
  const { data } = await github.rest.repos.getContent({ ...repository, path, ref });
  if (!('content' in data) || typeof data.content !== 'string') return undefined;
  return decode(Buffer.from(data.content, 'base64'));
}
