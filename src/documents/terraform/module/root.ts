import type { Place, SourceFile } from '../../../source/source.ts';
import type { TextProblem } from '../../../source/tree.ts';
import type { MapValue, Value } from '../../../symbolic/value.ts';
import { fromValue } from '../from-value.ts';
import type { Computed } from '../resource.ts';
import { Run } from '../run.ts';
import type { Loss } from '../scope.ts';
import { openUnknown, type Term, textTerm } from '../term.ts';
import type { TypeConstraint } from '../type-constraint.ts';
import { fetchedModules } from './fetched-modules.ts';
import type { InstanceKey, KnownInstances } from './instances.ts';
import { lossProblem } from './losses.ts';
import type { ModuleSource } from './module-source.ts';
import { normalPath } from './paths.ts';
import type { TerraformFiles } from './terraform-files.ts';
import { givenAs, readVariableFiles, type VariableFiles } from './variables.ts';

/** What a root module is evaluated with. */
export interface RootInput {
  readonly files: TerraformFiles;
  /** Where the root module is, relative to the repository's root; `''` is that itself. */
  readonly directory: string;
  /** Sets its unknown values apart from those of other roots, and of the same root in another account. */
  readonly id: string;
  /** The values of its variables, where somebody gives them; else those of its tfvars files and its defaults. */
  readonly variables: ReadonlyMap<string, Value>;
  readonly computed: Computed;
  /** Which instances of a block (`module.a.aws_iam_role.r`) a plan knows. */
  readonly instances?: KnownInstances;
  readonly workspace?: string;
}

interface Calling {
  readonly source: ModuleSource;
  readonly caller: { readonly module: Calling } | undefined;
}

/** Modules within modules within modules: deeper than this is a circle of links. */
const DEEPEST = 20;

/** What all modules of one root share. */
export class Root {
  readonly id: string;
  readonly run = new Run();
  readonly #input: RootInput;
  readonly #variableFiles: VariableFiles;
  readonly #losses = new Map<string, TextProblem>();
  readonly #modules = new Set<string>();
  readonly #paths = new Set<string>();
  #besides = 0;
  #fetched: ReadonlyMap<string, string> | undefined;

  constructor(input: RootInput) {
    this.#input = input;
    this.id = input.id;
    this.#variableFiles = readVariableFiles(input.files.variableFiles(input.directory));
    this.#modules.add(input.directory);
  }

  get computed(): Computed {
    return this.#input.computed;
  }

  /** The directories of all modules that were read so far. */
  get directories(): ReadonlySet<string> {
    return this.#modules;
  }

  /** The files that functions read so far, also where there is none. */
  get paths(): ReadonlySet<string> {
    return this.#paths;
  }

  get problems(): readonly TextProblem[] {
    return [...this.#variableFiles.problems, ...this.#losses.values()];
  }

  readonly lose = (loss: Loss): void => {
    if (loss.asked && this.#besides > 0) return;
    const problem = lossProblem(loss);
    const { source, start } = loss.place;
    const key = `${source.path}:${start}:${loss.kind}`;
    if (problem !== undefined && !this.#losses.has(key)) this.#losses.set(key, problem);
  };

  /** Evaluates what has nothing to do with IAM: nobody asks here what it reads and does not get. */
  besides<T>(evaluate: () => T): T {
    this.#besides += 1;
    try {
      return evaluate();
    } finally {
      this.#besides -= 1;
    }
  }

  known(block: string): readonly InstanceKey[] | undefined {
    return this.#input.instances?.(block);
  }

  given(name: string, type: TypeConstraint): Term | undefined {
    const given = this.#input.variables.get(name);
    return given === undefined ? this.#variableFiles.values.get(name) : givenAs(fromValue(given), type);
  }

  /** Whether somebody who is not read here gives the variable a value. */
  givenElsewhere(name: string): boolean {
    const names = this.#input.files.terragruntGives(this.#input.directory);
    return names === 'any' || names?.has(name) === true;
  }

  workspace(place: Place): Term {
    const { workspace } = this.#input;
    if (workspace !== undefined) return textTerm(workspace, place);
    const missing = 'the workspace that is selected when Terraform runs';
    return textTerm({ parts: [openUnknown(`${this.id}#terraform.workspace`, 'terraform.workspace', missing)] }, place);
  }

  /** A directory as `path.module` shows it: seen from the root module, where Terraform is started. */
  pathOf(directory: string): string {
    const from = this.#input.directory.split('/').filter((step) => step !== '');
    const to = directory.split('/').filter((step) => step !== '');
    let shared = 0;
    while (shared < from.length && from[shared] === to[shared]) shared += 1;
    return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/') || '.';
  }

  read(path: string): SourceFile | undefined {
    if (path.startsWith('/') || path.startsWith('~')) return undefined;
    const found = normalPath(`${this.#input.directory}/${path}`);
    if (found === undefined || found === '') return undefined;
    this.#paths.add(found);
    return this.#input.files.read(found);
  }

  list(folder: string, pattern: string): readonly string[] | undefined {
    const found = folder.startsWith('/') ? undefined : normalPath(`${this.#input.directory}/${folder}`);
    return found === undefined ? undefined : this.#input.files.matching(found, pattern);
  }

  /** The module that a call names; undefined where it is not in the checkout. */
  module(caller: Calling, address: string, source: string): ModuleSource | undefined {
    const directory = this.#directoryOf(caller, address, source);
    let depth = 0;
    for (let at: Calling | undefined = caller; at !== undefined; at = at.caller?.module) {
      depth += 1;
      if (depth > DEEPEST || at.source.directory === directory) return undefined;
    }
    const module = directory === undefined || !this.run.spend(20) ? undefined : this.#input.files.module(directory);
    if (module !== undefined) this.#modules.add(module.directory);
    return module;
  }

  #directoryOf(caller: Calling, address: string, source: string): string | undefined {
    if (/^\.\.?(\/|$)/.test(source)) return normalPath(`${caller.source.directory}/${source}`);
    this.#fetched ??= fetchedModules(this.#input.files, this.#input.directory);
    const key = [...address.matchAll(/module\.([\w-]+)/g)].map((match) => match[1]).join('.');
    return this.#fetched.get(key);
  }
}

/** A provider's configuration in a root module. */
export interface RootProvider {
  /** `aws`, `aws.prod` */
  readonly name: string;
  readonly body: MapValue;
}
