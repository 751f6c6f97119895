import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli-run.ts';
import { check, type JsonReport, lines } from '../support/documents.ts';

/** A role with a slip on the line that says so. */
const role = (id: string) =>
  lines(`
    ${id}:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {Service: ec2.amazonaws.com}
              Action: sts:AsumeRole
  `).replace(/^(?=.)/gm, '  ');
const TEMPLATE = `Resources:\n${role('Target')}`;
const SLIP = ['unknown-action'];

const outcome = ({ findings, diagnostics }: JsonReport) => ({
  findings: findings.map(({ rule, location }) => `${rule} ${location.startLine}`),
  diagnostics: diagnostics.map((one) => ({ ...one })),
});
const read = (text: string, name = 'template.yaml') => outcome(check({ [name]: text }).report);
const problem = (line: number, level: string, message: string) =>
  expect.objectContaining({ line, level, message: expect.stringContaining(message) });

describe('what is odd is told at its line, and the rest is read', () => {
  test('a repeated key: the last one wins', () => {
    expect(read(`Resources:\n${role('Target')}${role('Target')}`)).toEqual({
      findings: ['unknown-action 19'],
      diagnostics: [problem(11, 'warning', '"Target" is repeated')],
    });
  });

  test('anchors, aliases and merges', () => {
    const text = lines(`
      x-trust: &trust
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AsumeRole}]
      Resources:
        A: &a
          Type: AWS::IAM::Role
          Properties: {AssumeRolePolicyDocument: *trust}
        B: {<<: *a}
        C: {<<: {Type: AWS::IAM::Role}, Properties: {AssumeRolePolicyDocument: {<<: [*trust]}}}
    `);
    expect(read(text)).toEqual({
      findings: ['unknown-action 2', 'unknown-action 2', 'unknown-action 2'],
      diagnostics: [],
    });
  });

  test('several documents, of which one is broken', () => {
    expect(read(`---\nkind: other\n---\n${TEMPLATE}---\na: [b\n---\n${TEMPLATE}`)).toEqual({
      findings: ['unknown-action 13', 'unknown-action 26'],
      diagnostics: [problem(15, 'error', 'not valid YAML')],
    });
  });

  test('braces that another tool fills in, as a key and as a value', () => {
    const text = `Resources:\n${role('{{ cookiecutter.name }}Role').replace('Properties:\n', 'Properties:\n      RoleName: {{cookiecutter.role}}\n')}`;
    expect(read(text)).toEqual({
      findings: ['unknown-action 11'],
      diagnostics: [problem(2, 'warning', 'another tool fills in')],
    });
  });

  test('loops that another tool unrolls', () => {
    expect(read(`Resources:\n{% for x in names %}\n${role('R{{ x }}')}{% endfor %}\n`)).toEqual({
      findings: [],
      diagnostics: [problem(2, 'error', 'not valid YAML')],
    });
  });

  test('nesting that is too deep, in either syntax', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(read(`${TEMPLATE}  Deep:\n    Type: AWS::X::Y\n    Properties: ${deep}\n`).diagnostics).toEqual([
      problem(13, 'error', 'nested too deep'),
    ]);
    expect(
      read(`{"Resources": {\n"Deep": {"Type": "AWS::X::Y",\n"Properties": ${deep}}}}`, 'a.json').diagnostics,
    ).toEqual([problem(3, 'error', 'nested too deep')]);
  });

  test('nesting behind texts that do not end in their line', () => {
    const text = `{"Type": "AWS::IAM::Role", "x": [${'"\n["\n'.repeat(20_000)}`;
    const [told] = read(text, 'a.json').diagnostics;
    expect(told).toMatchObject({ level: 'error', message: 'it is nested too deep to be read' });
  });

  test('broken JSON and broken YAML, beside a file that is not', () => {
    const { report } = check({
      'broken.json': '{"Resources": {"A": {"Type": "AWS::IAM::Role",\n"Properties": [,]}}}',
      'broken.yaml': `${TEMPLATE}   Bad: {Type: AWS::X::Y}\n`,
      'good.yaml': TEMPLATE,
    });
    expect(outcome(report)).toEqual({
      findings: ['unknown-action 10'],
      diagnostics: [problem(2, 'error', 'not valid JSON'), problem(11, 'error', 'not valid YAML')],
    });
  });

  test('sections and resources that are empty or of another shape', () => {
    const text = lines(`
      AWSTemplateFormatVersion: 2010-09-09
      Parameters:
      Conditions: ~
      Outputs: [a]
      Resources:
        Empty:
        Text: x
        Untyped: {Properties: {}}
        Listed: {Type: [AWS::IAM::Role]}
        Bare: {Type: AWS::IAM::Role}
        None: {Type: AWS::IAM::Role, Properties: }
    `);
    expect(read(`${text}${role('Target')}`)).toEqual({ findings: ['unknown-action 20'], diagnostics: [] });
  });

  test('values and conditions that refer to themselves', () => {
    const text = lines(`
      Conditions: {A: !Condition B, B: !Condition A}
      Mappings: {M: {a: {b: !FindInMap [M, a, b]}}}
      Resources:
        R:
          Type: AWS::IAM::Role
          Condition: A
          Properties:
            RoleName: !GetAtt R.Arn
            Path: !Sub "\${R}"
            AssumeRolePolicyDocument:
              Statement: {Effect: Allow, Principal: {AWS: [!GetAtt R.Arn, !FindInMap [M, a, b]]}, Action: sts:AssumeRole}
      Outputs: {O: {Value: !ImportValue x, Export: {Name: x}}, Q: {Value: !ImportValue x, Export: {Name: !ImportValue x}}}
    `);
    expect(read(text).diagnostics).toEqual([]);
    expect(read(text).findings.filter((one) => !one.startsWith('unresolved-value'))).toEqual([]);
  });

  test('exports that double each other are followed only so far', () => {
    const outputs = Array.from(
      { length: 60 },
      (_, i) =>
        `  O${i}: {Value: !Join ["", [!ImportValue e${i + 1}, !ImportValue e${i + 1}]], Export: {Name: e${i}}}\n`,
    );
    const text = `${TEMPLATE.replace('ec2.amazonaws.com', '!ImportValue e0')}Outputs:\n${outputs.join('')}`;
    expect(read(text).findings).toContain('unknown-action 10');
  });
});

describe('every encoding that CloudFormation and editors write', () => {
  const encodings: readonly (readonly [string, Uint8Array])[] = [
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEMPLATE}`)],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${TEMPLATE}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${TEMPLATE}`, 'utf16le').swap16()],
    ['Windows line ends', Buffer.from(TEMPLATE.replaceAll('\n', '\r\n'))],
  ];
  for (const [name, bytes] of encodings)
    test(name, () => {
      const folder = mkdtempSync(join(tmpdir(), 'odd-'));
      try {
        writeFileSync(join(folder, 'template.yaml'), bytes);
        let output = '';
        const write = (text: string): void => {
          output += text;
        };
        runCommand(['check', '--format', 'json'], {
          cwd: folder,
          environment: {},
          colours: false,
          now: () => 0,
          write,
        });
        const { findings, diagnostics } = outcome(JSON.parse(output));
        expect({ findings, diagnostics }).toEqual({ findings: [`${SLIP[0]} 10`], diagnostics: [] });
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
});

test('a template of a hundred thousand keys is read whole', () => {
  const keys = Array.from({ length: 100_000 }, (_, i) => `  K${i}: v\n`).join('');
  expect(read(`Metadata:\n${keys}${TEMPLATE}`)).toEqual({ findings: ['unknown-action 100011'], diagnostics: [] });
});
