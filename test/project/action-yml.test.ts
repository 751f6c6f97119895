import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ActionsMetadataProvider, validate } from '@actions/languageservice';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';

const INPUTS = [
  'github-token',
  'paths',
  'config',
  'terraform-plan',
  'inventory',
  'account',
  'fail-on',
  'scope',
  'comment',
  'summary',
  'sarif-file',
  'report-file',
  'aws-lookup',
  'verify-with-aws',
];

const OUTPUTS = [
  'findings',
  'errors',
  'warnings',
  'allowed',
  'denied',
  'conditional',
  'unknown',
  'report-file',
  'sarif-file',
];

interface Metadata {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const actionText = read('action.yml');
const action: Metadata = parse(actionText);

const metadata: ActionsMetadataProvider = {
  async fetchActionMetadata({ owner, name }) {
    // Without inputs in its metadata, another publisher's step is accepted as it is.
    return name === 'assume-role-check' ? action : { name: `${owner}/${name}`, description: '' };
  },
};

describe('action.yml', () => {
  test('is valid', async () => {
    expect(await problems('action.yml', actionText)).toEqual([]);
  });

  test('has the published inputs and outputs, in their order, each with a description', () => {
    expect(Object.keys(action.inputs)).toEqual(INPUTS);
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS);
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
      expect(description).toMatch(/\.$/);
    }
  });

  test('gives every input a default that is a string', () => {
    for (const [name, input] of Object.entries(action.inputs)) expect(input.default, name).toBeTypeOf('string');
  });

  test('runs the bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/index.js' });
  });
});

describe('workflows', () => {
  for (const path of list('.github/workflows', /\.ya?ml$/)) {
    test(`${path} is valid, and pins other publishers' actions by commit`, async () => {
      const text = read(path);
      expect(await problems(path, text)).toEqual([]);
      expect(unpinned(text)).toEqual([]);
    });
  }

  for (const path of ['README.md', ...list('docs', /\.md$/)].filter((path) => existsSync(join(root, path)))) {
    for (const { line, text } of workflowBlocks(read(path))) {
      test(`the workflow in ${path}, line ${line}, is valid`, async () => {
        expect(await problems(`${path}.${line}.yml`, text)).toEqual([]);
      });
    }
  }
});

describe('the validation', () => {
  const workflow = (step: string): string =>
    `on: pull_request\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;

  test.each(['./', 'octo-org/assume-role-check@v1'])('knows the inputs of %s', async (uses) => {
    const good = await problems('good.yml', workflow(`{uses: ${uses}, with: {paths: stacks}}`));
    const bad = await problems('bad.yml', workflow(`{uses: ${uses}, with: {path: stacks}}`));
    expect(good).toEqual([]);
    expect(bad).toEqual(["6: Invalid action input 'path'"]);
  });

  test('finds workflows, jobs and steps in Markdown, and leaves other YAML alone', () => {
    const block = (yaml: string): string => `\`\`\`yaml\n${yaml}\n\`\`\`\n`;
    const found = [
      'on: push\njobs: {}',
      'jobs: {}',
      'steps: []',
      '- uses: ./',
      '- name: a\n  run: b',
      'accounts: {}',
    ].map((yaml) => workflowBlocks(block(yaml)).length);
    expect(found).toEqual([1, 1, 1, 1, 1, 0]);
  });
});

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function list(folder: string, name: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path))
    .sort()
    .map((path) => join(folder, path));
}

let documents = 0;

async function problems(path: string, text: string): Promise<string[]> {
  // The service caches by URI, and takes a file for an action's metadata only by this name.
  const uri = `file:///${++documents}/${path === 'action.yml' ? path : `.github/workflows/${path.replaceAll('/', '-')}`}`;
  const document = TextDocument.create(uri, 'yaml', 1, byOwnName(text));
  const diagnostics = await validate(document, { actionsMetadataProvider: metadata });
  return diagnostics.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

/** The service looks up no metadata for a local action. */
function byOwnName(text: string): string {
  return text.replace(/(\buses:\s*)\.\/(?=[\s,}]|$)/gm, '$1local/assume-role-check@HEAD');
}

function unpinned(text: string): string[] {
  return [...text.matchAll(/\buses:\s*(\S+)(.*)/g)]
    .filter(([, name = '', comment = '']) => {
      const pinned = /@[0-9a-f]{40}$/.test(name) && /^ # v\d+\.\d+\.\d+$/.test(comment);
      return !name.startsWith('./') && !pinned;
    })
    .map(([line]) => line);
}

interface Block {
  /** The line of the opening fence. */
  readonly line: number;
  readonly text: string;
}

/** The YAML blocks of a Markdown text that are a workflow, or a part of one: that part is completed to a workflow. */
function workflowBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^([ ]*)(`{3,}|~{3,})ya?ml\b.*\n([\s\S]*?)^[ ]*\2[ ]*$/gm)].flatMap((match) => {
    const [, indentation = '', , body = ''] = match;
    const text = asWorkflow(body.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''));
    return text === undefined ? [] : [{ line: markdown.slice(0, match.index).split('\n').length, text }];
  });
}

function asWorkflow(yaml: string): string | undefined {
  const value: unknown = parse(yaml, { logLevel: 'silent' });
  if (Array.isArray(value)) {
    const isStep = (item: unknown): boolean => isRecord(item) && ('uses' in item || 'run' in item);
    return value.length > 0 && value.every(isStep) ? asWorkflow(`steps:\n${indent(yaml, 2)}`) : undefined;
  }
  if (!isRecord(value)) return undefined;
  if ('jobs' in value) return 'on' in value ? yaml : `on: pull_request\n${yaml}`;
  if ('steps' in value) return asWorkflow(`jobs:\n  job:\n    runs-on: ubuntu-latest\n${indent(yaml, 4)}`);
  return undefined;
}

function indent(text: string, width: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(width));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
