import { principalOf } from './assumptions/assumption.ts';
import type { Decided } from './assumptions/decided.ts';
import type { Checked } from './check.ts';
import type { Changes } from './report/report.ts';
import { show } from './symbolic/text.ts';

/** What a change does to who can assume whom: both worlds are decided, so it does not matter where the gap lies. */
export function compare(head: Checked, base: Checked): Changes {
  const before = openWays(base.decided);
  const after = openWays(head.decided);
  const now = new Map(head.decided.map((one) => [keyOf(one), one]));
  return {
    gained: [...after].filter(([key]) => !before.has(key)).map(([, one]) => one),
    // What the change leaves unknown is not lost: nobody knows.
    lost: [...before]
      .filter(([key]) => !after.has(key) && now.get(key)?.decision.decision !== 'unknown')
      .map(([key, one]) => now.get(key) ?? one),
  };
}

function openWays(decided: readonly Decided[]): ReadonlyMap<string, Decided> {
  return new Map(
    decided
      .filter(({ decision }) => decision.decision === 'allowed' || decision.decision === 'conditional')
      .map((one) => [keyOf(one), one]),
  );
}

function keyOf({ assumption }: Decided): string {
  return [
    principalOf(assumption),
    show(assumption.question.role.arn),
    assumption.question.action,
    assumption.expectation?.name ?? '',
  ].join('\n');
}
