import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { CONFIGURATION, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import { scheduleEvent } from './support/github/event.ts';
import type { GitHubServer } from './support/github/server.ts';
import { annotations, checkPull, ENTRY, withGitHub } from './support/pull-request.ts';
import { runAction } from './support/runner.ts';

// Each starts processes.
vi.setConfig({ testTimeout: 60_000 });

/** A run over everything that is checked out. */
const check = (github: GitHubServer, inputs: Readonly<Record<string, string>>) =>
  runAction({
    entry: ENTRY,
    server: github,
    event: scheduleEvent(github),
    workspace: github.checkout(github.tip()),
    inputs,
  });

/** The same two gaps in two folders, and one in a third. */
const FOLDERS = Object.fromEntries(
  ['a', 'b', 'c'].flatMap((folder) => [
    [`${folder}/tools.yaml`, deployer(`prod-${folder}`).replace('RoleName: deployer', `RoleName: deployer-${folder}`)],
    [`${folder}/prod.yaml`, role(WRONG, `prod-${folder}`)],
  ]),
);
const ANYWHERE = CONFIGURATION.replaceAll('["', '["**/');

test('paths names several, one a line; blank lines and spaces say nothing', () =>
  withGitHub({ files: { ...FOLDERS, '.github/assume-role-check.yml': ANYWHERE } }, async (github) => {
    const files = (result: Awaited<ReturnType<typeof check>>) =>
      [...new Set(annotations(result, 'error').map(({ file }) => file))].sort();
    expect(files(await check(github, { paths: '' }))).toEqual(['a/prod.yaml', 'b/prod.yaml', 'c/prod.yaml']);
    expect(files(await check(github, { paths: '  a\n\n  c/prod.yaml\nc/tools.yaml  \n' }))).toEqual([
      'a/prod.yaml',
      'c/prod.yaml',
    ]);
    const wrong = await check(github, { paths: 'a\nnowhere' });
    expect(wrong.exitCode).toBe(2);
    expect(annotations(wrong, 'error')).toMatchObject([
      { message: 'the input paths names nowhere, which does not exist' },
    ]);
  }));

test('config may stand anywhere, and account is whose documents nobody claims', () =>
  withGitHub({ files: { ...FOLDERS, 'ci/roles.yml': ANYWHERE } }, async (github) => {
    expect((await check(github, { config: 'ci/roles.yml' })).outputs).toMatchObject({ errors: '3', denied: '3' });
    // Both ends in the account that the grants name.
    expect((await check(github, {})).outputs).toMatchObject({ denied: '0' });
    expect((await check(github, { account: '444455556666' })).outputs).toMatchObject({ denied: '3' });
    expect((await check(github, { account: '1111' })).exitCode).toBe(2);
  }));

test('terraform-plan is read wherever it stands', () =>
  withGitHub({ files: { 'package.json': '{}\n' } }, async (github) => {
    const folder = mkdtempSync(join(tmpdir(), 'plans-'));
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:group/x' }, Action: 'sts:AssumeRole' },
      ],
    });
    const values = { name: 'x', path: '/', assume_role_policy: trust };
    const resource = { address: 'aws_iam_role.x', mode: 'managed', type: 'aws_iam_role', name: 'x' };
    const plan = {
      format_version: '1.2',
      terraform_version: '1.9.0',
      planned_values: { root_module: { resources: [{ ...resource, values }] } },
      resource_changes: [
        { ...resource, change: { actions: ['create'], before: null, after: values, after_unknown: {} } },
      ],
      configuration: { root_module: {} },
    };
    for (const name of ['one.json', 'two.json']) writeFileSync(join(folder, name), JSON.stringify(plan));
    const plans = `${join(folder, 'one.json')}\n`;
    expect((await check(github, { 'terraform-plan': plans })).outputs).toMatchObject({ errors: '1' });
    const missing = await check(github, { 'terraform-plan': `${plans}none.json` });
    expect(missing.exitCode).toBe(2);
    expect(annotations(missing, 'error')).toMatchObject([{ message: 'there is no Terraform plan none.json' }]);
    rmSync(folder, { recursive: true });
  }));

test('summary: false and comment: none leave the annotations, the outputs and the verdict', () =>
  withGitHub({ files: FILES }, async (github) => {
    const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
    const quiet = await checkPull(github, number, { inputs: { summary: 'false', comment: 'none' } });
    expect(quiet).toMatchObject({ exitCode: 1, summary: '', outputs: { findings: '1', errors: '1', denied: '1' } });
    expect(annotations(quiet, 'error')).toHaveLength(1);
    expect(github.writes).toEqual([]);
    const lenient = await checkPull(github, number, { inputs: { 'fail-on': 'never', comment: 'none' } });
    expect(lenient).toMatchObject({ exitCode: 0, outputs: { errors: '1' } });
  }));

test('report-file and sarif-file are written, and handed on as outputs', () =>
  withGitHub({ files: FILES }, async (github) => {
    const { number } = github.openPull({ changes: { 'prod.yaml': role(WRONG) } });
    const workspace = github.checkout(github.mergeCommit(number), { depth: 0 });
    const inputs = { 'report-file': 'report.json', 'sarif-file': 'report.sarif' };
    const result = await checkPull(github, number, { inputs, workspace });
    expect(result.outputs).toMatchObject({ ...inputs, warnings: '0', denied: '1', conditional: '0' });
    expect(JSON.parse(readFileSync(join(workspace, 'report.json'), 'utf8'))).toMatchObject({
      version: 1,
      findings: [{ rule: 'missing-trust', status: 'new' }],
      changes: { lost: [{ before: 'allowed', decision: 'denied' }] },
    });
    expect(JSON.parse(readFileSync(join(workspace, 'report.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'missing-trust', level: 'error' }] }],
    });
    const unwritable = await checkPull(github, number, { inputs: { 'report-file': 'none/report.json' } });
    expect(unwritable.exitCode).toBe(2);
    expect(annotations(unwritable, 'error').map(({ message }) => message)).toContain(
      'cannot write none/report.json (ENOENT)',
    );
  }));
