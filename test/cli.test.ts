import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** The bundled command line as a person starts it: nothing installed, a folder of files. */
const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist/cli/index.js');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assume-role-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  });
  return { status, stdout, stderr };
}

interface Report {
  readonly summary: { readonly documents: number; readonly roles: number };
  readonly findings: readonly {
    readonly rule: string;
    readonly status?: string;
    readonly location: { readonly path: string; readonly startLine: number };
    readonly fix?: {
      readonly verified: boolean;
      readonly edits: readonly {
        readonly path: string;
        readonly startLine: number;
        readonly endLine: number;
        readonly newText: string;
      }[];
    };
  }[];
  readonly changes: { readonly gained: readonly unknown[]; readonly lost: readonly unknown[] };
  readonly diagnostics: readonly { readonly path: string; readonly line: number; readonly message: string }[];
}

function report(...args: readonly string[]): Report {
  return JSON.parse(run(...args, '--format', 'json').stdout);
}

const TRUST = (principal: string) => `Resources:
  Target:
    Type: AWS::IAM::Role
    Properties:
      RoleName: target
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "${principal}"}
            Action: sts:AssumeRole
`;

test('the README’s first command finds the broken relation, and the edit that it proposes mends it', () => {
  cpSync(join(root, 'examples/cross-account'), folder, { recursive: true });
  const first = run();
  expect(first.status).toBe(1);
  expect(first.stdout).toMatch(/^prod\.yaml:14:20 {2}error {2}missing-trust$/m);
  const [finding] = report().findings;
  expect(finding?.fix?.verified).toBe(true);
  for (const { path, startLine, endLine, newText } of finding?.fix?.edits ?? []) {
    const lines = readFileSync(join(folder, path), 'utf8').split('\n');
    lines.splice(startLine - 1, endLine - startLine + 1, newText);
    writeFileSync(join(folder, path), lines.join('\n'));
  }
  expect(run().status).toBe(0);
});

test('mistakes on the command line are one sentence, and exit with 2', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['--formt', 'json'], 'assume-role-check: there is no option --formt: did you mean --format?\n'],
    [
      ['--format', 'xml'],
      'assume-role-check: --format "xml" is none of text, json, github, markdown, sarif, html, mermaid, dot\n',
    ],
    [['nowhere'], 'assume-role-check: there is no nowhere\n'],
    [['--account', '12'], 'assume-role-check: --account "12" is not an account id: it has 12 digits\n'],
    [
      ['--scope', 'changed'],
      'assume-role-check: --scope changed needs --base REV: what changed is told by comparing\n',
    ],
    [['--base', 'HEAD'], 'assume-role-check: git knows no revision "HEAD" here\n'],
    [['rules', 'nothing'], 'assume-role-check: there is no rule "nothing": "rules" lists them\n'],
  ];
  for (const [args, sentence] of cases) expect(run(...args)).toEqual({ status: 2, stdout: '', stderr: sentence });
});

test('a reader that stops early leaves the exit status, and no trace', () => {
  const roles = Array.from({ length: 500 }, (_, index) =>
    TRUST('arn:aws:iam::111122223333:role/app').replace('Resources:\n', '').replaceAll('Target', `Target${index}`),
  );
  write({ 'roles.yaml': `Resources:\n${roles.join('')}` });
  const script = 'set -o pipefail; "$0" "$1" roles.yaml --format json | head -n 1';
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, process.execPath, bundle], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{\n', stderr: '' });
});

test('a wrong configuration is one sentence with its line', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['accounts:\n  prod:\n    id: 12\n', ':3:9: an account id has 12 digits in accounts.prod.id'],
    ['expect:\n  - principal: x\n    role: y\n    rol: z\n', ':4:5: unknown key "rol" in expect.0'],
    ['rules: {no-such-rule: error}\n', ':1:9: there is no rule "no-such-rule"'],
    ['rules: {missing-trust: fatal}\n', ':1:24: expected error, warning, notice, off in rules.missing-trust'],
    ['ignore:\n  - rule: missing-trust\n', ':2:5: expected string in ignore.0.reason'],
    ['accounts: [\n', 'not valid YAML'],
  ];
  for (const [text, sentence] of cases) {
    write({ '.github/assume-role-check.yml': text });
    const { status, stderr } = run();
    expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
});

