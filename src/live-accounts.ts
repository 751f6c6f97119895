import type { Environment } from './aws/environment.ts';
import { check } from './check.ts';
import { withElsewhere } from './inventories.ts';
import type { Problem } from './inventory/declarations.ts';
import type { Lookup } from './options.ts';
import type { Verification } from './report/report.ts';
import { configurationOf, type RunInput, suppressingOf } from './run.ts';
import type { SourceFile } from './source/source.ts';
import { verifyWithAws } from './verify-with-aws.ts';
import { wantedOf } from './wanted-of-aws.ts';

/** What AWS says: of roles and principals one more document of each account, and of decisions whether it would decide so. */
export interface LiveAccounts {
  readonly documents: readonly SourceFile[];
  readonly problems: readonly Problem[];
  readonly verification: Verification | undefined;
}

/** What to ask of AWS. */
export interface LiveQuestions {
  readonly lookup: Lookup;
  /** Whether its policy simulator is asked for a second opinion. */
  readonly verify: boolean;
}

/** The documents are decided once to see what is missing. What they declare is asked for only to tell how it drifts. */
export async function askLiveAccounts(
  input: RunInput,
  { lookup, verify }: LiveQuestions,
  environment: Environment,
): Promise<LiveAccounts> {
  const { account, repository, now } = input;
  const configuration = configurationOf(input);
  const suppressing = suppressingOf(input);
  const decide = (files: RunInput['files']) => check({ files, configuration, suppressing, account, repository, now });
  const first = decide(input.files);
  // Which roles the job's credentials assume is not for the change to say that is checked.
  const accounts = Object.values(suppressing.file.accounts ?? {}).map((entry) => ({
    id: entry.id,
    lookupRole: entry['lookup-role'],
  }));
  const wanted = lookup === 'off' ? [] : wantedOf(first.decided, first.inventory, lookup === 'drift');
  const { documents, shortfalls } =
    wanted.length === 0
      ? NOTHING_ASKED
      : await (await import(/* webpackMode: "eager" */ './aws/lookup.ts')).lookUp(wanted, accounts, environment);
  const problems = shortfalls.map(({ message, place }): Problem => ({ level: 'warning', message, place }));
  if (!verify) return { documents, problems, verification: undefined };
  const { decided } = documents.length === 0 ? first : decide(withElsewhere(input.files, documents));
  const second = await verifyWithAws(decided, accounts, environment);
  return { documents, problems: [...problems, ...second.problems], verification: second.verification };
}

const NOTHING_ASKED = { documents: [], shortfalls: [] };
