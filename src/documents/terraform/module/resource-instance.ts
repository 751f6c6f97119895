import type { Block } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import type { Guard } from '../../../symbolic/guard.ts';
import type { MapValue } from '../../../symbolic/value.ts';
import { isKeptOtherwise } from '../aws/computed.ts';
import { fromValue } from '../from-value.ts';
import type { TerraformResource } from '../resource.ts';
import type { Scope } from '../scope.ts';
import { type LazyTerm, mapTerm, openUnknown, type Term, type TermMember } from '../term.ts';
import { toValue } from '../to-value.ts';
import { weightOf } from '../weight.ts';
import { memberIn, membersIn } from './blocks.ts';
import type { ModuleInstance } from './calling.ts';
import { type Instance, withKey } from './instances.ts';
import { expressionInText } from './json-syntax.ts';
import { attributeIn } from './module-source.ts';

/** One instance of a `resource` or `data` block, as its module's expressions see it. */
export class ResourceInstance implements TerraformResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key: string | number | undefined;
  readonly module: string;
  readonly place: Place;
  readonly term: LazyTerm;
  guard: Guard = true;
  readonly #module: ModuleInstance;
  readonly #block: Block;
  readonly #scope: Scope;
  readonly #found = new Map<string, Term | 'underway'>();
  #body: MapValue | undefined;

  constructor(module: ModuleInstance, block: Block, address: string, instance: Instance) {
    const [type, name] = block.labels;
    this.address = withKey(address, instance);
    this.mode = block.type === 'data' ? 'data' : 'managed';
    this.type = type?.text ?? '';
    this.name = name?.text ?? '';
    this.key = instance.key;
    this.module = module.address;
    this.place = name?.place ?? block.place;
    this.#module = module;
    this.#block = block;
    let { scope } = module;
    for (const [known, term] of instance.names) scope = scope.withName(known, term);
    this.#scope = scope;
    this.term = {
      kind: 'lazy',
      name: `${module.root.id}#${this.address}`,
      attribute: (wanted, place) => this.#attribute(wanted, place),
      place: this.place,
    };
  }

  get provider(): string | undefined {
    const written = attributeIn(this.#block.body, 'provider')?.value;
    const named = written === undefined ? undefined : providerName(expressionInText(written));
    return this.#module.providerNamed(named ?? this.type.split('_')[0] ?? this.type);
  }

  get body(): MapValue {
    if (this.#body === undefined) {
      // While it is evaluated, what leads back to it sees nothing of it.
      this.#body = { kind: 'map', members: [], place: this.#block.place };
      const members = this.#evaluated(() => membersIn(this.#block.body, this.#scope)).map((member) => ({
        ...member,
        value: this.#kept(member),
      }));
      const term = mapTerm(members, this.#block.place);
      const value = this.#scope.run.spend(weightOf(term) >> 4) ? toValue(term) : undefined;
      if (value?.kind === 'map') this.#body = value;
    }
    return this.#body;
  }

  #kept(member: TermMember): Term {
    const found = this.#found.get(String(member.key));
    return found === undefined || found === 'underway' ? member.value : found;
  }

  #attribute(name: string, place: Place): Term {
    const found = this.#found.get(name);
    if (found === 'underway') return this.#unknown(name, place, `${this.address}.${name}, which is made from itself`);
    if (found !== undefined) return found;
    this.#found.set(name, 'underway');
    const written = isKeptOtherwise(this.type, name) ? undefined : this.#written(name);
    const term = written ?? this.#computed(name, place);
    this.#found.set(name, term);
    return term;
  }

  /** What the configuration writes; a null is left to the provider. */
  #written(name: string): Term | undefined {
    const member = this.#evaluated(() => memberIn(this.#block.body, name, this.#scope));
    if (member === undefined || member.value.kind === 'null') return undefined;
    return member.value;
  }

  #evaluated<T>(evaluate: () => T): T {
    return /^aws(cc)?_iam_/.test(this.type) ? evaluate() : this.#module.root.besides(evaluate);
  }

  #computed(name: string, place: Place): Term {
    const value = this.#module.root.computed(this, name);
    return value === undefined ? this.#unknown(name, place, undefined) : fromValue(value);
  }

  #unknown(name: string, place: Place, missing: string | undefined): Term {
    const shown = `${this.address}.${name}`;
    const unknown = openUnknown(
      `${this.#module.root.id}#${shown}`,
      shown,
      missing ?? `${shown}, which only the apply gives`,
    );
    return { kind: 'unknown', unknown, place };
  }
}

/** `aws.prod`, as an expression or, before 0.12, in quotes. */
export function providerName(expression: Block['body']['attributes'][number]['value']): string | undefined {
  if (expression.kind === 'variable') return expression.name;
  if (expression.kind === 'attribute' && expression.of.kind === 'variable')
    return `${expression.of.name}.${expression.name}`;
  return expression.kind === 'literal' && typeof expression.value === 'string' ? expression.value : undefined;
}
