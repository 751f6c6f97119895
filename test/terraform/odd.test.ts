import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NO_CONFIGURATION } from '../../src/config/configuration.ts';
import { readDocuments } from '../../src/documents/read.ts';
import { show } from '../../src/symbolic/text.ts';
import { isKnown, said } from '../support/said.ts';
import { filesOf } from './roots.ts';

const ODD = new URL('./odd/', import.meta.url);

/** What is known of every policy, by whom it belongs to. */
function policiesOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, unknown> {
  const { policies, problems } = readDocuments(filesOf(texts), NO_CONFIGURATION, undefined).declarations;
  const slips = problems.filter(({ level, place }) => level === 'error' && place.source.path.endsWith('.tf'));
  expect(slips.map(({ message }) => message)).toEqual([]);
  const owned = policies.filter(({ owner }) => !owner.startsWith('identity policy policy.'));
  return new Map(owned.map(({ owner, policy }) => [owner, isKnown(policy) ? said(policy) : 'not known']));
}

/** The names of whatever has one, as they will be. */
function namesOf(texts: Readonly<Record<string, string>>): readonly unknown[] {
  const { entities } = readDocuments(filesOf(texts), NO_CONFIGURATION, undefined).declarations;
  return entities.map(({ id, name, path, kind }) => [id, kind, show(name), show(path)]).sort();
}

// Each folder holds an odd configuration, and what terraform plan 1.11 made of it with the AWS provider 5.100.
test.each(readdirSync(ODD))('the sources of odd/%s alone say what their plan says', (folder) => {
  const paths = readdirSync(new URL(`${folder}/`, ODD), { recursive: true, encoding: 'utf8' });
  const read = (path: string): string => readFileSync(new URL(`${folder}/${path}`, ODD), 'utf8');
  const texts = Object.fromEntries(paths.filter((path) => /\.\w+$/.test(path)).map((path) => [path, read(path)]));
  const { 'plan.json': plan = '', ...sources } = texts;
  const planned = policiesOf({ 'plan.json': plan });
  const written = policiesOf(sources);
  const joined = policiesOf(texts);
  expect([...planned.values()].filter((policy) => policy !== 'not known').length).toBeGreaterThan(2);
  for (const [owner, policy] of planned) {
    if (policy === 'not known') continue;
    expect([owner, written.get(owner)]).toEqual([owner, policy]);
    expect([owner, joined.get(owner)]).toEqual([owner, policy]);
  }
  expect([...written.keys()].sort()).toEqual([...planned.keys()].sort());
  expect([...joined.keys()].sort()).toEqual([...planned.keys()].sort());
  expect(namesOf(sources)).toEqual(namesOf({ 'plan.json': plan }));
});
