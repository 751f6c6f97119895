import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check, json, lines, place } from '../support/documents.ts';

const trusting = (service: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] });

describe('a Terraform resource hands its role to a service', () => {
  const documents = (service: string) => ({
    'iam.tf': `resource "aws_iam_role" "fn" {\n  name               = "fn"\n  assume_role_policy = jsonencode({\n    Statement = [{ Effect = "Allow", Principal = { Service = "${service}" }, Action = "sts:AssumeRole" }]\n  })\n}\n`,
    'main.tf':
      'resource "aws_lambda_function" "fn" {\n  function_name = "fn"\n  role          = aws_iam_role.fn.arn\n}\n',
  });

  test('which the role does not trust: both ends are named', () => {
    const bad = documents('ec2.amazonaws.com');
    const { report } = check(bad);
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      { rule: 'service-not-trusted', severity: 'error', location: place(bad, 'iam.tf', 'ec2.amazonaws.com') },
    ]);
    expect(report.findings[0]?.related).toEqual([
      { location: place(bad, 'main.tf', '«role» ='), message: 'hands this role to lambda.amazonaws.com' },
    ]);
  });

  test('which it trusts', () => {
    const { report } = check(documents('lambda.amazonaws.com'));
    expect(report.findings).toEqual([]);
    expect(report.assumptions.map(({ decision }) => decision)).toEqual(['allowed']);
  });
});

