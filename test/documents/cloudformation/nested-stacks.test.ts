import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, check, type Documents, json, lines, place } from '../../support/documents.ts';

const decisions = (documents: Documents, ...options: string[]) =>
  check(documents, '--account', '111122223333', ...options).report.assumptions.map(
    ({ principal, role, decision }) => `${last(principal)} -> ${last(role)}: ${decision}`,
  );
const last = (arn: string) => arn.split('/').at(-1) ?? arn;

/** A caller that may assume what the nested stack gives out. */
const parent = (properties: string, more = '') =>
  lines(`
    Resources:
      Roles:
        Type: AWS::CloudFormation::Stack
        ${more}
        Properties: ${properties}
      App:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}}
          Policies:
            - PolicyName: reach
              PolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt Roles.Outputs.TargetArn}}
  `);
const child = (principal = '!Ref Caller') =>
  lines(`
    Parameters:
      Caller: {Type: String, Default: "arn:aws:iam::444455556666:role/elsewhere"}
    Resources:
      Target:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement: {Effect: Allow, Principal: {AWS: ${principal}}, Action: sts:AssumeRole}
    Outputs:
      TargetArn: {Value: !GetAtt Target.Arn}
  `);
const passing = (url: string) => `{TemplateURL: ${url}, Parameters: {Caller: !GetAtt App.Arn}}`;
const MEETS = ['${App} -> ${Target}: allowed', 'ec2.amazonaws.com -> ${App}: allowed'];

describe('parameters go into a nested stack and outputs come out', () => {
  const cases: readonly (readonly [string, Documents])[] = [
    ['by a local path', { 'root.yaml': parent(passing('./nested/roles.yaml')), 'nested/roles.yaml': child() }],
    [
      'by the URL of an uploaded copy',
      {
        'root.yaml': parent(passing('!Sub "https://${AWS::StackName}.s3.amazonaws.com/v1/nested/roles.yaml"')),
        'cfn/nested/roles.yaml': child(),
        'other/roles.yaml': 'Resources: {Q: {Type: AWS::SQS::Queue}}\n',
      },
    ],
    [
      'by the asset of a cloud assembly, in JSON',
      {
        'cdk.out/root.template.json': json({
          Resources: {
            Roles: {
              Type: 'AWS::CloudFormation::Stack',
              Properties: {
                TemplateURL: { 'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::URLSuffix' }, '/bucket/0123abcd.json']] },
                Parameters: { Caller: { 'Fn::GetAtt': ['App', 'Arn'] } },
              },
              Metadata: { 'aws:asset:path': 'roles.nested.template.yaml', 'aws:asset:property': 'TemplateURL' },
            },
            App: {
              Type: 'AWS::IAM::Role',
              Properties: {
                AssumeRolePolicyDocument: {
                  Statement: [
                    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
                  ],
                },
                Policies: [
                  {
                    PolicyName: 'reach',
                    PolicyDocument: {
                      Statement: {
                        Effect: 'Allow',
                        Action: 'sts:AssumeRole',
                        Resource: { 'Fn::GetAtt': ['Roles', 'Outputs.TargetArn'] },
                      },
                    },
                  },
                ],
              },
            },
          },
        }),
        'cdk.out/roles.nested.template.yaml': child(),
      },
    ],
    [
      'as a serverless application',
      {
        'root.yaml': parent('{Location: nested.yaml, Parameters: {Caller: !GetAtt App.Arn}}').replace(
          'AWS::CloudFormation::Stack',
          'AWS::Serverless::Application',
        ),
        'nested.yaml': child(),
      },
    ],
  ];
  for (const [name, documents] of cases)
    test(name, () => expect(decisions(documents).filter((one) => !one.startsWith('arn'))).toEqual(MEETS));
});

test('a gap in a nested stack is told in its own template, where the principal stands', () => {
  const documents = {
    'root.yaml': parent('{TemplateURL: roles.yaml}'),
    'roles.yaml': child('arn:aws:iam::111122223333:role/other'),
  };
  const { findings } = check(documents, '--account', '111122223333').report;
  expect(findings.map(({ rule, location }) => [rule, location])).toEqual([
    ['missing-trust', place(documents, 'roles.yaml', 'arn:aws:iam::111122223333:role/other')],
  ]);
});

test('a parameter that is not passed has its default, not the value of another stack', () => {
  const documents = {
    [CONFIGURATION]: ACCOUNTS.replace(
      '"tools*"]',
      '"tools*"], parameters: {Caller: "arn:aws:iam::111122223333:role/App"}',
    ),
    'tools.yaml': parent('{TemplateURL: roles.yaml}'),
    'roles.yaml': child(),
  };
  expect(decisions(documents)).toContain('elsewhere -> ${Target}: unknown');
});

test('two stacks of one template are not each other', () => {
  const two = `${parent(passing('roles.yaml'))}`.replace(
    'Resources:\n',
    'Resources:\n  Second:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: roles.yaml, Parameters: {Caller: "arn:aws:iam::111122223333:role/x"}}\n',
  );
  expect(decisions({ 'root.yaml': two, 'roles.yaml': child() }).filter((one) => one.startsWith('${App}'))).toEqual([
    '${App} -> ${Target}: allowed',
  ]);
});

test('a stack that is made under a condition never made declares nothing', () => {
  const documents = {
    'root.yaml': `Conditions: {Never: !Equals [a, b]}\n${parent(passing('roles.yaml'), 'Condition: Never')}`,
    'roles.yaml': child('arn:aws:iam::111122223333:role/other'),
  };
  expect(check(documents).report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('outputs of a template elsewhere, of a stack that makes itself, and of a name that two files share stay unknown', () => {
  for (const documents of [
    { 'root.yaml': parent('{TemplateURL: "https://s3.amazonaws.com/bucket/elsewhere.yaml"}') },
    { 'root.yaml': parent('{TemplateURL: root.yaml}') },
    {
      'root.yaml': parent('{TemplateURL: "https://s3.amazonaws.com/b/roles.yaml"}'),
      'a/roles.yaml': child(),
      'b/roles.yaml': child(),
    },
  ])
    expect(decisions(documents).filter((one) => one.startsWith('${App}'))).toEqual([
      '${App} -> ${Roles.Outputs.TargetArn}: unknown',
    ]);
});

test('templates that make stacks of each other are read once each', () => {
  const making = (other: string, id: string) =>
    `Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ${other}, Parameters: {P: !GetAtt N.Outputs.O}}}\n${lines(`
      ${id}:
        Type: AWS::IAM::Role
        Properties:
          AssumeRolePolicyDocument:
            Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
    `).replace(/^(?=.)/gm, '  ')}Outputs: {O: {Value: !GetAtt N.Outputs.O}}\n`;
  expect(decisions({ 'a.yaml': making('b.yaml', 'InA'), 'b.yaml': making('a.yaml', 'InB') })).toEqual([
    'ec2.amazonaws.com -> ${InA}: allowed',
    'ec2.amazonaws.com -> ${InB}: allowed',
  ]);
});
