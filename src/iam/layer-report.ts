import type { Place } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { dependenciesOf, type Truth, unknownsOf } from '../symbolic/truth.ts';
import type { NearMiss } from './near-miss.ts';
import type { Policy, Statement } from './policy.ts';

export type LayerName = 'identity' | 'boundary' | 'session' | 'scp' | 'rcp' | 'trust';
export type LayerVerdict = 'allow' | 'no-allow' | 'explicit-deny' | 'conditional' | 'unknown' | 'not-applicable';

/** What one layer says, and the text that says it. */
export interface LayerReport {
  readonly layer: LayerName;
  readonly verdict: LayerVerdict;
  readonly reason: string;
  readonly place?: Place;
  readonly policy?: Policy;
  readonly statement?: Statement;
  readonly miss?: NearMiss;
}

export function withStatement(
  layer: LayerName,
  verdict: LayerVerdict,
  found: { readonly policy: Policy; readonly statement: Statement } | undefined,
  reason: string,
): LayerReport {
  if (found === undefined) return { layer, verdict, reason };
  return {
    layer,
    verdict,
    reason: `${reason}, by the ${found.policy.name}`,
    place: found.statement.place,
    policy: found.policy,
    statement: found.statement,
  };
}

export function openVerdict(truth: Truth): LayerVerdict {
  return dependenciesOf(truth).some((one) => one.kind === 'value') ? 'unknown' : 'conditional';
}

export function openReason(truth: Truth): string {
  const unknowns = unknownsOf(truth);
  if (unknowns.length > 0)
    return `depends on ${unknowns
      .slice(0, 3)
      .map((unknown) => unknown.missing)
      .join(', ')}`;
  const [first] = dependenciesOf(truth);
  if (first?.kind === 'disputed') return first.reason;
  return first?.kind === 'key'
    ? `asks for ${first.key} ${first.operator} ${first.values.map(show).join(' or ')}`
    : 'depends on the call';
}
