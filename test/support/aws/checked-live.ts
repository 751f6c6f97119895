import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Documents, type JsonReport, role, template } from '../documents.ts';
import { type Account, iamServer, type ServerFault } from './iam-server.ts';

const bundle = fileURLToPath(new URL('../../../dist/cli/index.js', import.meta.url));

/** What must not show anywhere: what signs requests, and the words of AWS. */
export const SECRETS = [
  'secretaccesskey',
  'sessiontoken',
  'ASIA1111',
  'ASIA4444',
  'assumedsecret',
  'assumedtoken',
  'ASIASECRET',
];

/** The job's own credentials, and nothing else of this machine. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'ASIA111122223333',
  AWS_SECRET_ACCESS_KEY: 'secretaccesskey',
  AWS_SESSION_TOKEN: 'sessiontoken',
};

interface Live {
  readonly accounts?: Readonly<Record<string, Account>>;
  readonly faults?: Readonly<Record<string, ServerFault>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly lookup?: 'off' | 'missing' | 'drift';
}

export interface Answer {
  readonly status: number | null;
  readonly report: JsonReport & {
    readonly verification?: {
      readonly agreed: number;
      readonly disagreed: number;
      readonly notAsked: readonly { readonly principal: string; readonly role: string; readonly reason: string }[];
    };
  };
  readonly calls: readonly string[];
  readonly scopes: readonly string[];
}

/** One run of the bundled command line among the files, against an IAM over HTTP. */
export async function checkLive(documents: Documents, live: Live): Promise<Answer> {
  const server = await iamServer(live.accounts ?? {}, live.faults);
  try {
    const options = ['--aws-lookup', live.lookup ?? 'missing', '--format', 'json', ...(live.options ?? [])];
    const { status, output, errors } = await commandIn(documents, options, {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: server.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '2',
      ASSUME_ROLE_CHECK_AWS_TIMEOUT: '1',
      ...live.environment,
    });
    for (const secret of SECRETS) expect(output + errors).not.toContain(secret);
    expect(errors).not.toContain('at ');
    return { status, report: JSON.parse(output), calls: [...server.calls], scopes: [...server.scopes] };
  } finally {
    await server.close();
  }
}

/** The bundled command line in a folder of these files. */
export async function commandIn(
  documents: Documents,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'live-accounts-'));
  try {
    for (const [path, text] of Object.entries(documents)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await command(folder, args, { PATH: process.env.PATH ?? '', HOME: folder, ...environment });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function command(cwd: string, args: readonly string[], env: Record<string, string>) {
  return new Promise<{ status: number | null; output: string; errors: string }>((done) => {
    const child = spawn(process.execPath, [bundle, ...args], { cwd, env });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (piece) => {
      output += String(piece);
    });
    child.stderr.on('data', (piece) => {
      errors += String(piece);
    });
    child.on('close', (status) => done({ status, output, errors }));
  });
}

/** A template of the job's own account that grants a role that no document declares. */
export const granting = (target: string) =>
  template(role('App', { name: 'app', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}"}` }));
/** One whose role trusts a principal that no document declares. */
export const trusting = (principal: string) =>
  template(
    role('App', {
      name: 'app',
      trust: `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole}`,
    }),
  );

export const trust = (principal: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
});
export const grant = (...roles: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roles }],
});
