import { parseArn, resourceSort } from '../../iam/arn.ts';
import type { Reason } from '../../inventory/reason.ts';
import type { Asked } from './asked.ts';
import type { Coverage } from './coverage.ts';
import type { Dump } from './dump.ts';
import { nameOf } from './mentions.ts';
import { editsFrom, oneEditFrom } from './near.ts';

const STRENGTH: Readonly<Record<Reason, number>> = { named: 1, naming: 2, asked: 3 };

/** Which entities of the dumps a run needs, and why: with those alone it comes to what it would come to with all of them. */
export function selectionOf(
  dumps: readonly Dump[],
  coverage: Coverage,
  asked: Asked,
): readonly ReadonlyMap<number, Reason>[] {
  return new Selecting(dumps, coverage, asked).select();
}

interface Taken {
  readonly dump: number;
  readonly index: number;
  readonly reason: Reason;
}

class Selecting {
  readonly #dumps: readonly Dump[];
  readonly #coverage: Coverage;
  readonly #asked: Asked;
  readonly #reasons: readonly Map<number, Reason>[];
  readonly #open: Taken[] = [];
  /** The groups and policies of which all is named that they mention. */
  readonly #mentioning = new Map<Dump, Set<number>>();

  constructor(dumps: readonly Dump[], coverage: Coverage, asked: Asked) {
    this.#dumps = dumps;
    this.#coverage = coverage;
    this.#asked = asked;
    this.#reasons = dumps.map(() => new Map());
  }

  select(): readonly ReadonlyMap<number, Reason>[] {
    const { declared, called, attached, named, accounts, everything, anyCalled } = this.#asked;
    if (everything) {
      for (const [at, dump] of this.#dumps.entries())
        for (let index = 0; index < dump.size; index++) this.#take(at, index, 'asked');
      return this.#reasons;
    }
    for (const name of [...declared, ...called]) this.#about(name, 'naming');
    for (const name of called) this.#called(name, 'asked');
    // What one world of a comparison declares, the other may only have there.
    for (const name of declared) this.#called(name, 'asked', (dump, index) => accounts.has(accountOf(dump.arn(index))));
    for (const name of attached) this.#about(name, 'asked');
    for (const name of named) this.#mentionedBy(name);
    this.#meant();
    this.#strangers();
    for (const [at, dump] of this.#dumps.entries()) {
      if (anyCalled) for (const index of dump.trustingTokens) this.#take(at, index, 'named');
      // What nobody has may be what somebody lacks.
      for (const index of dump.policies)
        if (!this.#coverage.isAttached(dump.arn(index))) this.#take(at, index, 'named');
    }
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) this.#follow(next);
    return this.#reasons;
  }

  #take(dump: number, index: number, reason: Reason): void {
    const reasons = this.#reasons[dump];
    const known = reasons?.get(index);
    if (this.#dumps[dump]?.list(index) === undefined) return;
    if (known !== undefined && STRENGTH[known] >= STRENGTH[reason]) return;
    reasons?.set(index, reason);
    this.#open.push({ dump, index, reason });
  }

  /** Those called so, and those that mention one. */
  #about(name: string, reason: Reason): void {
    for (const [at, dump] of this.#dumps.entries()) for (const index of dump.about(name)) this.#take(at, index, reason);
  }

  #called(name: string, reason: Reason, wanted: (dump: Dump, index: number) => boolean = () => true): void {
    for (const [at, dump] of this.#dumps.entries())
      for (const index of dump.about(name))
        if (dump.isCalled(index, name) && wanted(dump, index)) this.#take(at, index, reason);
  }

  /** What belongs to an entity that is read. */
  #follow({ dump: at, index, reason }: Taken): void {
    const dump = this.#dumps[at];
    if (dump === undefined) return;
    const own = nameOf(dump.arn(index));
    // Of several under one name nobody can say which is meant.
    this.#called(own, 'named');
    this.#called(own, reason, (other, one) => other.arn(one) === dump.arn(index));
    if (reason === 'named') for (const name of dump.mentions(index)) this.#called(name, 'named', isHeld);
    else if (isHeld(dump, index)) this.#about(own, reason);
    else {
      if (reason === 'asked') this.#about(own, 'naming');
      for (const name of dump.mentions(index)) this.#mentionedBy(name);
    }
  }

  /** Those called so, where all relations are asked of somebody who has them; whom groups and policies name, too. */
  #mentionedBy(name: string): void {
    const open = [name];
    for (let next = open.pop(); next !== undefined; next = open.pop())
      this.#called(next, 'named', (dump, index) => {
        if (isHeld(dump, index) && this.#mentioning.get(dump)?.has(index) !== true) {
          this.#mentioning.set(dump, (this.#mentioning.get(dump) ?? new Set()).add(index));
          open.push(...dump.mentions(index));
        }
        return true;
      });
  }

  /** Whom a name means that nobody has, on either side. */
  #meant(): void {
    const { declared, arns, present, loose } = this.#asked;
    const absent = [...arns].filter((arn) => !present.has(arn) && !this.#isThere(arn));
    const sought = new Set([...absent.map(nameOf), ...loose]);
    for (const dump of this.#dumps) {
      for (const name of oneEditFrom(declared, dump.names())) this.#about(name, 'naming');
      for (const name of oneEditFrom(sought, dump.names())) this.#called(name, 'named');
    }
    // Where all of an account is shown, the nearest is meant.
    const covered = new Set(this.#coverage.covered());
    if (covered.size === 0) return;
    const meant = new Set(absent.filter((arn) => isOf(covered, arn)).map(nameOf));
    for (const dump of this.#dumps) {
      const nobody = declared.size === 0 ? [] : [...dump.names()].filter((name) => !this.#isSomebody(name));
      for (const name of editsFrom(declared, nobody, 3)) this.#about(name, 'naming');
      for (const name of editsFrom(meant, dump.names(), 3)) this.#called(name, 'named');
    }
  }

  /** Those who name somebody of an account that is declared here, and whom no dump has. */
  #strangers(): void {
    const { accounts } = this.#asked;
    if (accounts.size === 0) return;
    for (const [at, dump] of this.#dumps.entries())
      for (const name of dump.names()) {
        if (this.#isSomebody(name)) continue;
        const isOurs = (arn: string): boolean => nameOf(arn) === name && accounts.has(accountOf(arn));
        for (const index of dump.about(name)) if (dump.arns(index).some(isOurs)) this.#take(at, index, 'naming');
      }
  }

  #isThere(arn: string): boolean {
    const name = nameOf(arn);
    return this.#dumps.some((dump) => dump.about(name).some((index) => dump.arn(index) === arn));
  }

  #isSomebody(name: string): boolean {
    return this.#dumps.some((dump) => dump.about(name).some((index) => dump.isCalled(index, name)));
  }
}

/** Whether others have it: a group, a policy. */
function isHeld(dump: Dump, index: number): boolean {
  const list = dump.list(index);
  return list === 'Policies' || list === 'GroupDetailList';
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function isOf(covered: ReadonlySet<string>, text: string): boolean {
  const arn = parseArn(text);
  const sort = arn === undefined ? undefined : resourceSort(arn.resource);
  return arn !== undefined && covered.has(`${sort}:${String(arn.account)}`);
}
