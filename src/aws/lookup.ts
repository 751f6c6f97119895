import * as iamSdk from '@aws-sdk/client-iam';
import * as stsSdk from '@aws-sdk/client-sts';
import { grouped } from '../inventory/grouped.ts';
import { SourceFile } from '../source/source.ts';
import { AccountQuestions, type Missed } from './account.ts';
import { atOnce } from './at-once.ts';
import { IamCalls } from './calls.ts';
import { AccountCredentials } from './credentials.ts';
import { Deadline } from './deadline.ts';
import type { Environment } from './environment.ts';
import { whyNot } from './faults.ts';
import { type AskedAccount, LOOKED_UP, type Shortfall, type Wanted } from './wanted.ts';

/** What AWS told: a document for each account, and what it did not tell. */
export interface LookedUp {
  readonly documents: readonly SourceFile[];
  readonly shortfalls: readonly Shortfall[];
}

/** Asks IAM, read-only, for what is wanted. An account for which there are no credentials is left alone. */
export async function lookUp(
  wanted: readonly Wanted[],
  accounts: readonly AskedAccount[],
  environment: Environment,
): Promise<LookedUp> {
  const shortfalls = new Map<string, Shortfall>();
  const deadline = new Deadline(environment);
  const credentials = new AccountCredentials({ ...iamSdk, ...stsSdk }, environment, deadline);
  const documents: SourceFile[] = [];
  const tasks: (() => Promise<void>)[] = [];
  const asked = new Map<string, AccountQuestions>();
  for (const [account, all] of grouped(wanted, (one) => [one.account])) {
    const [first] = all;
    if (first === undefined) continue;
    const known = accounts.find(({ id }) => id === account);
    const access = await credentials.of(account, first.partition, known?.lookupRole);
    if (access.kind !== 'open') {
      const why =
        access.kind === 'closed'
          ? access.why
          : `the job's credentials are of account ${access.account}: accounts.*.lookup-role names a role that reads it`;
      // An account that nobody named as ours is somebody else's, and stays unknown.
      if (access.kind === 'closed' || known !== undefined)
        shortfalls.set(why, { message: `account ${account} is not asked: ${why}`, place: first.place });
      continue;
    }
    const missed: Missed = (permission, fault, { place }) => {
      const why = whyNot(permission, fault, deadline);
      const message = `what account ${account} has stays partly unknown: ${why}`;
      if (!shortfalls.has(message)) shortfalls.set(message, { message, place });
    };
    const questions = new AccountQuestions(
      new IamCalls(iamSdk, access.iam, deadline.signal),
      account,
      missed,
      deadline,
    );
    asked.set(account, questions);
    tasks.push(...all.map((one) => () => questions.ask(one)));
  }
  await atOnce(tasks);
  for (const [account, { answers }] of asked)
    documents.push(
      new SourceFile(
        `${LOOKED_UP}${account}.json`,
        `${JSON.stringify({ IsTruncated: true, ...sorted(answers) }, null, 2)}\n`,
      ),
    );
  return { documents, shortfalls: [...shortfalls.values()] };
}

/** Answers come in any order; the document is the same. */
function sorted(answers: AccountQuestions['answers']): object {
  return Object.fromEntries(
    Object.entries(answers).map(([name, list]) => [
      name,
      [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ]),
  );
}
