import { createHash } from 'node:crypto';

/** The first, hidden line of every text that a run posts: whose it is, what it tells, and a digest of how. */
export interface Marker {
  /** A finding's fingerprint, or `review` for the text of a review. */
  readonly fingerprint: string;
  /** The runs that keep each other's comments current: several in one pull request leave each other's alone. */
  readonly key: string;
  /** A digest of the text without its lines and commits, or `mended`. */
  readonly content: string;
}

const MENDED = 'mended';

export function withMarker({ fingerprint, key, content }: Marker, text: string): string {
  return `<!-- assume-role-check fingerprint=${fingerprint} key=${key} content=${content} -->\n${text}`;
}

export function markerOf(body: string): Marker | undefined {
  const [, fingerprint, key, content] =
    /^<!-- assume-role-check fingerprint=([\w-]+) key=([\w-]+) content=([\w-]+) -->/.exec(body) ?? [];
  return fingerprint === undefined || key === undefined || content === undefined
    ? undefined
    : { fingerprint, key, content };
}

export function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** A comment whose finding is gone, and that somebody answered: it stays, and says so. */
export function mended(body: string, marker: Marker, commit: string): string {
  const told = body
    .slice(body.indexOf('\n') + 1)
    // Nobody should apply what is no longer needed.
    .replace(/^(`{3,})suggestion$/gm, '$1');
  const text = `**Mended at ${commit.slice(0, 12)}.**\n\n<details>\n<summary>What was found</summary>\n\n${told}\n\n</details>`;
  return withMarker({ ...marker, content: MENDED }, text);
}

export function isMended({ content }: Marker): boolean {
  return content === MENDED;
}
