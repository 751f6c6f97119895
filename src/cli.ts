#!/usr/bin/env node
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommandLive } from './cli-run.ts';
import { forLog } from './report/printable.ts';
import { UserError } from './user-error.ts';

// The YAML library looks into the environment once for each token, and each look into the real one asks the system.
// https://github.com/eemeli/yaml/blob/main/src/parse/parser.ts
process.env = { ...process.env };

// A reader such as head may stop early: what it did not want to read is no fault, and leaves the verdict as it is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** The pages lie beside the bundle; in a working copy, among the documentation. */
function rulePage(id: string): string | undefined {
  const folder = dirname(realpathSync(process.argv[1] ?? '.'));
  const places = [join(folder, 'rules'), join(folder, '../docs/rules')].map((place) => join(place, `${id}.md`));
  const found = places.find((place) => existsSync(place));
  return found === undefined ? undefined : readFileSync(found, 'utf8');
}

try {
  process.exitCode = await runCommandLive(process.argv.slice(2), {
    cwd: process.cwd(),
    environment: process.env,
    colours: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    now: () => Date.now(),
    write: (text) => process.stdout.write(text),
    rulePage,
  });
} catch (error) {
  process.exitCode = 2;
  if (error instanceof UserError) process.stderr.write(`assume-role-check: ${forLog(error.message)}\n`);
  else
    process.stderr.write(
      `assume-role-check: this is a bug, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
}
