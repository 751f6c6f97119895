import { expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { check, lines } from '../support/documents.ts';

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

test('a misspelt action is written right', () => {
  const text = `${caller}${target(trust('AWS = aws_iam_role.caller.arn'))}${grant.replace('AssumeRole"', 'AsumeRole"')}\n`;
  expect(written(text)).toEqual([
    '    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.target.arn }]',
  ]);
});