test('a session policy of a user, who has no session, is told at its line', () => {
  write({
    'session.json': '{"Version": "2012-10-17", "Statement": []}\n',
    '.github/assume-role-check.yml': [
      'expect:',
      '  - principal: arn:aws:iam::111122223333:user/anna',
      '    role: arn:aws:iam::111122223333:role/target',
      '    session-policy: session.json',
      '',
    ].join('\n'),
  });
  expect(report().diagnostics).toMatchObject([
    {
      path: '.github/assume-role-check.yml',
      line: 4,
      message: 'arn:aws:iam::111122223333:user/anna has no session that a policy could limit: give the ARN of a role',
    },
  ]);
});

test('a file that cannot be read is a diagnostic at its line, and the others are still checked', () => {
  write({
    'broken.yaml': 'Resources:\n  A:\n    Type: AWS::IAM::Role\n   B: [\n',
    'broken.json': '{"Resources": {"A": {"Type": "AWS::IAM::Role",,}}}\n',
    'yaml.json': TRUST('arn:aws:iam::111122223333:group/x'),
    'utf16.yaml': Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(TRUST('arn:aws:iam::111122223333:group/x'), 'utf16le'),
    ]),
    'crlf.yaml': TRUST('arn:aws:iam::111122223333:group/x').replaceAll('\n', '\r\n'),
    'package.json': '{"name": "x",}',
  });
  const { diagnostics, findings, summary } = report();
  expect(diagnostics.map(({ path, line }) => `${path}:${line}`).sort()).toEqual([
    'broken.json:1',
    'broken.yaml:4',
    'yaml.json:1',
  ]);
  expect(findings.map(({ rule, location }) => `${location.path}:${location.startLine} ${rule}`)).toEqual([
    'crlf.yaml:10 invalid-principal',
    'utf16.yaml:10 invalid-principal',
    'yaml.json:10 invalid-principal',
  ]);
  expect(summary).toMatchObject({ documents: 5, roles: 3 });
});

test('hostile and odd files end in a diagnostic each, and the rest is read', () => {
  const aliases = Array.from({ length: 8 }, (_, i) => {
    const [name, other] = [String.fromCharCode(98 + i), String.fromCharCode(97 + i)];
    return `${name}: &${name} [${Array(9).fill(`*${other}`).join(',')}]`;
  });
  write({
    'deep.json': `{"Resources": {"A": {"Type": "AWS::IAM::Role", "X": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`,
    'deep.yaml': `Resources:\n  A:\n    Type: AWS::IAM::Role\n    X: ${'['.repeat(3000)}${']'.repeat(3000)}\n`,
    'bomb.yaml': `a: &a [x, x, x, x, x, x, x, x, x]\n${aliases.join('\n')}\nResources: {A: {Type: 'AWS::IAM::Role', Properties: *i}}\n`,
    'binary.json': Buffer.from([0, 1, 65, 87, 83, 58, 58]),
    'empty.yaml': '',
    'odd.yaml':
      'Resources: {A: 5, B: [], C: {Type: [1]}, D: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: !If [No, !If [No, 1], 2], RoleName: !Ref D}}}\n',
    'two.yaml': `kind: Other\n---\n${TRUST('arn:aws:iam::111122223333:group/x')}`,
  });
  const { diagnostics, findings } = report();
  expect(diagnostics.map(({ path }) => path).sort()).toEqual(['binary.json', 'bomb.yaml', 'deep.json', 'deep.yaml']);
  expect(findings.map(({ rule, location }) => `${location.path}:${location.startLine} ${rule}`)).toEqual([
    'two.yaml:12 invalid-principal',
  ]);
});

test('with --base, findings say whether they are new, and scope keeps what the change touches or causes', () => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  write({
    'old.yaml': TRUST('arn:aws:iam::111122223333:group/x'),
    'other.yaml': TRUST('arn:aws:iam::111122223333:user/a').replaceAll('arget', 'hird'),
  });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'base');
  write({
    'other.yaml': TRUST('arn:aws:iam::111122223333:role/*').replaceAll('arget', 'hird'),
    'new.yaml': TRUST('arn:aws:iam::1:root').replaceAll('arget', 'ew'),
  });
  expect(report('--base', 'HEAD').findings.map(({ location, status }) => `${location.path} ${status}`)).toEqual([
    'new.yaml new',
    'old.yaml existing',
    'other.yaml new',
  ]);
  expect(report('--base', 'HEAD', '--scope', 'changed').findings.map(({ location }) => location.path)).toEqual([
    'new.yaml',
    'other.yaml',
  ]);
  expect(run('--base', 'no-such').stderr).toBe('assume-role-check: git knows no revision "no-such" here\n');
});

