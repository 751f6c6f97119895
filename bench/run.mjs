import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globMatches } from '../lib/symbolic/pattern.js';
import { CASES } from './cases.mjs';
import { decider } from './engine.mjs';
import { loadPeer, peerSimulation } from './peer.mjs';

const seconds = (start) => Number(process.hrtime.bigint() - start) / 1e9;

/** The least of several times: what else the machine does only adds. */
const least = (rounds, once) => Math.min(...Array.from({ length: rounds }, () => timed(once)));

function timed(once) {
  const start = process.hrtime.bigint();
  once();
  return seconds(start);
}

async function rate(rounds, once) {
  for (let i = 0; i < Math.min(rounds, 2000); i++) await once();
  const start = process.hrtime.bigint();
  for (let i = 0; i < rounds; i++) await once();
  return rounds / seconds(start);
}

function rateSync(rounds, once) {
  for (let i = 0; i < rounds / 10; i++) once();
  const start = process.hrtime.bigint();
  for (let i = 0; i < rounds; i++) once();
  return rounds / seconds(start);
}

console.log('Decisions per second, policies read once; the peer is asked by runSimulation in the same process');
const peer = await loadPeer();
for (const one of CASES) {
  const decideOnce = decider(one);
  const ours = rateSync(one.rounds, decideOnce);
  let line = `  ${one.name}: ${Math.round(ours)} (${decideOnce()})`;
  if (peer !== undefined) {
    const simulation = peerSimulation(one);
    const ask = () => peer.runSimulation(simulation, {});
    const theirs = await rate(Math.max(200, one.rounds / 400), ask);
    const answer = await ask();
    line += `, peer ${Math.round(theirs)} (${answer.overallResult ?? answer.resultType ?? answer.analysis?.result}), ratio ${(ours / theirs).toFixed(0)}`;
  }
  console.log(line);
}
if (peer === undefined) console.log('  the peer could not be installed: no ratio');

console.log('Expectations over an account dump, through the command line, process start included');
const bundle = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url));
let before;
for (const count of [5_000, 10_000, 20_000]) {
  const folder = estate(count);
  const took = least(3, () =>
    execFileSync(process.execPath, [bundle, '--fail-on', 'never'], { cwd: folder, stdio: 'ignore', maxBuffer: 1e9 }),
  );
  console.log(
    `  ${count}: ${took.toFixed(2)} s${before === undefined ? '' : `, ${(took / before).toFixed(2)} times the half`}`,
  );
  before = took;
  rmSync(folder, { recursive: true });
}

console.log('A pattern with many stars against a long name, in steps of doubled length');
let earlier;
for (const length of [10_000, 20_000, 40_000]) {
  const name = 'a'.repeat(length);
  const took = least(20, () => globMatches('*a*a*a*a*b', name));
  console.log(
    `  ${length}: ${(took * 1000).toFixed(2)} ms${earlier === undefined ? '' : `, ${(took / earlier).toFixed(2)} times the half`}`,
  );
  earlier = took;
}

/** An account of 1,000 roles and 1,000 users, and a list of expectations over them. */
function estate(count) {
  const account = '111122223333';
  const size = 1000;
  const roles = Array.from({ length: size }, (_, i) => ({
    Path: '/',
    RoleName: `r${i}`,
    RoleId: `AROA${i}`,
    Arn: `arn:aws:iam::${account}:role/r${i}`,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
    },
    RolePolicyList: [],
    AttachedManagedPolicies: [],
  }));
  const users = Array.from({ length: size }, (_, i) => ({
    Path: '/',
    UserName: `u${i}`,
    UserId: `AIDA${i}`,
    Arn: `arn:aws:iam::${account}:user/u${i}`,
    GroupList: [],
    AttachedManagedPolicies: [],
    UserPolicyList: [
      {
        PolicyName: 'p',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${account}:role/r${i % 10}*` },
          ],
        },
      },
    ],
  }));
  const expect = Array.from({ length: count }, (_, i) => {
    const [user, role] = [(i * 7919) % size, (i * 104729) % size];
    const allowed = String(role).startsWith(String(user % 10));
    return `  - principal: arn:aws:iam::${account}:user/u${user}\n    role: arn:aws:iam::${account}:role/r${role}\n    decision: ${allowed ? 'allowed' : 'denied'}\n`;
  });
  const folder = mkdtempSync(join(tmpdir(), 'assume-role-check-bench-'));
  mkdirSync(join(folder, '.github'));
  writeFileSync(
    join(folder, 'dump.json'),
    JSON.stringify({ UserDetailList: users, RoleDetailList: roles, GroupDetailList: [], Policies: [] }),
  );
  writeFileSync(join(folder, '.github/assume-role-check.yml'), `expect:\n${expect.join('')}`);
  return folder;
}
