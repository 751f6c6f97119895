import { describe, expect, test } from 'vitest';
import { check, checkChange, json, lines } from '../../support/documents.ts';

/** `Grant` lets `Caller` assume `Target`; without it nobody may say that it cannot. */
const yaml = lines(`
  Parameters:
    Name: {Type: String, Default: "n"}
  Resources:
    Target:
      Type: AWS::IAM::Role
      Properties:
        RoleName: target
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Principal: {AWS: !GetAtt Caller.Arn}, Action: sts:AssumeRole}
    Grant:
      Type: AWS::IAM::Policy
      Properties:
        PolicyName: "grant"
        Roles: [!Ref Caller]
        PolicyDocument: {Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt Target.Arn}]}
    Caller:
      Type: AWS::IAM::Role
      Properties:
        RoleName: "caller"
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AsumeRole}
`);
const trust = (Principal: unknown, Action: string) => ({ Statement: [{ Effect: 'Allow', Principal, Action }] });
const asJson = json({
  Parameters: { Name: { Type: 'String', Default: 'n' } },
  Resources: {
    Target: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'target',
        AssumeRolePolicyDocument: trust({ AWS: { 'Fn::GetAtt': ['Caller', 'Arn'] } }, 'sts:AssumeRole'),
      },
    },
    Grant: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'grant',
        Roles: [{ Ref: 'Caller' }],
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/*' }],
        },
      },
    },
    Caller: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'caller',
        AssumeRolePolicyDocument: trust({ Service: 'ec2.amazonaws.com' }, 'sts:AsumeRole'),
      },
    },
  },
});

function read(text: string, name: string) {
  const { report } = check({ [name]: text });
  const lineOf = (line: number) => text.split('\n')[line - 1]?.trim() ?? '';
  return {
    decisions: report.assumptions.filter(({ role }) => role.endsWith('target')).map(({ decision }) => decision),
    errors: report.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ rule, location }) => `${rule}: ${lineOf(location.startLine)}`),
    diagnostics: report.diagnostics as readonly { line: number; message: string; level: string }[],
    lineOf,
  };
}

interface Slip {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** How the line begins that the diagnostic is at. */
  readonly at: string;
  /** What is not read. */
  readonly but?: string;
}

const inYaml: readonly Slip[] = [
  { name: 'a quote that is not closed', from: '"grant"', to: '"grant', at: 'PolicyName: "grant' },
  { name: 'a bracket that is not closed', from: '[!Ref Caller]', to: '[!Ref Caller', at: 'Roles:' },
  { name: 'a brace that is not closed', from: 'Target.Arn}]}', to: 'Target.Arn}]', at: 'PolicyDocument:' },
  { name: 'an indent that fits nowhere', from: '      PolicyName', to: '     PolicyName', at: 'Roles:' },
  { name: 'a tab', from: '      PolicyName', to: '\t\tPolicyName', at: 'PolicyName' },
  { name: 'a letter that begins no value', from: '"grant"', to: '@grant', at: 'PolicyName' },
  { name: 'a colon too many', from: '"grant"', to: 'a: b', at: 'PolicyName' },
  { name: 'an escape that does not exist', from: '"grant"', to: '"\\grant"', at: 'PolicyName' },
  {
    name: 'brackets in brackets in brackets',
    from: '"grant"',
    to: '['.repeat(400) + ']'.repeat(400),
    at: 'PolicyName',
  },
  {
    name: 'a merge that is not done',
    from: '      PolicyName: "grant"\n',
    to: '<<<<<<< HEAD\n      PolicyName: "grant"\n=======\n      PolicyName: "other"\n>>>>>>> main\n',
    at: '<<<<<<<',
  },
  { name: 'a parameter', from: 'Default: "n"}', to: 'Default: "n"', at: 'Name:', but: 'Name' },
];