test('formats and outputs come in pairs', () => {
  write({ 'a.yaml': TRUST('arn:aws:iam::111122223333:group/x') });
  const { stdout, status } = run('--format', 'json', '--output', 'report.json', '--format', 'github');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^::error file=a\.yaml,line=10,endLine=10,col=31,endColumn=\d+,title=invalid-principal::/);
  expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toMatchObject({ version: 1 });
});

test('suppressions need a reason and reach only their rule and place', () => {
  const suppressed = (comment: string) =>
    TRUST('arn:aws:iam::111122223333:group/x').replace(
      '            Principal',
      `            ${comment}\n            Principal`,
    );
  write({ 'a.yaml': suppressed('# assume-role-check: ignore[invalid-principal] kept for the migration') });
  expect(run().status).toBe(0);
  write({ 'a.yaml': suppressed('# assume-role-check: ignore[invalid-principal]') });
  expect(run().status).toBe(1);
  write({ 'a.yaml': suppressed('# assume-role-check: ignore[missing-trust] another rule') });
  expect(run().status).toBe(1);
  const entry = (until: string) =>
    `ignore:\n  - {rule: invalid-principal, path: a.yaml, reason: known, until: "${until}"}\n`;
  write({ '.github/assume-role-check.yml': entry('2099-01-01') });
  expect(run().status).toBe(0);
  write({ '.github/assume-role-check.yml': entry('2020-01-01') });
  expect(run().status).toBe(1);
});

test('simulate answers with every layer, and with its exit status', () => {
  write({ 'a.yaml': TRUST('arn:aws:iam::111122223333:user/alice') });
  const asked = (...args: readonly string[]) =>
    run('simulate', '.', '--account', '111122223333', '--role', 'target', ...args);
  expect(asked('--principal', 'arn:aws:iam::111122223333:user/bob')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('denied: arn:aws:iam::111122223333:user/bob'),
  });
  expect(asked('--principal', 'arn:aws:iam::111122223333:user/alice').stdout).toContain('which no document declares');
  expect(asked('--principal', 'nobody')).toMatchObject({ status: 2 });
});

test('simulate takes logical ids and addresses, where they are unambiguous', () => {
  const trust =
    'Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: !GetAtt Caller.Arn}, Action: sts:AssumeRole}]';
  const role = (id: string, name: string) =>
    `  ${id}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: ${name}\n      AssumeRolePolicyDocument: {${trust}}\n`;
  write({
    'a.yaml': `Resources:\n${role('Caller', 'one')}${role('Target', 'two')}`,
    'b.tf':
      'resource "aws_iam_role" "three" {\n  name               = "three"\n  assume_role_policy = jsonencode({ Statement = [] })\n}\n',
  });
  const asked = (principal: string) =>
    run('simulate', '.', '--account', '111122223333', '--role', 'Target', '--principal', principal);
  expect(asked('Caller')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('allowed: arn:aws:iam::111122223333:role/one'),
  });
  expect(asked('aws_iam_role.three')).toMatchObject({ status: 1, stdout: expect.stringContaining('denied') });
  write({ 'c.yaml': `Resources:\n${role('Caller', 'four')}` });
  expect(asked('Caller')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('names 2 of the declared ones (a.yaml:2, c.yaml:2): give the ARN'),
  });
});

test('the public corpus is read without a crash', { skip: !existsCorpus() }, () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [bundle, corpus(), '--format', 'json', '--output', join(folder, 'report.json')],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([1, '']);
  const { summary, findings } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
  expect(summary.documents).toBeGreaterThan(85);
  // One of them is written to be public, three grant sts:AssumeRole on every role, and one shares a policy with a function
  // whose role the other template's list of ARNs leaves out.
  const told = findings.map(({ rule }) => rule).filter((rule) => rule !== 'unresolved-value');
  expect(told.sort()).toEqual(['broad-grant', 'broad-grant', 'broad-grant', 'missing-trust', 'open-trust']);
});

function corpus(): string {
  return join(root, '../shared/corpus/cfn');
}

function existsCorpus(): boolean {
  return spawnSync('test', ['-d', corpus()]).status === 0;
}

test('rules RULE prints the rule’s page, also where only the bundle is', () => {
  cpSync(join(root, 'dist/cli'), join(folder, 'cli'), { recursive: true });
  const page = readFileSync(join(root, 'docs/rules/missing-trust.md'), 'utf8');
  const copied = spawnSync(process.execPath, [join(folder, 'cli/index.js'), 'rules', 'missing-trust'], {
    encoding: 'utf8',
  });
  expect([copied.status, copied.stdout, copied.stderr]).toEqual([0, page, '']);
  expect(run('rules', 'missing-trust').stdout).toBe(page);
});
