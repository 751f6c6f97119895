import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from '@actions/languageservice';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { type Documents, lines, role, run, template } from './support/documents.ts';

/** The workflows of docs/continuous-check.md: they are valid, and their steps do what the page says. */
const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/continuous-check.md'), 'utf8');
const [scheduled = '', sharded = ''] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly strategy?: { readonly matrix: { readonly part: readonly string[] } };
        readonly steps: readonly {
          readonly uses?: string;
          readonly run?: string;
          readonly with?: Readonly<Record<string, string>>;
        }[];
      }
    >
  >;
}
const workflowOf = (text: string): Workflow => parse(text);

test.each([
  ['scheduled', scheduled],
  ['sharded', sharded],
])('the %s workflow is one that GitHub takes', async (_, text) => {
  expect(text).not.toBe('');
  const document = TextDocument.create(
    'file:///repository/.github/workflows/roles.yml',
    'github-actions-workflow',
    1,
    text,
  );
  const problems = await validate(document);
  expect(problems.map(({ message }) => message)).toEqual([]);
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'continuous-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(documents: Documents): void {
  for (const [path, text] of Object.entries(documents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe('the sharded workflow', () => {
  const { export: shard, meet } = workflowOf(sharded).jobs;
  const parts = shard?.strategy?.matrix.part ?? [];
  const arn = (part: string) => `arn:aws:iam::${String(parts.indexOf(part) + 1).repeat(12)}:role/${part}`;
  /** Every part's role assumes the next one's. */
  const next = (part: string) => parts[(parts.indexOf(part) + 1) % parts.length] ?? '';
  const previous = (part: string) => parts[(parts.indexOf(part) + parts.length - 1) % parts.length] ?? '';
  const stackOf = (part: string, trusted: string) =>
    template(
      role('Own', {
        name: part,
        trust: `- {Effect: Allow, Principal: {AWS: "${trusted}"}, Action: sts:AssumeRole}`,
        grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${arn(next(part))}"}`,
      }),
    );
  const configuration = () =>
    [
      'accounts:\n',
      ...parts.map((part) => `  ${part}: {id: "${arn(part).slice(13, 25)}", paths: ["stacks/${part}/**"]}\n`),
      'expect:\n',
      ...parts.map((part) => `  - {principal: "${arn(part)}", role: "${arn(next(part))}"}\n`),
    ].join('');

  function meetings(broken: string | undefined) {
    const stacks = parts.map((part) => [
      `stacks/${part}/roles.yaml`,
      stackOf(part, part === broken ? `${arn(previous(part))}-other` : arn(previous(part))),
    ]);
    write({ ...Object.fromEntries(stacks), '.github/assume-role-check.yml': configuration() });
    // Where the workflow checks the program out.
    const checkout = shard?.steps.find((step) => step.with?.repository === 'assume-role-check/assume-role-check');
    symlinkSync(root, join(folder, checkout?.with?.path ?? ''));
    mkdirSync(join(folder, 'inventories'));
    const commands = (shard?.steps ?? []).flatMap((step) => step.run ?? []);
    expect(commands).toHaveLength(1);
    for (const part of parts)
      for (const command of commands)
        execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command], {
          cwd: folder,
          env: { PATH: process.env.PATH, PART: part },
        });
    const files = readdirSync(folder).filter((name) => /^inventory-.*\.json$/.test(name));
    for (const name of files) cpSync(join(folder, name), join(folder, 'inventories', name));
    // The last job's checkout has no inventory but the downloaded ones, and reads no stack.
    const { paths = '', inventory = '' } =
      meet?.steps.find((step) => step.uses?.startsWith('assume-role-check/'))?.with ?? {};
    const named = inventory.trim().split('\n');
    expect(named.map((file) => file.replace('inventories/', '')).sort()).toEqual(files.sort());
    const documents = Object.fromEntries(
      [...named, '.github/assume-role-check.yml'].map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
    );
    const answers = [named, [...named].reverse()].map((order) => {
      const options = order.flatMap((file) => ['--inventory', file]);
      return run(documents, ['check', paths, '--format', 'json', ...options]);
    });
    const reports = answers.map(({ output, status }) => {
      const { findings, assumptions } = JSON.parse(output);
      return {
        status,
        rules: findings.map(({ rule }: { rule: string }) => rule),
        decisions: assumptions
          .filter(({ declaredBy }: { declaredBy: readonly { kind: string }[] }) =>
            declaredBy.some(({ kind }) => kind === 'expectation'),
          )
          .map(({ decision }: { decision: string }) => decision),
      };
    });
    expect(reports[1]).toEqual(reports[0]);
    return reports[0];
  }

  test('inventories of all parts meet in the last job, in whichever order they are named', () => {
    expect(meetings(undefined)).toEqual({ status: 0, rules: [], decisions: parts.map(() => 'allowed') });
  });

  test('a gap between two parts is found there', () => {
    const [first = ''] = parts;
    expect(meetings(first)).toMatchObject({ status: 1, rules: ['expectation-failed'] });
  });
});

describe('the scheduled workflow keeps one issue', () => {
  const script = workflowOf(scheduled).jobs.check?.steps.flatMap((step) => step.with?.script ?? [])[0] ?? '';
  const finding = {
    rule: 'missing-trust',
    severity: 'error',
    message: 'a `b` @octocat <!-- x -->',
    location: { path: 'a.yaml', startLine: 3 },
  };
  const difference = {
    message: 'the trust policy of role/app is deployed otherwise than declared',
    location: { path: 'a.yaml', startLine: 3 },
  };
  const nothing = { findings: [], diagnostics: [], drift: [] };
  interface Issue {
    readonly number: number;
    readonly body: string;
    readonly state: string;
  }

  /** The script as github-script runs it: `github`, `context`, `core` and `require` are given. */
  async function keep(report: object, issues: readonly Issue[]) {
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
    const done: {
      readonly call: string;
      readonly body?: string;
      readonly state?: string;
      readonly issue_number?: number;
    }[] = [];
    const rest = {
      listForRepo: async ({ labels, state }: { labels: string; state: string }) => {
        expect([labels, state]).toEqual(['roles', 'open']);
        return { data: issues };
      },
      create: async (given: object) => done.push({ call: 'create', ...given }),
      update: async (given: object) => done.push({ call: 'update', ...given }),
    };
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
    const old = process.env.REPORT;
    process.env.REPORT = join(folder, 'report.json');
    try {
      const context = { repo: { owner: 'octo-org', repo: 'app' } };
      const github = {
        rest: { issues: rest },
        paginate: async (list: typeof rest.listForRepo, given: never) => (await list(given)).data,
      };
      await new AsyncFunction('github', 'context', 'core', 'require', script)(
        github,
        context,
        {},
        createRequire(import.meta.url),
      );
    } finally {
      process.env.REPORT = old;
    }
    return done;
  }

  test('opens it with the first finding, and with drift alone', async () => {
    for (const report of [
      { ...nothing, findings: [finding] },
      { ...nothing, drift: [difference] },
    ])
      expect(await keep(report, [])).toMatchObject([{ call: 'create', labels: ['roles'] }]);
    expect(await keep(nothing, [])).toEqual([]);
    expect(await keep({ ...nothing, findings: [{ ...finding, severity: 'notice' }] }, [])).toEqual([]);
  });

  test('keeps it current, leaves it alone where nothing changed, and closes it', async () => {
    const [opened] = await keep({ ...nothing, findings: [finding] }, []);
    const issue = { number: 7, body: opened?.body ?? '', state: 'open' };
    expect(await keep({ ...nothing, findings: [finding] }, [issue])).toEqual([]);
    expect(await keep({ ...nothing, drift: [difference] }, [issue])).toMatchObject([
      { call: 'update', issue_number: 7, body: expect.stringContaining('deployed otherwise') },
    ]);
    expect(await keep(nothing, [issue])).toMatchObject([{ call: 'update', issue_number: 7, state: 'closed' }]);
    const other = { number: 3, body: 'something else', state: 'open' };
    expect(await keep({ ...nothing, findings: [finding] }, [other])).toMatchObject([{ call: 'create' }]);
  });

  test('nothing in a message comes alive, and no body is longer than an issue can be', async () => {
    const [opened] = await keep({ ...nothing, findings: [finding] }, []);
    expect(opened?.body).not.toMatch(/@octocat|<!-- x/);
    const many = Array.from({ length: 500 }, () => ({ ...finding, message: 'x'.repeat(2000) }));
    const [long] = await keep({ ...nothing, findings: many }, []);
    expect(long?.body?.length).toBeLessThan(65_536);
    expect(long?.body).toMatch(/and \d+ more/);
  });

  test('asks for all of main, with drift, and fails nothing', () => {
    const step = workflowOf(scheduled).jobs.check?.steps.find(({ uses }) => uses?.startsWith('assume-role-check/'));
    expect(step?.with).toMatchObject({ scope: 'all', 'aws-lookup': 'drift', 'fail-on': 'never' });
    expect(lines(scheduled)).toContain('issues: write');
  });
});
