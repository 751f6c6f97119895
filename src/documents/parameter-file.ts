import { parse as parseToml, TomlError } from 'smol-toml';
import type { Problem } from '../inventory/declarations.ts';
import type { Place, SourceFile } from '../source/source.ts';
import { member, scalarText, type Tree } from '../source/tree.ts';
import type { Files } from './files.ts';
import { dataAt } from './plain-data.ts';
import { parseText } from './text.ts';

export interface ParameterValues {
  readonly values: ReadonlyMap<string, string | readonly string[]>;
  /** Those with `UsePreviousValue`, and where they have it. */
  readonly kept: ReadonlyMap<string, Place>;
  readonly problems: readonly Problem[];
}

/**
 * Parameters as the AWS CLI (`[{ParameterKey, ParameterValue}]`, `["Key=Value"]`), CodePipeline (`{Parameters: …}`), SAM
 * (`samconfig.toml`: the environment that is called like the account, else `default`), the CDK (`cdk.json`, `cdk.context.json`)
 * or a plain map write them.
 */
export function readParameterFile(path: string, files: Files, account: string): ParameterValues {
  const file = files.read(path);
  if (file === undefined) return { values: new Map(), kept: new Map(), problems: [] };
  if (path.endsWith('.toml')) return fromSamConfig(file, account);
  const { documents, problems } = parseText(file);
  const [tree] = documents;
  if (tree === undefined) return { values: new Map(), kept: new Map(), problems };
  return { values: valuesOf(tree), kept: keptIn(tree), problems };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html */
function keptIn(tree: Tree): ReadonlyMap<string, Place> {
  const kept = new Map<string, Place>();
  for (const item of tree.kind === 'list' ? tree.items : []) {
    const name = scalarText(member(item, 'ParameterKey'));
    if (name !== undefined && scalarText(member(item, 'UsePreviousValue'))?.toLowerCase() === 'true')
      kept.set(name, item.place);
  }
  return kept;
}

function valuesOf(tree: Tree): ReadonlyMap<string, string | readonly string[]> {
  const values = new Map<string, string | readonly string[]>();
  if (tree.kind === 'list') {
    for (const item of tree.items) {
      const name = scalarText(member(item, 'ParameterKey'));
      const value = scalarText(member(item, 'ParameterValue'));
      if (name !== undefined && value !== undefined) values.set(name, value);
      else for (const [key, given] of pairsIn(scalarText(item) ?? '')) values.set(key, given);
    }
    return values;
  }
  const own = member(tree, 'Parameters') ?? member(tree, 'context') ?? tree;
  for (const { key, value } of own.kind === 'map' ? own.entries : []) {
    // https://docs.aws.amazon.com/cdk/v2/guide/context.html
    const name = /^ssm:.*\bparameterName=([^:]+)/.exec(key.text)?.[1] ?? key.text;
    if (value.kind === 'scalar') values.set(name, value.text);
    else if (value.kind === 'list')
      values.set(
        name,
        value.items.map((item) => scalarText(item) ?? ''),
      );
  }
  return values;
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html */
function fromSamConfig(file: SourceFile, account: string): ParameterValues {
  const values = new Map<string, string>();
  let config: unknown;
  try {
    config = parseToml(file.text);
  } catch (error) {
    const at = file.lineStart(error instanceof TomlError ? error.line : 1);
    const message = `not valid TOML: ${error instanceof TomlError ? (error.message.split('\n')[0] ?? '') : 'it cannot be read'}`;
    return {
      values,
      kept: new Map(),
      problems: [{ level: 'error', message, place: { source: file, start: at, end: at } }],
    };
  }
  const environment = dataAt(config, account) ?? dataAt(config, 'default');
  for (const command of ['global', 'deploy']) {
    const given = dataAt(dataAt(dataAt(environment, command), 'parameters'), 'parameter_overrides');
    for (const text of Array.isArray(given) ? given : [given])
      if (typeof text === 'string') for (const [name, value] of pairsIn(text)) values.set(name, value);
  }
  return { values, kept: new Map(), problems: [] };
}

/** `Env=prod Name="two words"`, or `ParameterKey=Env,ParameterValue=prod`. */
function pairsIn(text: string): readonly (readonly [string, string])[] {
  const value = /("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']\S*|)/.source;
  const keyed = [...text.matchAll(new RegExp(`ParameterKey=([^,\\s]+),\\s*ParameterValue=${value}`, 'g'))];
  const found = keyed.length > 0 ? keyed : [...text.matchAll(new RegExp(`(?:^|\\s)([A-Za-z0-9]+)=${value}`, 'g'))];
  return found.map(([, name = '', given = '']) => [name, unquoted(given)] as const);
}

function unquoted(text: string): string {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1);
  return /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
