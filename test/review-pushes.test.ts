import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { DEPLOYER, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import type { GitHubServer } from './support/github/server.ts';
import { checkPull, markerOf, ownComments, withGitHub } from './support/pull-request.ts';

vi.setConfig({ testTimeout: 180_000 });

/** What a push leaves of one role: right, wrong in one of two ways, or gone; and how many lines stand above it. */
const STATES = ['right', 'wrong', 'otherwise', 'gone'] as const;
const pushed = fc.record({
  a: fc.constantFrom(...STATES),
  b: fc.constantFrom(...STATES),
  above: fc.integer({ min: 0, max: 2 }),
  force: fc.boolean(),
});
type Push = typeof pushed extends fc.Arbitrary<infer T> ? T : never;

function changesOf({ a, b, above }: Push) {
  const text = (state: (typeof STATES)[number], name: string) => {
    const comments = '# above\n'.repeat(above);
    if (state === 'gone') return null;
    const who = state === 'right' ? DEPLOYER : state === 'wrong' ? WRONG : 'arn:aws:iam::111122223333:role/other';
    return `${comments}${role(who, name)}`;
  };
  return {
    'tools.yaml': deployer('prod-deploy', 'prod-a', 'prod-b'),
    'prod-a.yaml': text(a, 'prod-a'),
    'prod-b.yaml': text(b, 'prod-b'),
  };
}

/** What stands in the end, without what differs from run to run: ids, commits and lines. */
function standing(github: GitHubServer, number: number) {
  return ownComments(github, number)
    .map((comment) => {
      const { fingerprint, content } = markerOf(comment);
      const line = comment.place.state === 'current' ? comment.place.line : comment.place.state;
      return { fingerprint, content, path: comment.path, line };
    })
    .sort((one, other) => one.fingerprint.localeCompare(other.fingerprint));
}

test('after any pushes exactly the comments stand that the last one alone would get', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pushed, { minLength: 2, maxLength: 4 }), (pushes) =>
      withGitHub({ files: FILES }, async (github) => {
        const [first, ...more] = pushes;
        const last = pushes.at(-1);
        if (first === undefined || last === undefined) return;
        const { number } = github.openPull({ changes: changesOf(first) });
        await checkPull(github, number);
        for (const push of more) {
          github.push(number, changesOf(push), { force: push.force });
          await checkPull(github, number);
        }
        const writes = github.writes.length;
        await checkPull(github, number);
        expect(github.writes).toHaveLength(writes);
        const fresh = github.openPull({ changes: changesOf(last) });
        await checkPull(github, fresh.number);
        expect(standing(github, number)).toEqual(standing(github, fresh.number));
        expect(github.violations).toEqual([]);
      }),
    ),
    { numRuns: 4, seed: 11 },
  );
});
