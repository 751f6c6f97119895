import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Files } from '../../src/documents/files.ts';
import { workingTree } from '../../src/files/working-tree.ts';
import { withElsewhere, withInventories } from '../../src/inventories.ts';
import { renderJson } from '../../src/report/json.ts';
import { run } from '../../src/run.ts';
import { SourceFile } from '../../src/source/source.ts';
import type { JsonReport } from '../support/documents.ts';
import { Estate } from './inventory-estate.ts';

/** Of an inventory that is read in parts only what is asked is read: that must come to the same as all of it. */
test('an inventory that is read in parts comes to the findings of one that is read whole', () => {
  let findings = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const { whole, inParts } = readTwice(new Estate(seed));
    const told = whole.findings.map((one) => JSON.stringify(one));
    const toldInParts = inParts.findings.map((one) => JSON.stringify(one));
    findings += told.length;
    expect(
      told.filter((one) => !toldInParts.includes(one)),
      `not told, seed ${seed}`,
    ).toEqual([]);
    // An error between two ends elsewhere, which is nobody's here, may hide a doubt of the same text.
    const more = inParts.findings.filter((one) => !told.includes(JSON.stringify(one)));
    expect(more.filter(({ rule, severity }) => !rule.endsWith('-not-found') || severity === 'error')).toEqual([]);
    const counted = ({ summary: { principals, roles } }: JsonReport) => ({ principals, roles });
    const said = whole.diagnostics.map((one) => JSON.stringify(one));
    expect(inParts.diagnostics.filter((one) => !said.includes(JSON.stringify(one)))).toEqual([]);
    // Two dumps that differ in what nobody asks are not told, and count once.
    const differs = whole.diagnostics.some(({ message }) => message.includes('is shown otherwise'));
    if (!differs) expect(counted(inParts), `seed ${seed}`).toEqual(counted(whole));
    if (!differs) expect(inParts.diagnostics).toEqual(whole.diagnostics);
    const decided = new Set(whole.assumptions.map((one) => JSON.stringify(one)));
    expect(
      inParts.assumptions.filter((one) => !decided.has(JSON.stringify(one))),
      `seed ${seed}`,
    ).toEqual([]);
    const kept = new Set(inParts.assumptions.map((one) => JSON.stringify(one)));
    expect(whole.assumptions.filter((one) => isDeclaredHere(one) && !kept.has(JSON.stringify(one)))).toEqual([]);
  }
  expect(findings).toBeGreaterThan(100);
});

function isDeclaredHere(assumption: unknown): boolean {
  return /"path":"(here|there)\.json"/.test(JSON.stringify(assumption));
}

/** The same estate with its dumps read by the two readers. */
function readTwice(estate: Estate): { readonly whole: JsonReport; readonly inParts: JsonReport } {
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  try {
    const root = join(folder, 'repository');
    const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
    for (const name of ['repository/.github', 'base/.github']) mkdirSync(join(folder, name), { recursive: true });
    for (const [path, text] of Object.entries(estate.repository())) write(`repository/${path}`, text);
    for (const [path, text] of Object.entries(estate.base() ?? {})) write(`base/${path}`, text);
    const dumps = estate.dumps();
    const names = dumps.map((_, index) => `dump-${index}.json`);
    for (const [index, text] of dumps.entries()) write(names[index] ?? '', text);
    const tree = (): Files => workingTree(root, ['']);
    const base = estate.base() === undefined ? undefined : workingTree(join(folder, 'base'), ['']);
    const report = (files: Files): JsonReport =>
      JSON.parse(
        renderJson(
          run({
            files,
            configuration: '.github/assume-role-check.yml',
            account: undefined,
            now: Date.parse('2026-11-23'),
            base: base === undefined ? undefined : { files: base, suppresses: false },
            scope: 'all',
          }),
        ),
      );
    const texts = names.map((name) => {
      const path = `../${name}`;
      return new SourceFile(path, readFileSync(join(folder, name), 'utf8'), path);
    });
    return {
      whole: report(withElsewhere(tree(), texts)),
      inParts: report(
        withInventories(
          tree(),
          names.map((name) => `../${name}`),
          root,
          root,
        ),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
