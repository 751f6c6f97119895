import { type Json, type JsonMap, listIn, mapIn, textIn } from './json.ts';

interface BlockName {
  readonly module: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
}

/**
 * A plan's `configuration`: constants, and for each other expression the names that it refers to, without its structure.
 * https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
 */
export class PlanConfiguration {
  readonly #root: JsonMap;
  readonly #providers: JsonMap;
  readonly #blocks = new Map<string, ReadonlyMap<string, JsonMap>>();

  constructor(configuration: Json | undefined) {
    this.#root = mapIn(mapIn(configuration).root_module);
    this.#providers = mapIn(mapIn(configuration).provider_config);
  }

  /** The block that an instance is made by; an empty one where the plan does not have it. */
  block({ module, mode, type, name }: BlockName): JsonMap {
    return this.#blocksOf(module).get(`${mode === 'data' ? 'data.' : ''}${type}.${name}`) ?? {};
  }

  /** What a module call gives to a variable of the module. */
  argument(module: string, variable: string): Json | undefined {
    const names = moduleNames(module);
    const last = names.at(-1);
    if (last === undefined) return undefined;
    const call = mapIn(mapIn(this.#module(names.slice(0, -1)).module_calls)[last]);
    return mapIn(call.expressions)[variable];
  }

  output(module: string, name: string): Json | undefined {
    return mapIn(mapIn(this.#module(moduleNames(module)).outputs)[name]).expression;
  }

  /** The expressions of each provider, by the key that resources name. */
  get providers(): readonly (readonly [key: string, expressions: JsonMap])[] {
    return Object.entries(this.#providers).map(([key, provider]) => [key, mapIn(mapIn(provider).expressions)]);
  }

  configures(provider: string): boolean {
    return this.#providers[provider] !== undefined;
  }

  /** The addresses of the root module's own blocks and the names of its module calls: what tells it from others. */
  get rootNames(): ReadonlySet<string> {
    const calls = Object.keys(mapIn(this.#root.module_calls)).map((name) => `module.${name}`);
    return new Set([...this.#blocksOf('').keys(), ...calls]);
  }

  #blocksOf(module: string): ReadonlyMap<string, JsonMap> {
    let blocks = this.#blocks.get(module);
    if (blocks === undefined) {
      const resources = listIn(this.#module(moduleNames(module)).resources).map(mapIn);
      blocks = new Map(resources.map((block) => [textIn(block.address) ?? '', block]));
      this.#blocks.set(module, blocks);
    }
    return blocks;
  }

  #module(names: readonly string[]): JsonMap {
    return names.reduce((module, name) => mapIn(mapIn(mapIn(module.module_calls)[name]).module), this.#root);
  }
}

/** `module.a["x"].module.b` is `a`, `b`. Keys in quotes may hold anything. */
export function moduleNames(address: string): readonly string[] {
  return [...address.matchAll(/(?:^|\.)module\.([\w-]+)(\["(?:[^"\\]|\\.)*"\]|\[\d+\])?/g)].map(
    (match) => match[1] ?? '',
  );
}

/** The names that an expression refers to, the longest of each only; undefined where it is no expression with any. */
export function referencesOf(expression: Json | undefined): readonly string[] {
  const all = listIn(mapIn(expression).references).flatMap((one) => textIn(one) ?? []);
  return all.filter(
    (one) => !all.some((other) => other !== one && (other.startsWith(`${one}.`) || other.startsWith(`${one}[`))),
  );
}
