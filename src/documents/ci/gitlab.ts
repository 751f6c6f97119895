import { member, scalarText, type Tree } from '../../source/tree.ts';
import { type CiJob, entriesIn, itemsIn, roleAt, scalarsIn } from './job.ts';

/** What is no job at the top of the file. https://docs.gitlab.com/ci/yaml/#global-keywords */
const GLOBAL = new Set(['default', 'include', 'stages', 'variables', 'workflow', 'spec', 'image', 'services', 'cache']);
const MOST_EXTENDS = 11;

export function gitlabJobs(tree: Tree): readonly CiJob[] {
  return entriesIn(tree)
    .filter(({ name, value }) => value.kind === 'map' && !GLOBAL.has(name) && !name.startsWith('.'))
    .map(({ name, value }) => jobOf(name, value, tree));
}

function jobOf(name: string, job: Tree, file: Tree): CiJob {
  const chain = [...extended(job, file, 0), ...optional(member(file, 'default'))];
  const first = (key: string): Tree | undefined =>
    chain.map((one) => member(one, key)).find((one) => one !== undefined);
  const variables = [...chain.map((one) => member(one, 'variables')), member(file, 'variables')];
  const scripts = ['before_script', 'script', 'after_script'].flatMap((key) => scalarsIn(first(key)));
  const tokens = first('id_tokens');
  // The CLI and the SDKs take a role of the environment, where they are told of a token, too.
  const byEnvironment = scripts.some(({ text }) => text.includes('AWS_WEB_IDENTITY_TOKEN_FILE'))
    ? variables.map((map) => member(map, 'AWS_ROLE_ARN')).filter((one) => one !== undefined)
    : [];
  return {
    name,
    scripts,
    variables,
    roles: roleAt(byEnvironment[0]),
    audience: (token) => {
      const all = entriesIn(tokens);
      const own = token === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((one) => one.name === token);
      const audience = scalarText(member(own?.value, 'aud'));
      return audience === undefined || audience.includes('$') ? undefined : audience;
    },
  };
}

/** The job and what it extends, the nearest first: the last of several wins. */
function extended(job: Tree, file: Tree, depth: number): readonly Tree[] {
  if (depth > MOST_EXTENDS) return [];
  const names = itemsIn(job, 'extends')
    .map((one) => scalarText(one) ?? '')
    .reverse();
  return [
    job,
    ...names.flatMap((name) => optional(member(file, name))).flatMap((one) => extended(one, file, depth + 1)),
  ];
}

function optional<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
}
