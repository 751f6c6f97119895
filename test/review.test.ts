import { describe, expect, test, vi } from 'vitest';
import { CONFIGURATION, DEPLOYER, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import { annotations, checkPull, markerOf, ownComments, suggestionIn, withGitHub } from './support/pull-request.ts';

// Each starts processes.
vi.setConfig({ testTimeout: 60_000 });

const operations = (requests: readonly { readonly operation: string | null }[]) =>
  requests.map(({ operation }) => operation);

/** The deployer's grant in a template of its own. */
const GRANT = `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Grant:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: grant
      Roles: [deployer]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Resource: arn:aws:iam::444455556666:role/prod-deploy
`;

describe('a review', () => {
  test('says at the line who, which role, what decided, what AWS would answer and how to mend it', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      expect((await checkPull(github, number)).exitCode).toBe(1);
      const [comment, ...more] = github.reviewComments(number);
      expect(more).toEqual([]);
      expect(comment?.place).toMatchObject({ state: 'current', line: 12, startLine: null });
      const body = comment?.body ?? '';
      expect(body.split('\n')[0]).toMatch(/^<!-- assume-role-check .*[0-9a-f]{16}.* -->$/);
      expect(body).toContain(
        `**\`role/deployer\` cannot assume \`role/prod-deploy\`.** The trust policy names \`${WRONG}\` \\(3 letters off\\).`,
      );
      expect(body).toMatch(/tools\.yaml:21`\]\(\S+\/tools\.yaml#L21\) grants `sts:AssumeRole` on this role/);
      expect(body).toMatch(/Decided by the trust policy, by the statement at \[`prod\.yaml:10`\]/);
      expect(body).toContain('because no role trust policy allows the sts:AssumeRole action');
      expect(suggestionIn(body)).toBe(`              AWS: ${DEPLOYER}`);
      expect(github.reviews(number)).toMatchObject([{ state: 'COMMENTED', commitId: github.pull(number).head.sha }]);
      expect(operations(github.writes)).toEqual(['pulls/create-review']);
      expect(github.violations).toEqual([]);
    }));

  test('offers a suggestion that mends the finding as it stands', () =>
    withGitHub({ files: FILES }, async (github) => {
      const other = role('arn:aws:iam::111122223333:role/release', 'prod-other');
      const { number } = github.openPull({
        changes: {
          'tools.yaml': deployer('prod-deploy', 'prod-other'),
          'prod.yaml': role(WRONG),
          'prod-other.yaml': other,
        },
      });
      const before = await checkPull(github, number);
      expect(before.outputs).toMatchObject({ errors: '2' });
      const texts: Record<string, string> = { 'prod.yaml': role(WRONG), 'prod-other.yaml': other };
      for (const { path, body, place } of github.reviewComments(number)) {
        const suggestion = suggestionIn(body);
        if (suggestion === undefined || place.state !== 'current') throw new Error(`no suggestion: ${body}`);
        const first = place.startLine ?? place.line;
        texts[path] = (texts[path] ?? '')
          .split('\n')
          .toSpliced(first - 1, place.line - first + 1, suggestion)
          .join('\n');
      }
      github.push(number, texts);
      const after = await checkPull(github, number);
      expect(after).toMatchObject({ exitCode: 0, outputs: { findings: '0' } });
      expect(github.reviewComments(number)).toEqual([]);
    }));

  test('spans the lines of a range', () =>
    withGitHub({ files: { ...FILES, 'tools.yaml': deployer() } }, async (github) => {
      const trust = role(DEPLOYER).replace(
        '            Action: sts:AssumeRole\n',
        '            Action: sts:AssumeRole\n            Condition:\n              StringEquals:\n                aws:PrincipalArn:\n                  - arn:aws:iam::111122223333:role/one\n                  - arn:aws:iam::111122223333:role/two\n',
      );
      const { number } = github.openPull({ changes: { 'tools.yaml': deployer('prod-deploy'), 'prod.yaml': trust } });
      expect((await checkPull(github, number)).exitCode).toBe(1);
      const places = github.reviewComments(number).map(({ path, place }) => ({ path, place }));
      expect(places).toMatchObject([{ path: 'prod.yaml', place: { state: 'current' } }]);
      expect(github.violations).toEqual([]);
    }));

  test('tells a gap outside the diff at the changed line that causes it, with the way to the other end', () =>
    withGitHub(
      {
        files: {
          ...FILES,
          'prod-audit.yaml': role(WRONG, 'prod-audit'),
        },
      },
      async (github) => {
        const { number } = github.openPull({ changes: { 'tools.yaml': deployer('prod-deploy', 'prod-audit') } });
        const result = await checkPull(github, number);
        expect(annotations(result, 'error')).toMatchObject([{ file: 'prod-audit.yaml', line: 12 }]);
        const [comment, ...more] = github.reviewComments(number);
        expect(more).toEqual([]);
        expect(comment).toMatchObject({ path: 'tools.yaml', place: { state: 'current', line: 22 } });
        expect(comment?.body).toMatch(/This change causes it; the gap is at \[`prod-audit\.yaml:12`\]\(\S+#L12\)\./);
        expect(suggestionIn(comment?.body ?? '')).toBeUndefined();
        expect(comment?.body).toMatch(/<details>[\s\S]*\*\*Fix:\*\*[\s\S]*prod-audit\.yaml:12/);
        expect(github.violations).toEqual([]);
      },
    ));

  test('hangs on the file where GitHub shows no diff', () =>
    withGitHub({ files: FILES, omitsPatch: (path) => path === 'prod.yaml' }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      await checkPull(github, number);
      expect(github.reviewComments(number)).toMatchObject([{ path: 'prod.yaml', place: { state: 'file' } }]);
      expect(operations(github.writes)).toEqual(['pulls/create-review-comment']);
      expect(github.violations).toEqual([]);
    }));

  test('hangs on what was taken away where that is the cause', () =>
    withGitHub({ files: { ...FILES, 'tools.yaml': deployer(), 'tools-grant.yaml': GRANT } }, async (github) => {
      const { number } = github.openPull({ changes: { 'tools-grant.yaml': null } });
      const result = await checkPull(github, number);
      expect(annotations(result, 'error')).toMatchObject([{ file: 'tools.yaml', title: 'missing-grant' }]);
      expect(github.reviewComments(number)).toMatchObject([{ path: 'tools-grant.yaml', anchor: { side: 'LEFT' } }]);
      expect(github.violations).toEqual([]);
    }));

  test('has 25 comments at most, and tells the rest in its text', () => {
    const names = Array.from({ length: 40 }, (_, index) => `prod-${String(index).padStart(2, '0')}`);
    const roles = Object.fromEntries(names.map((name) => [`${name}.yaml`, role(WRONG, name)]));
    return withGitHub({ files: { ...FILES, 'tools.yaml': deployer(), 'prod.yaml': '{}\n' } }, async (github) => {
      const { number } = github.openPull({ changes: { 'tools.yaml': deployer(...names), ...roles } });
      const result = await checkPull(github, number);
      expect(result.outputs).toMatchObject({ errors: '40' });
      expect(github.reviewComments(number)).toHaveLength(25);
      const [review] = github.reviews(number);
      expect(review?.body.match(/^- error at /gm)).toHaveLength(15);
      expect(annotations(result, 'error').length).toBeLessThanOrEqual(10);
      expect(annotations(result, 'error').at(-1)?.message).toMatch(/^3\d more/);
      const writes = github.writes.length;
      await checkPull(github, number);
      expect(github.writes).toHaveLength(writes);
      github.push(number, Object.fromEntries(names.slice(20).map((name) => [`${name}.yaml`, role(DEPLOYER, name)])));
      await checkPull(github, number);
      expect(github.reviewComments(number)).toHaveLength(20);
      expect(github.reviews(number).map(({ body }) => /^- error at /m.test(body))).toEqual([false]);
      expect(github.violations).toEqual([]);
    });
  });

  test('counts the lines of the head where the base branch moved the same file', () =>
    withGitHub({ files: { ...FILES, 'prod.yaml': `${role(DEPLOYER)}# the end\n` } }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': `${role(WRONG)}# the end\n` } });
      github.commit({ 'prod.yaml': `# one\n# two\n${role(DEPLOYER)}# the end\n` });
      const result = await checkPull(github, number);
      expect(annotations(result, 'error')).toMatchObject([{ line: 14 }]);
      expect(github.reviewComments(number)).toMatchObject([{ place: { state: 'current', line: 12 } }]);
      expect(github.violations).toEqual([]);
    }));

  test('is not written where nobody wants one', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      expect(await checkPull(github, number, { inputs: { comment: 'none' } })).toMatchObject({ exitCode: 1 });
      expect(github.requests).toEqual([]);
    }));
});

