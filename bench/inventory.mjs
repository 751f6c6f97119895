import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An organization's dumps beside a repository that asks for a hundred of its assumptions. */
const bundle = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url));
const ACCOUNT = '111122223333';
const PAGE = 10_000;
const ASKED = 100;

/** Writes to standard error what the process held at most, in kilobytes. */
const PROBE = 'data:text/javascript,process.on("exit",()=>process.stderr.write("RSS "+process.resourceUsage().maxRSS))';

console.log(`${ASKED} expectations over an inventory of so many principals and as many roles, process start included`);
let before;
for (const count of [10_000, 30_000, 100_000]) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-inventory-'));
  try {
    const options = organization(folder, count);
    const runs = Array.from({ length: count > 50_000 ? 1 : 3 }, () => measured(folder, options));
    const took = Math.min(...runs.map((run) => run.seconds));
    const memory = Math.min(...runs.map((run) => run.megabytes));
    const each = (took / count) * 1e6;
    const growth = before === undefined ? '' : `, ${(each / before).toFixed(2)} of the time each before`;
    console.log(`  ${count}: ${took.toFixed(1)} s, ${Math.round(memory)} MB, ${each.toFixed(0)} µs each${growth}`);
    before = each;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(folder, options) {
  const start = process.hrtime.bigint();
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
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(stderr);
  return { seconds, megabytes: Number(/RSS (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 };
}

/** Pages of dumps, and the configuration that asks; the options that name them. */
function organization(folder, count) {
  mkdirSync(join(folder, 'repository/.github'), { recursive: true });
  const options = [];
  for (let from = 0; from < count; from += PAGE) {
    const numbers = Array.from({ length: Math.min(PAGE, count - from) }, (_, index) => from + index);
    const page = {
      UserDetailList: numbers.map(user),
      GroupDetailList: [],
      RoleDetailList: numbers.map(role),
      Policies: [],
      IsTruncated: from + PAGE < count,
    };
    writeFileSync(join(folder, `page-${from}.json`), JSON.stringify(page));
    options.push('--inventory', `page-${from}.json`);
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
