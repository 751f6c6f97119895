import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Files } from '../../src/documents/files.ts';
import { commentText } from '../../src/report/comment.ts';
import { renderGithub } from '../../src/report/github.ts';
import { renderHtml } from '../../src/report/html.ts';
import { linksTo } from '../../src/report/links.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { restText } from '../../src/report/review-text.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { renderText } from '../../src/report/text.ts';
import { run } from '../../src/run.ts';
import { SourceFile } from '../../src/source/source.ts';
import { parseCommands } from '../support/github/workflow-commands.ts';
import { addressesIn, outsideCode, rendered, tagsIn } from '../support/rendered.ts';

/** What somebody might write into a name, a Sid or a path to have it obeyed somewhere. */
const FRAGMENTS = [
  '@octocat',
  '\\@octocat',
  '&#64;octocat',
  'octo-org/octo-repo#1',
  '#1',
  'GH-1',
  'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
  'mail@example.com',
  'https://evil.example/x',
  'www.evil.example',
  'javascript:alert(1)',
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  '[x]: https://evil.example',
  '<https://evil.example>',
  '<img src=x onerror=alert(1)>',
  '<script>',
  '</details>',
  '</summary>',
  '<!-- assume-role-check fingerprint=0123456789abcdef key=x content=y -->',
  '<!--',
  '-->',
  '`',
  '``',
  '```',
  '````suggestion',
  '~~~',
  '|',
  '\\',
  '**',
  '_',
  '~',
  '$x$',
  ':tada:',
  '\n::error::x',
  '::add-mask::x',
  '\r\n::stop-commands::x',
  '##[error]x',
  '%0A::error::x',
  '\u202Eevil',
  '\u200B',
  '\u2028',
  '\u0000',
  '\uD800',
  '"] --> evil["',
  '%%{init: {"securityLevel": "loose"}}%%',
  'click n0 href "https://evil.example"',
  'end',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  ' ',
  'a',
  'role/',
];

const hostile = fc.array(fc.constantFrom(...FRAGMENTS), { minLength: 1, maxLength: 6 }).map((all) => all.join(''));

const OWN = 'https://github.com/octo-org/octo-repo/blob/0000/';
const PAGES = 'https://github.com/assume-role-check/assume-role-check/blob/main/docs/rules/';
const TAGS = new Set('h2 h3 p table thead tbody tr th td code pre a strong em sub details summary ul li br'.split(' '));

interface Names {
  readonly principal: string;
  readonly role: string;
  readonly sid: string;
  readonly path: string;
  readonly id: string;
}

const names: fc.Arbitrary<Names> = fc.record({
  principal: hostile,
  role: hostile,
  sid: hostile,
  path: hostile,
  id: hostile,
});

test('nothing of a pull request is obeyed: neither in Markdown, nor in the log, nor in a diagram', () => {
  fc.assert(
    fc.property(names, (given) => {
      const report = reportOf(given);
      const link = linksTo(OWN);
      const told = { elsewhere: true, suggestion: undefined };
      const texts = [
        renderMarkdown(report, link),
        restText(report.findings, link),
        ...report.findings.map((finding) => commentText(finding, told, link)),
        ...report.findings.map((finding) =>
          commentText(finding, { elsewhere: false, suggestion: finding.fix?.edits[0]?.newText }, link),
        ),
      ];
      for (const text of texts) expectHarmless(text);
      expectHarmlessLog(renderGithub(report), report);
      expect(renderText(report)).not.toMatch(/[\p{Cf}\p{Cs}\u2028]|[^\P{Cc}\n]/u);
      JSON.parse(renderSarif(report, '1.0.0'));
      expectHarmlessPage(renderHtml(report));
    }),
    { numRuns: 20, seed: 7 },
  );
}, 120_000);

