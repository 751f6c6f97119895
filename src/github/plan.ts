import type { ReportedFinding } from '../report/report.ts';
import type { Anchor } from './anchor.ts';
import { isMended, type Marker, mended, withMarker } from './marker.ts';

/** A comment that should stand. */
export interface Wanted {
  readonly finding: ReportedFinding;
  readonly fingerprint: string;
  readonly anchor: Anchor;
  readonly text: string;
  /** A digest of the text without its lines and commits. */
  readonly content: string;
  /** Its lines must be exactly the anchor's: a suggestion replaces them. */
  readonly exact: boolean;
}

/** A comment of ours that stands. */
export interface Standing {
  readonly id: number;
  readonly body: string;
  readonly marker: Marker;
  readonly replied: boolean;
  /** Where it hangs now: on a file, on lines, or nowhere, since they are gone. */
  readonly at: 'file' | 'outdated' | { readonly startLine: number; readonly line: number };
}

export interface Plan {
  readonly create: readonly (Wanted & { readonly body: string })[];
  readonly edit: readonly { readonly id: number; readonly body: string }[];
  readonly remove: readonly number[];
}

/** What is to be written so that exactly the wanted comments stand; nothing where they do. */
export function planComments(
  wanted: readonly Wanted[],
  standing: readonly Standing[],
  key: string,
  commit: string,
): Plan {
  const create: Plan['create'][number][] = [];
  const edit: Plan['edit'][number][] = [];
  const kept = new Set<Standing>();
  for (const one of wanted) {
    const body = withMarker({ fingerprint: one.fingerprint, key, content: one.content }, one.text);
    const known = best(standing.filter(({ marker }) => marker.fingerprint === one.fingerprint));
    if (known !== undefined && (known.replied || isInPlace(known, one))) {
      kept.add(known);
      if (known.marker.content !== one.content) edit.push({ id: known.id, body: fitting(body, known, one) });
    } else create.push({ ...one, body });
  }
  const gone = standing.filter((one) => !kept.has(one));
  const answered = gone.filter(({ replied, marker }) => replied && !isMended(marker));
  return {
    create,
    edit: [...edit, ...answered.map(({ id, body, marker }) => ({ id, body: mended(body, marker, commit) }))],
    remove: gone.filter(({ replied }) => !replied).map(({ id }) => id),
  };
}

/** Of several of one finding: the one that people talk in, else one that can be seen, else the newest. */
function best(same: readonly Standing[]): Standing | undefined {
  const rank = ({ replied, at }: Standing): number => Number(!replied) * 2 + Number(at === 'outdated');
  return [...same].sort((a, b) => rank(a) - rank(b) || b.id - a.id)[0];
}

function isInPlace({ at }: Standing, { anchor, exact }: Wanted): boolean {
  if (at === 'outdated') return false;
  if (anchor.kind === 'file' || at === 'file') return anchor.kind === at;
  return !exact || (at.startLine === anchor.startLine && at.line === anchor.line);
}

/** A discussion keeps its comment even where it hangs on other lines by now; a suggestion would replace those. */
function fitting(body: string, known: Standing, wanted: Wanted): string {
  return isInPlace(known, wanted) ? body : body.replace(/^(`{3,})suggestion$/gm, '$1');
}
