import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/rules/index.ts';
import { CONFIGURATION, checkChange, type Documents, type ReportedFinding } from '../support/documents.ts';

/** What AWS answers elsewhere than at a declared call: when the policy is saved, by a service that calls on its own, to a call of before. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'invalid-principal': '(MalformedPolicyDocument)',
  'invalid-policy': '(MalformedPolicyDocument)',
  'role-not-found':
    'is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/prod-deploy',
  'principal-not-found': '(MalformedPolicyDocument)',
  'missing-tag-session': 'EKS does not have permissions to assume the associated role',
  'service-not-trusted': 'ECS was unable to assume the role',
  'lost-assumption': 'assumed-role/ci/AWSCodeBuild-1f2e3d4c is not authorized to perform: sts:AssumeRole',
};

for (const { id, severity } of RULES) {
  const page = readFileSync(new URL(`../../docs/rules/${id}.md`, import.meta.url), 'utf8');
  const bad = documentsIn(section(page, 'Bad'));
  const before = documentsBefore(section(page, 'Bad'), bad);
  const check = (documents: Documents) => checkChange(before, documents);
  const good = { ...bad, ...documentsIn(section(page, 'Good')) };

  describe(`docs/rules/${id}.md`, () => {
    test('the bad example has this finding and no other', () => {
      const { status, report } = check(bad);
      expect(report.diagnostics).toEqual([]);
      expect(report.findings.map((finding) => [finding.rule, finding.severity])).toEqual([[id, severity]]);
      expect(status).toBe(severity === 'error' ? 1 : 0);
    });

    test('the good example has no finding, and its call works', () => {
      const { status, report } = check(good);
      expect([report.diagnostics, report.findings, status]).toEqual([[], [], 0]);
      const decisions = new Set(report.assumptions.map(({ decision }) => decision));
      expect([...decisions].filter((word) => word !== 'allowed' && word !== 'conditional')).toEqual([]);
      expect(decisions.size).toBeGreaterThan(0);
    });

    test('it says whether a fix is offered, and what AWS answers', () => {
      const { report } = check(bad);
      const [finding] = report.findings;
      expect(finding).toBeDefined();
      expect(row(page, 'Fix offered')).toBe(finding?.fix === undefined ? 'no' : 'yes');
      const { answer } =
        report.assumptions.find((one) => one.principal === finding?.principal && one.role === finding.role) ?? {};
      const told = fenced(section(page, 'What AWS answers'), 'text').join('\n').replace(/\s+/g, ' ');
      const otherwise = OTHERWISE[id];
      if (otherwise !== undefined) expect(told).toContain(otherwise);
      else expect(told).toMatch(new RegExp(answer === undefined ? '^$' : `${pattern(answer)} ?$`));
    });

    test('the same in Terraform: the bad example has this finding and no other, the good one has none, and its call works', () => {
      const terraform = inTerraform(section(page, 'Bad'), bad);
      const earlier = before === undefined ? undefined : inTerraform(section(page, 'Bad'), before, 'before: ');
      const { report } = checkChange(earlier, terraform);
      expect(report.diagnostics).toEqual([]);
      expect(report.findings.map((finding) => [finding.rule, finding.severity])).toEqual([[id, severity]]);
      const mended = checkChange(earlier, inTerraform(section(page, 'Good'), { ...terraform, ...good })).report;
      expect([mended.diagnostics, mended.findings]).toEqual([[], []]);
      const decisions = new Set(mended.assumptions.map(({ decision }) => decision));
      expect([...decisions].filter((word) => word !== 'allowed' && word !== 'conditional')).toEqual([]);
      expect(decisions.size).toBeGreaterThan(0);
    });

    test('either way to suppress it works', () => {
      const [entry = '', comment = ''] = inlineCode(section(page, 'How to suppress'));
      const configured = { ...bad, [CONFIGURATION]: `${bad[CONFIGURATION] ?? ''}${entry}\n` };
      expect(check(configured).report.findings).toEqual([]);
      const [finding] = check(bad).report.findings;
      expect(finding).toBeDefined();
      expect(check(withLineAbove(bad, finding, comment)).report.findings).toEqual([]);
    });
  });
}

function section(page: string, title: string): string {
  const found = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`no section ${title}`);
  return found;
}

function row(page: string, name: string): string | undefined {
  return new RegExp(`^\\| ${name} \\| (.*) \\|$`, 'm').exec(page)?.[1];
}

function fenced(text: string, language: string): readonly string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  );
}

/** The example's files: the comment in the first line of each block is its path. */
function documentsIn(text: string): Documents {
  const blocks = fenced(text, 'yaml').filter((block) => !block.startsWith('# before: '));
  const named = blocks.map((block) => {
    const [, path, body] = /^# (\S+)\n(.*)$/s.exec(block) ?? [];
    if (path === undefined || body === undefined) throw new Error(`a block without a path: ${block}`);
    return [path, body] as const;
  });
  if (named.length === 0) throw new Error('no example');
  return Object.fromEntries(named);
}

/** The example with its Terraform files instead of its templates. */
function inTerraform(text: string, documents: Documents, before = ''): Documents {
  const blocks = fenced(text, 'hcl')
    .map((block) => /^# ((?:before: )?)(\S+)\n(.*)$/s.exec(block) ?? [])
    // What was there before wins over what is there now.
    .sort(([, one = ''], [, other = '']) => one.length - other.length);
  const named = blocks.flatMap(([, when = '', path, body]) =>
    path === undefined || body === undefined || (when !== '' && when !== before) ? [] : [[path, body] as const],
  );
  const others = Object.entries(documents).filter(([, body]) => !/^ {4}Type: AWS::/m.test(body));
  return Object.fromEntries([...others, ...named]);
}

/** What a commit held before the example's files: undefined where the page shows nothing of it. */
function documentsBefore(text: string, after: Documents): Documents | undefined {
  const blocks = fenced(text, 'yaml').map((block) => /^# before: (\S+)\n(.*)$/s.exec(block) ?? []);
  const changed = blocks.flatMap(([, path, body]) => (path === undefined || body === undefined ? [] : [[path, body]]));
  return changed.length === 0 ? undefined : { ...after, ...Object.fromEntries(changed) };
}

/** The code that is the last thing of each list item. */
function inlineCode(text: string): readonly string[] {
  return [...text.matchAll(/^- .*`([^`]+)`$/gm)].map(([, code = '']) => code);
}

/** A session's name is any. */
function pattern(answer: string): string {
  return answer.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace('…', '\\S+');
}

function withLineAbove(documents: Documents, finding: ReportedFinding | undefined, comment: string): Documents {
  const { path = '', startLine = 1 } = finding?.location ?? {};
  const lines = (documents[path] ?? '').split('\n');
  const indent = /^\s*/.exec(lines[startLine - 1] ?? '')?.[0] ?? '';
  return { ...documents, [path]: lines.toSpliced(startLine - 1, 0, `${indent}${comment}`).join('\n') };
}
