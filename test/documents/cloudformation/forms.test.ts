import { describe, expect, test } from 'vitest';
import { check, type Documents } from '../../support/documents.ts';

/** A value of a template that says who is trusted: `NAME` in it stands for the role's name. */
interface Form {
  readonly name: string;
  readonly yaml: string;
  readonly json: unknown;
  /** Sections of the template that it needs. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly files?: Documents;
  readonly configuration?: string;
}

/** Named so, the role is trusted; named otherwise, it is denied at the value; `unknown` is what nobody can know. */
const CALLER = 'arn:aws:iam::111122223333:role/caller';

const known: readonly Form[] = [
  { name: 'a plain text', yaml: '"arn:aws:iam::111122223333:role/NAME"', json: 'arn:aws:iam::111122223333:role/NAME' },
  {
    name: 'Ref of a parameter with a default',
    yaml: '!Ref Trusted',
    json: { Ref: 'Trusted' },
    with: { Parameters: { Trusted: { Type: 'String', Default: 'arn:aws:iam::111122223333:role/NAME' } } },
  },
  {
    name: 'a parameter with a value in the configuration',
    yaml: '!Ref Trusted',
    json: { Ref: 'Trusted' },
    with: { Parameters: { Trusted: { Type: 'String', Default: 'arn:aws:iam::444455556666:role/default' } } },
    configuration: 'parameters: {Trusted: "arn:aws:iam::111122223333:role/NAME"}',
  },
  {
    name: 'a list parameter',
    yaml: '!Ref Trusted',
    json: { Ref: 'Trusted' },
    with: {
      Parameters: {
        Trusted: {
          Type: 'CommaDelimitedList',
          Default: 'arn:aws:iam::444455556666:root, arn:aws:iam::111122223333:role/NAME',
        },
      },
    },
  },
  {
    name: 'an SSM parameter that the configuration gives',
    yaml: '!Ref Trusted',
    json: { Ref: 'Trusted' },
    with: { Parameters: { Trusted: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/roles/caller' } } },
    configuration: 'imports: {/roles/caller: "arn:aws:iam::111122223333:role/NAME"}',
  },
  {
    name: 'a dynamic reference that the configuration gives',
    yaml: '"{{resolve:ssm:/roles/caller:3}}"',
    json: '{{resolve:ssm:/roles/caller:3}}',
    configuration: 'imports: {/roles/caller: "arn:aws:iam::111122223333:role/NAME"}',
  },
  {
    name: 'Sub with pseudo parameters',
    yaml: '!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/NAME"',
    json: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/NAME' },
  },
  {
    name: 'Sub with a map',
    yaml: '!Sub ["arn:aws:iam::${Account}:role/${Role}", {Account: !Ref AWS::AccountId, Role: NAME}]',
    json: {
      'Fn::Sub': ['arn:aws:iam::${Account}:role/${Role}', { Account: { Ref: 'AWS::AccountId' }, Role: 'NAME' }],
    },
  },
  {
    name: 'Join of a Join',
    yaml: '!Join [":", [arn, aws, iam, "", !Ref AWS::AccountId, !Join [/, [role, NAME]]]]',
    json: {
      'Fn::Join': [':', ['arn', 'aws', 'iam', '', { Ref: 'AWS::AccountId' }, { 'Fn::Join': ['/', ['role', 'NAME']] }]],
    },
  },
  {
    name: 'Select from Split',
    yaml: '!Select [1, !Split ["|", "other|arn:aws:iam::111122223333:role/NAME"]]',
    json: { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'other|arn:aws:iam::111122223333:role/NAME'] }] },
  },
  {
    name: 'the account in an ARN of the template, by Split',
    yaml: '!Sub ["arn:aws:iam::${A}:role/NAME", {A: !Select [4, !Split [":", !GetAtt Target.Arn]]}]',
    json: {
      'Fn::Sub': [
        'arn:aws:iam::${A}:role/NAME',
        { A: { 'Fn::Select': [4, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Target', 'Arn'] }] }] } },
      ],
    },
  },
  {
    name: 'FindInMap by region and account',
    yaml: '!FindInMap [Trusted, !Ref AWS::AccountId, role]',
    json: { 'Fn::FindInMap': ['Trusted', { Ref: 'AWS::AccountId' }, 'role'] },
    with: { Mappings: { Trusted: { '111122223333': { role: 'arn:aws:iam::111122223333:role/NAME' } } } },
  },
  {
    name: 'FindInMap with a default',
    yaml: '!FindInMap [Trusted, other, role, {DefaultValue: "arn:aws:iam::111122223333:role/NAME"}]',
    json: {
      'Fn::FindInMap': ['Trusted', 'other', 'role', { DefaultValue: 'arn:aws:iam::111122223333:role/NAME' }],
    },
    with: { Transform: 'AWS::LanguageExtensions', Mappings: { Trusted: { one: { role: 'x' } } } },
  },
  {
    name: 'If with conditions of every sort',
    yaml: '!If [Both, "arn:aws:iam::111122223333:role/NAME", "arn:aws:iam::444455556666:root"]',
    json: { 'Fn::If': ['Both', 'arn:aws:iam::111122223333:role/NAME', 'arn:aws:iam::444455556666:root'] },
    with: {
      Parameters: { Env: { Type: 'String', Default: 'prod' } },
      Conditions: {
        IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
        IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
        Either: { 'Fn::Or': [{ Condition: 'IsDev' }, { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] }] },
        Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'Either' }] },
      },
    },
  },
  {
    name: 'If without a value among others',
    yaml: '[!If [Never, "*", !Ref AWS::NoValue], "arn:aws:iam::111122223333:role/NAME"]',
    json: [{ 'Fn::If': ['Never', '*', { Ref: 'AWS::NoValue' }] }, 'arn:aws:iam::111122223333:role/NAME'],
    with: { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } },
  },
  {
    name: 'ImportValue of what another template exports',
    yaml: '!ImportValue shared-caller',
    json: { 'Fn::ImportValue': 'shared-caller' },
    files: {
      'exports.yaml':
        'Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {C: {Value: !Sub "arn:aws:iam::${AWS::AccountId}:role/NAME", Export: {Name: shared-caller}}}\n',
    },
  },
  {
    name: 'ImportValue that the configuration gives',
    yaml: '!ImportValue {Fn::Sub: "${AWS::Partition}-caller"}',
    json: { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Partition}-caller' } },
    configuration: 'imports: {aws-caller: "arn:aws:iam::111122223333:role/NAME"}',
  },
  {
    name: 'Select by the Length of a list',
    yaml: '!Select [!Length [a], [x, "arn:aws:iam::111122223333:role/NAME"]]',
    json: { 'Fn::Select': [{ 'Fn::Length': ['a'] }, ['x', 'arn:aws:iam::111122223333:role/NAME']] },
    with: { Transform: 'AWS::LanguageExtensions' },
  },
  {
    name: 'the value of an SSM parameter of the template',
    yaml: '!GetAtt Kept.Value',
    json: { 'Fn::GetAtt': ['Kept', 'Value'] },
  },
  {
    name: 'a block of addresses as the key of a mapping',
    yaml: '!FindInMap [Trusted, !Select [1, !Cidr ["10.0.0.0/16", 2, 8]], role]',
    json: {
      'Fn::FindInMap': ['Trusted', { 'Fn::Select': [1, { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }] }, 'role'],
    },
    with: { Mappings: { Trusted: { '10.0.1.0/24': { role: 'arn:aws:iam::111122223333:role/NAME' } } } },
  },
  {
    name: 'an encoded text as the key of a mapping',
    yaml: '!FindInMap [Trusted, Fn::Base64: role, role]',
    json: { 'Fn::FindInMap': ['Trusted', { 'Fn::Base64': 'role' }, 'role'] },
    with: { Mappings: { Trusted: { 'cm9sZQ==': { role: 'arn:aws:iam::111122223333:role/NAME' } } } },
  },
  {
    name: 'a value as JSON, as the key of a mapping',
    yaml: `!FindInMap [Trusted, !ToJsonString {a: [b, 1, true]}, role]`,
    json: { 'Fn::FindInMap': ['Trusted', { 'Fn::ToJsonString': { a: ['b', 1, true] } }, 'role'] },
    with: {
      Transform: 'AWS::LanguageExtensions',
      Mappings: { Trusted: { '{"a":["b",1,true]}': { role: 'arn:aws:iam::111122223333:role/NAME' } } },
    },
  },
  {
    name: 'the suffix of URLs and the region, given by the configuration',
    yaml: '!FindInMap [Trusted, !Sub "${AWS::Region}.${AWS::URLSuffix}", role]',
    json: { 'Fn::FindInMap': ['Trusted', { 'Fn::Sub': '${AWS::Region}.${AWS::URLSuffix}' }, 'role'] },
    with: { Mappings: { Trusted: { 'eu-west-1.amazonaws.com': { role: 'arn:aws:iam::111122223333:role/NAME' } } } },
    configuration: 'parameters: {}, region: eu-west-1',
  },
];

