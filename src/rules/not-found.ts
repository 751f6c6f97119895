import { nameIn, parseArn, resourceSort } from '../iam/arn.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import { distance } from '../symbolic/distance.ts';
import { equal } from '../symbolic/pattern.ts';
import { isKnown, show, type Text } from '../symbolic/text.ts';
import { DeclaredNames, resourceOf } from './declared-names.ts';
import type { Related } from './finding.ts';

/** Why nothing of an ARN's name exists, and what was meant. */
export interface NotFound {
  readonly reason: string;
  readonly meant: Entity | undefined;
  /** A few words on the difference: "the path is part of the ARN". */
  readonly hint: string | undefined;
}

/** What plainly does not exist, by what an inventory declares. */
export class Absences {
  readonly #inventory: Inventory;
  readonly #names = new Map<string, DeclaredNames>();
  /** Accounts that a document or the configuration declares. */
  readonly #accounts: ReadonlySet<string>;

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    const { entities, deployments, beside } = inventory;
    this.#accounts = new Set([
      ...(beside?.accounts ?? []),
      ...entities.map(({ declaration }) => show(declaration.account)),
      ...deployments.flatMap(({ account, accountName }) => (accountName === undefined ? [] : [show(account)])),
    ]);
  }

  /**
   * Why there is no role or user of this ARN, where that is plain: the account is declared in full and has none, or one of the
   * declared entities shows that it cannot be. Undefined where it may exist somewhere that no document shows.
   */
  why(arn: Text, from: string): NotFound | undefined {
    const parsed = parseArn(arn);
    const sort = parsed === undefined ? undefined : resourceSort(parsed.resource);
    if (parsed === undefined || !isKnown(parsed.resource) || (sort !== 'role' && sort !== 'user')) return undefined;
    const { resource, account } = parsed;
    if (this.#inventory.byArn.find(arn).length > 0) return undefined;
    const names = this.#namesOf(sort);
    const impossible = cannotExist(resource, account, names, from);
    if (impossible !== undefined) return impossible;
    if (this.#isShownWithout(arn, `${sort}:${show(account)}`)) {
      const near = nearest(show(arn), names);
      return { reason: `account ${account} has no ${resource}`, meant: near, hint: undefined };
    }
    return this.#oneLetterOff(resource, account, names);
  }

  #isShownWithout(arn: Text, kind: string): boolean {
    const { covered } = this.#inventory;
    return covered.has(kind) || (isKnown(arn) && covered.has(arn));
  }

  #namesOf(sort: 'role' | 'user'): DeclaredNames {
    const names = this.#names.get(sort) ?? new DeclaredNames(this.#inventory, sort);
    this.#names.set(sort, names);
    return names;
  }

  /** The account that was meant, or the name, with one letter wrong: nobody gives two accounts or roles such names on purpose. */
  #oneLetterOff(resource: string, account: Text, names: DeclaredNames): NotFound | undefined {
    for (const entity of names.alike(resource)) {
      const { declaration } = entity;
      const own = resourceOf(entity);
      const accounts = [show(account), show(declaration.account)] as const;
      if (own === resource && /^\d{12}$/.test(accounts[0]) && !this.#accounts.has(accounts[0])) {
        if (/^\d{12}$/.test(accounts[1]) && distance(...accounts, 1) === 1)
          return {
            reason: `account ${accounts[0]} is not among the declared ones`,
            meant: entity,
            hint: 'one digit off',
          };
      }
      if (isSlip(own, resource) && equal(account, declaration.account) === true)
        return { reason: `no document declares ${resource}`, meant: entity, hint: 'one letter off' };
    }
    return undefined;
  }
}

/** The question that ends the sentence, and where the one that was meant is declared. */
export function didYouMean({ meant }: NotFound): { readonly question: string; readonly related: readonly Related[] } {
  if (meant === undefined) return { question: '', related: [] };
  const { arn, kind, place } = meant.declaration;
  return {
    question: `: did you mean ${show(arn)}?`,
    related: [{ place, message: `the ${kind} that is declared` }],
  };
}

/**
 * An account has one role of a name, whatever its path and however its letters are cased.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function cannotExist(resource: string, account: Text, names: DeclaredNames, from: string): NotFound | undefined {
  const name = show(nameIn(resource));
  for (const entity of names.named(name)) {
    const { declaration } = entity;
    const own = show(declaration.name);
    if (resourceOf(entity) === resource) continue;
    const inOneAccount = equal(account, declaration.account) === true;
    // A document that repeats its own role's name means that role, whatever account it will stand in.
    const ownName =
      own === name && isSymbolic(declaration.account) && folder(declaration.place.source.path) === folder(from);
    if (!inOneAccount && !ownName) continue;
    const hint = own === name ? 'the path is part of the ARN' : 'upper and lower case count';
    return {
      reason: `${resource} is not there: the ${declaration.kind} of that name is ${resourceOf(entity)}`,
      meant: entity,
      hint,
    };
  }
  return undefined;
}

function isSymbolic(account: Text): boolean {
  return !isKnown(account);
}

/** One letter within a word: a number or a last letter tells things apart on purpose (`app-1` and `app-2`, `reader` and `readers`). */
function isSlip(own: string, written: string): boolean {
  if (distance(own, written, 1) !== 1 || own.replace(/^\w+\//, '').length < 8) return false;
  let start = 0;
  while (own[start] === written[start]) start += 1;
  const around = own.slice(0, start).match(/[A-Za-z]*$/)?.[0].length ?? 0;
  const after = own.slice(start + 1).match(/^[A-Za-z]*/)?.[0].length ?? 0;
  const letters = /^[A-Za-z]?$/;
  return around >= 2 && after >= 1 && letters.test(own[start] ?? '') && letters.test(written[start] ?? '');
}

/** The declared one that an ARN of a fully declared account most likely means. */
function nearest(arn: string, names: DeclaredNames): Entity | undefined {
  const named = names.named(show(nameIn(arn)));
  if (named.length === 1) return named[0];
  let best: Entity | undefined;
  let least = 4;
  for (const entity of names.all) {
    const edits = distance(show(entity.declaration.arn), arn, 3);
    if (edits < least) [best, least] = [entity, edits];
  }
  return best;
}

function folder(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
