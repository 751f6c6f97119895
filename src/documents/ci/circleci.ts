import { member, type Tree } from '../../source/tree.ts';
import { type CiJob, entriesIn, itemsIn, roleAt, scalarsIn } from './job.ts';

/** Jobs whose steps set up the AWS CLI with a role, or call it. https://circleci.com/developer/orbs/orb/circleci/aws-cli */
export function circleJobs(tree: Tree): readonly CiJob[] {
  return entriesIn(member(tree, 'jobs')).map(({ name, value }): CiJob => {
    const steps = itemsIn(value, 'steps').flatMap(entriesIn);
    return {
      name,
      scripts: steps.flatMap(({ name: step, value: run }) =>
        step === 'run' ? scalarsIn(run.kind === 'map' ? member(run, 'command') : run) : [],
      ),
      variables: [member(value, 'environment')],
      roles: steps
        .filter(({ name: step }) => /^aws-cli\/(setup|install_and_setup)$|assume.role.with.web.identity/.test(step))
        .flatMap(({ value: given }) => roleAt(member(given, 'role_arn') ?? member(given, 'role-arn'))),
      audience: () => undefined,
    };
  });
}
