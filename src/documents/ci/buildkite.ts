import { member, scalarText, type Tree } from '../../source/tree.ts';
import { type CiJob, entriesIn, itemsIn, roleAt, scalarsIn } from './job.ts';

const MOST_DEPTH = 5;
/** https://github.com/buildkite-plugins/aws-assume-role-with-web-identity-buildkite-plugin */
const PLUGIN = /(^|\/)aws-assume-role-with-web-identity(-buildkite-plugin)?(\.git)?(#|$)/;

/** Steps that have the plugin for it, and those that ask their agent for a token. https://buildkite.com/docs/pipelines/security/oidc/aws */
export function buildkiteJobs(tree: Tree): readonly CiJob[] {
  const steps = tree.kind === 'list' ? tree.items : itemsIn(tree, 'steps');
  const environment = member(tree, 'env');
  return stepsIn(steps, 0).flatMap((step) => [
    ...pluginsOf(step).map((plugin) => byPlugin(nameOf(step), plugin, environment)),
    byScript(step, environment),
  ]);
}

function stepsIn(steps: readonly Tree[], depth: number): readonly Tree[] {
  if (depth > MOST_DEPTH) return [];
  return steps.flatMap((step) => [step, ...stepsIn(itemsIn(step, 'steps'), depth + 1)]);
}

function nameOf(step: Tree): string {
  const named = ['key', 'label', 'name'].map((key) => scalarText(member(step, key)));
  return named.find((one) => one !== undefined) ?? 'without a name';
}

function pluginsOf(step: Tree): readonly Tree[] {
  return itemsIn(step, 'plugins')
    .flatMap(entriesIn)
    .filter(({ name }) => PLUGIN.test(name))
    .map(({ value }) => value);
}

function byPlugin(name: string, plugin: Tree, environment: Tree | undefined): CiJob {
  return {
    name,
    scripts: [],
    variables: [environment],
    roles: roleAt(member(plugin, 'role-arn') ?? member(plugin, 'role_arn')),
    audience: () => scalarText(member(plugin, 'audience')) ?? 'sts.amazonaws.com',
    carries: itemsIn(plugin, 'session-tags').length > 0 ? ['sts:TagSession'] : [],
  };
}

function byScript(step: Tree, environment: Tree | undefined): CiJob {
  const scripts = ['command', 'commands'].flatMap((key) => scalarsIn(member(step, key)));
  const requests = scripts.flatMap(({ text }) => text.match(/buildkite-agent\s+oidc\s+request-token[^\n]*/g) ?? []);
  const options = requests.join('\n');
  return {
    name: nameOf(step),
    scripts: requests.length === 0 ? [] : scripts,
    variables: [member(step, 'env'), environment],
    roles: [],
    // Of several tokens nobody knows which one a call presents.
    audience: () => (requests.length === 1 ? /--audience[ =]["']?([\w.:/-]+)/.exec(options)?.[1] : undefined),
    carries: /--aws-session-tag/.test(options) ? ['sts:TagSession'] : [],
    ...(/--subject-claim/.test(options) ? { ownSubject: true } : {}),
  };
}
