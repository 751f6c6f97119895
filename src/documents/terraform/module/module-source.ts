import { parseHcl } from '../../../source/hcl/parse.ts';
import type { Attribute, Block, Body, ParsedBody } from '../../../source/hcl/syntax.ts';
import type { SourceFile } from '../../../source/source.ts';
import type { TextProblem } from '../../../source/tree.ts';
import { parseTerraformJson } from './json-syntax.ts';

/** The blocks of one module's directory, override files merged in. */
export interface ModuleSource {
  readonly directory: string;
  readonly variables: ReadonlyMap<string, Block>;
  readonly locals: ReadonlyMap<string, Attribute>;
  /** By `aws_iam_role.app` or `data.aws_iam_role.app`. */
  readonly resources: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Block>;
  readonly outputs: ReadonlyMap<string, Block>;
  readonly providers: readonly Block[];
  /** Of `terraform` blocks: where the state is kept. */
  readonly backends: readonly Block[];
  readonly problems: readonly TextProblem[];
}

const PARSED = new WeakMap<SourceFile, ParsedBody>();

/** A file of Terraform, parsed once: by its name, unless its text has another syntax than the file that it stands in. */
export function parseTerraform(file: SourceFile, isJson: boolean = /\.json$/i.test(file.path)): ParsedBody {
  let parsed = PARSED.get(file);
  if (parsed === undefined) {
    parsed = isJson ? parseTerraformJson(file) : parseHcl(file);
    PARSED.set(file, parsed);
  }
  return parsed;
}

export function readModule(directory: string, files: readonly SourceFile[]): ModuleSource {
  // Overrides are merged after all others. https://developer.hashicorp.com/terraform/language/files/override
  const isOverride = ({ path }: SourceFile): boolean => /(^|[/_])override\.(tf|tofu)(\.json)?$/.test(path);
  const ordered = [...files.filter((file) => !isOverride(file)), ...files.filter(isOverride)];
  const builder = new Builder();
  for (const file of ordered) builder.add(parseTerraform(file), isOverride(file));
  return { directory, ...builder.read() };
}

class Builder {
  readonly #variables = new Map<string, Block>();
  readonly #locals = new Map<string, Attribute>();
  readonly #resources = new Map<string, Block>();
  readonly #calls = new Map<string, Block>();
  readonly #outputs = new Map<string, Block>();
  readonly #providers: Block[] = [];
  readonly #backends: Block[] = [];
  readonly #problems: TextProblem[] = [];

  read(): Omit<ModuleSource, 'directory'> {
    return {
      variables: this.#variables,
      locals: this.#locals,
      resources: this.#resources,
      calls: this.#calls,
      outputs: this.#outputs,
      providers: this.#providers,
      backends: this.#backends,
      problems: this.#problems,
    };
  }

  add({ body, problems }: ParsedBody, overrides: boolean): void {
    this.#problems.push(...problems);
    for (const block of body.blocks) {
      const [first, second] = block.labels.map(({ text }) => text);
      switch (block.type) {
        case 'locals':
          for (const local of block.body.attributes) this.#locals.set(local.name, local);
          break;
        case 'provider':
          this.#providers.push(block);
          break;
        case 'terraform':
          this.#backends.push(...block.body.blocks.filter(({ type }) => type === 'backend'));
          break;
        case 'resource':
          if (second !== undefined) this.#put(this.#resources, `${first}.${second}`, block, overrides);
          break;
        case 'data':
          if (second !== undefined) this.#put(this.#resources, `data.${first}.${second}`, block, overrides);
          break;
        default: {
          const kept = this.#kept(block.type);
          if (kept !== undefined && first !== undefined) this.#put(kept, first, block, overrides);
        }
      }
    }
  }

  #kept(type: string): Map<string, Block> | undefined {
    if (type === 'variable') return this.#variables;
    if (type === 'module') return this.#calls;
    return type === 'output' ? this.#outputs : undefined;
  }

  #put(into: Map<string, Block>, name: string, block: Block, overrides: boolean): void {
    const earlier = into.get(name);
    if (earlier === undefined) into.set(name, block);
    else if (overrides) into.set(name, { ...earlier, body: merged(earlier.body, block.body) });
  }
}

/** What an override sets stands in the place of what was set; nested blocks of one type as a whole. */
function merged(base: Body, over: Body): Body {
  const names = new Set(over.attributes.map(({ name }) => name));
  const typeOf = (block: Block): string => (block.type === 'dynamic' ? (block.labels[0]?.text ?? '') : block.type);
  const types = new Set(over.blocks.map(typeOf));
  return {
    attributes: [...base.attributes.filter(({ name }) => !names.has(name)), ...over.attributes],
    blocks: [...base.blocks.filter((block) => !types.has(typeOf(block))), ...over.blocks],
    place: base.place,
  };
}

export function attributeIn(body: Body, name: string): Attribute | undefined {
  return body.attributes.find((attribute) => attribute.name === name);
}
