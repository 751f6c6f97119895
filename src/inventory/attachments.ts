import type { Policy } from '../iam/policy.ts';
import type { Guard } from '../symbolic/guard.ts';
import { concat, keyOf, show, type Text } from '../symbolic/text.ts';
import { and, dependsOnValue, type Truth } from '../symbolic/truth.ts';
import type { Attachment, Declarations } from './declarations.ts';
import type { Exclusive, Listing } from './exclusives.ts';
import { TextIndex } from './lookup.ts';

type Holder = Declarations['entities'][number];

/** A policy that is attached to an entity from outside its own declaration. */
export interface AttachedFromOutside {
  readonly what: Attachment['what'];
  /** Whether it is attached to this very entity. */
  readonly attached: Truth;
  readonly guard: Guard | undefined;
  readonly deployed: boolean;
}

/** What documents attach to the roles, users and groups of others, and of their own. */
export class Attachments {
  readonly #attached = {
    role: new TextIndex<Attachment>(),
    user: new TextIndex<Attachment>(),
    group: new TextIndex<Attachment>(),
  };
  readonly #exclusives = {
    role: new TextIndex<Exclusive>(),
    user: new TextIndex<Exclusive>(),
    group: new TextIndex<Exclusive>(),
  };
  /** The documents that declare an entity of a name. */
  readonly #names = { role: new TextIndex<string>(), user: new TextIndex<string>(), group: new TextIndex<string>() };

  constructor({ attachments, exclusives, entities }: Declarations) {
    for (const one of attachments) this.#attached[one.to].add(nameKey(one.account, one.name.text), one);
    for (const one of exclusives) this.#exclusives[one.to].add(nameKey(one.account, one.name.text), one);
    // What is only shown or looked up there is declared elsewhere.
    for (const entity of entities)
      if (entity.standing === 'document')
        this.#names[entity.kind].add(nameKey(entity.account, entity.name), entity.place.source.path);
  }

  of(entity: Holder): readonly AttachedFromOutside[] {
    const key = nameKey(entity.account, entity.name);
    return this.#attached[entity.kind].find(key).flatMap(({ value, truth }) => {
      const attached = and(truth, this.#meant(entity, key, value.name.place.source.path));
      const deployed = value.deployed === true;
      return attached === false ? [] : [{ what: value.what, attached, guard: value.name.guard, deployed }];
    });
  }

  /** The lists of the only policies that may stay with it. */
  listingsOf(entity: Holder): readonly Listing[] {
    const key = nameKey(entity.account, entity.name);
    return this.#exclusives[entity.kind].find(key).flatMap(({ value: exclusive, truth }) => {
      const applies = and(truth, this.#meant(entity, key, exclusive.place.source.path));
      return applies === false ? [] : [{ exclusive, truth: applies }];
    });
  }

  /** Whether a document that names an entity means this one of several of the name: its own, else nobody can say. */
  #meant(entity: Holder, key: Text, from: string): Truth {
    const declaring = new Set(this.#names[entity.kind].get(key));
    if (declaring.size < 2 || entity.place.source.path === from) return true;
    if (declaring.has(from)) return false;
    const missing = `which of the ${declaring.size} declarations of ${entity.kind} ${show(entity.name)} is meant (accounts in the configuration)`;
    return dependsOnValue({
      id: `which:${entity.kind}:${keyOf(key)}`,
      kind: 'open',
      shown: show(entity.name),
      missing,
    });
  }
}

/** Whether a document gives an inline policy that is deployed another text: under one name there is one. */
export function isReplaced({ named }: Policy, attachments: readonly AttachedFromOutside[]): boolean {
  if (named === undefined) return false;
  return attachments.some(
    ({ what, attached, guard, deployed }) =>
      what.kind === 'policy' &&
      !deployed &&
      attached === true &&
      guard === undefined &&
      what.policy.named !== undefined &&
      // Where it may not be there, the old one may stay.
      what.policy.statements.every((statement) => statement.guard === true) &&
      keyOf(what.policy.named) === keyOf(named),
  );
}

export function nameKey(account: Text, name: Text): Text {
  return concat(account, '/', name);
}
