import type { Block, Expression } from '../../../source/hcl/syntax.ts';
import type { Place, SourceFile } from '../../../source/source.ts';
import { both, type Guard } from '../../../symbolic/guard.ts';
import type { Unknown } from '../../../symbolic/text.ts';
import { through } from '../choices.ts';
import { evaluate } from '../evaluate.ts';
import type { TerraformResource } from '../resource.ts';
import { type Loss, Scope } from '../scope.ts';
import { failure, type LazyTerm, openUnknown, type Term, textTerm } from '../term.ts';
import { convert, typeOf } from '../type-constraint.ts';
import type { Caller, ModuleInstance } from './calling.ts';
import { Instances } from './instances.ts';
import { expressionInText } from './json-syntax.ts';
import { ModuleCall } from './module-call.ts';
import { attributeIn, type ModuleSource } from './module-source.ts';
import { ResourceInstance } from './resource-instance.ts';
import type { Root } from './root.ts';

/** One instance of a module: its variables, locals, resources and calls, each evaluated when it is first asked for. */
export class Module implements ModuleInstance {
  readonly source: ModuleSource;
  readonly root: Root;
  readonly caller: Caller | undefined;
  readonly scope: Scope;
  readonly address: string;
  readonly #found = new Map<string, Term | 'underway'>();
  readonly #resources = new Map<string, Instances<ResourceInstance>>();
  readonly #calls = new Map<string, ModuleCall>();

  constructor(source: ModuleSource, root: Root, caller?: Caller) {
    this.source = source;
    this.root = root;
    this.caller = caller;
    this.address = caller?.address ?? '';
    const host = {
      find: (name: string, place: Place): Term => this.#find(name, place),
      read: (path: string): SourceFile | undefined => root.read(path),
      list: (folder: string, pattern: string) => root.list(folder, pattern),
      lose: root.lose,
    };
    this.scope = new Scope(host, root.run);
  }

