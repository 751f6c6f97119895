import { pathPattern } from '../../src/config/patterns.ts';
import type { Files } from '../../src/documents/files.ts';
import { type EvaluatedRoot, evaluateRoot } from '../../src/documents/terraform/module/evaluate-root.ts';
import type { RootInput } from '../../src/documents/terraform/module/root.ts';
import { TerraformFiles } from '../../src/documents/terraform/module/terraform-files.ts';
import { locate, type Place, SourceFile, textAt } from '../../src/source/source.ts';
import { show } from '../../src/symbolic/text.ts';
import type { Value } from '../../src/symbolic/value.ts';

/** The files of a repository, from their texts by path. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const sources = new Map(Object.entries(texts).map(([path, text]) => [path, new SourceFile(path, text)]));
  const documents = [...sources.keys()].sort();
  return {
    documents,
    covers: () => true,
    matching: (pattern) => documents.filter((path) => pathPattern(pattern).match(path) !== undefined),
    shownPath: (path) => path,
    read: (path) => sources.get(path),
    unreadable: () => [],
  };
}

/** A root module, evaluated from the texts of its files. */
export function rootOf(
  texts: Readonly<Record<string, string>>,
  input: Partial<Omit<RootInput, 'files'>> = {},
): { readonly root: EvaluatedRoot } {
  const given = { directory: '', id: 'root', variables: new Map(), computed: () => undefined, ...input };
  const root = evaluateRoot({ files: new TerraformFiles(filesOf(texts)), ...given });
  if (root === undefined) throw new Error('there is no module');
  return { root };
}

/** A value in short: what it is, and what stays unknown in it. */
export function plain(value: Value | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return undefined;
    case 'text':
      return value.type === 'string' ? show(value.text) : JSON.parse(show(value.text));
    case 'list':
      return value.items.map(plain);
    case 'map':
      return Object.fromEntries(value.members.map((member) => [show(member.key), plain(member.value)]));
    case 'unknown':
      return value.unknown.shown;
    case 'choice':
      return { when: value.otherwise.unknown.shown, yes: plain(value.whenTrue), no: plain(value.whenFalse) };
  }
}

/** `main.tf:3:9 the text there` */
export function at(place: Place): string {
  const { path, startLine, startColumn } = locate(place);
  return `${path}:${startLine}:${startColumn} ${textAt(place)}`;
}

/** What one expression gives, as the output of a module that holds nothing else. */
export function outputOf(expression: string): unknown {
  return plain(rootOf({ 'main.tf': `output "it" {\n  value = ${expression}\n}\n` }).root.output('it'));
}
