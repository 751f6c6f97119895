import { createHash } from 'node:crypto';
import { decode } from '../files/decode.ts';
import type { GitHub, Repository } from './client.ts';

/** The name that git gives to a file's contents. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobId(text: string, like: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}

/** A file's text by the name of its contents; undefined for what is no text. */
export async function blobText(github: GitHub, repository: Repository, blob: string): Promise<string | undefined> {
  const { data } = await github.rest.git.getBlob({ ...repository, file_sha: blob });
  return decode(Buffer.from(data.content, 'base64'));
}