const open: readonly (Form & { readonly missing: string })[] = [
  {
    name: 'a parameter without a value',
    yaml: '!Ref Trusted',
    json: { Ref: 'Trusted' },
    with: { Parameters: { Trusted: { Type: 'String' } } },
    missing: 'a value for the parameter Trusted',
  },
  {
    name: 'an SSM parameter that nobody gives',
    yaml: '!Ref Trusted',
    json: { Ref: 'Trusted' },
    with: { Parameters: { Trusted: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/roles/caller' } } },
    missing: 'the value of the parameter Trusted (SSM parameter /roles/caller)',
  },
  {
    name: 'a dynamic reference',
    yaml: '"{{resolve:secretsmanager:roles:SecretString:caller}}"',
    json: '{{resolve:secretsmanager:roles:SecretString:caller}}',
    missing: '{{resolve:secretsmanager:roles:SecretString:caller}}',
  },
  {
    name: 'a dynamic reference to what is kept secret',
    yaml: '"arn:aws:iam::{{resolve:ssm-secure:/accounts/tools:1}}:role/caller"',
    json: 'arn:aws:iam::{{resolve:ssm-secure:/accounts/tools:1}}:role/caller',
    missing: '{{resolve:ssm-secure:/accounts/tools:1}}',
  },
  {
    name: 'a list in the place of a text',
    yaml: '!Sub "arn:aws:iam::${AWS::AccountId}:role/${Names}"',
    json: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/${Names}' },
    with: { Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'a, b' } } },
    missing: 'a text (the template has a list there)',
  },
  {
    name: 'the name of the stack',
    yaml: '!Sub "arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}"',
    json: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}' },
    missing: 'the value of AWS::StackName',
  },
  {
    name: 'the length of a list that nobody gives',
    yaml: '!Select [!Length {Ref: Many}, [a, b]]',
    json: { 'Fn::Select': [{ 'Fn::Length': { Ref: 'Many' } }, ['a', 'b']] },
    with: { Transform: 'AWS::LanguageExtensions', Parameters: { Many: { Type: 'CommaDelimitedList' } } },
    missing: 'an item that Fn::Select takes',
  },
  {
    name: 'an export that nobody gives',
    yaml: '!ImportValue shared-caller',
    json: { 'Fn::ImportValue': 'shared-caller' },
    missing: 'the export shared-caller',
  },
  {
    name: 'Transform in the place of a value',
    yaml: '!Transform {Name: AWS::Include, Parameters: {Location: "s3://bucket/x"}}',
    json: { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/x' } } },
    missing: 'Fn::Transform',
  },
  {
    name: 'an Availability Zone',
    yaml: '!Select [0, !GetAZs ""]',
    json: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
    missing: 'an item that Fn::Select takes',
  },
  {
    name: 'a block of addresses of a network that AWS makes',
    yaml: '!Select [0, !Cidr [!GetAtt Custom.CidrBlock, 1, 8]]',
    json: { 'Fn::Select': [0, { 'Fn::Cidr': [{ 'Fn::GetAtt': ['Custom', 'CidrBlock'] }, 1, 8] }] },
    missing: 'an item that Fn::Select takes',
  },
  {
    name: 'an attribute of a custom resource',
    yaml: '!GetAtt Custom.RoleArn',
    json: { 'Fn::GetAtt': ['Custom', 'RoleArn'] },
    missing: 'what AWS gives to Custom.RoleArn when it is created',
  },
  {
    name: 'an entry of Mappings under a key that is not known',
    yaml: '!FindInMap [Trusted, !Ref Key, role]',
    json: { 'Fn::FindInMap': ['Trusted', { Ref: 'Key' }, 'role'] },
    with: { Parameters: { Key: { Type: 'String' } }, Mappings: { Trusted: { one: { role: 'x' } } } },
    missing: 'Mappings',
  },
];

