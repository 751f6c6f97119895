import { describe, expect, test } from 'vitest';
import { check, type Documents, json, lines, place } from '../../support/documents.ts';

const serverless = (resources: string, globals = '') =>
  `Transform: AWS::Serverless-2016-10-31\n${lines(globals || 'Globals: {}')}Resources:\n${lines(resources).replace(/^(?=.)/gm, '  ')}`;
const decided = (documents: Documents, ...options: string[]) => check(documents, ...options).report;
const decisions = (documents: Documents) =>
  decided(documents).assumptions.map(
    ({ principal, role, decision }) => `${last(principal)} -> ${last(role)}: ${decision}`,
  );
const last = (arn: string) => arn.split('/').at(-1) ?? arn;

const TARGET = `
  Target:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt CallerRole.Arn}, Action: sts:AssumeRole}
`;
const GRANT = `
          - Statement:
              - {Effect: Allow, Action: sts:AssumeRole, Resource: !GetAtt Target.Arn}
`;

describe('a serverless function', () => {
  test('gets a role that Lambda assumes, with the grants of its policies', () => {
    const documents = {
      'template.yaml': serverless(
        `Caller:\n  Type: AWS::Serverless::Function\n  Properties:\n    Policies:\n      - AmazonS3ReadOnlyAccess\n      - SQSPollerPolicy: {QueueName: q}\n${GRANT.replace(/^ {4}/gm, '')}${TARGET.replace(/^ {2}/gm, '')}`,
      ),
    };
    expect(decisions(documents)).toEqual([
      'lambda.amazonaws.com -> ${CallerRole}: allowed',
      '${CallerRole} -> ${Target}: allowed',
    ]);
  });

  test('without a grant cannot assume what trusts its role, and the gap is told at the function', () => {
    const documents = {
      'template.yaml': serverless(
        `Caller:\n  Type: AWS::Serverless::Function\n  Properties: {Policies: AmazonS3ReadOnlyAccess}\nTarget:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument:\n      Statement: {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::\${AWS::AccountId}:root"}, Action: sts:AssumeRole}\nTrusting:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument:\n      Statement: {Effect: Allow, Principal: {AWS: !GetAtt CallerRole.Arn}, Action: "sts:AsumeRole"}\n`,
      ),
    };
    const { findings } = decided(documents);
    expect(findings.map(({ rule, location }) => [rule, location])).toEqual([
      ['unknown-action', place(documents, 'template.yaml', 'sts:AsumeRole')],
    ]);
  });

  test('hands on a role of its own, which Lambda must be able to assume', () => {
    const documents = {
      'template.yaml': serverless(
        'Caller:\n  Type: AWS::Serverless::Function\n  Properties: {Role: !GetAtt Own.Arn}\nOwn:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument:\n      Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}\n',
      ),
    };
    expect(decisions(documents)).toContain('lambda.amazonaws.com -> ${Own}: denied');
    expect(decided(documents).findings.map(({ location }) => location)).toContainEqual(
      place(documents, 'template.yaml', 'ec2.amazonaws.com'),
    );
  });

  test('takes its trust policy from AssumeRolePolicyDocument, where Lambda may be missing', () => {
    const documents = {
      'template.yaml': serverless(
        'Caller:\n  Type: AWS::Serverless::Function\n  Properties:\n    AssumeRolePolicyDocument:\n      Statement: {Effect: Allow, Principal: {Service: edgelambda.amazonaws.com}, Action: sts:AssumeRole}\n',
      ),
    };
    expect(decisions(documents)).toContain('lambda.amazonaws.com -> ${CallerRole}: denied');
  });

  test('may have its role by a condition, and the generated one otherwise', () => {
    const documents = {
      'template.yaml': `Conditions: {Given: !Equals [a, b]}\n${serverless(
        'Caller:\n  Type: AWS::Serverless::Function\n  Properties: {Role: !If [Given, arn:aws:iam::111122223333:role/x, !Ref AWS::NoValue]}\n',
      )}`,
    };
    expect(decisions(documents)).toEqual(['lambda.amazonaws.com -> ${CallerRole}: allowed']);
  });

  test('takes from Globals what it does not say itself, in JSON too', () => {
    const documents = {
      'template.json': json({
        Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
        Globals: { Function: { RolePath: '/apps/', Tags: { team: 'web' } } },
        Resources: { Caller: { Type: 'AWS::Serverless::Function', Properties: { Tags: { stage: 'prod' } } } },
      }),
    };
    expect(decided(documents).assumptions.map(({ role }) => role)).toEqual([
      'arn:aws:iam::${AWS::AccountId}:role/apps/${CallerRole}',
    ]);
  });
});

test('events, state machines and GraphQL APIs get the roles that their services assume', () => {
  const documents = {
    'template.yaml': serverless(`
      Machine:
        Type: AWS::Serverless::StateMachine
        Properties:
          Events:
            Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
            Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
            Call: {Type: Api, Properties: {Path: /, Method: get}}
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          DeploymentPreference: {Type: AllAtOnce}
          Events:
            Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
      Graph:
        Type: AWS::Serverless::GraphQLApi
        Properties:
          DataSources: {DynamoDb: {Table: {TableName: t}}, Lambda: {Code: {FunctionArn: f}}}
      Provider: {Type: AWS::Serverless::CapacityProvider}
    `),
  };
  expect(decisions(documents).sort()).toEqual(
    [
      'states.amazonaws.com -> ${MachineRole}: allowed',
      'events.amazonaws.com -> ${MachineNightlyRole}: allowed',
      'scheduler.amazonaws.com -> ${MachineLaterRole}: allowed',
      'apigateway.amazonaws.com -> ${MachineCallRole}: allowed',
      'lambda.amazonaws.com -> ${FnRole}: allowed',
      'codedeploy.amazonaws.com -> ${CodeDeployServiceRole}: allowed',
      'scheduler.amazonaws.com -> ${FnLaterRole}: allowed',
      'appsync.amazonaws.com -> ${GraphTableRole}: allowed',
      'appsync.amazonaws.com -> ${GraphCodeRole}: allowed',
      'appsync.amazonaws.com -> ${GraphCloudWatchRole}: allowed',
      'lambda.amazonaws.com -> ${ProviderOperatorRole}: allowed',
    ].sort(),
  );
});
