import { type Declarations, type Deployment, together } from '../../inventory/declarations.ts';
import type { MapTree } from '../../source/tree.ts';
import { isNestedStack, nestedTemplate, passedTree } from './nested-stack.ts';
import { CloudFormationTemplate } from './read.ts';
import type { NestedStack, Outside, Resource } from './template.ts';

/** CloudFormation itself allows fewer; a template that makes a stack of itself ends here. */
const DEEPEST = 8;

interface Found {
  readonly tree: MapTree;
  readonly path: string;
  readonly deployment: Deployment;
}

interface Stack extends Found {
  readonly template: CloudFormationTemplate;
  readonly depth: number;
  /** The templates that lead to it, and its own. */
  readonly way: readonly string[];
}

/**
 * The stacks of a run: one for each template and account, and those that they make in turn. A template of which another makes a
 * stack is read as that stack, with the parameters that it passes, and not once more by itself.
 */
export class Stacks {
  readonly #outside: Omit<Outside, 'nested'>;
  readonly #found: Found[] = [];
  readonly #trees = new Map<string, MapTree>();
  readonly #nested = new Map<Resource, Stack>();
  #read: ReadonlyMap<Found, readonly Declarations[]> | undefined;

  constructor(outside: Omit<Outside, 'nested'>) {
    this.#outside = outside;
  }

  /** A template in each account that it is deployed to; what it declares can be asked once all templates are there. */
  add(tree: MapTree, path: string, deployments: readonly Deployment[]): () => Declarations {
    this.#trees.set(path, tree);
    const found = deployments.map((deployment) => ({ tree, path, deployment }));
    this.#found.push(...found);
    return () => {
      this.#read ??= this.#readAll();
      const read = this.#read;
      const all = together(found.flatMap((one) => read.get(one) ?? []));
      // What is wrong with a template is wrong in every account.
      return {
        ...all,
        problems: [...new Map(all.problems.map((one) => [`${one.place.start} ${one.message}`, one])).values()],
      };
    };
  }

  #readAll(): ReadonlyMap<Found, readonly Declarations[]> {
    const roots = this.#found.map((found) => ({ found, stack: this.#stack(found, undefined) }));
    const made = new Set<string>();
    for (const { stack } of roots) this.#open(stack, made);
    const all: { readonly found: Found; readonly stacks: readonly Stack[] }[] = [];
    const read = new Set<string>();
    // Of several templates in one file a stack is made of the last.
    const isMade = ({ found: { path, tree, deployment } }: (typeof roots)[number]): boolean =>
      made.has(placeOf(path, deployment)) && this.#trees.get(path) === tree;
    // Templates that make stacks of each other are no stack of any other: the first of them is read by itself.
    for (const root of [...roots.filter((one) => !isMade(one)), ...roots.filter(isMade)]) {
      const { found, stack } = root;
      if (isMade(root) && read.has(placeOf(found.path, found.deployment))) continue;
      const stacks = [stack, ...this.#below(stack)];
      for (const { path, deployment } of stacks)
        for (const where of [deployment, undefined]) read.add(placeOf(path, where));
      all.push({ found, stacks });
    }
    for (const { stacks } of all) for (const { template } of stacks) template.announce();
    return new Map(all.map(({ found, stacks }) => [found, stacks.map(({ template }) => template.read())]));
  }

  #stack(found: Found, parent: { readonly stack: Stack; readonly resource: Resource } | undefined): Stack {
    const { tree, path, deployment } = found;
    const outside: Outside = {
      ...this.#outside,
      nested: (resource): NestedStack | undefined => this.#nested.get(resource)?.template,
    };
    const scope = parent?.stack.template.scope;
    const passing =
      parent === undefined || scope === undefined
        ? undefined
        : {
            name: `${parent.stack.path}#${parent.resource.id}#${parent.stack.depth}`,
            guard: scope.exists(parent.resource),
            parameter: (name: string) => {
              const passed = passedTree(parent.resource, name);
              return passed === undefined ? undefined : scope.noting(() => scope.resolve(passed));
            },
          };
    const template = new CloudFormationTemplate(tree, path, deployment, outside, passing);
    const way = [...(parent?.stack.way ?? []), path];
    return { ...found, template, depth: way.length - 1, way };
  }

  /** Opens the stacks that a stack makes, and notes whose templates they are. */
  #open(stack: Stack, made: Set<string>): void {
    const { scope } = stack.template;
    for (const resource of scope.template.resources.values()) {
      if (!isNestedStack(resource) || stack.depth >= DEEPEST) continue;
      const path = nestedTemplate(scope, resource, [...this.#trees.keys()]);
      const tree = path === undefined ? undefined : this.#trees.get(path);
      if (path === undefined || tree === undefined || stack.way.includes(path)) continue;
      const nested = this.#stack({ tree, path, deployment: stack.deployment }, { stack, resource });
      this.#nested.set(resource, nested);
      made.add(placeOf(path, stack.deployment));
      made.add(placeOf(path, undefined));
      this.#open(nested, made);
    }
  }

  #below(stack: Stack): readonly Stack[] {
    return [...stack.template.scope.template.resources.values()].flatMap((resource) => {
      const nested = this.#nested.get(resource);
      return nested === undefined ? [] : [nested, ...this.#below(nested)];
    });
  }
}

function placeOf(path: string, deployment: Deployment | undefined): string {
  return `${path}#${deployment?.accountName ?? ''}`;
}