describe('a value is what CloudFormation makes of it', () => {
  for (const form of known)
    for (const [syntax, documents] of written(form)) {
      test(`${form.name}, in ${syntax}: allowed`, () => {
        expect(outcome(filled(documents, 'caller'))).toEqual({ decision: 'allowed', findings: [] });
      });
      test(`${form.name}, in ${syntax}: denied where it names another, at its line`, () => {
        const wrong = filled(documents, 'caler');
        const { decision, findings } = outcome(wrong);
        expect(decision).toBe('denied');
        const [finding] = findings;
        expect(finding?.rule).toBe('missing-trust');
        expect(valueLines(wrong)).toContain(`${finding?.location.path}:${finding?.location.startLine}`);
      });
    }
});

describe('what a template does not tell stays unknown, by name', () => {
  for (const form of open)
    for (const [syntax, documents] of written(form))
      test(`${form.name}, in ${syntax}`, () => {
        const { decision, findings } = outcome(documents);
        expect(decision).toBe('unknown');
        expect(findings.map(({ rule }) => rule)).toEqual(['unresolved-value']);
        expect(findings[0]?.message).toContain(form.missing);
      });
});

function outcome(documents: Documents) {
  const { report } = check(documents);
  expect(report.diagnostics).toEqual([]);
  const own = report.assumptions.find(({ principal, role }) => principal === CALLER && role.endsWith('role/target'));
  return {
    decision: own?.decision,
    findings: report.findings.filter(({ role }) => role === undefined || role.endsWith('role/target')),
  };
}

