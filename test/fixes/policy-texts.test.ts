import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { check, type Documents, json } from '../support/documents.ts';

type Statement = Readonly<Record<string, unknown>>;

/** One trust policy in every syntax in which a policy stands. */
const FORMS: Readonly<Record<string, (statement: Statement) => Documents>> = {
  JSON: (statement) => ({ 'role.json': json(template(policy(statement))) }),
  'JSON in one line': (statement) => ({ 'role.json': JSON.stringify(template(policy(statement))) }),
  'a text in JSON': (statement) => ({ 'role.json': json(template(JSON.stringify(policy(statement)))) }),
  'a block of YAML': (statement) => ({
    'role.yaml': `Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: |\n${indented(JSON.stringify(policy(statement), null, 2))}\n`,
  }),
  'braces in YAML': (statement) => ({
    'role.yaml': `Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [${JSON.stringify(statement).replace(/"(\w+)":/g, '$1: ')}]}\n`,
  }),
  'a heredoc': (statement) => ({
    'main.tf': resource(`<<EOT\n${JSON.stringify(policy(statement), null, 2)}\nEOT`),
  }),
  jsonencode: (statement) => ({ 'main.tf': resource(`jsonencode(${hcl(policy(statement))})`) }),
  'a text in Terraform’s JSON': (statement) => ({
    'main.tf.json': json({
      resource: { aws_iam_role: { r: { name: 'r', assume_role_policy: JSON.stringify(policy(statement)) } } },
    }),
  }),
};

function policy(statement: Statement): Statement {
  return { Version: '2012-10-17', Statement: [statement] };
}

function template(document: unknown): Statement {
  return { Resources: { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document } } } };
}

function resource(document: string): string {
  return `resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = ${document}\n}\n`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '        ');
}

function hcl(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(hcl).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${key} = ${hcl(one)}`)
    .join(', ')} }`;
}

const CASES: Readonly<Record<string, readonly [Statement, Statement]>> = {
  'a statement without an action': [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/app' } },
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/app' }, Action: 'sts:AssumeRole' },
  ],
  'a service without its type': [
    { Effect: 'Allow', Principal: 'ec2.amazonaws.com', Action: 'sts:AssumeRole' },
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

describe.each(Object.entries(CASES))('%s is mended', (_, [wrong, right]) => {
  test.each(Object.entries(FORMS))('in %s', (_, written) => {
    const documents = written(wrong);
    const { findings } = check(documents).report;
    expect(findings).toHaveLength(1);
    const edits = (findings[0]?.fix?.edits ?? []) as readonly Edit[];
    expect(edits).toHaveLength(1);
    const [path = '', text = ''] = Object.entries(documents)[0] ?? [];
    const fixed = edits.reduce(applyEdit, text);
    const after = check({ [path]: fixed }).report;
    expect([after.findings, after.diagnostics]).toEqual([[], []]);
    expect(after.assumptions).toEqual(
      check(written(right)).report.assumptions.map((one) =>
        expect.objectContaining({ principal: one.principal, decision: one.decision }),
      ),
    );
    expect(after.assumptions).not.toEqual([]);
  });
});