describe('the comments of earlier runs', () => {
  test('are left alone where nothing changed, also when lines shift', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      await checkPull(github, number);
      await checkPull(github, number);
      github.push(number, { 'prod.yaml': `# a\n# b\n${role(WRONG)}` });
      await checkPull(github, number);
      github.push(number, {
        'prod.yaml': `# a\n# b\n# c\n${role(WRONG)}`,
        'tools.yaml': `# d\n${deployer('prod-deploy')}`,
      });
      await checkPull(github, number);
      expect(operations(github.writes)).toEqual(['pulls/create-review']);
      expect(github.reviewComments(number)).toMatchObject([{ place: { state: 'current', line: 15 } }]);
      expect(github.violations).toEqual([]);
    }));

  test('follow a finding that reads differently, and go when it is mended', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      await checkPull(github, number);
      const [first] = ownComments(github, number);
      github.push(number, { 'prod.yaml': role(`${WRONG}s`) });
      await checkPull(github, number);
      const [second, ...more] = ownComments(github, number);
      expect(more).toEqual([]);
      expect(second?.body).toContain(`${WRONG}s`);
      expect(markerOf(second ?? { body: '' }).fingerprint).toBe(markerOf(first ?? { body: '' }).fingerprint);
      expect(second?.place).toMatchObject({ state: 'current', line: 12 });
      github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      await checkPull(github, number);
      expect(ownComments(github, number)).toEqual([]);
      expect(github.violations).toEqual([]);
    }));

  test('stay where somebody answered, marked as mended at that commit, and come back with the finding', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      await checkPull(github, number);
      const id = github.reviewComments(number)[0]?.id ?? 0;
      github.replies(id, 'On it.');
      const commit = github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      await checkPull(github, number);
      const [mended] = ownComments(github, number);
      expect(mended?.id).toBe(id);
      expect(mended?.body).toContain(`**Mended at ${commit.slice(0, 12)}.**`);
      expect(suggestionIn(mended?.body ?? '')).toBeUndefined();
      const writes = github.writes.length;
      await checkPull(github, number);
      expect(github.writes).toHaveLength(writes);
      github.push(number, { 'prod.yaml': role(WRONG) });
      await checkPull(github, number);
      const [again, ...more] = ownComments(github, number);
      expect(more).toEqual([]);
      expect(again).toMatchObject({ id });
      expect(again?.body).not.toContain('Mended');
      expect(github.reviewComments(number)).toHaveLength(2);
      expect(github.violations).toEqual([]);
    }));

  test('are told from those that people write, whatever these start with', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      await checkPull(github, number);
      const body = github.reviewComments(number)[0]?.body ?? '';
      github.addReviewComment(number, { path: 'prod.yaml', line: 12, body });
      github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      expect((await checkPull(github, number)).exitCode).toBe(0);
      expect(github.reviewComments(number).map(({ login }) => login)).toEqual(['octocat']);
      expect(github.violations).toEqual([]);
    }));

  test('are found among hundreds', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      for (let count = 0; count < 130; count++)
        github.addReviewComment(number, { path: 'prod.yaml', line: 12, body: `Comment ${count}` });
      await checkPull(github, number);
      await checkPull(github, number);
      expect(operations(github.writes)).toEqual(['pulls/create-review']);
    }));

  test('of another workflow are left alone', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
      const one = { env: { GITHUB_WORKFLOW: 'Checks', GITHUB_JOB: 'roles' } };
      const other = { env: { GITHUB_WORKFLOW: 'Checks', GITHUB_JOB: 'others' } };
      await checkPull(github, number, one);
      await checkPull(github, number, other);
      expect(ownComments(github, number)).toHaveLength(2);
      github.push(number, { 'prod.yaml': `${role(DEPLOYER)}# done\n` });
      await checkPull(github, number, one);
      expect(ownComments(github, number)).toHaveLength(1);
      await checkPull(github, number, other);
      expect(ownComments(github, number)).toEqual([]);
    }));
});

