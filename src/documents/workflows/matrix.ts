import { member, scalarText, type Tree } from '../../source/tree.ts';

/** One job of a matrix: the values of its names. A name whose values only a run has is not in it. */
export type Cell = ReadonlyMap<string, Tree>;

/** GitHub makes at most 256 jobs of a matrix. */
const MOST_CELLS = 256;

/** https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations */
export function cellsOf(job: Tree): readonly Cell[] {
  const matrix = member(member(job, 'strategy'), 'matrix');
  if (matrix?.kind !== 'map') return [new Map()];
  const axes = matrix.entries.filter(({ key }) => key.text !== 'include' && key.text !== 'exclude');
  let cells: Cell[] = [new Map()];
  for (const { key, value } of axes) {
    if (value.kind !== 'list') continue;
    cells = cells.flatMap((cell) => value.items.map((item) => new Map([...cell, [key.text, item]])));
    if (cells.length > MOST_CELLS) return [new Map()];
  }
  const excluded = entriesOf(matrix, 'exclude');
  cells = cells.filter(
    (cell) => !excluded.some((entry) => [...entry].every(([name, value]) => same(cell.get(name), value))),
  );
  return included(cells, entriesOf(matrix, 'include'), new Set(axes.map(({ key }) => key.text)));
}

function entriesOf(matrix: Tree, name: string): readonly Cell[] {
  const list = member(matrix, name);
  if (list?.kind !== 'list') return [];
  return list.items.map(
    (item) => new Map(item.kind === 'map' ? item.entries.map(({ key, value }) => [key.text, value]) : []),
  );
}

/** An entry adds to every job whose original values it does not change, or is a job of its own. */
function included(cells: readonly Cell[], entries: readonly Cell[], axes: ReadonlySet<string>): readonly Cell[] {
  const extended = axes.size === 0 ? [] : [...cells];
  // What an entry makes of its own is not extended by the next.
  const originals = extended.length;
  for (const entry of entries) {
    let added = false;
    for (const [index, cell] of extended.entries()) {
      const original = [...entry].filter(([name]) => axes.has(name));
      if (index >= originals) break;
      if (!original.every(([name, value]) => same(cell.get(name), value))) continue;
      extended[index] = new Map([...cell, ...entry]);
      added = true;
    }
    if (!added) extended.push(entry);
  }
  return extended.length === 0 ? [new Map()] : extended;
}

function same(left: Tree | undefined, right: Tree): boolean {
  const [a, b] = [scalarText(left), scalarText(right)];
  return a !== undefined && a === b;
}