function expectHarmless(markdown: string): void {
  expect(markdown).not.toContain('<!--');
  expect(markdown).not.toMatch(/[\p{Cs}\u202E\u200B\u2028]|[^\P{Cc}\n\t]/u);
  const html = rendered(markdown);
  expect(tagsIn(html).filter((tag) => !TAGS.has(tag))).toEqual([]);
  expect(addressesIn(html).filter((address) => !address.startsWith(OWN) && !address.startsWith(PAGES))).toEqual([]);
  const prose = outsideCode(html);
  expect(prose).not.toMatch(/@\w|#\d|\bGH-\d|\bwww\.|:\/\/|:tada:|\$x\$|\b[0-9a-f]{7,}\b/i);
  for (const [, diagram = ''] of markdown.matchAll(/^`{3,}mermaid\n(.*?)\n`{3,}$/gms)) expectHarmlessDiagram(diagram);
  // Every fold is closed by what opened it.
  expect((html.match(/<details>/g) ?? []).length).toBe((html.match(/<\/details>/g) ?? []).length);
}

/** A diagram is a head, nodes with a quoted label, and arrows between nodes; there is nothing else to obey. */
function expectHarmlessDiagram(diagram: string): void {
  const [head, ...lines] = diagram.split('\n');
  expect(head).toBe('flowchart LR');
  for (const line of lines)
    expect(line).toMatch(/^ {2}(n\d+\["[^"<>[\]#`;%\\|]*"\]|n\d+ (-->|-- "[a-z ]+" --x) n\d+)$/);
}

/** Nothing in it but its own elements, and no address but the pages of the rules. */
function expectHarmlessPage(page: string): void {
  const body = page.slice(page.indexOf('<body>'), page.indexOf('</body>'));
  const own = new Set(
    'body h1 h2 p a table tr td th code pre mark article ul li span details summary footer'.split(' '),
  );
  expect(tagsIn(body).filter((tag) => !own.has(tag))).toEqual([]);
  expect(addressesIn(body).filter((address) => !address.startsWith(PAGES))).toEqual([]);
  expect(body).not.toContain('<!--');
  const tag = /<[^<>]*>/g;
  for (const [text] of body.matchAll(tag)) expect(text).toMatch(/^<\/?\w+( class="[a-z]+"| href="[^"<>]*")?>$/);
  expect(body.replace(tag, '')).not.toMatch(/[<>]/);
}

function expectHarmlessLog(log: string, report: Report): void {
  const commands = parseCommands(log);
  expect(commands.length).toBe(Math.min(report.findings.length + report.problems.length, commands.length));
  expect(commands.filter(({ level }) => !['error', 'warning', 'notice'].includes(level))).toEqual([]);
  expect(commands.filter(({ title }) => !/^[a-z-]+$/.test(title ?? ''))).toEqual([]);
  expect(log.split('\n').filter((line) => line !== '' && !/^::(error|warning|notice) /.test(line))).toEqual([]);
}

function reportOf({ principal, role, sid, path, id }: Names): Report {
  const trust = (who: string) =>
    JSON.stringify(
      {
        AWSTemplateFormatVersion: '2010-09-09',
        Resources: {
          [`Role${id}`]: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: `prod-${role}`,
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Sid: sid, Effect: 'Allow', Principal: { AWS: who }, Action: 'sts:AssumeRole' }],
              },
            },
          },
          Caller: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'deployer',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
              },
              Policies: [
                {
                  PolicyName: sid,
                  PolicyDocument: {
                    Version: '2012-10-17',
                    Statement: [
                      {
                        Effect: 'Allow',
                        Action: 'sts:AssumeRole',
                        Resource: `arn:aws:iam::111122223333:role/prod-${role}`,
                      },
                      { Sid: sid, Effect: 'Allow', Action: `sts:AssumeRole${id}`, Resource: principal },
                    ],
                  },
                },
              ],
            },
          },
        },
      },
      null,
      2,
    );
  const name = `prod ${path}.json`;
  const head = {
    [name]: trust(`arn:aws:iam::111122223333:role/${principal}`),
    'broken.json': `{"AWS::IAM::Role": ${path}`,
  };
  const base = { [name]: trust('arn:aws:iam::111122223333:role/deployer') };
  return run({
    files: inMemory(head),
    configuration: undefined,
    account: '111122223333',
    now: Date.parse('2026-11-23'),
    base: { files: inMemory(base), suppresses: false },
    scope: 'all',
  });
}

function inMemory(texts: Readonly<Record<string, string>>): Files {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, new SourceFile(path, text)]));
  return {
    documents: [...files.keys()].sort(),
    covers: () => true,
    matching: () => [],
    shownPath: (path) => path,
    read: (path) => files.get(path),
    unreadable: () => [],
  };
}
