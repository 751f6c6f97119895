import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globMatches } from '../lib/symbolic/pattern.js';
import { CASES } from './cases.mjs';
import { decider } from './engine.mjs';
import { INPUTS } from './inputs.mjs';
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

console.log('Whole inputs through the command line, process start included: the half, all of it, and its growth');
const bundle = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url));
for (const { name, promised, files } of INPUTS) {
  const [half, whole] = [0.5, 1].map((part) => checked(files(part)));
  const limit = promised === undefined ? '' : ` (promised: ${promised} s)`;
  console.log(
    `  ${name}: ${half.toFixed(2)} s, ${whole.toFixed(2)} s${limit}, ${(whole / half).toFixed(2)} times the half`,
  );
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

/** Seconds that a check of these files takes. */
function checked(files) {
  const folder = mkdtempSync(join(tmpdir(), 'assume-role-check-bench-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const took = least(2, () =>
    execFileSync(process.execPath, [bundle, '--fail-on', 'never'], { cwd: folder, stdio: 'ignore', maxBuffer: 1e9 }),
  );
  rmSync(folder, { recursive: true });
  return took;
}
