import { setFailed } from '@actions/core';
import { runAction } from './action-run.ts';
import { forLog } from './report/printable.ts';
import { UserError } from './user-error.ts';

try {
  process.exitCode = await runAction(process.env, Date.now(), (text) => process.stdout.write(text));
} catch (error) {
  if (error instanceof UserError) setFailed(forLog(error.message));
  else
    setFailed(
      `This is a bug, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  process.exitCode = 2;
}
