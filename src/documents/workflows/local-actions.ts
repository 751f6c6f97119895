import type { SourceFile } from '../../source/source.ts';
import { member, type ScalarTree, scalarText, type TextProblem, type Tree } from '../../source/tree.ts';
import { parseText } from '../text.ts';

/** A composite action of the repository: steps that stand in a file of their own. */
export interface LocalAction {
  readonly path: string;
  readonly inputs: Tree | undefined;
  readonly steps: readonly Tree[];
  readonly text: string;
}

const USES_LOCAL = /\buses:\s*["']?(\.\/[^\s"'#,{}]*)/g;

/** Whether a text has steps that assume a role. */
export function assumesRoles(text: string): boolean {
  return text.includes('configure-aws-credentials') || /\bsts\s+assume-role/.test(text);
}

/** The actions that lie in the repository and are named by their folder. https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax */
export class LocalActions {
  readonly #read: (path: string) => SourceFile | undefined;

  constructor(read: (path: string) => SourceFile | undefined) {
    this.#read = read;
  }

  /** The action under `./folder` of a repository; undefined for what is no composite action. */
  at(root: string, uses: string): LocalAction | undefined {
    const file = this.#file(root, uses);
    if (file === undefined) return undefined;
    const [tree] = parseText(file).documents;
    const runs = member(tree, 'runs');
    const steps = member(runs, 'steps');
    if (scalarText(member(runs, 'using')) !== 'composite' || steps?.kind !== 'list') return undefined;
    return { path: file.path, inputs: member(tree, 'inputs'), steps: steps.items, text: file.text };
  }

  /** What keeps an action's file from being read. */
  problems(root: string, uses: string): readonly TextProblem[] {
    const file = this.#file(root, uses);
    if (file === undefined || !assumesRoles(file.text)) return [];
    return parseText(file).problems.filter(({ level }) => level === 'error');
  }

  /** Whether a text uses an action that assumes a role, or that uses another one which does. */
  assumeRoles(root: string, text: string, seen: ReadonlySet<string> = new Set()): boolean {
    return [...text.matchAll(USES_LOCAL)].some(([, uses = '']) => {
      const file = seen.has(uses) ? undefined : this.#file(root, uses);
      if (file === undefined) return false;
      return assumesRoles(file.text) || this.assumeRoles(root, file.text, new Set([...seen, uses]));
    });
  }

  #file(root: string, uses: string): SourceFile | undefined {
    const folder = uses.slice('./'.length).replace(/\/+$/, '');
    // What leads out of the repository, or names one file, is no action.
    if (!uses.startsWith('./') || folder.split('/').includes('..') || /\.ya?ml$/.test(folder)) return undefined;
    const base = folder === '' ? root : `${root}${folder}/`;
    return this.#read(`${base}action.yml`) ?? this.#read(`${base}action.yaml`);
  }
}

/** What a step hands to an action, by the names of its inputs, which compare without case. */
export function inputOf(inputs: Tree | undefined, name: string): ScalarTree | undefined {
  if (inputs?.kind !== 'map') return undefined;
  const found = inputs.entries.find(({ key }) => key.text.toLowerCase() === name)?.value;
  return found?.kind === 'scalar' && found.type !== 'null' && found.text !== '' ? found : undefined;
}
