import { locate, type Place } from '../source/source.ts';
import type { Finding } from './apply.ts';

/**
 * What stands in an inventory is edited elsewhere: a finding that would point there points at what declares the assumption here,
 * or, where nothing does, is none of this repository's.
 */
export function placedHere(findings: readonly Finding[], elsewhere: ReadonlySet<string>): readonly Finding[] {
  if (elsewhere.size === 0) return findings;
  const isHere = (place: Place): boolean => !elsewhere.has(place.source.path);
  return findings.flatMap((finding) => {
    if (isHere(finding.place)) return [finding];
    const { subject, related } = finding;
    const declared = (subject?.assumption.declaredBy ?? []).map(({ place }) => place);
    const ends = [subject?.assumption.principal, subject?.assumption.role].flatMap(
      (end) => end?.declaration.place ?? [],
    );
    const place = [...declared, ...ends, ...related.map((one) => one.place)].find(isHere);
    if (place === undefined) return [];
    const there = { place: finding.place, message: 'here, in the inventory' };
    return [
      {
        ...finding,
        place,
        location: locate(place),
        hint: undefined,
        replacement: undefined,
        related: [there, ...related.filter((one) => one.place !== place)],
      },
    ];
  });
}
