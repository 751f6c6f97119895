// Asks `terraform console` what the expressions of expressions.json give, and tells where the committed answers differ.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const expected = JSON.parse(readFileSync(new URL('expressions.json', import.meta.url), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'console-'));
let differing = 0;
for (const [expression, answer] of Object.entries(expected)) {
  const input = `jsonencode(${expression})\n`;
  const { stdout, status, error } = spawnSync('terraform', ['console'], { cwd: folder, input, encoding: 'utf8' });
  if (error !== undefined) throw error;
  const given = status === 0 && stdout.trim() !== '' ? JSON.parse(stdout) : null;
  if (given === answer) continue;
  differing += 1;
  console.log(`${expression}\n  committed: ${answer}\n  terraform: ${given}`);
}
rmSync(folder, { recursive: true });
console.log(`${Object.keys(expected).length} expressions, ${differing} differ`);
process.exitCode = differing === 0 ? 0 : 1;
