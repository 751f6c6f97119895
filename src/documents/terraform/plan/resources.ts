import { isKnown, type Unknown } from '../../../symbolic/text.ts';
import type { MapValue, Member, Value } from '../../../symbolic/value.ts';
import type { Applied, Computed, TerraformResource } from '../resource.ts';
import { expressionAt } from './blocks.ts';
import { referencesOf } from './configuration.ts';
import { JoinedResource } from './joined.ts';
import { isList, type Json, type JsonMap, mapIn } from './json.ts';
import { KeptByOthers } from './kept-by-others.ts';
import type { JsonPath, PlanPlaces } from './places.ts';
import { applied, type Plan, type PlannedInstance } from './plan.ts';
import { providerOf } from './providers.ts';
import { References } from './references.ts';

/** The instances as the source makes them, by their addresses. */
export type Written = ReadonlyMap<string, TerraformResource>;

/** A plan's instances as Terraform resources, each read when it is asked for. What is unknown in them is what they refer to. */
export class PlanResources {
  readonly plan: Plan;
  readonly places: PlanPlaces;
  readonly #references: References;
  readonly #written: Written;
  readonly #before: Written;
  readonly kept: KeptByOthers;
  readonly #read = new Map<PlannedInstance, TerraformResource>();

  constructor(
    plan: Plan,
    places: PlanPlaces,
    computed: Computed,
    written: Written = new Map(),
    before: Written = new Map(),
  ) {
    this.#before = before;
    this.plan = plan;
    this.kept = new KeptByOthers(plan.instances);
    this.places = places;
    this.#written = written;
    this.#references = new References(plan, (instance, attribute) => {
      const resource = this.of(instance);
      const written = resource.body.members.find(({ name }) => name === attribute)?.value;
      return written ?? computed(resource, attribute);
    });
  }

  of(instance: PlannedInstance): TerraformResource {
    const known = this.#read.get(instance);
    if (known !== undefined) return known;
    const planned = new PlannedResource(instance, this, this.#references);
    const written = this.#written.get(instance.address);
    const resource =
      written === undefined
        ? planned
        : new JoinedResource(instance, planned, written, this.#before.get(instance.address));
    this.#read.set(instance, resource);
    return resource;
  }
}

class PlannedResource implements TerraformResource {
  readonly #instance: PlannedInstance;
  readonly #resources: PlanResources;
  readonly #references: References;
  #body: MapValue | undefined;
  readonly guard = true;

  constructor(instance: PlannedInstance, resources: PlanResources, references: References) {
    this.#instance = instance;
    this.#resources = resources;
    this.#references = references;
  }

  get address() {
    return this.#instance.address;
  }
  get mode() {
    return this.#instance.mode;
  }
  get type() {
    return this.#instance.type;
  }
  get name() {
    return this.#instance.name;
  }
  get key() {
    return this.#instance.key;
  }
  get module() {
    return this.#instance.module;
  }
  get place() {
    return this.#resources.places.at(this.#instance.addressAt, this.#instance.address);
  }

  applied(attribute: string): Applied {
    const known = applied(this.#instance, attribute);
    return known === 'kept' && mapIn(this.#block.expressions)[attribute] === undefined ? 'found' : known;
  }

  get provider(): string | undefined {
    return providerOf(this.#resources.plan, this.#instance);
  }

  get body(): MapValue {
    if (this.#body === undefined) {
      const place = this.#resources.places.at(this.#instance.at);
      // Whoever refers to it while it is read sees nothing: Terraform's own plans have no such circles.
      this.#body = { kind: 'map', members: [], place };
      this.#body = { kind: 'map', members: this.#members(), place };
    }
    return this.#body;
  }

  get #block(): JsonMap {
    return this.#resources.plan.configuration.block(this.#instance);
  }

  /** Attributes that are unknown and that nobody writes are the provider's to compute, and are left out. */
  #members(): readonly Member[] {
    const { values, unknown } = this.#instance;
    const expressions = mapIn(this.#block.expressions);
    const mask = mapIn(unknown);
    const members: Member[] = [];
    for (const name of new Set([...Object.keys(values), ...Object.keys(mask)])) {
      // `name = null` beside a prefix leaves the name to the provider, too.
      const left =
        name === 'name' && typeof values.name_prefix === 'string' && referencesOf(expressions.name).length === 0;
      if (mask[name] !== true || (expressions[name] !== undefined && !left))
        for (const member of this.#member(name, values[name], mask[name], [name]))
          members.push(this.#own(member, expressions));
    }
    return members;
  }

  /** Without what other resources keep. */
  #own(member: Member, expressions: JsonMap): Member {
    const { name, value } = member;
    if (value.kind !== 'list') return member;
    const kept = this.#resources.kept.in(this.#instance, name, expressions);
    if (kept.size === 0) return member;
    return { ...member, value: { ...value, items: value.items.filter((_, index) => !kept.has(index)) } };
  }

  #member(name: string, value: Json | undefined, mask: Json | undefined, path: JsonPath): readonly Member[] {
    const found = this.#value(value ?? null, mask ?? false, path);
    return found === undefined ? [] : [{ name, key: name, namePlace: found.place, value: found }];
  }

  #value(value: Json, mask: Json, path: JsonPath): Value | undefined {
    const { places } = this.#resources;
    const at = [...this.#instance.at, ...path];
    if (mask === true) return this.#unknown(path);
    if (isList(value) || isList(mask)) {
      const masks = isList(mask) ? mask : [];
      const values = isList(value) ? value : [];
      const items = Array.from({ length: Math.max(values.length, masks.length) }, (_, index) =>
        this.#value(values[index] ?? null, masks[index] ?? false, [...path, index]),
      );
      return { kind: 'list', items: items.filter((item) => item !== undefined), place: places.at(at) };
    }
    if (typeof value === 'object') {
      const masks = mapIn(mask);
      if (value === null && Object.keys(masks).length === 0) return undefined;
      const map = mapIn(value);
      const members = Object.keys({ ...map, ...masks }).flatMap((name) =>
        this.#member(name, map[name], masks[name], [...path, name]),
      );
      return { kind: 'map', members, place: places.at(at) };
    }
    const text = String(value);
    return { kind: 'text', text, type: typeof value as 'string' | 'number' | 'boolean', place: places.at(at, text) };
  }

  #unknown(path: JsonPath): Value {
    const { values, unknown, address, module } = this.#instance;
    const place = this.#resources.places.at([...this.#instance.at, ...path]);
    const expression = expressionAt(mapIn(this.#block.expressions), masked(values, unknown), path);
    const found = this.#references.value(expression, this.#instance, path, this.#siblings(path));
    if (found !== undefined) return atPlace(found, place);
    const name = `${address}.${path.filter((step) => typeof step === 'string').join('.')}`;
    const references = referencesOf(expression);
    const from = references.length === 0 ? '' : `: it is made from ${references.join(', ')}`;
    const what: Unknown = {
      id: `${place.source.path}:${address}.${path.join('.')}`,
      kind: 'open',
      shown: `\${${references.length === 1 ? inModule(module, references[0] ?? name) : name}}`,
      missing: `the value of ${name}, which the plan knows only after the apply${from}`,
    };
    return { kind: 'unknown', unknown: what, place };
  }

  /** How many items of the list that the path ends in are unknown, and which of them this is. */
  #siblings(path: JsonPath): { readonly index: number; readonly count: number } | undefined {
    const last = path.at(-1);
    if (typeof last !== 'number') return undefined;
    const masks = path.slice(0, -1).reduce<Json | undefined>(stepInto, this.#instance.unknown);
    const unknown = isList(masks) ? masks.flatMap((mask, index) => (mask === true ? [index] : [])) : [];
    return { index: unknown.indexOf(last), count: unknown.length };
  }
}

function stepInto(value: Json | undefined, step: string | number): Json | undefined {
  return typeof step === 'number' ? (isList(value) ? value[step] : undefined) : mapIn(value)[step];
}

/** The values with the shape that the mask shows: what is wholly unknown is left out of the values. */
function masked(values: JsonMap, unknown: Json): JsonMap {
  const shaped = (value: Json | undefined, mask: Json | undefined): Json | undefined => {
    if (isList(mask)) {
      const items = isList(value) ? value : [];
      return Array.from(
        { length: Math.max(items.length, mask.length) },
        (_, at) => shaped(items[at], mask[at]) ?? null,
      );
    }
    if (typeof mask !== 'object' || mask === null) return value;
    const map = mapIn(value);
    return {
      ...map,
      ...Object.fromEntries(Object.keys(mask).map((name) => [name, shaped(map[name], mapIn(mask)[name])])),
    };
  };
  return mapIn(shaped(values, unknown));
}

/** What a reference gives, where it is referred to. */
function atPlace(value: Value, place: Value['place']): Value {
  if (value.kind === 'text' && value.encodes === undefined && isKnown(value.text)) return value;
  return { ...value, place };
}

function inModule(module: string, reference: string): string {
  return module === '' ? reference : `${module}.${reference}`;
}
