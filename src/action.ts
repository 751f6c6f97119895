import { setFailed } from '@actions/core';
import { runAction } from './action-run.ts';
import { forLog } from './report/printable.ts';
import { UserError } from './user-error.ts';

// The YAML library looks into the environment once for each token, and each look into the real one asks the system.
// https://github.com/eemeli/yaml/blob/main/src/parse/parser.ts
process.env = { ...process.env };

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
