import type { Block } from '../../../source/hcl/syntax.ts';
import type { TextProblem } from '../../../source/tree.ts';
import type { MapValue, Value } from '../../../symbolic/value.ts';
import type { TerraformResource } from '../resource.ts';
import { toValue } from '../to-value.ts';
import { bodyTerm } from './blocks.ts';
import { Module } from './module.ts';
import { attributeIn } from './module-source.ts';
import { Root, type RootInput, type RootProvider } from './root.ts';

/** A root module, evaluated as far as its sources go. */
export interface EvaluatedRoot {
  /** All resources of all its modules. Bodies are evaluated when they are first read. */
  resources(): readonly TerraformResource[];
  readonly providers: readonly RootProvider[];
  /** `s3`, with what says how it is reached. */
  readonly backends: readonly RootProvider[];
  /** The directories of its modules. */
  readonly directories: ReadonlySet<string>;
  /** The files that its functions read. */
  readonly paths: ReadonlySet<string>;
  /** What cannot be read, and what Terraform drops without a word; complete once all bodies of interest were read. */
  problems(): readonly TextProblem[];
  /** The value of one of its outputs. */
  output(name: string): Value | undefined;
}

/** Evaluates the module in a directory as `terraform plan` there would; undefined where there is none. */
export function evaluateRoot(input: RootInput): EvaluatedRoot | undefined {
  const source = input.files.module(input.directory);
  if (source === undefined) return undefined;
  const root = new Root(input);
  const module = new Module(source, root);
  return {
    resources: () => module.resources(true),
    providers: source.providers.map((block) => new ProviderBody(block, module)),
    backends: source.backends.map((block) => new ProviderBody(block, module)),
    directories: root.directories,
    paths: root.paths,
    problems: () => root.problems,
    output: (name) => {
      const block = source.outputs.get(name);
      return block === undefined ? undefined : toValue(module.output(name, block.place));
    },
  };
}

/** Evaluated when it is first read: it may ask for what it provides. */
class ProviderBody implements RootProvider {
  readonly name: string;
  readonly #block: Block;
  readonly #module: Module;
  #body: MapValue | undefined;

  constructor(block: Block, module: Module) {
    const alias = attributeIn(block.body, 'alias')?.value;
    const type = block.labels[0]?.text ?? '';
    this.name = alias?.kind === 'literal' ? `${type}.${alias.value}` : type;
    this.#block = block;
    this.#module = module;
  }

  get body(): MapValue {
    if (this.#body === undefined) {
      this.#body = { kind: 'map', members: [], place: this.#block.place };
      const value = toValue(bodyTerm(this.#block.body, this.#module.scope, this.#block.place));
      if (value?.kind === 'map') this.#body = value;
    }
    return this.#body;
  }
}
