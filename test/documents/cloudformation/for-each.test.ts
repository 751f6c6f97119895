import { describe, expect, test } from 'vitest';
import { CONFIGURATION, check, type Documents, lines } from '../../support/documents.ts';

const template = (collection: string, parameters = '') =>
  `Transform: AWS::LanguageExtensions\n${parameters}${lines(`
    Resources:
      Fn::ForEach::Roles:
        - Team
        - ${collection}
        - Role&{Team}:
            Type: AWS::IAM::Role
            Properties:
              RoleName: !Sub "of-\${Team}"
              AssumeRolePolicyDocument:
                Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::111122223333:role/\${Team}"}, Action: sts:AssumeRole}
              Tags: [{Key: team, Value: !Ref Team}]
  `)}`;
const principals = (documents: Documents) => {
  const { report } = check(documents);
  return {
    roles: report.assumptions.map(({ role }) => role.split('/').at(-1)),
    told: report.diagnostics.map(({ message }) => message),
  };
};
const LIST = 'Parameters: {Teams: {Type: CommaDelimitedList, Default: "web, data"}}\n';

describe('what stands in a loop is made once for each item', () => {
  test('of a list', () => {
    expect(principals({ 'a.yaml': template('[web, data]') })).toEqual({ roles: ['of-web', 'of-data'], told: [] });
  });
  test('of a parameter’s default', () => {
    expect(principals({ 'a.yaml': template('!Ref Teams', LIST) })).toEqual({ roles: ['of-web', 'of-data'], told: [] });
  });
  test('of a parameter’s value', () => {
    const configuration = 'accounts: {a: {id: "111122223333", paths: ["*"], parameters: {Teams: [ops]}}}\n';
    const documents = { [CONFIGURATION]: configuration, 'a.yaml': template('!Ref Teams', LIST) };
    expect(principals(documents).roles).toEqual(['of-ops']);
  });
  test('of a list that a nested stack is passed', () => {
    const documents = {
      'nested.yaml': template('!Ref Teams', LIST),
      'parent.yaml':
        'Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml, Parameters: {Teams: "ops,qa"}}}}\n',
    };
    expect(principals(documents).roles).toEqual(['of-ops', 'of-qa']);
  });
});

describe('a loop over what nobody knows is told, and makes nothing', () => {
  const told = [expect.stringContaining('Fn::ForEach::Roles cannot be unrolled')];
  test('a parameter without a value', () => {
    const documents = { 'a.yaml': template('!Ref Teams', 'Parameters: {Teams: {Type: CommaDelimitedList}}\n') };
    expect(principals(documents)).toEqual({ roles: [], told });
  });
  test('an SSM parameter, of which the template has the name alone', () => {
    const parameters = 'Parameters: {Teams: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /teams}}\n';
    expect(principals({ 'a.yaml': template('!Ref Teams', parameters) })).toEqual({ roles: [], told });
  });
  test('a list with something computed in it', () => {
    expect(principals({ 'a.yaml': template('[web, !ImportValue team]') })).toEqual({ roles: [], told });
  });
  test('a parameter that keeps its value', () => {
    const configuration = 'accounts: {a: {id: "111122223333", paths: ["*.yaml"], parameter-files: [p.json]}}\n';
    const documents = {
      [CONFIGURATION]: configuration,
      'a.yaml': template('!Ref Teams', LIST),
      'p.json': '[{"ParameterKey": "Teams", "UsePreviousValue": true}]\n',
    };
    expect(principals(documents)).toEqual({ roles: [], told });
  });
});
