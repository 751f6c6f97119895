import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @cloud-copilot/iam-simulate, installed into a temporary folder for this run alone: its licence (AGPL-3.0) keeps it out of
 * the dependencies. Undefined where it cannot be installed.
 */
export async function loadPeer() {
  const folder = mkdtempSync(join(tmpdir(), 'assume-role-check-bench-'));
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '@cloud-copilot/iam-simulate'], {
      cwd: folder,
      stdio: 'ignore',
    });
    const entry = import.meta.resolve('@cloud-copilot/iam-simulate', pathToFileURL(join(folder, 'package.json')));
    return await import(entry);
  } catch {
    const entry = join(folder, 'node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js');
    return import(pathToFileURL(entry)).catch(() => undefined);
  }
}

/** The same question in the peer's own form. */
export function peerSimulation({ user, role, account, identity, trust }) {
  return {
    request: {
      action: 'sts:AssumeRole',
      principal: user,
      resource: { resource: role, accountId: account },
      contextVariables: { 'aws:PrincipalAccount': account },
    },
    identityPolicies: identity.map((policy, index) => ({ name: `policy-${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: trust,
  };
}
