import { describe, expect, test } from 'vitest';
import { check, type Documents, lines, place, run } from '../../support/documents.ts';

const ACCOUNT = ['--account', '111122223333'];
const decisionOf = (documents: Documents) =>
  check(documents, ...ACCOUNT).report.assumptions.find(({ role }) => role.endsWith('/target'))?.decision;

/** A caller that is granted the call, and a target that trusts a value. */
const trusting = (value: string, sections: string) =>
  lines(`
    ${sections}
    Resources:
      Caller:
        Type: AWS::IAM::Role
        Properties:
          RoleName: caller
          AssumeRolePolicyDocument: {Statement: []}
          Policies:
            - PolicyName: reach
              PolicyDocument: {Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::111122223333:role/target"}}
      Target:
        Type: AWS::IAM::Role
        Properties:
          RoleName: target
          AssumeRolePolicyDocument:
            Statement:
              - Effect: Allow
                Principal: {AWS: ${value}}
                Action: sts:AssumeRole
  `);
const ENV = 'Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}';
const IS_PROD = `${ENV}\n    Conditions: {IsProd: !Equals [!Ref Env, prod], IsDev: !Equals [!Ref Env, dev]}`;
const MAPPED = (dev: string, prod: string) =>
  `${ENV}\n    Mappings: {Roles: {dev: {name: ${dev}}, prod: {name: ${prod}}}}`;
const named = (name: string) => `"arn:aws:iam::111122223333:role/${name}"`;

describe('a choice that the template leaves open', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['is allowed where both branches are', `!If [IsProd, ${named('caller')}, ${named('caller')}]`, IS_PROD, 'allowed'],
    ['is denied where both branches are', `!If [IsProd, ${named('a')}, ${named('b')}]`, IS_PROD, 'denied'],
    ['is unknown where they differ', `!If [IsProd, ${named('caller')}, ${named('b')}]`, IS_PROD, 'unknown'],
    [
      'may stand inside a text',
      '!Sub ["arn:aws:iam::111122223333:role/${Name}", {Name: !If [IsProd, a, b]}]',
      IS_PROD,
      'denied',
    ],
    ['may stand inside a Join', '!Join [/, ["arn:aws:iam::111122223333:role", !If [IsProd, a, b]]]', IS_PROD, 'denied'],
    [
      'has no third way where the allowed values are two',
      `!If [IsProd, ${named('caller')}, !If [IsDev, ${named('caller')}, ${named('never')}]]`,
      IS_PROD,
      'allowed',
    ],
    [
      'is a key of Mappings',
      '!Sub ["arn:aws:iam::111122223333:role/${Name}", {Name: !FindInMap [Roles, !Ref Env, name]}]',
      MAPPED('caller', 'caller'),
      'allowed',
    ],
    [
      'is a key of Mappings, where the values differ',
      '!Sub ["arn:aws:iam::111122223333:role/${Name}", {Name: !FindInMap [Roles, !Ref Env, name]}]',
      MAPPED('caller', 'other'),
      'unknown',
    ],
  ];
  for (const [name, value, sections, decision] of cases)
    test(name, () => expect(decisionOf({ 'template.yaml': trusting(value, sections) })).toBe(decision));

  test('is named where it decides', () => {
    const documents = { 'template.yaml': trusting(`!If [IsProd, ${named('caller')}, ${named('b')}]`, IS_PROD) };
    expect(check(documents, ...ACCOUNT).report.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('${Env} = prod'),
    ]);
  });
});