const inJson: readonly Slip[] = [
  { name: 'a quote that is not closed', from: '"grant"', to: '"grant', at: '"PolicyName"' },
  { name: 'a quote that is not opened', from: '"grant"', to: 'grant"', at: '"PolicyName"' },
  { name: 'a colon that is missing', from: '"PolicyName":', to: '"PolicyName"', at: '"PolicyName"' },
  { name: 'a brace too many', from: '    },\n    "Caller"', to: '    }\n    },\n    "Caller"', at: '}' },
  { name: 'a brace too few', from: '      }\n    },\n    "Caller"', to: '      }\n    "Caller"', at: '"Grant": {' },
  {
    name: 'a merge that is not done',
    from: '        "PolicyName": "grant",\n',
    to: '<<<<<<< HEAD\n        "PolicyName": "grant",\n=======\n        "PolicyName": "other",\n>>>>>>> main\n',
    at: '<<<<<<<',
  },
];

describe('a resource with a slip in its syntax is not read, and the others are', () => {
  const all = [
    ...inYaml.map((slip) => ({
      ...slip,
      file: 'template.yaml',
      text: yaml,
      action: '- {Effect: Allow, Principal: {Service',
    })),
    ...inJson.map((slip) => ({ ...slip, file: 'template.json', text: asJson, action: '"Action": "sts:AsumeRole"' })),
  ];
  for (const { name, from, to, at, but = 'Grant', file, text, action } of all)
    test(`${name}, in ${file}`, () => {
      expect(text.split(from)).toHaveLength(2);
      const { decisions, errors, diagnostics, lineOf } = read(text.replace(from, to), file);
      expect(decisions).toEqual(['unknown']);
      expect(errors).toEqual([expect.stringContaining(`unknown-action: ${action}`)]);
      expect(diagnostics.map(({ level }) => level)).toEqual(['error']);
      expect(diagnostics[0]?.message).toMatch(new RegExp(`\\(all is read but ${but}\\)$`));
      expect(lineOf(diagnostics[0]?.line ?? 0)).toContain(at);
    });
});

test('a comma that is missing, or one too many, leaves nothing in doubt', () => {
  for (const [from, to] of [
    ['    },\n    "Caller"', '    }\n    "Caller"'],
    ['"PolicyName": "grant",', '"PolicyName": "grant"'],
    ['"arn:aws:iam::*:role/*"', '"arn:aws:iam::*:role/*",'],
  ] as const) {
    const { decisions, errors, diagnostics } = read(asJson.replace(from, to), 'template.json');
    expect(decisions).toEqual(['allowed']);
    expect(errors).toHaveLength(1);
    expect(diagnostics).toEqual([expect.objectContaining({ message: expect.stringMatching(/^not valid JSON/) })]);
  }
});

test('what a slip hides is not lost to a change', () => {
  const whole = yaml.replace('sts:AsumeRole', 'sts:AssumeRole');
  const change = (text: string) =>
    checkChange({ 'template.yaml': whole }, { 'template.yaml': text }).report.changes.lost.length;
  expect(change(whole.replace('RoleName: target', 'RoleName: [target'))).toBe(0);
  expect(change(whole.replace('Service: ec2.amazonaws.com', 'Service: ecs.amazonaws.com'))).toBe(1);
});

test('a file that breaks off', () => {
  const { decisions, errors, diagnostics } = read(asJson.slice(0, asJson.indexOf('"sts:AsumeRole"')), 'template.json');
  expect(decisions).toEqual(['unknown']);
  expect(errors).toEqual([]);
  expect(diagnostics).toEqual([expect.objectContaining({ level: 'error' })]);
});

test('a grant on a role that cannot be read is unknown', () => {
  const { decisions, errors } = read(yaml.replace('RoleName: target', 'RoleName: [target'), 'template.yaml');
  expect(decisions).toEqual([]);
  expect(errors).toHaveLength(1);
});

test('what an entry of Mappings says is unknown, whatever the default', () => {
  const text = yaml
    .replace('Parameters:', 'Mappings:\n  Names: {a: {b: caller}\n  Others: {a: {b: c}}\nParameters:')
    .replace('"caller"', '!FindInMap [Names, a, b, {DefaultValue: other}]');
  expect(read(text, 'template.yaml').decisions).toEqual(['unknown']);
});

test('an alias whose anchor is not read', () => {
  const text = yaml.replace('PolicyName: "grant"', 'PolicyName: [&n a').replace('"caller"', '*n');
  const { decisions, errors, diagnostics } = read(text, 'template.yaml');
  expect({ decisions, errors }).toEqual({ decisions: ['unknown'], errors: [] });
  expect(diagnostics).toHaveLength(1);
});
