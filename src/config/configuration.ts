import { parseJson } from '../source/json.ts';
import type { Place, SourceFile } from '../source/source.ts';
import type { Tree } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import { type ConfigurationFile, configurationSchema } from './schema.ts';

/** A checked configuration, with the place of every value in it. */
export interface Configuration {
  readonly file: ConfigurationFile;
  /** The place of the value at a path of keys and indexes; that of the nearest one above where there is none. */
  place(...path: readonly (string | number)[]): Place | undefined;
}

export const NO_CONFIGURATION: Configuration = { file: {}, place: () => undefined };

/** One thing that is wrong in a configuration; a run does not start with one. */
export interface ConfigurationError {
  readonly message: string;
  readonly place: Place;
}

export type ParsedConfiguration =
  | { readonly ok: true; readonly configuration: Configuration }
  | { readonly ok: false; readonly errors: readonly ConfigurationError[] };

export function parseConfiguration(source: SourceFile, ruleIds: readonly string[]): ParsedConfiguration {
  // JSON is YAML, and far quicker to read.
  const json = /^\uFEFF?\s*\{/.test(source.text) ? parseJson(source) : undefined;
  const { documents, problems } = json?.documents.length === 1 ? json : parseYaml(source);
  const [tree] = documents;
  if (problems.length > 0) return { ok: false, errors: problems };
  if (tree === undefined) return { ok: true, configuration: NO_CONFIGURATION };
  const place = (...path: readonly (string | number)[]): Place => placeAt(tree, path, false);
  const checked = configurationSchema.safeParse(plain(tree));
  if (checked.success) {
    const errors = unknownRules(checked.data, ruleIds, tree);
    return errors.length > 0 ? { ok: false, errors } : { ok: true, configuration: { file: checked.data, place } };
  }
  const errors = checked.error.issues.map((issue): ConfigurationError => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    if (unknown !== undefined)
      return {
        message: `unknown key ${JSON.stringify(unknown)}${within(path)}`,
        place: placeAt(tree, [...path, unknown], true),
      };
    return { message: `${wordOf(issue)}${within(path)}`, place: placeAt(tree, path, false) };
  });
  return { ok: false, errors };
}

function unknownRules(file: ConfigurationFile, ruleIds: readonly string[], tree: Tree): readonly ConfigurationError[] {
  const named = [
    ...Object.keys(file.rules ?? {}).map((id) => ({ id, place: placeAt(tree, ['rules', id], true) })),
    ...(file.ignore ?? []).map((entry, index) => ({
      id: entry.rule,
      place: placeAt(tree, ['ignore', index, 'rule'], false),
    })),
  ];
  return named
    .filter(({ id }) => !ruleIds.includes(id))
    .map(({ id, place }) => ({ message: `there is no rule ${JSON.stringify(id)}`, place }));
}

interface Issue {
  readonly code?: string | undefined;
  readonly message: string;
  readonly expected?: unknown;
  readonly values?: unknown;
}

/** One clear sentence for what zod found; its own words where they are ours. */
function wordOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return `expected ${String(issue.expected)}`;
  if (issue.code === 'invalid_value' && Array.isArray(issue.values)) return `expected ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_union') return 'expected text or a list of texts';
  return issue.message === '' || issue.message === 'Invalid input' ? 'not valid here' : issue.message;
}

function within(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : ` in ${path.map((part) => String(part)).join('.')}`;
}

/** The place of a value, or of the key that holds it. */
function placeAt(tree: Tree, path: readonly (string | number)[], ofKey: boolean): Place {
  let at = tree;
  for (const [index, part] of path.entries()) {
    const last = index === path.length - 1;
    if (at.kind === 'map') {
      const entry = at.entries.find(({ key }) => key.text === String(part));
      if (entry === undefined) return at.place;
      if (last && ofKey) return entry.key.place;
      at = entry.value;
    } else if (at.kind === 'list') at = at.items[Number(part)] ?? at;
  }
  return at.place;
}

/** The tree as plain data. Numbers stay text: an account id is no number. */
function plain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      if (tree.type === 'null') return null;
      return tree.type === 'boolean' ? tree.text.toLowerCase() === 'true' : tree.text;
    case 'list':
      return tree.items.map(plain);
    case 'map':
      return Object.fromEntries(tree.entries.map(({ key, value }) => [key.text, plain(value)]));
  }
}
