import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Each room under src/ and the rooms that it may import, besides itself. Lowest first: a room imports only what stands above it here. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  source: [],
  symbolic: ['source'],
  iam: ['source', 'symbolic'],
  inventory: ['source', 'symbolic', 'iam'],
  drift: ['source', 'symbolic', 'iam', 'inventory'],
  config: ['source', 'symbolic', 'iam'],
  documents: ['source', 'symbolic', 'iam', 'inventory', 'config'],
  assumptions: ['source', 'symbolic', 'iam', 'inventory', 'config'],
  rules: ['source', 'symbolic', 'iam', 'inventory', 'config', 'assumptions'],
  fixes: ['source', 'symbolic', 'iam', 'inventory', 'rules'],
  explain: [],
  suggest: ['source', 'symbolic', 'iam', 'inventory', 'assumptions', 'fixes', 'explain'],
  report: ['source', 'symbolic', 'iam', 'inventory', 'drift', 'assumptions', 'rules', 'fixes', 'explain'],
  files: ['source', 'config', 'documents'],
  git: ['source', 'documents', 'files'],
  github: ['source', 'documents', 'files', 'report'],
  aws: ['source', 'symbolic', 'iam', 'inventory'],
};

/** The rim: the only rooms with effects. Files directly in src/ belong to it, and may import everything. */
const RIM: ReadonlySet<string> = new Set(['files', 'git', 'github', 'aws', '']);

const FORBIDDEN_IMPORT =
  /^(?:@actions\/|@octokit\/|@aws-sdk\/|(?:node:)?(?:fs|child_process|net|http|https|http2|process|os)(?:\/|$))/;
const FORBIDDEN_CODE = /\bprocess\.\w|\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.now\b/;

const MAX_LINES = 300;

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const root = fileURLToPath(new URL('../../src', import.meta.url));
const files = readSources();
const byPath = new Map(files.map((file) => [file.path, file]));

test('every file is short enough to read in one go', () => {
  const long = files.filter((file) => lineCount(file.text) > MAX_LINES);
  expect(long.map((file) => `src/${file.path}: ${lineCount(file.text)} lines, at most ${MAX_LINES}`)).toEqual([]);
});

test('every room is in the table', () => {
  const unlisted = files.filter((file) => file.room !== '' && ALLOWED[file.room] === undefined);
  expect(unlisted.map((file) => `src/${file.path}: no room "${file.room}" in the table`)).toEqual([]);
});

test('the table itself runs one way', () => {
  const rooms = Object.keys(ALLOWED);
  const upward = rooms.flatMap((room, index) =>
    (ALLOWED[room] ?? []).filter((other) => rooms.indexOf(other) >= index).map((other) => `${room} -> ${other}`),
  );
  expect(upward).toEqual([]);
});

test('rooms import only the rooms below them', () => {
  const wrong = files.flatMap((file) =>
    file.room === ''
      ? []
      : relativeImports(file)
          .filter((target) => roomOf(target) !== file.room && !ALLOWED[file.room]?.includes(roomOf(target)))
          .map((target) => `src/${file.path} imports src/${target}`),
  );
  expect(wrong).toEqual([]);
});

test('relative imports name files that exist', () => {
  const missing = files.flatMap((file) =>
    relativeImports(file)
      .filter((target) => target.endsWith('.ts') && !byPath.has(target))
      .map((target) => `src/${file.path} imports src/${target}`),
  );
  expect(missing).toEqual([]);
});

test('only the rim touches files, processes, the network, the environment, the clock or chance', () => {
  const impure = files
    .filter((file) => !RIM.has(file.room))
    .flatMap((file) => [
      ...file.imports.filter((name) => FORBIDDEN_IMPORT.test(name)).map((name) => `src/${file.path} imports ${name}`),
      ...forbiddenLines(file),
    ]);
  expect(impure).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(findCycles()).toEqual([]);
});

function readSources(): SourceFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((native) => {
      const path = native.split(sep).join('/');
      const text = readFileSync(join(root, native), 'utf8');
      return { path, room: roomOf(path), text, imports: importsOf(text) };
    });
}

function roomOf(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function importsOf(text: string): string[] {
  const statement = /^[ \t]*(?:import|export)\b(?:[^;'"`]*?\bfrom)?\s*(['"])([^'"\n]+)\1/gm;
  const dynamic = /\bimport\(\s*(?:\/\*.*?\*\/\s*)?(['"])([^'"\n]+)\1/g;
  return [statement, dynamic].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[2] ?? ''));
}

function relativeImports(file: SourceFile): string[] {
  return file.imports
    .filter((name) => name.startsWith('.'))
    .map((name) =>
      relative('.', normalize(join(dirname(file.path), name)))
        .split(sep)
        .join('/'),
    );
}

function forbiddenLines(file: SourceFile): string[] {
  return file.text
    .split('\n')
    .map((line, index) => ({ code: line.replace(/^\s*(?:\/\/|\/?\*).*$/, ''), number: index + 1 }))
    .filter(({ code }) => FORBIDDEN_CODE.test(code))
    .map(({ code, number }) => `src/${file.path}:${number}: ${code.trim()}`);
}

function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

function findCycles(): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) cycles.push([...trail.slice(start), path].join(' -> '));
    if (start !== -1 || done.has(path)) return;
    const file = byPath.get(path);
    for (const target of file ? relativeImports(file) : []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return cycles;
}
