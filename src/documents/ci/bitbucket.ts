import { member, scalarText, type Tree } from '../../source/tree.ts';
import { type CiJob, itemsIn, roleAt, scalarsIn } from './job.ts';

const MOST_DEPTH = 20;

/** Steps with `oidc: true`, wherever a pipeline has them; only these have a token. */
export function bitbucketJobs(tree: Tree): readonly CiJob[] {
  return stepsIn(member(tree, 'pipelines'), 0)
    .filter((step) => scalarText(member(step, 'oidc'))?.toLowerCase() === 'true')
    .map((step): CiJob => {
      const script = itemsIn(step, 'script');
      return {
        name: scalarText(member(step, 'name')) ?? 'without a name',
        scripts: script.flatMap((one) => scalarsIn(one)),
        variables: [],
        roles: script.flatMap((pipe) => roleAt(member(member(pipe, 'variables'), 'AWS_OIDC_ROLE_ARN'))),
        audience: () => undefined,
      };
    });
}

function stepsIn(tree: Tree | undefined, depth: number): readonly Tree[] {
  if (tree === undefined || tree.kind === 'scalar' || depth > MOST_DEPTH) return [];
  if (tree.kind === 'list') return tree.items.flatMap((item) => stepsIn(item, depth + 1));
  return tree.entries.flatMap(({ key, value }) => (key.text === 'step' ? [value] : stepsIn(value, depth + 1)));
}
