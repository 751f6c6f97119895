import type { Place } from '../../source/source.ts';
import { openUnknown, type Term } from './term.ts';

/** Far more than any repository needs; what needs more is left unknown. */
const MOST_STEPS = 600_000;
const DEEPEST = 250;

/** What one evaluation may still spend: expressions of a pull request must not run long, nor fill the memory. */
export class Run {
  #left: number;
  #depth = 0;

  constructor(steps: number = MOST_STEPS) {
    this.#left = steps;
  }

  /** Whether there is enough left; what is spent is gone. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left > 0;
  }

  /** Follows one expression into the next, as far as anything that people write goes. */
  deeper(place: Place, follow: () => Term): Term {
    if (this.#depth >= DEEPEST || !this.spend(1)) return tooMuch(place);
    this.#depth += 1;
    const term = follow();
    this.#depth -= 1;
    return term;
  }
}

export function tooMuch(place: Place): Term {
  const id = `${place.source.path}:${place.start}:too much`;
  return { kind: 'unknown', unknown: openUnknown(id, '…', 'a value that takes too much to evaluate'), place };
}
