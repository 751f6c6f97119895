import { grouped } from '../inventory/grouped.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import { isKnown, show } from '../symbolic/text.ts';

/** The roles, or the users, whose whole names are known and that surely exist, to be found by what they are called. */
export class DeclaredNames {
  readonly all: readonly Entity[];
  readonly #byName: ReadonlyMap<string, readonly Entity[]>;
  readonly #byResource: ReadonlyMap<string, readonly Entity[]>;
  /** By each text that a resource leaves with one letter gone, and by itself; made when it is first asked for. */
  #byRest: ReadonlyMap<string, readonly Entity[]> | undefined;
  readonly #order: ReadonlyMap<Entity, number>;

  constructor({ entities }: Inventory, kind: Entity['declaration']['kind']) {
    this.all = entities.filter(({ declaration }) => declaration.kind === kind && isThere(declaration));
    this.#order = new Map(this.all.map((entity, index) => [entity, index]));
    this.#byName = grouped(this.all, ({ declaration }) => [show(declaration.name).toLowerCase()]);
    this.#byResource = grouped(this.all, (entity) => [resourceOf(entity)]);
  }

  /** Those of a name, however its letters are cased. */
  named(name: string): readonly Entity[] {
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  /** Those of `role/path/name` in any account, and those of which it is one edit off, as they are declared. */
  alike(resource: string): readonly Entity[] {
    this.#byRest ??= grouped(this.all, (entity) => restsOf(resourceOf(entity)));
    const found = new Set(this.#byResource.get(resource));
    // Two texts that are one edit apart are equal once each has lost one letter, or one of them none.
    for (const rest of restsOf(resource)) for (const entity of this.#byRest.get(rest) ?? []) found.add(entity);
    return [...found].sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0));
  }
}

export function resourceOf({ declaration }: Entity): string {
  return `${declaration.kind}${show(declaration.path)}${show(declaration.name)}`;
}

function isThere({ guard, name, path }: Entity['declaration']): boolean {
  return guard === undefined && isKnown(name) && isKnown(path);
}

/** A path has 512 characters at most, and a name 64. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_RESOURCE = 600;

function restsOf(text: string): ReadonlySet<string> {
  const rests = new Set([text]);
  if (text.length > LONGEST_RESOURCE) return rests;
  for (let at = 0; at < text.length; at++) rests.add(text.slice(0, at) + text.slice(at + 1));
  return rests;
}