  #find(name: string, place: Place): Term {
    switch (name) {
      case 'var':
        return this.#names('var', place, (wanted, at) => this.#variable(wanted, at));
      case 'local':
        return this.#names('local', place, (wanted, at) => this.#local(wanted, at));
      case 'module':
        return this.#names(
          'module',
          place,
          (wanted, at) => this.call(wanted)?.term ?? failure(`there is no module ${wanted}`, at),
        );
      case 'data':
        return this.#names('data', place, (type, at) => this.#ofType(`data.${type}`, at));
      case 'path':
        return this.#names('path', place, (wanted, at) => this.#path(wanted, at));
      case 'terraform':
        return this.#names('terraform', place, (wanted, at) =>
          wanted === 'workspace' ? this.root.workspace(at) : this.#open(`terraform.${wanted}`, at),
        );
      case 'each':
      case 'count':
      case 'self':
        return failure(`there is no ${name} here`, place);
      default:
        return this.#ofType(name, place);
    }
  }

  #names(name: string, place: Place, attribute: LazyTerm['attribute']): LazyTerm {
    return { kind: 'lazy', name, attribute, place };
  }

  #ofType(type: string, place: Place): Term {
    return this.#names(
      type,
      place,
      (name, at) => this.resource(`${type}.${name}`)?.term ?? this.#undeclared(`${type}.${name}`, at),
    );
  }

  /** A reference to what no file declares: Terraform rejects it, unless a file is not here. */
  #undeclared(name: string, place: Place): Term {
    return failure(`there is no ${name}`, place);
  }

  #open(name: string, place: Place, missing?: string): Term {
    return { kind: 'unknown', unknown: openUnknown(this.idOf(name), this.nameOf(name), missing), place };
  }

  /** A name that no other root module has. */
  idOf(name: string): string {
    return `${this.root.id}#${this.nameOf(name)}`;
  }

  nameOf(name: string): string {
    return this.address === '' ? name : `${this.address}.${name}`;
  }

  #once(key: string, place: Place, find: () => Term): Term {
    const found = this.#found.get(key);
    if (found === 'underway') return this.#open(key, place, `${key}, which is made from itself`);
    if (found !== undefined) return found;
    this.#found.set(key, 'underway');
    const term = find();
    this.#found.set(key, term);
    return term;
  }

  #local(name: string, place: Place): Term {
    const local = this.source.locals.get(name);
    if (local === undefined) return failure(`there is no local.${name}`, place);
    return this.#once(`local.${name}`, place, () => evaluate(local.value, this.scope));
  }

  #variable(name: string, place: Place): Term {
    const block = this.source.variables.get(name);
    if (block === undefined) return failure(`there is no var.${name}`, place);
    return this.#once(`var.${name}`, place, () => this.#valueOf(name, block));
  }

  #valueOf(name: string, block: Block): Term {
    const typed = attributeIn(block.body, 'type');
    const type = typeOf(typed === undefined ? undefined : expressionInText(typed.value));
    const initial = attributeIn(block.body, 'default')?.value;
    const given = this.caller === undefined ? this.root.given(name, type) : this.caller.input(name);
    const nullable = attributeIn(block.body, 'nullable')?.value;
    const refusesNull = nullable?.kind === 'literal' && nullable.value === false;
    const converting = {
      evaluate: (expression: Parameters<typeof evaluate>[0]): Term => evaluate(expression, this.scope),
      dropped: (lost: Omit<Loss, 'kind' | 'variable'>): void =>
        this.root.lose({ ...lost, kind: 'dropped attribute', variable: name }),
    };
    const fallback = (): Term =>
      initial === undefined || (this.caller === undefined && this.root.givenElsewhere(name))
        ? this.#unset(name, type.kind, block)
        : this.#initial(name, initial);
    const value = through([given ?? fallback()], ([term]) =>
      term?.kind === 'null' && refusesNull && initial !== undefined ? fallback() : (term ?? fallback()),
    );
    return convert(value, type, converting);
  }

  #initial(name: string, initial: Expression): Term {
    const value = evaluate(initial, this.scope);
    if (this.caller !== undefined || value.kind !== 'text' || value.text !== '') return value;
    return { ...value, unset: this.#valueFor(name) };
  }

  #valueFor(name: string): Unknown {
    return openUnknown(this.idOf(`var.${name}`), `var.${name}`, `a value for the variable ${name}`);
  }

  #unset(name: string, type: string, block: Block): Term {
    const place = block.labels[0]?.place ?? block.place;
    const unknown = this.#valueFor(name);
    return type === 'string' ? textTerm({ parts: [unknown] }, place) : { kind: 'unknown', unknown, place };
  }

  /** https://developer.hashicorp.com/terraform/language/expressions/references#filesystem-and-workspace-info */
  #path(name: string, place: Place): Term {
    if (name === 'module') return textTerm(this.root.pathOf(this.source.directory), place);
    if (name === 'root') return textTerm('.', place);
    return this.#open(`path.${name}`, place, 'the folder that Terraform is started in');
  }

  resource(name: string): Instances<ResourceInstance> | undefined {
    let instances = this.#resources.get(name);
    const block = this.source.resources.get(name);
    if (instances === undefined && block !== undefined) {
      const address = this.nameOf(name);
      const place = block.labels[1]?.place ?? block.place;
      // Its count may lead back to it.
      if (this.#found.get(`instances of ${name}`) === 'underway') return undefined;
      this.#found.set(`instances of ${name}`, 'underway');
      instances = new Instances(
        { name: address, body: block.body, place, scope: this.scope, known: this.root.known(address) },
        (instance) => new ResourceInstance(this, block, address, instance),
        (made) => made.term,
      );
      this.#found.delete(`instances of ${name}`);
      this.#resources.set(name, instances);
    }
    return instances;
  }

  call(name: string): ModuleCall | undefined {
    let call = this.#calls.get(name);
    const block = this.source.calls.get(name);
    if (call === undefined && block !== undefined) {
      call = new ModuleCall(this, name, block, (source, caller) => new Module(source, this.root, caller));
      this.#calls.set(name, call);
    }
    return call;
  }

  output(name: string, place: Place): Term {
    const block = this.source.outputs.get(name);
    const value = block === undefined ? undefined : attributeIn(block.body, 'value');
    if (value === undefined) return failure(`the module has no output ${name}`, place);
    return this.#once(`output.${name}`, place, () => evaluate(value.value, this.scope));
  }

  /** What the root module calls a provider that this one calls so. */
  providerNamed(name: string): string {
    const { caller } = this;
    if (caller === undefined) return name;
    const outer = caller.providers.get(name);
    if (outer !== undefined) return caller.module.providerNamed(outer);
    return name.includes('.') ? name : caller.module.providerNamed(name);
  }

  resources(guard: Guard): readonly TerraformResource[] {
    const own = [...this.source.resources.keys()].flatMap((name) =>
      (this.resource(name)?.all() ?? []).map(({ made, guard: when }) => {
        made.guard = both(guard, when);
        return made;
      }),
    );
    const called = [...this.source.calls.keys()].flatMap((name) =>
      (this.call(name)?.all() ?? []).flatMap(({ made, guard: when }) => made.resources(both(guard, when))),
    );
    return [...own, ...called];
  }
}
