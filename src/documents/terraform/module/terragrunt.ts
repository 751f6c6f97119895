import type { Body, Expression } from '../../../source/hcl/syntax.ts';
import { SourceFile, textAt } from '../../../source/source.ts';
import { attributeIn, parseTerraform } from './module-source.ts';
import { normalPath } from './paths.ts';

/** Which variables of a module Terragrunt gives a value: those named, or any where it takes some from elsewhere. */
export type GivenNames = 'any' | ReadonlySet<string>;

/** What Terragrunt adds to a module that it runs. */
export interface TerragruntUnit {
  readonly gives: GivenNames;
  /** Module files that it writes before it runs Terraform: their text stands in its own files. */
  readonly generated: readonly Generated[];
}

interface Generated {
  readonly name: string;
  readonly file: SourceFile;
}

/**
 * The directories of the modules that Terragrunt runs, with the variables that it gives them. Their values come from its own
 * functions and from other units' outputs, so they stay unknown. https://terragrunt.gruntwork.io/docs/reference/hcl/attributes/#inputs
 */
export function terragruntUnits(
  files: readonly SourceFile[],
  read: (path: string) => SourceFile | undefined,
  directories: readonly string[],
): ReadonlyMap<string, TerragruntUnit> {
  const units = new Map<string, TerragruntUnit>();
  for (const file of files) {
    const directory = folderOf(file.path);
    const { body, problems } = parseTerraform(file);
    // What is included includes nothing: https://terragrunt.gruntwork.io/docs/rfc/imports
    const included = body.blocks.filter(({ type }) => type === 'include');
    const parents = included
      .map(({ body: own }) => includedFile(own, directory, read))
      .filter((one) => one !== undefined);
    const module = moduleOf(body, directory);
    const source = sourceIn(body) ?? parents.map((one) => sourceIn(parseTerraform(one).body)).find(Boolean);
    for (const one of module === undefined || sourceIn(body) === undefined ? perhapsMeant(source, directories) : [])
      units.set(one, { gives: 'any', generated: [] });
    if (module === undefined) continue;
    const generated = [file, ...parents].flatMap(generatedBy);
    // An included file gives values, too; of one that cannot be read nobody knows what it gives.
    const open = problems.length > 0 || included.length > 0 || /\.json$/i.test(file.path);
    const names = open ? 'any' : namesIn(body);
    const earlier = units.get(module);
    const gives = names === 'any' || earlier?.gives === 'any' ? 'any' : new Set([...(earlier?.gives ?? []), ...names]);
    // Of several units that run one module each may generate other files.
    units.set(module, { gives, generated: earlier === undefined ? generated : [] });
  }
  return units;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The file that an `include` takes in, where it is named or found in a folder above. */
function includedFile(
  body: Body,
  directory: string,
  read: (path: string) => SourceFile | undefined,
): SourceFile | undefined {
  const path = unquoted(attributeIn(body, 'path')?.value);
  if (path?.kind === 'literal') {
    const found = normalPath(`${directory}/${path.value}`);
    return found === undefined ? undefined : read(found);
  }
  if (path?.kind !== 'call' || path.name !== 'find_in_parent_folders') return undefined;
  const [wanted] = path.arguments;
  if (wanted !== undefined && wanted.kind !== 'literal') return undefined;
  const names = wanted === undefined ? ['terragrunt.hcl', 'terragrunt.hcl.json'] : [String(wanted.value)];
  for (let at = directory; at !== ''; ) {
    at = folderOf(at);
    for (const name of names) {
      const found = normalPath(`${at}/${name}`);
      const file = found === undefined ? undefined : read(found);
      if (file !== undefined) return file;
    }
  }
  return undefined;
}

/** `"${…}"`, as JSON writes an expression. */
function unquoted(expression: Expression | undefined): Expression | undefined {
  const [only, ...more] = expression?.kind === 'template' ? expression.parts : [];
  return only?.kind === 'interpolation' && more.length === 0 ? only.value : expression;
}

/**
 * Files that `generate` blocks write, where their text is written as it is, without anything that Terragrunt works out. Around it
 * the file is blank, so that each thing in it stands where a person finds it.
 * https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/#generate
 */
function generatedBy(file: SourceFile): readonly Generated[] {
  return parseTerraform(file).body.blocks.flatMap(({ type, body }) => {
    const [path, contents] = [attributeIn(body, 'path')?.value, attributeIn(body, 'contents')?.value];
    if (type !== 'generate' || path?.kind !== 'literal' || contents === undefined) return [];
    const heredoc = textAt(contents.place);
    const { start } = contents.place;
    if (!heredoc.includes('\n') || /[$%]\{/.test(heredoc)) return [];
    const blank = (part: string): string => part.replace(/[^\r\n]/g, ' ');
    const whole = `${blank(file.text.slice(0, start))}${heredoc}${blank(file.text.slice(start + heredoc.length))}`;
    const made = { name: String(path.value), file: new SourceFile(file.path, whole, file.shownPath) };
    parseTerraform(made.file, /\.json$/i.test(made.name));
    return [made];
  });
}

/** The directory that a unit runs: its own, unless its source is another one in the repository. */
function moduleOf(body: Body, directory: string): string | undefined {
  const source = sourceIn(body);
  if (source === undefined) return directory;
  if (source.kind !== 'literal' || !/^\.\.?\//.test(String(source.value))) return undefined;
  return normalPath(`${directory}/${source.value}`);
}

function sourceIn(body: Body): Expression | undefined {
  const terraform = body.blocks.find(({ type }) => type === 'terraform');
  return terraform === undefined ? undefined : attributeIn(terraform.body, 'source')?.value;
}

/** The directories that a source may be which Terragrunt works out: those that end as it does. */
function perhapsMeant(source: Expression | undefined, directories: readonly string[]): readonly string[] {
  const last = source?.kind === 'template' ? source.parts.at(-1) : undefined;
  const written = last?.kind === 'text' ? last.text : source?.kind === 'literal' ? String(source.value) : '';
  if (source?.kind === 'literal' && !/^\.\.?\//.test(written)) return [];
  const steps = written.replace(/\?.*$/s, '').split('/');
  const tail = steps.filter((step) => step !== '' && step !== '.' && step !== '..').join('/');
  return tail === '' ? [] : directories.filter((one) => one === tail || one.endsWith(`/${tail}`));
}

function namesIn(body: Body): GivenNames {
  const inputs = attributeIn(body, 'inputs')?.value;
  if (inputs === undefined) return new Set();
  if (inputs.kind !== 'object') return 'any';
  const names = inputs.items.map(({ key }) => (key.kind === 'literal' ? String(key.value) : undefined));
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? new Set(known) : 'any';
}