const CONFIGURATION = 'accounts: {own: {id: "111122223333", paths: ["*"]}}\n';

function written(form: Form): readonly (readonly [string, Documents])[] {
  const configuration = form.configuration?.startsWith('parameters')
    ? CONFIGURATION.replace('["*"]', `["*"], ${form.configuration}`)
    : `${CONFIGURATION}${form.configuration ?? ''}\n`;
  const common = { ...form.files, '.github/assume-role-check.yml': configuration };
  const trust = (AWS: unknown) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
  });
  const caller = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'caller',
      AssumeRolePolicyDocument: { Statement: [] },
      Policies: [
        {
          PolicyName: 'reach',
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::111122223333:role/target' },
            ],
          },
        },
      ],
    },
  };
  const kept = {
    Type: 'AWS::SSM::Parameter',
    Properties: { Type: 'String', Value: 'arn:aws:iam::111122223333:role/NAME' },
  };
  const others = { Caller: caller, Custom: { Type: 'Custom::Maker' }, Kept: kept };
  const target = {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'target', AssumeRolePolicyDocument: trust(form.json) },
  };
  const sections = Object.entries(form.with ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
  const yaml = [
    ...sections,
    'Resources:\n',
    ...Object.entries(others).map(([id, value]) => `  ${id}: ${JSON.stringify(value)}\n`),
    '  Target:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: target\n      AssumeRolePolicyDocument:\n',
    '        Version: "2012-10-17"\n        Statement:\n          - Effect: Allow\n            Principal:\n',
    `              AWS: ${form.yaml}\n            Action: sts:AssumeRole\n`,
  ];
  return [
    ['YAML', { ...common, 'template.yaml': yaml.join('') }],
    [
      'JSON',
      {
        ...common,
        'template.json': `${JSON.stringify({ ...form.with, Resources: { ...others, Target: target } }, null, 2)}\n`,
      },
    ],
  ];
}

function filled(documents: Documents, name: string): Documents {
  return Object.fromEntries(Object.entries(documents).map(([path, text]) => [path, text.replaceAll('NAME', name)]));
}

/** The lines of the principal's value, and of the text that is wrong where a section of the template holds it. */
function valueLines(documents: Documents): readonly string[] {
  return Object.entries(documents).flatMap(([path, text]) => {
    const lines = text.split('\n');
    const wrong = lines.flatMap((line, index) => (line.includes('caler') ? [`${path}:${index + 1}`] : []));
    const start = lines.findIndex((line) => /^ *"?AWS"?: /.test(line));
    const end = lines.findIndex((line, index) => index > start && /^ *"?Action"?: /.test(line));
    return start === -1
      ? wrong
      : [...wrong, ...lines.slice(start, end).map((_, index) => `${path}:${start + index + 1}`)];
  });
}
