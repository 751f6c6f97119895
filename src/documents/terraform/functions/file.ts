import { parseTemplate } from '../../../source/hcl/parse.ts';
import { type Place, SourceFile } from '../../../source/source.ts';
import { isKnown } from '../../../symbolic/text.ts';
import { unknownResult } from '../operators.ts';
import { tooMuch } from '../run.ts';
import { Scope } from '../scope.ts';
import { bool, failure, listTerm, type SettledTerm, type Term, textTerm } from '../term.ts';
import {
  type CallSite,
  type Evaluate,
  type Functions,
  knownText,
  neither,
  ofTexts,
  type TerraformFunction,
} from './function.ts';

export const FILES: Functions = {
  // What the home folder is, only whoever runs Terraform knows.
  pathexpand: ofTexts((path = '') => (path.startsWith('~') ? null : path)),
  basename: ofTexts((path = '') => (path === '' ? '.' : (/([^/]*)\/*$/.exec(path)?.[1] ?? '') || '/')),
  dirname: ofTexts((path = '') => cleaned(path.slice(0, path.lastIndexOf('/') + 1) || '.')),
  file: (given, call) => {
    const file = read(given, call);
    return 'kind' in file ? file : wholeFile(file);
  },
  filebase64: ofBytes((bytes) => bytes.toString('base64')),
  fileexists: (given, call) => {
    const file = read(given, call);
    return 'kind' in file ? unknownResult('fileexists', given, call.place) : bool(true, call.place);
  },
  fileset: (given, call) => {
    const [folder, pattern] = [knownText(given[0]), knownText(given[1])];
    if (folder === undefined || pattern === undefined) return neither(given, call);
    const paths = call.scope.run.spend(2000) ? call.scope.host.list(folder, pattern) : undefined;
    if (paths === undefined) return unknownResult('fileset', given, call.place);
    return listTerm(
      paths.map((path) => textTerm(path, call.place)),
      call.place,
      'set',
    );
  },
};

/** A function of a file's bytes, where its text shows them. */
export function ofBytes(apply: (bytes: Buffer) => string): TerraformFunction {
  return (given, call) => {
    const file = read(given, call);
    if ('kind' in file) return file;
    return file.verbatim && call.scope.run.spend(file.text.length >> 8)
      ? textTerm(apply(Buffer.from(file.text, 'utf8')), call.place)
      : unknownResult(call.name, given, call.place);
  };
}

/** As Go's path.Clean, of what is left of a path. */
function cleaned(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (step !== '..' || !rooted) kept.push(step);
  }
  return rooted ? `/${kept.join('/')}` : kept.join('/') || '.';
}

function wholeFile(file: SourceFile): Term {
  const place = { source: file, start: 0, end: file.text.length };
  return textTerm(file.text, place);
}

function read(given: readonly SettledTerm[], call: CallSite): SourceFile | Term {
  const path = knownText(given[0]);
  if (path === undefined) return neither(given, call);
  // A file that a build makes, or that stands outside of the checkout, is not here.
  return call.scope.host.read(path) ?? missingFile(call, path);
}

function missingFile({ name, place }: CallSite, path: string): Term {
  const id = `${name}(${JSON.stringify(path)})`;
  const shown = `\${${name}(${JSON.stringify(path)})}`;
  return {
    kind: 'unknown',
    unknown: { id, kind: 'open', shown, missing: `the file ${path}, which is not in the repository` },
    place,
  };
}

/** `templatefile` and `templatestring`: the template sees the given variables alone. */
export function templateFile(
  name: 'templatefile' | 'templatestring',
  given: readonly SettledTerm[],
  scope: Scope,
  evaluate: Evaluate,
  place: Place,
): Term {
  const call = { name, place, scope };
  const [first, variables] = given;
  const file = name === 'templatefile' ? read(given, call) : templateText(first, given, call);
  if ('kind' in file) return file;
  const template = parseTemplate(file);
  if ('message' in template) return failure(template.message, template.place);
  if (variables?.kind !== 'map')
    return variables?.kind === 'unknown' ? unknownResult(name, given, place) : neither(given, call);
  const none = (missing: string, at: Place): Term => failure(`the template has no variable ${missing}`, at);
  const bare = new Scope({ ...scope.host, find: none }, scope.run);
  const inner = variables.members.reduce((at, { key, value }) => (isKnown(key) ? at.withName(key, value) : at), bare);
  return scope.run.spend(10) ? evaluate(template, inner) : tooMuch(place);
}

function templateText(term: SettledTerm | undefined, given: readonly SettledTerm[], call: CallSite): SourceFile | Term {
  const text = knownText(term);
  return text === undefined ? neither(given, call) : new SourceFile(call.place.source.path, text);
}
