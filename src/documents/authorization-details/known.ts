import type { Dump } from './dump.ts';
import { nameOf } from './mentions.ts';

/** One entry of one of several dumps. */
export interface Entry {
  readonly dump: number;
  readonly index: number;
}

/** Who is in several dumps together. */
export class Known {
  /** All ARNs. */
  readonly arns: ReadonlySet<string>;
  /** All names, in lower case. */
  readonly names: ReadonlySet<string>;
  /** The entries of ARNs that have more than one. */
  readonly repeated: ReadonlyMap<string, readonly Entry[]>;

  constructor(dumps: readonly Dump[]) {
    const [arns, names, repeated] = [new Set<string>(), new Set<string>(), new Map<string, Entry[]>()];
    eachIn(dumps, (dump, { index }) => {
      const arn = dump.arn(index);
      if (arns.has(arn)) repeated.set(arn, []);
      arns.add(arn);
      for (const name of [nameOf(arn), dump.name(index)]) names.add(name);
    });
    if (repeated.size > 0) eachIn(dumps, (dump, entry) => repeated.get(dump.arn(entry.index))?.push(entry));
    this.arns = arns;
    this.names = names;
    this.repeated = repeated;
  }
}

function eachIn(dumps: readonly Dump[], visit: (dump: Dump, entry: Entry) => void): void {
  for (const [at, dump] of dumps.entries())
    for (let index = 0; index < dump.size; index++)
      if (dump.list(index) !== undefined) visit(dump, { dump: at, index });
}
