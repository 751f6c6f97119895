import { parseArn, resourceSort } from '../../iam/arn.ts';
import type { Reason } from '../../inventory/reason.ts';
import type { Asked } from './asked.ts';
import type { Coverage } from './coverage.ts';
import type { Dump } from './dump.ts';
import { type Entry, Known } from './known.ts';
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

interface Taken extends Entry {
  readonly reason: Reason;
}

/** Who is in dumps does not change with what is asked of them. */
const KNOWN = new WeakMap<readonly Dump[], Known>();

class Selecting {
  readonly #dumps: readonly Dump[];
  readonly #known: Known;
  readonly #coverage: Coverage;
  readonly #asked: Asked;
  readonly #reasons: readonly Map<number, Reason>[];
  readonly #open: Taken[] = [];
  /** Names that were followed already, by what for. */
  readonly #followed = new Set<string>();

  constructor(dumps: readonly Dump[], coverage: Coverage, asked: Asked) {
    this.#dumps = dumps;
    this.#coverage = coverage;
    this.#asked = asked;
    this.#reasons = dumps.map(() => new Map());
    this.#known = KNOWN.get(dumps) ?? new Known(dumps);
    KNOWN.set(dumps, this.#known);
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
    const had = this.#coverage.attached();
    for (const [at, dump] of this.#dumps.entries()) {
      if (anyCalled) for (const index of dump.trustingTokens) this.#take(at, index, 'named');
      // What nobody has may be what somebody lacks.
      for (const index of dump.policies) if (!had.has(dump.arn(index))) this.#take(at, index, 'named');
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
    // Of several under one name, or one ARN, nobody can say which is meant.
    if (this.#isNew('called', own)) this.#called(own, 'named');
    for (const other of this.#known.repeated.get(dump.arn(index)) ?? []) this.#take(other.dump, other.index, reason);
    if (reason === 'named') {
      for (const name of dump.mentions(index)) if (this.#isNew('held', name)) this.#called(name, 'named', isHeld);
    } else if (isHeld(dump, index)) {
      if (this.#isNew(reason, own)) this.#about(own, reason);
    } else {
      if (reason === 'asked' && this.#isNew('naming', own)) this.#about(own, 'naming');
      for (const name of dump.mentions(index)) this.#mentionedBy(name);
    }
  }

  /** What belongs to a name is gone through once, however many have to do with it. */
  #isNew(what: string, name: string): boolean {
    const key = `${what} ${name}`;
    if (this.#followed.has(key)) return false;
    this.#followed.add(key);
    return true;
  }

  /** Those called so, where all relations are asked of somebody who has them; whom groups and policies name, too. */
  #mentionedBy(name: string): void {
    const open = [name];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!this.#isNew('mentioned', next)) continue;
      this.#called(next, 'named', (dump, index) => {
        if (isHeld(dump, index)) for (const other of dump.mentions(index)) open.push(other);
        return true;
      });
    }
  }

  /** Whom a name means that nobody has, on either side. */
  #meant(): void {
    const { declared, arns, present, loose } = this.#asked;
    const absent = [...arns].filter((arn) => !present.has(arn) && !this.#known.arns.has(arn));
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
      const nobody = declared.size === 0 ? [] : [...dump.names()].filter((name) => !this.#known.names.has(name));
      for (const name of editsFrom(declared, nobody, 3)) this.#about(name, 'naming');
      for (const name of editsFrom(meant, dump.names(), 3)) this.#called(name, 'named');
    }
  }

  /** Those who name somebody of an account that is declared here, and whom no dump has. */
  #strangers(): void {
    const { accounts } = this.#asked;
    if (accounts.size === 0) return;
    const isOurs = (arn: string): boolean => !this.#known.names.has(nameOf(arn)) && accounts.has(accountOf(arn));
    for (const [at, dump] of this.#dumps.entries()) {
      const naming = new Set<number>();
      for (const name of dump.names())
        if (!this.#known.names.has(name)) for (const index of dump.about(name)) naming.add(index);
      for (const index of naming) if (dump.arns(index).some(isOurs)) this.#take(at, index, 'naming');
    }
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
