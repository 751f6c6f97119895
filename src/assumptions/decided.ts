import { type Decision, decide } from '../iam/decide.ts';
import { type Explanation, explain } from '../iam/explain.ts';
import type { Assumption } from './assumption.ts';

/** An assumption with its decision; why it is so is worked out when it is asked for. */
export interface Decided {
  readonly assumption: Assumption;
  readonly decision: Decision;
  readonly explanation: () => Explanation;
}

export function decideAll(assumptions: readonly Assumption[]): readonly Decided[] {
  return assumptions.map((assumption) => {
    let known: Explanation | undefined;
    return {
      assumption,
      decision: decide(assumption.question),
      explanation: () => {
        known ??= explain(assumption.question);
        return known;
      },
    };
  });
}
