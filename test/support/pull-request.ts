import { fileURLToPath } from 'node:url';
import type { CommentView } from './github/conversation.ts';
import { pullRequestEvent } from './github/event.ts';
import { type GitHubServer, startGitHub } from './github/server.ts';
import { type ActionResult, type ActionRun, runAction } from './runner.ts';

/** The bundled action, started as the runner starts it. */
export const ENTRY = fileURLToPath(new URL('../../dist/action/index.js', import.meta.url));

/** Checks a pull request as its workflow does, in a checkout of the merge commit. */
export function checkPull(
  github: GitHubServer,
  number: number,
  run: Partial<ActionRun> & { readonly depth?: number } = {},
): Promise<ActionResult> {
  const { depth = 0, ...rest } = run;
  return runAction({
    entry: ENTRY,
    server: github,
    event: pullRequestEvent(github, number),
    workspace: github.checkout(github.mergeCommit(number), { depth }),
    ...rest,
  });
}

/** Starts a server for a test, and closes it after. */
export async function withGitHub(
  options: Parameters<typeof startGitHub>[0],
  test: (github: GitHubServer) => Promise<void>,
): Promise<void> {
  const github = await startGitHub(options);
  try {
    await test(github);
  } finally {
    await github.close();
  }
}

/** The comments of the action itself, without people's. */
export function ownComments(github: GitHubServer, number: number): readonly CommentView[] {
  return github.reviewComments(number).filter(({ login }) => login === 'github-actions[bot]');
}

/** A comment's hidden first line. */
export function markerOf({ body }: { readonly body: string }) {
  const [, fingerprint, key, content] =
    /^<!-- assume-role-check fingerprint=(\S+) key=(\S+) content=(\S+) -->\n/.exec(body) ?? [];
  if (fingerprint === undefined) throw new Error(`no marker: ${body}`);
  return { fingerprint, key, content };
}

/** The text of a comment's suggestion block. */
export function suggestionIn(body: string): string | undefined {
  return /^```suggestion\n(.*?)\n```$/ms.exec(body)?.[1];
}

/** What the runner shows: ten annotations of each level. */
export function annotations({ commands }: ActionResult, level: string) {
  return commands.filter((command) => command.level === level);
}
