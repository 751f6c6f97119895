import type { Block } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import { evaluate } from '../evaluate.ts';
import { asText } from '../primitives.ts';
import { failure, type LazyTerm, openUnknown, type Term } from '../term.ts';
import type { Caller, ModuleInstance } from './calling.ts';
import { type Instance, Instances, withKey } from './instances.ts';
import { expressionInText } from './json-syntax.ts';
import { attributeIn, type ModuleSource } from './module-source.ts';
import { providerName } from './resource-instance.ts';

/** A `module` block: the instances of the module that it calls, or what nobody here can read. */
export class ModuleCall {
  readonly term: Term;
  readonly #instances: Instances<ModuleInstance> | undefined;

  constructor(
    caller: ModuleInstance,
    name: string,
    block: Block,
    make: (source: ModuleSource, caller: Caller) => ModuleInstance,
  ) {
    const address = caller.nameOf(`module.${name}`);
    const place = block.labels[0]?.place ?? block.place;
    const source = sourceOf(block);
    const read = source === undefined ? undefined : caller.root.module(caller, address, source);
    if (read === undefined) {
      this.term = elsewhere(`${caller.root.id}#${address}`, address, source, place);
      return;
    }
    const providers = providersOf(block);
    this.#instances = new Instances(
      { name: address, body: block.body, place, scope: caller.scope, known: caller.root.known(address) },
      (instance) => make(read, calledWith(caller, block, withKey(address, instance), instance, providers)),
      (module, at) => outputs(module, at),
    );
    this.term = this.#instances.term;
  }

  all() {
    return this.#instances?.all() ?? [];
  }
}

/** Where a call says that its module is. */
export function sourceOf({ body }: Block): string | undefined {
  const source = attributeIn(body, 'source')?.value;
  return source?.kind === 'literal' && typeof source.value === 'string' ? source.value : undefined;
}

function calledWith(
  module: ModuleInstance,
  block: Block,
  address: string,
  instance: Instance,
  providers: ReadonlyMap<string, string>,
): Caller {
  let { scope } = module;
  for (const [name, term] of instance.names) scope = scope.withName(name, term);
  const input = (name: string): Term | undefined => {
    const written = attributeIn(block.body, name);
    return written === undefined ? undefined : evaluate(written.value, scope);
  };
  return { module, address, input, providers };
}

function outputs(module: ModuleInstance, place: Place): LazyTerm {
  return { kind: 'lazy', name: module.idOf('outputs'), attribute: (name, at) => module.output(name, at), place };
}

/** A module of a registry, or of another repository: what it gives is open. */
function elsewhere(id: string, address: string, source: string | undefined, place: Place): Term {
  const from =
    source === undefined
      ? 'a module whose source is not known here'
      : `the module ${source}, which is not in the repository`;
  const open = (path: string): Term => ({
    kind: 'unknown',
    unknown: openUnknown(id + path, address + path, `what ${address}${path} is: it comes from ${from}`),
    place,
  });
  const index = (key: Term): Term => {
    const text = asText(key);
    if (typeof text !== 'string') return failure('the key of a module is not known', place);
    const path = key.kind === 'number' ? `[${text}]` : `["${text}"]`;
    return { kind: 'lazy', name: id + path, attribute: (name) => open(`${path}.${name}`), place };
  };
  return { kind: 'lazy', name: id, attribute: (name) => open(`.${name}`), index, place };
}

/** `providers = {aws = aws.prod}` */
function providersOf({ body }: Block): ReadonlyMap<string, string> {
  const written = attributeIn(body, 'providers')?.value;
  const names = new Map<string, string>();
  for (const { key, value } of written?.kind === 'object' ? written.items : []) {
    const inner = providerName(expressionInText(key));
    const outer = providerName(expressionInText(value));
    if (inner !== undefined && outer !== undefined) names.set(inner, outer);
  }
  return names;
}
