import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
