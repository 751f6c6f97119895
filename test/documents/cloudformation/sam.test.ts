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

describe('an API hands on roles that API Gateway must be able to assume', () => {
  const roles = `
      Trusting:
        Type: AWS::IAM::Role
        Properties:
          RoleName: trusting
          AssumeRolePolicyDocument:
            Statement: {Effect: Allow, Principal: {Service: apigateway.amazonaws.com}, Action: sts:AssumeRole}
      Other:
        Type: AWS::IAM::Role
        Properties:
          RoleName: other
          AssumeRolePolicyDocument:
            Statement: {Effect: Allow, Principal: {Service: «ec2.amazonaws.com»}, Action: sts:AssumeRole}
  `;
  const forms: readonly (readonly [string, string, string?])[] = [
    [
      'to the authorizer of a REST API',
      'Api: {Type: AWS::Serverless::Api, Properties: {Auth: {Authorizers: {A: {FunctionArn: f, FunctionInvokeRole: ROLE}, B: {FunctionArn: f, FunctionInvokeRole: NONE}}}}}',
    ],
    [
      'to the authorizer of an HTTP API',
      'Api: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {Authorizers: {A: {FunctionArn: f, FunctionInvokeRole: ROLE}}}}}',
    ],
    [
      'to the authorizer of a WebSocket API',
      'Api: {Type: AWS::Serverless::WebSocketApi, Properties: {Auth: {AuthType: CUSTOM, AuthArn: f, InvokeRole: ROLE}, Routes: {$connect: {FunctionArn: f}}}}',
    ],
    [
      'to the authorizer of the API that SAM makes',
      'Fn: {Type: AWS::Serverless::Function, Properties: {Role: arn:aws:iam::111122223333:role/x, Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}}}',
      'Globals: {Api: {Auth: {Authorizers: {A: {FunctionArn: f, FunctionInvokeRole: ROLE}}}}}',
    ],
    [
      'to a method that IAM authorizes',
      'Fn: {Type: AWS::Serverless::Function, Properties: {Role: arn:aws:iam::111122223333:role/x, Events: {E: {Type: Api, Properties: {Path: /, Method: get, Auth: {Authorizer: AWS_IAM, InvokeRole: ROLE}}}}}}',
    ],
    [
      'to every method of an API that IAM authorizes',
      'Api: {Type: AWS::Serverless::Api, Properties: {Auth: {DefaultAuthorizer: AWS_IAM, InvokeRole: ROLE}}}\n      Fn: {Type: AWS::Serverless::Function, Properties: {Role: arn:aws:iam::111122223333:role/x, Events: {E: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /, Method: get}}}}}',
    ],
    [
      'in its own document',
      'Api: {Type: AWS::Serverless::HttpApi, Properties: {DefinitionBody: {components: {securitySchemes: {A: {x-amazon-apigateway-authorizer: {authorizerCredentials: ROLE}}}}}}}',
    ],
  ];
  const written = (role: string, resources: string, globals = '') => ({
    'template.yaml': serverless(
      `${resources.replace('ROLE', `!GetAtt ${role}.Arn`)}${roles}`.replace(/^ {6}/gm, '').replace(/[«»]/g, ''),
      globals.replace('ROLE', `!GetAtt ${role}.Arn`),
    ),
  });
  for (const [name, resources, globals] of forms)
    test(name, () => {
      expect(decisions(written('Trusting', resources, globals))).toContain(
        'apigateway.amazonaws.com -> trusting: allowed',
      );
      const wrong = written('Other', resources, globals);
      expect(decisions(wrong)).toContain('apigateway.amazonaws.com -> other: denied');
      const { findings } = decided(wrong);
      expect(
        findings.filter(({ severity }) => severity === 'error').map(({ rule, location }) => [rule, location]),
      ).toEqual([['service-not-trusted', place(wrong, 'template.yaml', 'Service: «ec2.amazonaws.com»')]]);
    });

  test('and none where it says so', () => {
    const none = forms
      .map(([, resources, globals]) => written('Other', resources, globals))
      .map(({ 'template.yaml': text }) => ({
        'template.yaml': text.replaceAll('!GetAtt Other.Arn', 'NONE'),
      }));
    for (const documents of none.slice(0, -1))
      expect(decisions(documents).filter((one) => one.startsWith('apigateway'))).toEqual([
        'apigateway.amazonaws.com -> trusting: allowed',
      ]);
  });
});

test('a connector gives a role nothing that is about assuming', () => {
  const documents = {
    'template.yaml': serverless(
      `Caller:\n  Type: AWS::Serverless::Function\n  Connectors: {Own: {Properties: {Destination: {Id: Table}, Permissions: [Read, Write]}}}\n  Properties: {}\nTable: {Type: AWS::Serverless::SimpleTable}\nPlain: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Caller}, Destination: {Id: Table}, Permissions: [Read]}}\nTarget:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument:\n      Statement: {Effect: Allow, Principal: {AWS: !GetAtt CallerRole.Arn}, Action: sts:AssumeRole}\n`,
    ),
  };
  expect(decisions(documents)).toEqual([
    'lambda.amazonaws.com -> ${CallerRole}: allowed',
    '${CallerRole} -> ${Target}: allowed',
  ]);
});

test('network connectors and images of micro VMs get the roles that Lambda assumes', () => {
  const documents = {
    'template.yaml': serverless(
      'Net: {Type: AWS::Serverless::NetworkConnector, Properties: {VpcConfig: {SubnetIds: [s]}}}\nImage: {Type: AWS::Serverless::MicroVMImage, Properties: {Name: i}}\n',
    ),
  };
  expect(decisions(documents)).toEqual([
    'lambda.amazonaws.com -> ${NetOperatorRole}: allowed',
    'lambda.amazonaws.com -> ${ImageBuildRole}: allowed',
  ]);
});
