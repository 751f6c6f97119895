import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Dumps of so many users and as many roles: beside a repository that asks for a hundred of their assumptions, and as documents of
 * the repository, where all of them are decided. What an empty dump takes is subtracted, so that each figure is the entities' own.
 */
const bundle = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url));
const ACCOUNT = '111122223333';
const PAGE = 10_000;
const ASKED = 100;
const COUNTS = [10_000, 30_000, 100_000];

/** Writes to standard error what the process held at most, in kilobytes, and how long it computed, in microseconds. */
const PROBE =
  'data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write(`RSS ${u.maxRSS} CPU ${u.userCPUTime}`)})';

for (const [named, title] of [
  [true, `${ASKED} expectations over an inventory of so many users and as many roles`],
  [false, 'The same dumps as documents of the repository, all decided'],
]) {
  console.log(`${title}: time of the processor and memory, without those of an empty one`);
  const empty = run(0, named);
  let first;
  for (const count of COUNTS) {
    const { seconds, megabytes } = run(count, named);
    const each = {
      time: ((seconds - empty.seconds) / count) * 1e6,
      memory: ((megabytes - empty.megabytes) / count) * 1024,
    };
    first ??= each;
    const times = (what) => `${(each[what] / first[what]).toFixed(2)} times that at ${COUNTS[0]}`;
    console.log(
      `  ${count}: ${seconds.toFixed(1)} s, ${each.time.toFixed(0)} µs a pair (${times('time')}); ` +
        `${Math.round(megabytes)} MB, ${each.memory.toFixed(1)} kB a pair (${times('memory')})`,
    );
  }
}

/** The least of some runs: what else the machine does only adds. */
function run(count, named) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-inventory-'));
  try {
    const options = organization(folder, count, named);
    const runs = Array.from({ length: count > 50_000 ? 1 : 3 }, () => measured(folder, options));
    return {
      seconds: Math.min(...runs.map((one) => one.seconds)),
      megabytes: Math.min(...runs.map((one) => one.megabytes)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(folder, options) {
  const args = [
    '--max-old-space-size=12000',
    '--import',
    PROBE,
    bundle,
    'repository',
    ...options,
    '--fail-on',
    'never',
  ];
  const { stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 });
  const [, memory, time] = /RSS (\d+) CPU (\d+)/.exec(stderr) ?? [];
  if (status !== 0 || time === undefined) throw new Error(stderr);
  return { seconds: Number(time) / 1e6, megabytes: Number(memory) / 1024 };
}

/** Pages of dumps, and the configuration that asks; the options that name the pages, where they stand beside the repository. */
function organization(folder, count, named) {
  mkdirSync(join(folder, 'repository/.github'), { recursive: true });
  const options = [];
  for (let from = 0; from === 0 || from < count; from += PAGE) {
    const numbers = Array.from({ length: Math.min(PAGE, count - from) }, (_, index) => from + index);
    const page = {
      UserDetailList: numbers.map(user),
      GroupDetailList: [],
      RoleDetailList: numbers.map(role),
      Policies: [],
      IsTruncated: from + PAGE < count,
    };
    const path = `page-${from}.json`;
    writeFileSync(join(folder, named ? path : `repository/${path}`), JSON.stringify(page));
    if (named) options.push('--inventory', path);
  }
  const asked = Array.from({ length: ASKED }, (_, index) => Math.floor((index * count) / ASKED));
  const entries = asked.map(
    (one) => `  - {principal: "arn:aws:iam::${ACCOUNT}:user/u${one}", role: "arn:aws:iam::${ACCOUNT}:role/r${one}"}\n`,
  );
  writeFileSync(join(folder, 'repository/.github/assume-role-check.yml'), `expect:\n${entries.join('')}`);
  return options;
}

function user(number) {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${ACCOUNT}:role/r${number}` };
  return {
    Path: '/',
    UserName: `u${number}`,
    UserId: `AIDA${number}`,
    Arn: `arn:aws:iam::${ACCOUNT}:user/u${number}`,
    GroupList: [],
    AttachedManagedPolicies: [],
    UserPolicyList: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } }],
  };
}

function role(number) {
  const principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  return {
    Path: '/',
    RoleName: `r${number}`,
    RoleId: `AROA${number}`,
    Arn: `arn:aws:iam::${ACCOUNT}:role/r${number}`,
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement] },
    RolePolicyList: [],
    AttachedManagedPolicies: [],
  };
}
