import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../src/cli-run.ts';
import { ACCOUNTS, CONFIGURATION, role, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const prod = template(
  role('ProdDeploy', {
    name: 'prod-deploy',
    trust: `- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole} # the deployer`,
  }),
);
const tools = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AsumeRole, Resource: "${PROD}"}` }),
);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fixes-'));
  put(CONFIGURATION, ACCOUNTS);
  put('prod.yaml', prod);
  put('tools.yaml', tools);
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'before');
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function check(...options: readonly string[]): { readonly status: number; readonly output: string } {
  let output = '';
  const status = runCommand(['check', ...options], {
    cwd: folder,
    environment: {},
    colours: false,
    now: () => Date.parse('2026-11-23'),
    write: (text) => {
      output += text;
    },
  });
  return { status, output };
}

test('--diff shows the edits as git takes them, and writes nothing', () => {
  const { status, output } = check('--diff');
  expect(status).toBe(1);
  expect(output).toContain('+++ b/tools.yaml');
  expect(read('tools.yaml')).toBe(tools);
  put('change.diff', output);
  git('apply', 'change.diff');
  expect(read('tools.yaml')).toBe(tools.replace('sts:AsumeRole', 'sts:AssumeRole'));
});

test('--fix writes them, keeps all other text, and tells what is left', () => {
  const { output } = check('--fix');
  expect(read('tools.yaml')).toBe(tools.replace('sts:AsumeRole', 'sts:AssumeRole'));
  expect(output).toContain('fixed tools.yaml');
});

test('--fix does not write over what git could not give back', () => {
  put('tools.yaml', `${tools}# not committed\n`);
  expect(() => check('--fix')).toThrow(/^--fix writes into a clean git working tree only/);
  expect(read('tools.yaml')).toBe(`${tools}# not committed\n`);
  check('--fix', '--force');
  expect(read('tools.yaml')).toBe(`${tools}# not committed\n`.replace('sts:AsumeRole', 'sts:AssumeRole'));
});

test('line breaks and a byte order mark are kept', () => {
  const windows = `\uFEFF${tools.replaceAll('\n', '\r\n')}`;
  put('tools.yaml', windows);
  check('--fix', '--force');
  expect(read('tools.yaml')).toBe(windows.replace('sts:AsumeRole', 'sts:AssumeRole'));
});

test('a second run has nothing to do', () => {
  check('--fix');
  git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qam', 'after');
  expect(check('--fix').output).toContain('no fix is offered');
  expect(git('status', '--porcelain')).toBe('');
});

test('several fixes of one file are written together, and of two that touch the same lines the first; the next run does the rest', () => {
  const roles = ['audit', 'backup', 'reader'].map((name) =>
    role(name, {
      name: `prod-${name}`,
      trust: `- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
    }),
  );
  const arn = (name: string) => `arn:aws:iam::444455556666:role/prod-${name}`;
  put('prod.yaml', template(...roles));
  put(
    'tools.yaml',
    template(
      role('Deployer', {
        name: 'deployer',
        grants: `
          - {Effect: Allow, Action: sts:AsumeRole, Resource: "${arn('audit')}"}
          - Effect: Allow
            Action: sts:AssumeRoles
            Resource: "${arn('backup')}"
        `,
      }),
    ),
  );
  const missing = (output: string) => /^(\d+) errors? /m.exec(output)?.[1];
  const first = check('--fix', '--force');
  expect(first.output).toContain('fixed tools.yaml');
  let output = first.output;
  for (let run = 0; run < 3 && missing(output) !== undefined; run++) output = check('--fix', '--force').output;
  expect(output).toContain('4 allowed');
  const done = read('tools.yaml');
  expect(check('--fix', '--force').output).toContain('no fix is offered');
  expect(read('tools.yaml')).toBe(done);
});

test('what git ignores or has never seen is not written over', () => {
  put('.gitignore', 'tools-*.yaml\n');
  git('rm', '-q', 'tools.yaml');
  git('add', '.');
  git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', 'ignored');
  put('tools-other.yaml', tools);
  expect(() => check('--fix')).toThrow('tools-other.yaml is not written: git does not track it, or add --force');
  expect(read('tools-other.yaml')).toBe(tools);
  check('--fix', '--force');
  expect(read('tools-other.yaml')).toBe(tools.replace('sts:AsumeRole', 'sts:AssumeRole'));
});

test('a link is written through, within the repository only', () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'));
  writeFileSync(join(outside, 'tools-far.yaml'), tools);
  symlinkSync(join(outside, 'tools-far.yaml'), join(folder, 'tools-far.yaml'));
  symlinkSync('tools.yaml', join(folder, 'tools-near.yaml'));
  check('--fix', '--force');
  expect(read('tools.yaml')).toBe(tools.replace('sts:AsumeRole', 'sts:AssumeRole'));
  expect(read('tools-near.yaml')).toBe(read('tools.yaml'));
  expect(readFileSync(join(outside, 'tools-far.yaml'), 'utf8')).toBe(tools);
  rmSync(outside, { recursive: true });
});

test('the last line keeps its missing line break, tabs and other letters stay', () => {
  const odd = `${tools.trimEnd()} # für später\t— ok`;
  put('tools.yaml', odd);
  check('--fix', '--force');
  expect(read('tools.yaml')).toBe(odd.replace('sts:AsumeRole', 'sts:AssumeRole'));
});
