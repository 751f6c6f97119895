import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { check, type Documents, lines, role, template } from '../support/documents.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';
const PATH = '.github/workflows/deploy.yml';

const trusting = (condition: string) =>
  template(
    role('Deploy', {
      name: 'deploy',
      trust: `
        - Effect: Allow
          Principal: {Federated: ${PROVIDER}}
          Action: sts:AssumeRoleWithWebIdentity
          Condition:
            StringEquals:
              ${ISSUER}:aud: sts.amazonaws.com
              ${condition}
      `,
    }),
  );
const TRUSTED = trusting(`${ISSUER}:sub: repo:octo-org/app:ref:refs/heads/main`);

const workflow = ({ permissions = 'permissions: {id-token: write, contents: read}', job = '', more = '' } = {}) =>
  lines(`
    on: {push: {branches: [main]}}
    ${permissions}
    jobs:
      ship:
        runs-on: ubuntu-latest
        ${job}
        steps:
          - uses: aws-actions/configure-aws-credentials@v5
            with:
              role-to-assume: ${DEPLOY}
              aws-region: eu-west-1
              ${more}
  `);

/** The lines that the offered fixes write, and what is found once they are made. */
function mended(documents: Documents): { readonly written: readonly string[]; readonly findings: readonly string[] } {
  const options = ['--repository', 'octo-org/app', '--account', '111122223333'];
  const { report } = check(documents, ...options);
  const edits = report.findings.flatMap(({ fix }) => (fix?.edits ?? []) as readonly Edit[]);
  const fixed: Record<string, string> = { ...documents };
  for (const edit of [...edits].sort((a, b) => b.startLine - a.startLine))
    fixed[edit.path] = applyEdit(fixed[edit.path] ?? '', edit);
  const before = new Set(Object.values(documents).flatMap((text) => text.split('\n')));
  const written = Object.values(fixed).flatMap((text) => text.split('\n').filter((line) => !before.has(line)));
  const errors = check(fixed, ...options).report.findings.filter(({ severity }) => severity === 'error');
  return { written: written.map((line) => line.trim()), findings: errors.map(({ message }) => message) };
}

const hcl = (condition: string) =>
  lines(`
    resource "aws_iam_role" "deploy" {
      name = "deploy"
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Action    = "sts:AssumeRoleWithWebIdentity"
          Principal = { Federated = "${PROVIDER}" }
          Condition = {
            StringEquals = {
              "${ISSUER}:aud" = "sts.amazonaws.com"
              "${ISSUER}:sub" = ${condition}
            }
          }
        }]
      })
    }
  `);

const ENVIRONMENT = workflow({ job: 'environment: prod' });

describe('mends', () => {
  const cases: readonly {
    readonly name: string;
    readonly documents: Documents;
    readonly written: readonly string[];
  }[] = [
    {
      name: 'a trust policy without the subject of a job: it is added beside the one that is there',
      documents: { 'roles.yaml': TRUSTED, [PATH]: ENVIRONMENT },
      written: [`${ISSUER}:sub:`, '- repo:octo-org/app:ref:refs/heads/main', '- repo:octo-org/app:environment:prod'],
    },
    {
      name: 'the same in Terraform, where one text becomes a list',
      documents: { 'main.tf': hcl('"repo:octo-org/app:ref:refs/heads/main"'), [PATH]: ENVIRONMENT },
      written: [`"${ISSUER}:sub" = ["repo:octo-org/app:ref:refs/heads/main", "repo:octo-org/app:environment:prod"]`],
    },
    {
      name: 'a list of subjects in Terraform',
      documents: { 'main.tf': hcl('["repo:octo-org/app:environment:dev"]'), [PATH]: ENVIRONMENT },
      written: [`"${ISSUER}:sub" = ["repo:octo-org/app:environment:dev", "repo:octo-org/app:environment:prod"]`],
    },
    {
      name: 'a subject that ends with the repository, and is no token’s',
      documents: { 'roles.yaml': trusting(`${ISSUER}:sub: repo:octo-org/app`), [PATH]: workflow() },
      written: [`${ISSUER}:sub: repo:octo-org/app:ref:refs/heads/main`],
    },
    {
      name: 'a subject and an audience at once',
      documents: {
        'roles.yaml': trusting(`${ISSUER}:sub: repo:Octo-Org/app:environment:prod`),
        [PATH]: workflow({ job: 'environment: prod', more: 'audience: sigstore' }),
      },
      written: [
        `${ISSUER}:aud:`,
        '- sts.amazonaws.com',
        '- sigstore',
        `${ISSUER}:sub: repo:octo-org/app:environment:prod`,
      ],
    },
    {
      name: 'a workflow without permissions, at its job',
      documents: { 'roles.yaml': TRUSTED, [PATH]: workflow({ permissions: 'name: ship' }) },
      written: ['permissions:', 'id-token: write', 'contents: read'],
    },
    {
      name: 'permissions that leave it out',
      documents: { 'roles.yaml': TRUSTED, [PATH]: workflow({ permissions: 'permissions: {contents: read}' }) },
      written: ['permissions: {id-token: write, contents: read}'],
    },
    {
      name: 'permissions in a block that leave it out',
      documents: {
        'roles.yaml': TRUSTED,
        [PATH]: workflow({ permissions: 'name: ship', job: 'permissions:\n          contents: read' }),
      },
      written: ['id-token: write'],
    },
    {
      name: 'a permission that is read',
      documents: { 'roles.yaml': TRUSTED, [PATH]: workflow({ permissions: 'permissions: {id-token: read}' }) },
      written: ['permissions: {id-token: write}'],
    },
    {
      name: 'a session that is to last too long',
      documents: { 'roles.yaml': TRUSTED, [PATH]: workflow({ more: 'role-duration-seconds: 7200' }) },
      written: ['role-duration-seconds: 3600'],
    },
    {
      name: 'a service account without its namespace',
      documents: {
        'main.tf': hcl('"system:serviceaccount:app"').replaceAll(ISSUER, 'oidc.eks.eu-west-1.amazonaws.com/id/AB'),
        'account.yaml': lines(`
          apiVersion: v1
          kind: ServiceAccount
          metadata:
            name: app
            namespace: shop
            annotations: {eks.amazonaws.com/role-arn: "${DEPLOY}"}
        `),
      },
      written: ['"oidc.eks.eu-west-1.amazonaws.com/id/AB:sub" = "system:serviceaccount:shop:app"'],
    },
  ];
  test.each(cases)('$name', ({ documents, written }) => {
    expect(mended(documents)).toEqual({ written, findings: [] });
  });
});

test('offers nothing where the subject is not known', () => {
  const documents = {
    'roles.yaml': TRUSTED,
    [PATH]: workflow({ job: 'environment: ${{ vars.STAGE }}-x' }),
  };
  expect(mended(documents).written).toEqual([]);
});
