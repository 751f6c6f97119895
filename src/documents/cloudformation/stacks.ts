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
    const own = roots.filter(({ found }) => !made.has(placeOf(found.path, found.deployment)));
    const all = own.map(({ found, stack }) => ({ found, stacks: [stack, ...this.#below(stack)] }));
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
    return { ...found, template, depth: parent === undefined ? 0 : parent.stack.depth + 1 };
  }

  /** Opens the stacks that a stack makes, and notes whose templates they are. */
  #open(stack: Stack, made: Set<string>): void {
    const { scope } = stack.template;
    for (const resource of scope.template.resources.values()) {
      if (!isNestedStack(resource) || stack.depth >= DEEPEST) continue;
      const path = nestedTemplate(scope, resource, [...this.#trees.keys()]);
      const tree = path === undefined ? undefined : this.#trees.get(path);
      if (path === undefined || tree === undefined || path === stack.path) continue;
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
