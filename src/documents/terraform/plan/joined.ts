import type { MapValue, Member } from '../../../symbolic/value.ts';
import type { Applied, TerraformResource } from '../resource.ts';
import { edited } from './edited.ts';
import { mapIn } from './json.ts';
import { placed } from './placed.ts';
import type { PlannedInstance } from './plan.ts';

/** What a plan knows of an instance, at the places where the source writes it, with what only the source says. */
export class JoinedResource implements TerraformResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key: string | number | undefined;
  readonly module: string;
  readonly provider: string | undefined;
  readonly place: TerraformResource['place'];
  readonly guard = true;
  readonly #instance: PlannedInstance;
  readonly #planned: TerraformResource;
  readonly #written: TerraformResource;
  readonly #before: TerraformResource | undefined;
  #body: MapValue | undefined;

  /** `before` is what the source wrote when the plan was made, where an edit is tried. */
  constructor(
    instance: PlannedInstance,
    planned: TerraformResource,
    written: TerraformResource,
    before?: TerraformResource,
  ) {
    this.#before = before;
    this.address = planned.address;
    this.mode = planned.mode;
    this.type = planned.type;
    this.name = planned.name;
    this.key = planned.key;
    this.module = planned.module;
    this.provider = written.provider;
    this.place = written.place;
    this.#instance = instance;
    this.#planned = planned;
    this.#written = written;
  }

  applied(attribute: string): Applied {
    const applied = this.#planned.applied?.(attribute) ?? 'new';
    // The configuration in a plan does not show dynamic blocks.
    const written = applied === 'found' && this.#written.body.members.some(({ name }) => name === attribute);
    return written ? 'kept' : applied;
  }

  get body(): MapValue {
    if (this.#body === undefined) {
      const { place } = this.#written.body;
      // As long as it is read, whoever refers to it sees nothing of it.
      this.#body = { kind: 'map', members: [], place };
      this.#body = { kind: 'map', members: this.#members(), place };
    }
    return this.#body;
  }

  #members(): readonly Member[] {
    const written = this.#written.body.members;
    const before = this.#before?.body.members;
    const planned = this.#planned.body.members.map((member): Member => {
      const own = written.find(({ name }) => name === member.name);
      const was = before?.find(({ name }) => name === member.name);
      const tried = edited(member.value, was?.value, own?.value);
      if (own !== undefined && tried !== undefined) return own;
      return {
        ...member,
        namePlace: own?.namePlace ?? this.place,
        value: placed(member.value, own?.value, this.place),
      };
    });
    // What the plan does not know, and does not say from what it is made: a dynamic block.
    const unknown = mapIn(this.#instance.unknown);
    const more = written.filter(
      ({ name }) => unknown[name] === true && planned.every((member) => member.name !== name),
    );
    return [...planned, ...more];
  }
}
