import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { CONFIGURATION, check, lines } from '../support/documents.ts';

const trust = (principal: string) => `
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { ${principal} } }]
  })`;
const grant = `
resource "aws_iam_role_policy" "caller" {
  name   = "assume"
  role   = aws_iam_role.caller.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.target.arn }]
  })
}`;
const caller = `resource "aws_iam_role" "caller" {\n  name = "caller"${trust('Service = "ec2.amazonaws.com"')}\n}\n`;
const target = (body: string) => `resource "aws_iam_role" "target" {\n  name = "target"${body}\n}\n`;

/** The lines that the one offered fix writes; with it the call is allowed and nothing is found. */
function written(text: string): readonly string[] {
  const { report } = check({ 'main.tf': text });
  const [fix, ...more] = report.findings.flatMap((finding) => (finding.fix === undefined ? [] : [finding.fix]));
  expect(more).toEqual([]);
  const edits = (fix?.edits ?? []) as readonly Edit[];
  const fixed = edits.reduce(applyEdit, text);
  const after = check({ 'main.tf': fixed }).report;
  expect(after.findings).toEqual([]);
  expect(after.assumptions.map(({ decision }) => decision)).not.toContain('denied');
  const before = new Set(text.split('\n'));
  return fixed.split('\n').filter((line) => !before.has(line));
}

test('jsonencode gets a principal by reference', () => {
  const text = `${caller}${target(trust('Service = "lambda.amazonaws.com"'))}${grant}\n`;
  expect(written(text)).toEqual([
    '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com", AWS = aws_iam_role.caller.arn } }]',
  ]);
});

test('aws_iam_policy_document gets a block by reference', () => {
  const document = lines(`
    data "aws_iam_policy_document" "target" {
      statement {
        actions = ["sts:AssumeRole"]
        principals {
          type        = "Service"
          identifiers = ["lambda.amazonaws.com"]
        }
      }
    }
  `);
  const text = `${caller}${target('\n  assume_role_policy = data.aws_iam_policy_document.target.json')}${document}${grant}\n`;
  expect(written(text)).toEqual(['      type        = "AWS"', '      identifiers = [aws_iam_role.caller.arn]']);
});

test('a trust statement gets the action that it lacks, in a block and in an object', () => {
  const statement = lines(`
    data "aws_iam_policy_document" "target" {
      statement {
        principals {
          type        = "AWS"
          identifiers = [aws_iam_role.caller.arn]
        }
      }
    }
  `);
  const text = `${caller}${target('\n  assume_role_policy = data.aws_iam_policy_document.target.json')}${statement}${grant}\n`;
  expect(written(text)).toEqual(['    actions = ["sts:AssumeRole"]']);
  const object = trust('AWS = aws_iam_role.caller.arn').replace('Action = "sts:AssumeRole", ', '');
  expect(written(`${caller}${target(object)}${grant}\n`)).toEqual([
    '    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { AWS = aws_iam_role.caller.arn } }]',
  ]);
});

test('a misspelt action is written right', () => {
  const text = `${caller}${target(trust('AWS = aws_iam_role.caller.arn'))}${grant.replace('AssumeRole"', 'AsumeRole"')}\n`;
  expect(written(text)).toEqual([
    '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.target.arn }]',
  ]);
});

