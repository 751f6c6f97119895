import { member, scalarText, type Tree } from '../../source/tree.ts';
import { References } from './gitlab-file.ts';
import { type CiJob, entriesIn, itemsIn, roleAt, scalarsIn } from './job.ts';

/** What is no job at the top of the file. https://docs.gitlab.com/ci/yaml/#global-keywords */
const GLOBAL = new Set(['default', 'include', 'stages', 'variables', 'workflow', 'spec', 'image', 'services', 'cache']);
const MOST_EXTENDS = 11;

export function gitlabJobs(tree: Tree): readonly CiJob[] {
  const references = new References(tree);
  return entriesIn(tree)
    .filter(({ name, value }) => value.kind === 'map' && !GLOBAL.has(name) && !name.startsWith('.'))
    .map(({ name, value }) => jobOf(name, value, tree, references));
}

function jobOf(name: string, job: Tree, file: Tree, references: References): CiJob {
  const own = extended(job, file, 0);
  const chain = [...own, ...inherited(job, file)];
  const read = (one: Tree, key: string): Tree | undefined => references.expanded(member(one, key));
  const first = (key: string): Tree | undefined => chain.map((one) => read(one, key)).find((one) => one !== undefined);
  const variables = [...own.map((one) => read(one, 'variables')), references.expanded(member(file, 'variables'))];
  // However often it is referred to, a line is one.
  const scripts = [...new Set(['before_script', 'script', 'after_script'].flatMap((key) => scalarsIn(first(key))))];
  // What a job extends is merged with it; what all jobs have by default is not.
  const tokens = own.flatMap((one) => entriesIn(read(one, 'id_tokens')));
  const all = tokens.length > 0 ? tokens : entriesIn(first('id_tokens'));
  // The CLI and the SDKs take a role of the environment, where they are told of a token, too.
  const byEnvironment = scripts.some(({ text }) => text.includes('AWS_WEB_IDENTITY_TOKEN_FILE'))
    ? variables.map((map) => member(map, 'AWS_ROLE_ARN')).filter((one) => one !== undefined)
    : [];
  return {
    name,
    scripts,
    variables,
    // https://docs.gitlab.com/ci/variables/where_variables_can_be_used/#nested-variable-expansion
    nests: true,
    varying: varyingIn([first('rules'), member(member(file, 'workflow'), 'rules')], first('parallel')),
    roles: roleAt(byEnvironment[0]),
    audience: (token) => {
      const names = new Set(all.map((one) => one.name));
      const named =
        token === undefined ? (names.size === 1 ? all[0] : undefined) : all.find((one) => one.name === token);
      const audience = scalarText(member(named?.value, 'aud'));
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

/** `inherit: {default: false}` leaves the defaults out. https://docs.gitlab.com/ci/yaml/#inheritdefault */
function inherited(job: Tree, file: Tree): readonly Tree[] {
  const chosen = member(member(job, 'inherit'), 'default');
  if (scalarText(chosen) === 'false') return [];
  const all = member(file, 'default');
  if (chosen?.kind !== 'list' || all?.kind !== 'map') return optional(all);
  const names = chosen.items.map(scalarText);
  return [{ ...all, entries: all.entries.filter(({ key }) => names.includes(key.text)) }];
}

/** Variables that one run of the job has otherwise than another. */
function varyingIn(rules: readonly (Tree | undefined)[], parallel: Tree | undefined): ReadonlySet<string> {
  const byRule = rules
    .flatMap((list) => (list?.kind === 'list' ? list.items : []))
    .map((rule) => member(rule, 'variables'));
  return new Set([...byRule, ...itemsIn(parallel, 'matrix')].flatMap(entriesIn).map(({ name }) => name));
}

function optional<T>(one: T | undefined): readonly T[] {
  return one === undefined ? [] : [one];
}