describe('a token that only reads', () => {
  test.each([
    ['a fork', { fork: true }],
    ['Dependabot', { user: 'dependabot[bot]' }],
  ])('of %s changes nothing but the comments, and that is said once', (_, who) =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) }, ...who });
      const result = await checkPull(github, number);
      expect(result.exitCode).toBe(1);
      expect(annotations(result, 'error')).toMatchObject([{ file: 'prod.yaml', line: 12 }]);
      expect(annotations(result, 'notice')).toMatchObject([{ message: expect.stringMatching(/\(403\).*fork/) }]);
      expect(result.summary).toContain('missing-trust');
      expect(github.reviewComments(number)).toEqual([]);
    }),
  );

  test('is no reason to say anything where there is nothing to comment', () =>
    withGitHub({ files: FILES }, async (github) => {
      const { number } = github.openPull({ changes: { 'package.json': '{"a": 1}\n' }, fork: true });
      const result = await checkPull(github, number);
      expect(result).toMatchObject({ exitCode: 0 });
      expect(annotations(result, 'notice')).toEqual([]);
    }));
});

test('a folder with a configuration of its own is told by the repository’s paths', () =>
  withGitHub({ files: { 'package.json': '{}\n' } }, async (github) => {
    const nested = Object.fromEntries(
      Object.entries({ ...FILES, 'prod.yaml': role(WRONG), '.github/assume-role-check.yml': CONFIGURATION }).map(
        ([path, text]) => [`infra/${path}`, text],
      ),
    );
    const { number } = github.openPull({ changes: nested });
    const result = await checkPull(github, number, { inputs: { paths: 'infra' } });
    expect(annotations(result, 'error')).toMatchObject([{ file: 'infra/prod.yaml', line: 12 }]);
    expect(github.reviewComments(number)).toMatchObject([{ path: 'infra/prod.yaml', place: { line: 12 } }]);
    expect(github.violations).toEqual([]);
  }));
