import type { Construct } from '../inventory/declarations.ts';
import type { Finding } from './apply.ts';

/** Findings in what a tool made, with the source that it is made of. */
export function withConstructs(findings: readonly Finding[], constructs: readonly Construct[]): readonly Finding[] {
  if (constructs.length === 0) return findings;
  return findings.map((finding) => {
    const { source, start } = finding.place;
    const at = source.toFile(start);
    const own = constructs.find(
      ({ within }) => within.start <= at && at < within.end && within.source.file === source.file,
    );
    if (own === undefined) return finding;
    const made = own.madeAt();
    const message = made === undefined ? `the construct ${own.name}` : `where the construct ${own.name} is made`;
    return { ...finding, related: [...finding.related, { place: made ?? own.place, message }] };
  });
}