describe('what only a branch says', () => {
  const branch = (condition: string) =>
    trusting(named('caller'), `${ENV}\n    Conditions: {IsProd: !Equals [!Ref Env, prod]}`).replace(
      '  Caller:\n    Type: AWS::IAM::Role',
      `  Caller:\n    Condition: ${condition}\n    Type: AWS::IAM::Role`,
    );
  test('is decided where it stands', () => expect(decisionOf({ 'template.yaml': branch('IsProd') })).toBe('allowed'));

  test('as a boundary, limits only there', () => {
    const boundary = (value: string) =>
      `${trusting(
        named('root').replace('role/root', 'root'),
        `${ENV}\n    Conditions: {IsProd: !Equals [!Ref Env, prod]}`,
      ).replace(
        '      RoleName: caller\n',
        `      RoleName: caller\n      PermissionsBoundary: ${value}\n`,
      )}  Limit:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}}\n`;
    expect(decisionOf({ 'template.yaml': boundary('!Ref Limit') })).toBe('denied');
    expect(decisionOf({ 'template.yaml': boundary('!If [IsProd, !Ref Limit, !Ref AWS::NoValue]') })).toBe('unknown');
  });
});

test('a decision that leans on a default says so', () => {
  const documents = {
    'template.yaml': trusting(
      '!Sub "arn:aws:iam::111122223333:role/${Trusted}"',
      'Parameters: {Trusted: {Type: String, Default: caler}, Unused: {Type: String, Default: x}}',
    ),
  };
  const assumption = check(documents, ...ACCOUNT).report.assumptions.find(({ role }) => role.endsWith('/target'));
  expect(assumption).toMatchObject({
    decision: 'denied',
    assumed: [{ name: 'Trusted', value: 'caler', location: place(documents, 'template.yaml', 'caler') }],
  });
  expect(run(documents, ['check', '--format', 'text', ...ACCOUNT]).output).toContain(
    'assumes      the default of Trusted: caler   template.yaml:1',
  );
});

test('a default that a condition compares is one that the decision leans on, too', () => {
  const documents = {
    'template.yaml': trusting(
      `!If [IsProd, ${named('caller')}, ${named('other')}]`,
      'Parameters: {Env: {Type: String, Default: prod}}\n    Conditions: {IsProd: !Equals [!Ref Env, prod]}',
    ),
  };
  const assumption = check(documents, ...ACCOUNT).report.assumptions.find(({ role }) => role.endsWith('/target'));
  expect(assumption).toMatchObject({ decision: 'allowed', assumed: [{ name: 'Env', value: 'prod' }] });
});

describe('what a macro may add or change is unknown', () => {
  const plain = trusting(named('other'), 'Parameters: {}');
  const cases: readonly (readonly [string, string])[] = [
    ['a macro of the whole template', `Transform: [MyMacro]\n${plain}`],
    [
      'a file included among the statements',
      plain.replace('- Effect: Allow\n', '- Fn::Transform: {Name: AWS::Include}\n            Effect: Allow\n'),
    ],
    [
      'a file included among the properties',
      plain.replace('      RoleName: target\n', '      RoleName: target\n      Fn::Transform: {Name: AWS::Include}\n'),
    ],
  ];
  test('while without it the call is denied', () => expect(decisionOf({ 'template.yaml': plain })).toBe('denied'));
  for (const [name, text] of cases) test(name, () => expect(decisionOf({ 'template.yaml': text })).toBe('unknown'));

  test('a file included among the resources may attach policies, but trusts stay as they are', () => {
    const included = (text: string) =>
      text.replace('Resources:\n', 'Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: x}}\n');
    expect(decisionOf({ 'template.yaml': included(plain) })).toBe('denied');
    const ungranted = trusting(named('root').replace('role/root', 'root'), 'Parameters: {}').replace(
      'role/target"}}',
      'role/target"}, Sid: x}',
    );
    expect(decisionOf({ 'template.yaml': included(ungranted) })).toBe('unknown');
  });
});

test('Rules of a template change nothing', () => {
  const rules =
    'Rules: {R: {Assertions: [{Assert: !Contains [[a], !Ref Env]}]}}\nParameters: {Env: {Type: String, Default: b}}';
  expect(
    decisionOf({ 'template.yaml': trusting(named('caller'), 'Metadata: {}').replace('Metadata: {}', rules) }),
  ).toBe('allowed');
});
