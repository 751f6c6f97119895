import type { Decided } from '../assumptions/decided.ts';
import type { Unknown } from '../symbolic/text.ts';
import type { Found, Rule, World } from './finding.ts';
import { ends } from './words.ts';

export const unresolvedValue: Rule = {
  id: 'unresolved-value',
  title: 'a value that kept a declared assumption unknown',
  severity: 'notice',
  check: unresolved,
};

/** One finding a value, however many assumptions wait for it. */
function unresolved({ decided }: World): readonly Found[] {
  const waiting = new Map<string, { readonly unknown: Unknown; readonly all: Decided[] }>();
  for (const one of decided) {
    if (one.decision.decision !== 'unknown') continue;
    const { open } = one.decision;
    // Against what no document declares nothing is said, unless somebody expects it to work.
    if (open.some((unknown) => unknown.undeclared === true) && one.assumption.expectation === undefined) continue;
    // A parameter is easier to give than the account that everything is deployed to.
    const first = open.find((unknown) => unknown.kind === 'open') ?? open[0];
    if (first === undefined) continue;
    const known = waiting.get(first.id);
    if (known === undefined) waiting.set(first.id, { unknown: first, all: [one] });
    else known.all.push(one);
  }
  return [...waiting.values()].flatMap(({ unknown, all }) => {
    const [first] = all;
    const declared = first?.assumption.declaredBy[0];
    if (first === undefined || declared === undefined) return [];
    const { principal, role } = ends(first);
    const others = all.length === 1 ? '' : ` and ${all.length - 1} more`;
    return [
      {
        message: `whether ${principal} can assume ${role}${others} depends on ${unknown.missing}`,
        place: declared.place,
        identity: unknown.id.replace(/:\d+:/g, ':'),
        related: all.slice(1, 6).map((one) => ({
          place: one.assumption.declaredBy[0]?.place ?? declared.place,
          message: `${ends(one).principal} on ${ends(one).role}`,
        })),
      },
    ];
  });
}
