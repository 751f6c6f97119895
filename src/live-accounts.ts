import type { Environment } from './aws/credentials.ts';
import { check } from './check.ts';
import type { Problem } from './inventory/declarations.ts';
import type { Lookup } from './options.ts';
import { configurationOf, type RunInput, suppressingOf } from './run.ts';
import type { SourceFile } from './source/source.ts';
import { wantedOf } from './wanted-of-aws.ts';

/** What IAM says of roles and principals that no document declares: one more document of each account. */
export interface LiveAccounts {
  readonly documents: readonly SourceFile[];
  readonly problems: readonly Problem[];
}

/** The documents are decided once to see what is missing. What they declare is asked for only to tell how it drifts. */
export async function askLiveAccounts(
  input: RunInput,
  lookup: Exclude<Lookup, 'off'>,
  environment: Environment,
): Promise<LiveAccounts> {
  const { files, account, repository, now } = input;
  const configuration = configurationOf(input);
  const suppressing = suppressingOf(input);
  const { decided, inventory } = check({ files, configuration, suppressing, account, repository, now });
  const wanted = wantedOf(decided, lookup === 'drift' ? inventory : undefined);
  if (wanted.length === 0) return { documents: [], problems: [] };
  // Which roles the job's credentials assume is not for the change to say that is checked.
  const accounts = Object.values(suppressing.file.accounts ?? {}).map((entry) => ({
    id: entry.id,
    lookupRole: entry['lookup-role'],
  }));
  const { lookUp } = await import(/* webpackMode: "eager" */ './aws/lookup.ts');
  const { documents, shortfalls } = await lookUp(wanted, accounts, environment);
  return { documents, problems: shortfalls.map(({ message, place }) => ({ level: 'warning', message, place })) };
}