describe('with a plan that knows the policy', () => {
  const text = `${caller}${target(trust('AWS = aws_iam_role.caller.arn').replace('AssumeRole"', 'AsumeRole"'))}${grant}\n`;
  const account = 'arn:aws:iam::111122223333:role';
  const policy = (statement: object) => JSON.stringify({ Statement: [statement], Version: '2012-10-17' });
  const service = { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } };
  const known = (type: string, name: string, values: object) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    change: { actions: ['no-op'], before: values, after: values, after_unknown: {} },
  });
  const plan = (action: string) => ({
    format_version: '1.2',
    planned_values: {},
    resource_changes: [
      known('aws_iam_role', 'caller', {
        arn: `${account}/caller`,
        id: 'caller',
        name: 'caller',
        assume_role_policy: policy(service),
      }),
      known('aws_iam_role', 'target', {
        arn: `${account}/target`,
        id: 'target',
        name: 'target',
        assume_role_policy: policy({ Action: action, Effect: 'Allow', Principal: { AWS: `${account}/caller` } }),
      }),
      known('aws_iam_role_policy', 'caller', {
        name: 'assume',
        role: 'caller',
        policy: policy({ Action: 'sts:AssumeRole', Effect: 'Allow', Resource: `${account}/target` }),
      }),
    ],
    configuration: {
      root_module: {
        resources: [
          { address: 'aws_iam_role.caller', expressions: {} },
          { address: 'aws_iam_role.target', expressions: {} },
          { address: 'aws_iam_role_policy.caller', expressions: {} },
        ],
      },
    },
  });
  const fixesIn = (action: string) =>
    check({ 'main.tf': text, 'plan.json': JSON.stringify(plan(action)) }).report.findings.map(
      ({ rule, severity, fix }) => [rule, severity, fix?.edits.map(({ newText }) => newText.trim())],
    );

  test('an edit of what the plan was made from is tried as a plan that is made now would show it', () => {
    expect(fixesIn('sts:AsumeRole')).toEqual([
      [
        'unknown-action',
        'error',
        [
          'Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.caller.arn } }]',
        ],
      ],
    ]);
  });

  test('of a plan that says something else than its source nobody knows what the edit would give', () => {
    expect(fixesIn('sts:AssumRole').flatMap(([, , edits]) => edits ?? [])).toEqual([]);
  });
});

test('a role that is named without its path is named by reference', () => {
  const text = lines(`
    resource "aws_iam_role" "master" {
      name               = "master"
      path               = "/bosh/"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
      })
    }
    resource "aws_iam_role" "logger" {
      name               = "logger"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111122223333:role/\${aws_iam_role.master.name}" } }]
      })
    }
  `);
  expect(written(text)).toEqual([
    '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.master.arn } }]',
  ]);
  const heredoc = lines(`
    resource "aws_iam_role" "logger" {
      name               = "logger"
      assume_role_policy = <<-EOT
        {
          "Version": "2012-10-17",
          "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::111122223333:role/master"}}
        }
      EOT
    }
  `);
  const master = text.slice(0, text.indexOf('resource "aws_iam_role" "logger"'));
  expect(written(master + heredoc)).toEqual([
    '      "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "${aws_iam_role.master.arn}"}}',
  ]);
});

test('a role without a grant gets a policy of its own behind it', () => {
  const documents = {
    [CONFIGURATION]: lines(`
      accounts:
        tools: {id: "111122223333", paths: ["tools/**"]}
        prod: {id: "444455556666", paths: ["prod/**"]}
    `),
    'tools/main.tf': `${caller}\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n`,
    'prod/main.tf': target(trust('AWS = "arn:aws:iam::111122223333:role/caller"')),
  };
  const [found] = check(documents).report.findings;
  const edits = (found?.fix?.edits ?? []) as readonly Edit[];
  const fixed = edits.reduce(applyEdit, documents['tools/main.tf']);
  const before = new Set(documents['tools/main.tf'].split('\n'));
  expect(fixed.split('\n').filter((line) => !before.has(line))).toEqual([
    'resource "aws_iam_role_policy" "caller_assume_target" {',
    '  name = "assume-target"',
    '  role = aws_iam_role.caller.name',
    '  policy = jsonencode({',
    '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "arn:aws:iam::444455556666:role/target" }]',
  ]);
  expect(check({ ...documents, 'tools/main.tf': fixed }).report.findings).toEqual([]);
});

test.each(['file("${path.module}/../shared/trust.json")', 'templatefile("${path.module}/../shared/trust.json", {})'])(
  'a fix in a file that a root reads from elsewhere is tried on that root: %s',
  (read) => {
    const role = 'arn:aws:iam::111122223333:role';
    const documents = {
      'stacks/main.tf': `${caller}${target(`\n  assume_role_policy = ${read}`)}${grant}\n`,
      'stacks/more/main.tf': target(trust(`AWS = "${role}/caller"`)).replaceAll('target', 'other'),
      'shared/trust.json': `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sts:AssumeRole",
      "Principal": { "AWS": "${role}/callers" }
    }
  ]
}
`,
    };
    const { report } = check(documents, '--account', '111122223333');
    const denied = report.findings.filter(({ severity }) => severity === 'error');
    expect(denied.map(({ rule, location }) => [rule, location.path])).toEqual([['missing-trust', 'shared/trust.json']]);
    expect(denied[0]?.fix?.edits).toHaveLength(1);
  },
);