describe('a provider assumes a role', () => {
  const documents = (more: string) => ({
    'main.tf': lines(`
      provider "aws" {
        assume_role {
          role_arn = "arn:aws:iam::111122223333:role/deploy"
          ${more}
        }
      }
    `),
    'role.json': json({
      Resources: {
        Deploy: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: 'deploy',
            AssumeRolePolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { AWS: '444455556666' },
                  Action: 'sts:AssumeRole',
                  Condition: { StringEquals: { 'sts:ExternalId': 'terraform' } },
                },
              ],
            },
          },
        },
      },
    }),
  });

  test('without the external id that the role asks for', () => {
    const bad = documents('');
    const { report } = check(bad, '--account', '111122223333');
    expect(report.findings.map(({ severity, location }) => ({ severity, location }))).toEqual([
      { severity: 'error', location: place(bad, 'role.json', '"«terraform»"') },
    ]);
    expect(report.findings[0]?.related).toEqual([
      {
        location: place(bad, 'main.tf', 'arn:aws:iam::111122223333:role/deploy'),
        message: 'is assumed by the provider aws',
      },
    ]);
  });

  const state = (backend: string) => ({
    'role.json': documents('')['role.json'],
    'main.tf': lines(`
      terraform {
        backend "s3" {
          bucket = "state"
          key    = "app"
          ${backend}
        }
      }
    `),
  });

  test.each([
    [
      'in a block of the backend',
      'assume_role = { role_arn = "arn:aws:iam::111122223333:role/deploy", external_id = "x" }',
    ],
    ['by the attributes that the backend had before', 'role_arn = "arn:aws:iam::111122223333:role/deploy"'],
  ])('for the state, %s', (_, written) => {
    const bad = state(written);
    const { report } = check(bad, '--account', '111122223333');
    expect(report.findings.map(({ severity, location }) => ({ severity, location }))).toEqual([
      { severity: 'error', location: place(bad, 'role.json', '"«terraform»"') },
    ]);
    expect(report.findings[0]?.related).toEqual([
      {
        location: place(bad, 'main.tf', 'arn:aws:iam::111122223333:role/deploy'),
        message: 'is assumed by the backend s3',
      },
    ]);
    const good = state(
      `${written.replace(', external_id = "x" }', ', external_id = "terraform" }')}\n    external_id = "terraform"`,
    );
    expect(check(good, '--account', '111122223333').report.findings).toEqual([]);
  });

  describe('for the state, in a file of its own', () => {
    const inFile = (path: string, text: string) => ({
      'role.json': documents('')['role.json'],
      'main.tf': 'terraform {\n  backend "s3" {}\n}\n',
      [path]: lines(text),
    });
    test.each([
      ['prod.s3.tfbackend', 'role_arn    = "arn:aws:iam::111122223333:role/deploy"'],
      ['env/prod.tfbackend', 'assume_role = { role_arn = "arn:aws:iam::111122223333:role/deploy" }'],
      ['backend-prod.hcl', 'role_arn = "arn:aws:iam::111122223333:role/deploy"'],
    ])('%s', (path, written) => {
      const withId = (id: string) =>
        written.includes('{')
          ? written.replace(' }', `, external_id = "${id}" }`)
          : `${written}\nexternal_id = "${id}"`;
      const bad = inFile(path, `bucket = "state"\n${withId('x')}`);
      const { report } = check(bad, '--account', '111122223333');
      expect(report.findings.map(({ severity, location }) => ({ severity, location }))).toEqual([
        { severity: 'error', location: place(bad, 'role.json', '"«terraform»"') },
      ]);
      expect(report.findings[0]?.related).toEqual([
        {
          location: place(bad, path, 'arn:aws:iam::111122223333:role/deploy'),
          message: `is assumed by the backend that ${path} configures`,
        },
      ]);
      const good = check(inFile(path, withId('terraform')), '--account', '111122223333').report;
      expect(good.findings).toEqual([]);
      expect(good.assumptions.map(({ decision }) => decision)).toContain('unknown');
      // Whoever initializes the backend may give it besides.
      const without = check(inFile(path, written), '--account', '111122223333').report;
      expect(without.findings).toEqual([]);
    });

    test('that is broken is said to be so', () => {
      const { report } = check(inFile('prod.tfbackend', 'role_arn = "arn:aws:iam::111122223333:role/deploy'));
      expect(report.diagnostics).toHaveLength(1);
    });

    test('of another kind of backend', () => {
      const { report } = check(inFile('prod.gcs.tfbackend', 'bucket = "state"\nprefix = "app"'));
      expect(report.findings).toEqual([]);
      expect(report.diagnostics).toEqual([]);
    });
  });

  test('for the state of another root', () => {
    const bad = {
      'role.json': documents('')['role.json'],
      'main.tf': lines(`
        data "terraform_remote_state" "network" {
          backend = "s3"
          config = {
            bucket      = "state"
            key         = "app"
            assume_role = { role_arn = "arn:aws:iam::111122223333:role/deploy" }
          }
        }
        data "terraform_remote_state" "local" {
          backend = "local"
          config  = { path = "x.tfstate" }
        }
      `),
    };
    const { report } = check(bad, '--account', '111122223333');
    expect(report.findings.map(({ severity, location }) => ({ severity, location }))).toEqual([
      { severity: 'error', location: place(bad, 'role.json', '"«terraform»"') },
    ]);
    expect(report.findings[0]?.related).toEqual([
      {
        location: place(bad, 'main.tf', 'arn:aws:iam::111122223333:role/deploy'),
        message: 'is assumed by the backend of data.terraform_remote_state.network',
      },
    ]);
  });

  test('for longer than the role grants', () => {
    const bad = {
      'main.tf': lines(`
        resource "aws_iam_role" "deploy" {
          name                 = "deploy"
          max_session_duration = 7200
          assume_role_policy   = jsonencode({
            Statement = [{ Effect = "Allow", Principal = { AWS = "111122223333" }, Action = "sts:AssumeRole" }]
          })
        }
        provider "aws" {
          alias = "deploy"
          assume_role {
            role_arn = "arn:aws:iam::111122223333:role/deploy"
            duration = "2h30m"
          }
        }
      `),
    };
    const { report } = check(bad, '--account', '111122223333');
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      { rule: 'condition-never-met', severity: 'error', location: place(bad, 'main.tf', '2h30m') },
    ]);
    expect(report.findings[0]?.related[0]).toEqual({
      location: place(bad, 'main.tf', '7200'),
      message: 'its sessions last 7200 seconds at most',
    });
    const fitting = { 'main.tf': bad['main.tf'].replace('2h30m', '2h') };
    expect(check(fitting, '--account', '111122223333').report.findings).toEqual([]);
  });

  test('a role that asks for MFA: whoever runs Terraform may be a user who has it', () => {
    const asking = documents('')['role.json'].replace('"StringEquals"', '"Bool"');
    const role = asking.replace('"sts:ExternalId": "terraform"', '"aws:MultiFactorAuthPresent": "true"');
    const { report } = check({ ...documents(''), 'role.json': role }, '--account', '111122223333');
    expect(report.findings).toEqual([]);
    expect(report.assumptions.filter(({ principal }) => principal.includes('credentials'))).toHaveLength(1);
  });

  test('with it: who runs Terraform is not known, and nothing is said', () => {
    const { report } = check(documents('external_id = "terraform"'), '--account', '111122223333');
    expect(report.findings).toEqual([]);
  });
});

