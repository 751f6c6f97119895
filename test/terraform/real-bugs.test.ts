import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS } from '../support/corpus.ts';
import { check, type Documents } from '../support/documents.ts';

const BUGS = CORPUS === undefined ? undefined : join(dirname(CORPUS), 'real-bugs');

/** Which rule finds the mistake, and where. */
const FOUND: Readonly<Record<string, string>> = {
  '01-irsa-sub-wrong-serviceaccount': 'service-account-not-trusted main.tf:13',
  '03-irsa-sub-missing-namespace': 'service-account-not-trusted main.tf:13',
  '05-irsa-second-serviceaccount-left-out': 'service-account-not-trusted main.tf:13',
  '11-gha-missing-id-token-permission': 'workflow-not-trusted .github/workflows/deploy.yml:7',
  '19-tagsessions-typo': 'unknown-action main.tf:7',
  '21-service-principal-typo': 'invalid-principal main.tf:8',
  '23-trust-statement-without-action': 'invalid-policy main.tf:2',
  '33-sid-with-underscores': 'invalid-policy main.tf:9',
  '35-inline-policy-not-a-policy': 'invalid-policy main.tf:14',
  '37-ecs-service-role-trusts-ec2': 'service-not-trusted main.tf:8',
  '39-principal-as-bare-service-string': 'invalid-principal trust.json:7',
  '41-events-rule-role-trust': 'service-not-trusted template.yaml:8',
};

function documentsIn(folder: string): Documents {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => /\.(tf|ya?ml|json)$/.test(path));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function errors(documents: Documents): readonly string[] {
  return check(documents)
    .report.findings.filter(({ severity }) => severity === 'error')
    .map(({ rule, location }) => `${rule} ${location.path}:${location.startLine}`);
}

describe.runIf(BUGS !== undefined)('real mistakes', () => {
  const folder = BUGS ?? '';
  for (const name of BUGS === undefined ? [] : readdirSync(folder)) {
    for (const way of ['with the plan', 'from the source alone']) {
      test(`${name} ${way}`, () => {
        const documents = (side: string): Documents => {
          const { 'plan.json': plan, ...sources } = documentsIn(join(folder, name, side));
          return plan === undefined || way !== 'with the plan' ? sources : { ...sources, 'plan.json': plan };
        };
        const found = FOUND[name];
        if (found !== undefined) expect(errors(documents('before'))).toContain(found);
        expect(errors(documents('after'))).toEqual([]);
      });
    }
  }
});
