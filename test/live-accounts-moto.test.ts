import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lines, role, template } from './support/documents.ts';

/** The same look-ups against moto, which models IAM apart from this project. It is no dependency: it runs where it is installed. */
const installed = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;
const bundle = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url));
const ACCOUNT = 'arn:aws:iam::123456789012:';

const trust = (principal: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
  });
const grant = (target: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: target }],
  });

describe.skipIf(!installed)('against moto_server', () => {
  let moto: ChildProcess | undefined;
  let url = '';

  beforeAll(async () => {
    const port = await freePort();
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    await answers(`${url}/moto-api/`);
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
    const iam = new IAMClient({ endpoint: url, region: 'us-east-1', credentials });
    const root = trust('arn:aws:iam::123456789012:root');
    await iam.send(
      new CreateRoleCommand({ RoleName: 'target', AssumeRolePolicyDocument: trust(`${ACCOUNT}role/app`) }),
    );
    await iam.send(
      new CreateRoleCommand({ RoleName: 'shut', AssumeRolePolicyDocument: trust(`${ACCOUNT}role/target`) }),
    );
    await iam.send(new CreateRoleCommand({ RoleName: 'deployer', AssumeRolePolicyDocument: root }));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'deployer',
        PolicyName: 'own',
        PolicyDocument: grant(`${ACCOUNT}role/app`),
      }),
    );
    await iam.send(new CreateUserCommand({ UserName: 'anna' }));
    await iam.send(new CreateUserCommand({ UserName: 'berta' }));
    await iam.send(new CreateGroupCommand({ GroupName: 'deployers' }));
    await iam.send(new AddUserToGroupCommand({ UserName: 'anna', GroupName: 'deployers' }));
    await iam.send(new CreatePolicyCommand({ PolicyName: 'deploy', PolicyDocument: grant(`${ACCOUNT}role/app`) }));
    await iam.send(new AttachGroupPolicyCommand({ GroupName: 'deployers', PolicyArn: `${ACCOUNT}policy/deploy` }));
    iam.destroy();
  }, 60_000);

  afterAll(() => {
    moto?.kill();
  });

  test('roles, users, groups and policies are as they stand there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'moto-'));
    try {
      const grants = ['target', 'shut', 'gone'].map((name) => `${ACCOUNT}role/${name}`);
      const statement = `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${JSON.stringify(grants)}}`;
      const root = `- {Effect: Allow, Principal: {AWS: "arn:aws:iam::123456789012:root"}, Action: sts:AssumeRole}`;
      writeFileSync(join(folder, 'app.yaml'), template(role('App', { name: 'app', trust: root, grants: statement })));
      writeFileSync(
        join(folder, 'config.yml'),
        lines(`
          expect:
            - {principal: "${ACCOUNT}role/deployer", role: "${ACCOUNT}role/app"}
            - {principal: "${ACCOUNT}user/anna", role: "${ACCOUNT}role/app"}
            - {principal: "${ACCOUNT}user/berta", role: "${ACCOUNT}role/app", decision: denied}
        `),
      );
      const options = ['--config', 'config.yml', '--account', '123456789012', '--format', 'json', '--fail-on', 'never'];
      const output = execFileSync(process.execPath, [bundle, '--aws-lookup', 'missing', ...options], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: {
          PATH: process.env.PATH,
          AWS_ENDPOINT_URL: url,
          AWS_ACCESS_KEY_ID: 'testing',
          AWS_SECRET_ACCESS_KEY: 'testing',
        },
      });
      const report: Report = JSON.parse(output);
      const decided = report.assumptions.map((one) => [one.principal, one.role, one.decision].join(' '));
      const by = (principal: string, target: string, decision: string) =>
        `${ACCOUNT}${principal} ${ACCOUNT}role/${target} ${decision}`;
      for (const one of [
        by('role/app', 'target', 'allowed'),
        by('role/app', 'shut', 'denied'),
        by('role/app', 'gone', 'unknown'),
        by('role/deployer', 'app', 'allowed'),
        by('user/anna', 'app', 'allowed'),
        by('user/berta', 'app', 'denied'),
      ])
        expect(decided).toContain(one);
      expect(report.findings.map(({ rule }) => rule).sort()).toEqual(['missing-trust', 'role-not-found']);
      expect(report.diagnostics).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

interface Report {
  readonly assumptions: readonly { readonly principal: string; readonly role: string; readonly decision: string }[];
  readonly findings: readonly { readonly rule: string }[];
  readonly diagnostics: readonly unknown[];
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const there = await fetch(url).then(
      () => true,
      () => false,
    );
    if (there) return;
    await new Promise((wait) => {
      setTimeout(wait, 200);
    });
  }
}
