#!/usr/bin/env node
import { runCommand } from './cli-run.ts';
import { forLog } from './report/printable.ts';
import { UserError } from './user-error.ts';

// A reader such as head may stop early: what it did not want to read is no fault, and leaves the verdict as it is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = runCommand(process.argv.slice(2), {
    cwd: process.cwd(),
    environment: process.env,
    colours: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
    now: () => Date.now(),
    write: (text) => process.stdout.write(text),
  });
} catch (error) {
  process.exitCode = 2;
  if (error instanceof UserError) process.stderr.write(`assume-role-check: ${forLog(error.message)}\n`);
  else
    process.stderr.write(
      `assume-role-check: this is a bug, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
}
