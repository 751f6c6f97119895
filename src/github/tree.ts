import type { Files } from '../documents/files.ts';
import { overlay } from '../documents/overlay.ts';
import { SourceFile } from '../source/source.ts';
import { blobId, blobText } from './blob.ts';
import type { GitHub, Repository } from './client.ts';

/** Documents, and what documents and the configuration refer to. */
export const READABLE = /\.(ya?ml|json|template|tf|tfvars|tfbackend|hcl|tofu)$/i;
/** A job may ask GitHub a thousand times an hour. https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const MOST_READ = 600;
const AT_ONCE = 8;

/**
 * The files at a commit, by the API. The working tree is only a store of contents, told by their hash: whoever wrote it,
 * nothing of it is read as something that the commit does not hold.
 */
export async function filesAtCommit(
  github: GitHub,
  repository: Repository,
  commit: string,
  now: Files,
): Promise<Files> {
  const { data } = await github.rest.git.getTree({ ...repository, tree_sha: commit, recursive: '1' });
  if (data.truncated) throw new Error('GitHub lists only a part of this repository');
  const prefix = now.shownPath('');
  const there = new Map(
    data.tree
      .filter(({ type, mode, path }) => type === 'blob' && mode !== '120000' && path.startsWith(prefix))
      .map(({ path, sha }) => [path.slice(prefix.length), sha] as const)
      .filter(([path]) => READABLE.test(path) || now.covers(path)),
  );
  const other = new Map<string, SourceFile | undefined>();
  for (const path of new Set([...now.documents, ...now.matching('**/*').filter((one) => READABLE.test(one))]))
    if (!there.has(path)) other.set(path, undefined);
  const unknown = [...there].filter(([path, sha]) => {
    const local = now.read(path);
    return local === undefined || blobId(local.text, sha) !== sha;
  });
  if (unknown.length > MOST_READ) throw new Error(`${unknown.length} files differ, more than can be asked for`);
  for (let at = 0; at < unknown.length; at += AT_ONCE) {
    const some = unknown.slice(at, at + AT_ONCE);
    const texts = await Promise.all(some.map(([, sha]) => blobText(github, repository, sha)));
    for (const [index, [path]] of some.entries()) {
      const text = texts[index];
      if (text !== now.read(path)?.text)
        other.set(path, text === undefined ? undefined : new SourceFile(path, text, now.shownPath(path)));
    }
  }
  return overlay(now, other);
}
