import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NO_CONFIGURATION } from '../../src/config/configuration.ts';
import { readDocuments } from '../../src/documents/read.ts';
import type { PolicyDocument } from '../../src/inventory/declarations.ts';
import { CORPUS, corpusFiles } from '../support/corpus.ts';
import { isKnown, said } from '../support/said.ts';
import { filesOf } from './roots.ts';

function policiesOf(texts: Readonly<Record<string, string>>): readonly PolicyDocument[] {
  return readDocuments(filesOf(texts), NO_CONFIGURATION, undefined).declarations.policies;
}

const plans = CORPUS === undefined ? [] : [...corpusFiles('plans-generated', /\.json$/)];
const hasSource = (repository: string): boolean => existsSync(`${CORPUS}/tf/${repository}`);

for (const [name, plan] of plans) {
  const [repository = '', ...folders] = name.replace(/\.json$/, '').split('~');
  const folder = folders.filter((step) => step !== '.' && step !== '..').join('/');
  test.runIf(hasSource(repository))(`${name} says the same with its source as alone`, () => {
    const sources = Object.fromEntries(corpusFiles(`tf/${repository}`, /\.(tf|tfvars|json|tpl)$/));
    const alone = policiesOf({ 'plan.json': plan });
    const joined = policiesOf({ ...sources, [`${folder === '' ? '' : `${folder}/`}plan.json`]: plan });
    for (const { owner, policy } of alone) {
      // What only the source knows adds to a policy, and takes no policy away.
      expect(joined.map((one) => one.owner)).toContain(owner);
      // Other root modules of the repository may have a block of that name.
      const same = joined.filter((one) => one.owner === owner).map((one) => said(one.policy));
      if (isKnown(policy)) expect(same).toContainEqual(said(policy));
    }
  });
}

test.runIf(CORPUS !== undefined)(
  'policies of a plan stand in its source, and are known where the plan does not know them',
  () => {
    const sources = Object.fromEntries(corpusFiles('tf/BishopFox+iam-vulnerable', /\.(tf|tfvars|json)$/));
    const plan = readFileSync(`${CORPUS}/plans-generated/BishopFox+iam-vulnerable~..json`, 'utf8');
    const joined = policiesOf({ ...sources, 'plan.json': plan });
    expect(joined.filter(({ policy }) => policy.place.source.path === 'plan.json')).toEqual([]);
    const open = (all: readonly PolicyDocument[]) =>
      all.filter(({ policy }) => policy.open.length > 0).map(({ owner }) => owner);
    expect(open(policiesOf({ 'plan.json': plan }))).not.toEqual([]);
    expect(open(joined)).toEqual([]);
  },
);
