import { namesOf } from './names.ts';
import { fenced, mermaidLabel } from './printable.ts';
import type { Change, Changes } from './report.ts';

/** More than this nobody reads at a glance. */
const MOST_EDGES = 40;

/** A Mermaid diagram of the assumptions that a change touches; empty where it touches none. */
export function changesGraph({ lost, broken, gained }: Changes): string {
  const edges = [
    ...lost.map((one) => edge(one, 'lost')),
    ...broken.map((one) => edge(one, 'cannot work')),
    ...gained.map((one) => edge(one, undefined)),
  ].filter((one) => one !== undefined);
  if (edges.length === 0) return '';
  const shown = edges.slice(0, MOST_EDGES);
  const nodes = new Map([...new Set(shown.flatMap(({ from, to }) => [from, to]))].map((name, at) => [name, `n${at}`]));
  const lines = [
    'flowchart LR',
    ...[...nodes].map(([name, id]) => `  ${id}[${mermaidLabel(name)}]`),
    ...shown.map(({ from, to, word }) => {
      const arrow = word === undefined ? '-->' : `-- "${word}" --x`;
      return `  ${nodes.get(from)} ${arrow} ${nodes.get(to)}`;
    }),
  ];
  const rest = edges.length - shown.length;
  return `${fenced(lines.join('\n'), 'mermaid')}${rest > 0 ? `\n\n_and ${rest} more_` : ''}`;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly word: string | undefined;
}

function edge({ now, before }: Change, word: string | undefined): Edge | undefined {
  const one = now ?? before;
  if (one === undefined) return undefined;
  const { principal, role } = namesOf(one);
  return { from: principal, to: role, word };
}
