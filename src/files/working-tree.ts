import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathPattern } from '../config/patterns.ts';
import type { Files, Unreadable } from '../documents/files.ts';
import { SourceFile } from '../source/source.ts';
import { decode, isVerbatim } from './decode.ts';
import { walk } from './walk.ts';

const DOCUMENT = /\.(ya?ml|json|template|tf|tofu|tfvars|tfbackend)$|backend[\w.-]*\.hcl$/i;
/** `.aws/config`, `aws-config.ini`: what the AWS CLI and the SDKs read. */
const AWS_CONFIG = /(^|\/)(\.aws\/(config|credentials)|[\w-]*aws[\w-]*[._-]?(config|ini))$/i;
/** A generated template has a few megabytes; what is larger is data. */
const MOST_BYTES = 64 * 1024 * 1024;

function isDocument(path: string): boolean {
  return DOCUMENT.test(path) || AWS_CONFIG.test(path);
}

/** The files of a folder on disk. `paths` (relative to the root, `''` for all of it) are those to check; `shownFrom` stands before each in reports. */
export function workingTree(root: string, paths: readonly string[], shownFrom = ''): Files {
  const shownPath = (path: string): string => shownFrom + path;
  const realRoot = realpathSync(root);
  const read = new Map<string, SourceFile | undefined>();
  const matched = new Map<string, readonly string[]>();
  const unreadable: Unreadable[] = [];
  const named = new Set(
    paths.filter((path) => path !== '' && statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true),
  );
  const folders = paths.filter((path) => !named.has(path));
  const documents = [...new Set([...named, ...folders.flatMap((folder) => walk(root, folder, isDocument))])].sort();
  const load = (path: string): SourceFile | undefined => {
    const text = readText(root, realRoot, path);
    if (text.kind === 'text') return new SourceFile(path, text.text, shownPath(path), text.verbatim);
    if (text.kind === 'unreadable') unreadable.push({ path, shown: shownPath(path), message: text.message });
    return undefined;
  };
  return {
    documents,
    covers: (path) =>
      named.has(path) ||
      (isDocument(path) && folders.some((folder) => folder === '' || path === folder || path.startsWith(`${folder}/`))),
    matching: (pattern) => {
      const known = matched.get(pattern);
      if (known !== undefined) return known;
      const matcher = pathPattern(pattern);
      const found = walk(root, fixedFolder(pattern), (path) => matcher.match(path) !== undefined);
      matched.set(pattern, found);
      return found;
    },
    read: (path) => {
      if (!read.has(path)) read.set(path, load(path));
      return read.get(path);
    },
    shownPath,
    unreadable: () => unreadable,
  };
}

/** The folders of a pattern before its first wildcard, so that nothing else is walked. */
function fixedFolder(pattern: string): string {
  const segments = pattern.replace(/^\.?\//, '').split('/');
  const wild = segments.findIndex((segment) => /[*?{]/.test(segment));
  return segments.slice(0, wild === -1 ? -1 : wild).join('/');
}

type ReadText =
  | { readonly kind: 'text'; readonly text: string; readonly verbatim: boolean }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'absent' };

function readText(root: string, realRoot: string, path: string): ReadText {
  try {
    const real = realpathSync(join(root, path));
    if (real !== realRoot && !real.startsWith(realRoot + sep))
      return { kind: 'unreadable', message: 'a link that leads out of the repository is not followed' };
    const { size } = statSync(real);
    if (size > MOST_BYTES)
      return {
        kind: 'unreadable',
        message: `${Math.round(size / 1024 / 1024)} MB is more than is read of one file (64 MB)`,
      };
    const bytes = readFileSync(real);
    const text = decode(bytes);
    return text === undefined
      ? { kind: 'unreadable', message: 'it holds no text (neither UTF-8 nor UTF-16)' }
      : { kind: 'text', text, verbatim: isVerbatim(bytes) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOENT'
      ? { kind: 'absent' }
      : { kind: 'unreadable', message: `it cannot be read (${code === '' ? 'unknown reason' : code})` };
  }
}
