import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { workingTree } from '../../src/files/working-tree.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { run as runCheck } from '../../src/run.ts';
import { deployer, FILES, role, WRONG } from '../support/cross-account.ts';
import { CONFIGURATION, run } from '../support/documents.ts';
import { checkPull, withGitHub } from '../support/pull-request.ts';
import { addressesIn, readable, rendered, tagsIn } from '../support/rendered.ts';

// Each starts processes.
vi.setConfig({ testTimeout: 60_000 });

describe('a reader of the job summary', () => {
  const before = { ...FILES, 'tools.yaml': deployer('prod-deploy', 'prod-b'), 'prod-b.yaml': role(WRONG, 'prod-b') };
  const after = {
    ...FILES,
    'tools.yaml': deployer('prod-deploy', 'prod-b', 'prod-c'),
    'prod.yaml': role(WRONG),
    'prod-b.yaml': FILES['prod.yaml'].replace('RoleName: prod-deploy', 'RoleName: prod-b'),
    'prod-c.yaml': role('arn:aws:iam::111122223333:role/release', 'prod-c'),
  };
  const { output } = run(after, ['check', '--format', 'markdown'], before);
  const html = rendered(output);
  const lines = readable(html).split('\n');

  test('sees the verdict in the first line', () => {
    expect(lines[0]).toBe('❌ This change breaks 2 assumptions and opens 1');
  });

  test('sees who lost, who gained and what cannot work, before and after', () => {
    const table = html.slice(html.indexOf('<table>'), html.indexOf('</table>'));
    const rows = table.split('</tr>').map((row) =>
      row
        .split('</td>')
        .map((cell) => readable(cell).trim())
        .filter((cell) => cell !== ''),
    );
    expect(rows).toContainEqual([
      'lost',
      'role/deployer · tools',
      'role/prod-deploy · prod',
      'allowed',
      'denied at prod.yaml:12',
    ]);
    expect(rows).toContainEqual([
      'cannot work',
      'role/deployer · tools',
      'role/prod-c · prod',
      '–',
      'denied at prod-c.yaml:12',
    ]);
    expect(rows).toContainEqual(['gained', 'role/deployer · tools', 'role/prod-b · prod', 'denied', 'allowed']);
  });

  test('sees the diagram of what the change touches', () => {
    const diagram = /<code class="language-mermaid">(.*?)<\/code>/s.exec(html)?.[1] ?? '';
    expect(diagram).toContain('flowchart LR');
    expect(diagram.match(/--x/g)).toHaveLength(2);
  });

  test('sees each finding with its fix, and the layers only when asked for', () => {
    expect(lines.filter((line) => line.startsWith('❌ prod'))).toEqual(['❌ prod-c.yaml:12', '❌ prod.yaml:12']);
    expect(lines).toContainEqual(
      expect.stringMatching(/^role\/deployer cannot assume role\/prod-deploy\. The trust policy names/),
    );
    expect(html.match(/<details>\n<summary>How it was decided<\/summary>/g)).toHaveLength(2);
    expect(tagsIn(html).filter((tag) => ['script', 'img', 'iframe'].includes(tag))).toEqual([]);
  });
});

test('a reader of a comment sees who, which role, why, and what AWS would answer, in five lines', () =>
  withGitHub({ files: FILES }, async (github) => {
    const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
    await checkPull(github, number);
    const html = rendered(github.reviewComments(number)[0]?.body ?? '');
    const seen = readable(html.slice(0, html.indexOf('<details>')))
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(seen).toEqual([
      `role/deployer cannot assume role/prod-deploy. The trust policy names ${WRONG} (3 letters off).`,
      'tools.yaml:21 grants sts:AssumeRole on this role, so it is meant to work.',
      'Decided by the trust policy, by the statement at prod.yaml:10.',
      expect.stringMatching(/^After the deploy AWS would answer: User: .* because no role trust policy allows/),
      '              AWS: arn:aws:iam::111122223333:role/deployer',
      'With this it is allowed. missing-trust',
    ]);
    expect(html).toContain('<code class="language-suggestion">');
    expect(
      addressesIn(html).every((address) => /^https:\/\/github\.com\/(octo-org|assume-role-check)\//.test(address)),
    ).toBe(true);
    expect(html.match(/<table>/g)).toHaveLength(1);
  }));

test('a summary of thousands of findings stays below what GitHub takes, and says what is left out', () => {
  const report = runCheck({
    files: workingTree(fileURLToPath(new URL('../../examples/cross-account', import.meta.url)), ['']),
    configuration: CONFIGURATION,
    account: undefined,
    now: Date.parse('2026-11-23'),
    base: undefined,
    scope: 'all',
  });
  const text = renderMarkdown({ ...report, findings: Array.from({ length: 3000 }, () => report.findings).flat() });
  expect(Buffer.byteLength(text)).toBeLessThan(900_200);
  expect(readable(rendered(text.slice(-500)))).toMatch(/\d+ more sections are left out/);
});
