import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS } from '../support/corpus.ts';
import { CONFIGURATION, check, type Documents, lines } from '../support/documents.ts';

const BUGS = CORPUS === undefined ? undefined : join(dirname(CORPUS), 'real-bugs');

/** Which rule finds the mistake, and where. */
const FOUND: Readonly<Record<string, string>> = {
  '01-irsa-sub-wrong-serviceaccount': 'service-account-not-trusted main.tf:13',
  '03-irsa-sub-missing-namespace': 'service-account-not-trusted main.tf:13',
  '05-irsa-second-serviceaccount-left-out': 'service-account-not-trusted main.tf:13',
  '07-gha-sub-without-ref': 'workflow-not-trusted main.tf:22',
  '09-gha-environment-changes-sub': 'workflow-not-trusted main.tf:22',
  '11-gha-missing-id-token-permission': 'workflow-not-trusted .github/workflows/deploy.yml:7',
  '13-gha-org-case': 'workflow-not-trusted main.tf:22',
  '15-gha-repo-left-out-of-list': 'workflow-not-trusted main.tf:21',
  '17-tagsession-missing-in-identity': 'expectation-failed .github/assume-role-check.yml:5',
  '19-tagsessions-typo': 'unknown-action main.tf:7',
  '21-service-principal-typo': 'invalid-principal main.tf:8',
  '23-trust-statement-without-action': 'invalid-policy main.tf:2',
  '25-policy-created-never-attached': 'expectation-failed .github/assume-role-check.yml:5',
  '27-grant-for-second-role-missing': 'expectation-failed .github/assume-role-check.yml:5',
  '29-role-path-dropped-from-principal': 'principal-not-found main.tf:20',
  '31-wrong-service-s3-batch': 'expectation-failed .github/assume-role-check.yml:5',
  '33-sid-with-underscores': 'invalid-policy main.tf:9',
  '35-inline-policy-not-a-policy': 'invalid-policy main.tf:14',
  '37-ecs-service-role-trusts-ec2': 'service-not-trusted main.tf:8',
  '39-principal-as-bare-service-string': 'invalid-principal trust.json:7',
  '41-events-rule-role-trust': 'service-not-trusted template.yaml:8',
  '47-lets-encrypt-user-grant-missing': 'expectation-failed .github/assume-role-check.yml:5',
};

/** The repository whose workflows they are. */
const REPOSITORIES: Readonly<Record<string, string>> = {
  '07-gha-sub-without-ref': 'example-org/images',
  '09-gha-environment-changes-sub': 'example-org/infra',
  '13-gha-org-case': 'Example-Org/infra',
  '15-gha-repo-left-out-of-list': 'example-org/mod-waf',
};

/** Calls that no document of theirs declares: somebody has to expect them. */
const EXPECTATIONS: Readonly<Record<string, string>> = {
  '17-tagsession-missing-in-identity':
    '{principal: "arn:aws:iam::111122223333:role/caller", role: "arn:aws:iam::444455556666:role/target", context: {aws:RequestTag/team: blue}, decision: allowed}',
  '25-policy-created-never-attached':
    '{principal: "arn:aws:iam::111122223333:role/ip-usage-lambda", role: "arn:aws:iam::444455556666:role/IPUsageMetricsReadRole", decision: allowed}',
  '27-grant-for-second-role-missing':
    '{principal: "arn:aws:iam::111122223333:role/plan", role: "arn:aws:iam::444455556666:role/limited-read", decision: allowed}',
  '31-wrong-service-s3-batch':
    '{principal: batchoperations.s3.amazonaws.com, role: "arn:aws:iam::111122223333:role/copy", decision: allowed}',
  '47-lets-encrypt-user-grant-missing':
    '{principal: "arn:aws:iam::111122223333:user/cert-provision", role: "arn:aws:iam::444455556666:role/dns", decision: allowed}',
};

function configured(name: string): Documents {
  const expectation = EXPECTATIONS[name];
  if (expectation === undefined) return {};
  return {
    [CONFIGURATION]: lines(`
      accounts:
        home: {id: "111122223333", paths: ["**"]}
        other: {id: "444455556666", paths: [nothing/**]}
      expect:
        - ${expectation.replace('{', `{name: ${name}, `)}
    `),
  };
}

function documentsIn(folder: string): Documents {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => /\.(tf|ya?ml|json)$/.test(path));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** Errors, and names that nobody has. */
function errors(name: string, documents: Documents): readonly string[] {
  const repository = REPOSITORIES[name];
  const options = repository === undefined ? [] : ['--repository', repository];
  return check({ ...documents, ...configured(name) }, ...options)
    .report.findings.filter(({ rule, severity }) => severity === 'error' || rule === 'principal-not-found')
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
        if (found !== undefined) expect(errors(name, documents('before'))).toContain(found);
        expect(errors(name, documents('after'))).toEqual([]);
      });
    }
  }
});
