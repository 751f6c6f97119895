import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand, type Terminal } from '../../src/cli-run.ts';

/** The texts of a repository's files, by path. */
export type Documents = Readonly<Record<string, string>>;

/** Where the configuration is looked for. */
export const CONFIGURATION = '.github/assume-role-check.yml';

/** `tools*` is deployed to 111122223333, `prod*` to 444455556666. */
export const ACCOUNTS = lines(`
  accounts:
    tools: {id: "111122223333", paths: ["tools*"]}
    prod: {id: "444455556666", paths: ["prod*"]}
`);

export interface Location {
  readonly path: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ReportedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly location: Location;
  readonly related: readonly { readonly location: Location; readonly message: string }[];
  readonly principal?: string;
  readonly role?: string;
  readonly action?: string;
  readonly fix?: { readonly edits: readonly { readonly path: string; readonly newText: string }[] };
}

export interface ReportedAssumption {
  readonly name?: string;
  readonly principal: string;
  readonly role: string;
  readonly action: string;
  readonly decision: string;
  readonly answer?: string;
  readonly declaredBy: readonly { readonly kind: string }[];
}

export interface JsonReport {
  readonly summary: { readonly principals: number; readonly roles: number };
  readonly findings: readonly ReportedFinding[];
  readonly assumptions: readonly ReportedAssumption[];
  readonly diagnostics: readonly {
    readonly level: string;
    readonly message: string;
    readonly case?: { readonly document: unknown; readonly command: string };
  }[];
  readonly changes: { readonly lost: readonly unknown[] };
  readonly drift: readonly ReportedDifference[];
}

export interface ReportedDifference {
  readonly kind: string;
  readonly arn: string;
  readonly part: string;
  readonly name?: string;
  readonly declared: readonly string[];
  readonly deployed: readonly string[];
  readonly message: string;
  readonly location: Location;
}

/** Checks files in a folder of their own, as the command line does. */
export function check(
  documents: Documents,
  ...options: readonly string[]
): { readonly status: number; readonly report: JsonReport } {
  return checkChange(undefined, documents, ...options);
}

/** Checks files against what a commit held before, where something did. */
export function checkChange(
  before: Documents | undefined,
  documents: Documents,
  ...options: readonly string[]
): { readonly status: number; readonly report: JsonReport } {
  const { status, output } = run(documents, ['check', '--format', 'json', ...options], before);
  const report: JsonReport = JSON.parse(output);
  return { status, report };
}

/** One command among the files; on 23 November 2026, so that dates in documents do not run out. */
export function run(
  documents: Documents,
  args: readonly string[],
  before?: Documents,
): { readonly status: number; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'));
  try {
    if (before !== undefined) commit(folder, before);
    write(folder, documents);
    let output = '';
    const terminal: Terminal = {
      cwd: folder,
      environment: {},
      colours: false,
      now: () => Date.parse('2026-11-23'),
      write: (text) => {
        output += text;
      },
    };
    const status = runCommand(before === undefined ? args : [...args, '--base', 'HEAD'], terminal);
    return { status, output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, documents: Documents): void {
  for (const [path, text] of Object.entries(documents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Makes the folder a repository whose only commit holds these files, and leaves none of them behind. */
function commit(folder: string, documents: Documents): void {
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
  };
  write(folder, documents);
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Before');
  for (const path of Object.keys(documents)) rmSync(join(folder, path));
}

/**
 * Where a piece of text stands. The marker occurs once in the document; where the piece alone would occur more often,
 * the marker is longer, and «» enclose the piece: `Action: «sts:AssumeRole»`. Its spaces stand for line breaks, too.
 */
export function place(documents: Documents, path: string, marker: string): Location {
  const text = documents[path];
  if (text === undefined) throw new Error(`there is no document ${path}`);
  const [, before = '', piece = marker, after = ''] = /^(.*)«(.*)»(.*)$/s.exec(marker) ?? [];
  const sought = new RegExp(`(${anySpace(before)})(${anySpace(piece)})${anySpace(after)}`, 'g');
  const [match, ...more] = text.matchAll(sought);
  if (match === undefined || more.length > 0)
    throw new Error(`${path} holds ${match ? 'more than once' : 'no'} ${marker}`);
  const start = match.index + (match[1] ?? '').length;
  const from = position(text, start);
  const to = position(text, start + (match[2] ?? '').length);
  return { path, startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}

function anySpace(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/ +/g, '\\s+');
}

function position(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** A text without the indent that its lines share and without empty lines around it; it ends in a line break. */
export function lines(text: string): string {
  const all = text.replace(/^\n+|\s+$/g, '').split('\n');
  const indents = all.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents);
  return `${all.map((line) => line.slice(shared)).join('\n')}\n`;
}

function indented(text: string, by: number): string {
  return lines(text).replace(/^(?=.)/gm, ' '.repeat(by));
}

/** A CloudFormation template of these resources, in YAML. */
export function template(...resources: readonly string[]): string {
  return `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n${resources.map((text) => indented(text, 2)).join('')}`;
}

export interface RoleText {
  /** RoleName; without one, AWS generates it. */
  readonly name?: string;
  /** Statements of the trust policy. */
  readonly trust?: string;
  /** Statements of an inline policy. */
  readonly grants?: string;
  /** Further properties. */
  readonly more?: string;
}

/** An AWS::IAM::Role, in YAML; it trusts EC2 where nothing else is said. */
export function role(id: string, { name, trust, grants, more }: RoleText): string {
  const statements = trust ?? '- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}';
  return [
    `${id}:\n  Type: AWS::IAM::Role\n  Properties:\n`,
    name === undefined ? '' : `    RoleName: ${name}\n`,
    '    AssumeRolePolicyDocument:\n      Version: "2012-10-17"\n      Statement:\n',
    indented(statements, 8),
    grants === undefined ? '' : inlinePolicy(grants),
    more === undefined ? '' : indented(more, 4),
  ].join('');
}

/** An AWS::IAM::User, in YAML. */
export function user(id: string, { name, grants, more }: Omit<RoleText, 'trust'>): string {
  return [
    `${id}:\n  Type: AWS::IAM::User\n  Properties:\n`,
    `    UserName: ${name ?? id.toLowerCase()}\n`,
    grants === undefined ? '' : inlinePolicy(grants),
    more === undefined ? '' : indented(more, 4),
  ].join('');
}

function inlinePolicy(statements: string): string {
  const head = '    Policies:\n      - PolicyName: own\n        PolicyDocument:\n';
  return `${head}          Version: "2012-10-17"\n          Statement:\n${indented(statements, 12)}`;
}

/** A document in JSON, indented as people and tools write it. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A policy document in JSON. */
export function policy(...statements: readonly unknown[]): string {
  return json({ Version: '2012-10-17', Statement: statements });
}