interface HandOff {
  readonly terraform: readonly string[];
  readonly caller?: readonly string[];
  readonly confidence: string;
}
const table: Readonly<Record<string, readonly HandOff[]>> = JSON.parse(
  readFileSync(new URL('../../src/documents/services/hand-offs.json', import.meta.url), 'utf8'),
);

/** Nested blocks and maps as Terraform's JSON syntax writes them. */
function holding(path: string, value: unknown): Record<string, unknown> {
  const [, name = '', key, is, rest = ''] = /^([^.[]+)(?:\[(?:([^=\]]*)=([^\]]*))?\])?\.?(.*)$/.exec(path) ?? [];
  const inner = rest === '' ? value : holding(rest, value);
  const marked = key === undefined ? inner : { ...holding(key, is), ...(inner as object) };
  return { [name === '*' ? 'lambda' : name]: rest === '' && !path.endsWith('[]') ? marked : [marked] };
}

describe('every attribute that Terraform has', () => {
  const resources: Record<string, Record<string, unknown>> = { aws_iam_role: {}, aws_iam_instance_profile: {} };
  const add = (type: string, name: string, body: unknown): void => {
    resources[type] = { ...resources[type], [name]: body };
  };
  const expected: { name: string; attribute: string; confidence: string }[] = [];
  for (const [kind, rows] of Object.entries(table)) {
    for (const [index, { terraform, caller, confidence }] of rows.entries()) {
      for (const [nth, written] of terraform.entries()) {
        const [type = '', path = ''] = written.split(' ');
        const name = `${kind}-${index}-${nth}`;
        const own =
          kind === 'instance-profile'
            ? `\${aws_iam_instance_profile.${name}.name}`
            : type === 'aws_cloudformation_stack_set'
              ? name
              : `\${aws_iam_role.${name}.arn}`;
        const other = caller?.[1] === undefined ? {} : { [caller[1]]: '${aws_iam_role.caller.arn}' };
        // Some attributes hold JSON.
        const [first = ''] = path.split('.');
        const body = holding(path, own);
        const isJson = /^(container_properties|ecs_properties|content|body)$/.test(first);
        const value = isJson ? { [first]: `\${jsonencode(${hclOf(body[first])})}` } : body;
        expected.push({ name, attribute: written, confidence });
        add('aws_iam_role', name, { name, assume_role_policy: trusting('polly.amazonaws.com') });
        if (kind === 'instance-profile')
          add('aws_iam_instance_profile', name, { name, role: `\${aws_iam_role.${name}.name}` });
        add(type, `${name}-own`, { ...value, ...other });
      }
    }
  }
  add('aws_iam_role', 'caller', { name: 'caller', assume_role_policy: trusting('polly.amazonaws.com') });
  const { report } = check({ 'all.tf.json': json({ resource: resources }) });

  test.each(expected)('$attribute', ({ name, attribute, confidence }) => {
    const found = report.assumptions.filter(
      ({ role: arn, principal }) => arn.endsWith(`/${name}`) && principal !== 'polly.amazonaws.com',
    );
    expect(found.length).toBeGreaterThan(0);
    const levels = report.findings.filter(({ role: arn }) => arn?.endsWith(`/${name}`)).map(({ severity }) => severity);
    if (confidence === 'memory') expect(levels).not.toContain('error');
    // What uses a profile, if anything does, stands elsewhere.
    if (confidence === 'confirmed' && attribute !== 'aws_iam_instance_profile role') expect(levels).toContain('error');
  });
});

function hclOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hclOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([name, one]) => `"${name}" = ${hclOf(one)}`)
      .join(', ')}}`;
  const text = String(value);
  return text.startsWith('${') ? text.slice(2, -1) : JSON.stringify(text);
}

describe('a run of HCP Terraform assumes the role of its workspace', () => {
  const HOST = 'app.terraform.io';
  const documents = (subject: string, more = '', project = 'project_id = tfe_project.main.id') => ({
    'main.tf': lines(`
      resource "aws_iam_role" "runs" {
        name               = "runs"
        assume_role_policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{
            Effect    = "Allow"
            Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/${HOST}" }
            Action    = "sts:AssumeRoleWithWebIdentity"
            Condition = {
              StringEquals = { "${HOST}:aud" = "aws.workload.identity" }
              StringLike   = { "${HOST}:sub" = "${subject}" }
            }
          }]
        })
      }
      resource "tfe_project" "main" {
        name         = "main"
        organization = "octo-org"
      }
      resource "tfe_workspace" "app" {
        name         = "app"
        organization = "octo-org"
        ${project}
      }
      resource "tfe_variable" "role" {
        workspace_id = tfe_workspace.app.id
        category     = "env"
        key          = "TFC_AWS_RUN_ROLE_ARN"
        value        = aws_iam_role.runs.arn
      }
      ${more}
    `),
  });
  const decided = (files: Readonly<Record<string, string>>) => {
    const { report } = check(files, '--account', '111122223333');
    return report.assumptions
      .filter(({ declaredBy }) => declaredBy.some(({ kind }) => kind === 'workflow'))
      .map(({ decision }) => decision);
  };

  test('in both of its phases, of which one is not trusted', () => {
    const bad = documents('organization:octo-org:project:main:workspace:app:run_phase:apply');
    expect(decided(bad).sort()).toEqual(['allowed', 'denied']);
    const { report } = check(bad, '--account', '111122223333');
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      {
        rule: 'workflow-not-trusted',
        severity: 'notice',
        location: place(bad, 'main.tf', 'organization:octo-org:project:main:workspace:app:run_phase:apply'),
      },
    ]);
    expect(report.findings[0]?.related[0]).toEqual({
      location: place(bad, 'main.tf', '«value» ='),
      message: 'the plan of a run assumes it with its token (TFC_AWS_RUN_ROLE_ARN)',
    });
  });

  test('of the workspace that is trusted, and of one whose project is not known', () => {
    const subject = 'organization:octo-org:project:main:workspace:app:run_phase:*';
    expect(decided(documents(subject))).toEqual(['allowed', 'allowed']);
    expect(decided(documents(subject, '', ''))).toEqual(['unknown', 'unknown']);
  });

  test('of another workspace than the trusted one: a warning, since the workspace may have more variables', () => {
    const bad = documents('organization:octo-org:project:main:workspace:other:*');
    expect(decided(bad)).toEqual(['denied', 'denied']);
    const { report } = check(bad, '--account', '111122223333');
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['workflow-not-trusted', 'warning'],
    ]);
  });

  test('with the audience that another variable gives', () => {
    const audience = (value: string) =>
      documents(
        'organization:octo-org:*',
        `resource "tfe_variable" "audience" {
          workspace_id = tfe_workspace.app.id
          category     = "env"
          key          = "TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE"
          value        = "${value}"
        }`,
      );
    expect(decided(audience('aws'))).toEqual(['denied', 'denied']);
    expect(decided(audience('aws.workload.identity'))).toEqual(['allowed', 'allowed']);
  });
});

describe('a provider assumes a role with a web identity', () => {
  const documents = (action: string) => ({
    'main.tf': lines(`
      provider "aws" {
        region = "eu-west-1"
        assume_role_with_web_identity {
          role_arn                = "arn:aws:iam::111122223333:role/deploy"
          web_identity_token_file = "/var/run/token"
        }
      }
    `),
    'role.tf': lines(`
      resource "aws_iam_role" "deploy" {
        name               = "deploy"
        assume_role_policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{
            Effect    = "Allow"
            Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/ci.example.com" }
            Action    = "${action}"
          }]
        })
      }
    `),
  });

  test('whose trust allows another call', () => {
    const bad = documents('sts:AssumeRole');
    const { report } = check(bad, '--account', '111122223333');
    const [error] = report.findings.filter(({ severity }) => severity === 'error');
    expect(error).toMatchObject({
      rule: 'wrong-assume-action',
      location: place(bad, 'role.tf', 'Action = "«sts:AssumeRole»"'),
    });
  });

  test('whose trust allows it', () => {
    const { report } = check(documents('sts:AssumeRoleWithWebIdentity'), '--account', '111122223333');
    expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(report.assumptions.flatMap(({ declaredBy }) => declaredBy.map(({ kind }) => kind))).toContain('provider');
  });
});
