import type { Withheld } from '../../iam/question.ts';
import type { Place } from '../../source/source.ts';
import { member, scalarText } from '../../source/tree.ts';
import { isKnown } from '../../symbolic/text.ts';
import { fill } from './evaluate.ts';
import { type JobRun, jobScope } from './job-run.ts';
import { tokenGrant } from './permissions.ts';

/** Without the permission there is no token; what else a runner of one's own holds, nobody knows. */
export function withheldToken(job: JobRun, holdsNothing: boolean): Withheld | 'ambient' | undefined {
  const { workflow, id, start } = job;
  const { ceiling, run } = start;
  const own = tokenGrant(workflow.tree, job.job);
  const limit = ceiling?.granted === false ? ceiling : undefined;
  const grant = limit ?? own ?? ceiling;
  if (grant?.granted === true || (run.foreign && own === undefined)) return undefined;
  if (!holdsNothing || !isHosted(job)) return 'ambient';
  const place: Place = grant?.place ?? id.place;
  const reason =
    limit === undefined
      ? 'it has no permission id-token: write, so GitHub gives it no token'
      : `the job that calls ${workflow.ownPath} has no permission id-token: write to hand on, so GitHub gives no token`;
  return {
    caller: `the job ${id.text}`,
    reason,
    lacks: 'id-token',
    place,
    answer:
      'Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers',
  };
}

function isHosted(job: JobRun): boolean {
  const runner = member(job.job, 'runs-on');
  const label = runner?.kind === 'list' && runner.items.length === 1 ? scalarText(runner.items[0]) : scalarText(runner);
  const text = label === undefined ? undefined : fill(label, jobScope(job));
  return text !== undefined && isKnown(text) && /^(ubuntu|windows|macos)-[\w.-]+$/i.test(text);
}

/** A token is of no account. */
export function withoutAccount(job: string, place: Place): Withheld {
  return {
    caller: `the job ${job}`,
    reason: 'it is given by its name, and with a token only an ARN says in which account it is',
    place,
    answer: 'Source Account ID is needed if the Role Name is provided and not the Role Arn.',
  };
}
