import { ACCOUNTS, CONFIGURATION, json, lines, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const LAMBDA = 'lambda.amazonaws.com';
const TASKS = 'ecs-tasks.amazonaws.com';
const roleArn = (name: string) => `arn:aws:iam::\${AWS::AccountId}:role/${name}`;
const trusting = (services: string) => `- {Effect: Allow, Principal: {Service: ${services}}, Action: sts:AssumeRole}`;
const resource = (id: string, type: string, properties: string) =>
  `${id}:\n  Type: ${type}\n  Properties:\n${lines(properties).replace(/^/gm, '    ')}`;

const bad: readonly BadCase[] = [
  {
    name: 'a Lambda function whose role trusts EC2: Lambda is added',
    documents: {
      'app.yaml': template(
        resource('Fn', 'AWS::Lambda::Function', 'Role: !GetAtt FnRole.Arn'),
        role('FnRole', { name: 'fn', trust: trusting('ec2.amazonaws.com') }),
      ),
    },
    findings: [
      {
        principal: LAMBDA,
        role: roleArn('fn'),
        action: 'sts:AssumeRole',
        says: ['lambda.amazonaws.com cannot assume role/fn', 'names ec2.amazonaws.com'],
        at: ['app.yaml', 'ec2.amazonaws.com'],
        related: [['app.yaml', 'FnRole.Arn', `hands this role to ${LAMBDA}`]],
        fix: '          - {Effect: Allow, Principal: {Service: [ec2.amazonaws.com, lambda.amazonaws.com]}, Action: sts:AssumeRole}',
      },
    ],
  },
  {
    name: 'an ECS task whose role trusts ECS itself: the names are alike, and neither is replaced',
    documents: {
      'app.yaml': template(
        resource('Task', 'AWS::ECS::TaskDefinition', 'TaskRoleArn: !Sub "arn:aws:iam::${AWS::AccountId}:role/task"'),
        role('TaskRole', { name: 'task', trust: trusting('ecs.amazonaws.com') }),
      ),
    },
    findings: [
      {
        principal: TASKS,
        role: roleArn('task'),
        action: 'sts:AssumeRole',
        says: 'ECS tasks call as ecs-tasks.amazonaws.com',
        at: ['app.yaml', 'ecs.amazonaws.com'],
        related: [['app.yaml', 'arn:aws:iam::${AWS::AccountId}:role/task', `hands this role to ${TASKS}`]],
      },
    ],
  },
  {
    name: 'a target deep in a list, in JSON',
    documents: {
      'app.json': json({
        Resources: {
          Rule: {
            Type: 'AWS::Events::Rule',
            Properties: { Targets: [{ Id: 'bus', RoleArn: { 'Fn::GetAtt': ['Bus', 'Arn'] } }] },
          },
          Bus: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'bus',
              AssumeRolePolicyDocument: {
                Statement: [
                  { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
                ],
              },
            },
          },
        },
      }),
    },
    findings: [
      {
        principal: 'events.amazonaws.com',
        role: roleArn('bus'),
        action: 'sts:AssumeRole',
        says: 'events.amazonaws.com',
        at: ['app.json', 'scheduler.amazonaws.com'],
        related: [['app.json', '{ "Fn::GetAtt": [ "Bus", "Arn" ] }', 'hands this role to events.amazonaws.com']],
      },
    ],
  },
  {
    name: 'an instance profile, and the instance that has it',
    documents: {
      'app.yaml': template(
        resource('Server', 'AWS::EC2::Instance', 'IamInstanceProfile: !Ref Profile'),
        resource('Profile', 'AWS::IAM::InstanceProfile', 'Roles: [!Ref ServerRole]'),
        role('ServerRole', { name: 'server', trust: trusting('[ssm.amazonaws.com]') }),
      ),
    },
    findings: [
      {
        principal: 'ec2.amazonaws.com',
        role: roleArn('server'),
        action: 'sts:AssumeRole',
        says: 'ec2.amazonaws.com cannot assume role/server',
        at: ['app.yaml', 'ssm.amazonaws.com'],
        related: [
          ['app.yaml', '[!Ref «ServerRole»]', 'hands this role to ec2.amazonaws.com'],
          ['app.yaml', '!Ref «Profile»', 'hands the role of this instance profile to ec2.amazonaws.com'],
        ],
      },
    ],
  },
  {
    name: 'a role that trusts the service for another account only',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'prod.yaml': template(
        resource('Schedule', 'AWS::Scheduler::Schedule', 'Target: {RoleArn: !GetAtt Nightly.Arn}'),
        role('Nightly', {
          name: 'nightly',
          trust: `
            - Effect: Allow
              Principal: {Service: scheduler.amazonaws.com}
              Action: sts:AssumeRole
              Condition: {StringEquals: {aws:SourceAccount: "111122223333"}}
          `,
        }),
      ),
    },
    findings: [
      {
        principal: 'scheduler.amazonaws.com',
        role: 'arn:aws:iam::444455556666:role/nightly',
        action: 'sts:AssumeRole',
        says: 'aws:SourceAccount StringEquals 111122223333, and the call has 444455556666',
        at: ['prod.yaml', '111122223333'],
        related: [
          ['prod.yaml', 'Nightly.Arn', 'hands this role to scheduler.amazonaws.com'],
          ['prod.yaml', 'scheduler.amazonaws.com', 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'an external id of a user pool that differs from what its role asks for',
    documents: {
      'app.yaml': template(
        resource(
          'Pool',
          'AWS::Cognito::UserPool',
          'SmsConfiguration: {SnsCallerArn: !GetAtt Sms.Arn, ExternalId: pool}',
        ),
        role('Sms', {
          name: 'sms',
          trust: `
            - Effect: Allow
              Principal: {Service: cognito-idp.amazonaws.com}
              Action: sts:AssumeRole
              Condition: {StringEquals: {sts:ExternalId: another}}
          `,
        }),
      ),
    },
    findings: [
      {
        principal: 'cognito-idp.amazonaws.com',
        role: roleArn('sms'),
        action: 'sts:AssumeRole',
        says: 'sts:ExternalId StringEquals another, and the call has pool',
        at: ['app.yaml', 'another'],
        related: [
          ['app.yaml', 'Sms.Arn', 'hands this role to cognito-idp.amazonaws.com'],
          ['app.yaml', 'cognito-idp.amazonaws.com', 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'a property that no public document confirms: a warning',
    documents: {
      'app.yaml': template(
        resource('Channel', 'AWS::MediaLive::Input', 'RoleArn: !GetAtt Live.Arn'),
        role('Live', { name: 'live', trust: trusting('mediaconvert.amazonaws.com') }),
      ),
    },
    findings: [
      {
        severity: 'warning',
        principal: 'medialive.amazonaws.com',
        role: roleArn('live'),
        action: 'sts:AssumeRole',
        says: 'medialive.amazonaws.com',
        at: ['app.yaml', 'mediaconvert.amazonaws.com'],
        related: [['app.yaml', 'Live.Arn', 'hands this role to medialive.amazonaws.com']],
      },
    ],
  },
];

const distribution = (arn: string) =>
  resource(
    'Site',
    'AWS::CloudFront::Distribution',
    `
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: ${arn}}]
    `,
  );
const edge = (services: string, arn = '!Ref FnVersion') =>
  template(
    distribution(arn),
    resource('FnVersion', 'AWS::Lambda::Version', 'FunctionName: !Ref Fn'),
    resource('Fn', 'AWS::Lambda::Function', 'Role: !GetAtt FnRole.Arn'),
    role('FnRole', { name: 'fn', trust: trusting(services) }),
  );

const atEdge: readonly BadCase[] = [
  {
    name: 'a function that a distribution runs, whose role Lambda alone may assume',
    documents: { 'app.yaml': edge(LAMBDA) },
    findings: [
      {
        principal: 'edgelambda.amazonaws.com',
        role: roleArn('fn'),
        action: 'sts:AssumeRole',
        says: 'edgelambda.amazonaws.com cannot assume role/fn',
        at: ['app.yaml', LAMBDA],
        related: [
          [
            'app.yaml',
            'LambdaFunctionARN: !Ref «FnVersion»',
            'hands the role of this function to edgelambda.amazonaws.com',
          ],
        ],
      },
    ],
  },
  {
    name: 'the same in Terraform',
    documents: {
      'main.tf': lines(`
        resource "aws_iam_role" "fn" {
          name               = "fn"
          assume_role_policy = jsonencode({
            Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
          })
        }
        resource "aws_lambda_function" "fn" {
          function_name = "fn"
          role          = aws_iam_role.fn.arn
          publish       = true
        }
        resource "aws_cloudfront_distribution" "site" {
          default_cache_behavior {
            lambda_function_association {
              event_type = "viewer-request"
              lambda_arn = aws_lambda_function.fn.qualified_arn
            }
          }
        }
      `),
    },
    options: ['--account', '111122223333'],
    findings: [
      {
        principal: 'edgelambda.amazonaws.com',
        role: 'arn:aws:iam::111122223333:role/fn',
        action: 'sts:AssumeRole',
        says: 'edgelambda.amazonaws.com cannot assume role/fn',
        at: ['main.tf', LAMBDA],
        related: [
          [
            'main.tf',
            'aws_lambda_function.fn.qualified_arn',
            'hands the role of this function to edgelambda.amazonaws.com',
          ],
        ],
      },
    ],
  },
];

const atEdgeWell: readonly GoodCase[] = [
  {
    name: 'a function that a distribution runs, whose role both services may assume',
    documents: { 'app.yaml': edge(`[${LAMBDA}, edgelambda.amazonaws.com]`, '!Sub "${Fn.Arn}:1"') },
    decided: [['edgelambda.amazonaws.com', roleArn('fn'), 'allowed']],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'a role that trusts the service, alone or among others, by name and by reference',
    documents: {
      'app.yaml': template(
        resource('Fn', 'AWS::Lambda::Function', 'Role: !GetAtt FnRole.Arn'),
        resource('Job', 'AWS::Glue::Job', 'Role: job'),
        role('FnRole', { name: 'fn', trust: trusting('[edgelambda.amazonaws.com, lambda.amazonaws.com]') }),
        role('JobRole', { name: 'job', trust: trusting('glue.amazonaws.com') }),
      ),
    },
    decided: [
      [LAMBDA, roleArn('fn'), 'allowed'],
      ['glue.amazonaws.com', roleArn('job'), 'allowed'],
    ],
  },
  {
    name: 'a condition on what the service may or may not supply',
    documents: {
      'app.yaml': template(
        resource('Machine', 'AWS::StepFunctions::StateMachine', 'RoleArn: !GetAtt Steps.Arn'),
        role('Steps', {
          name: 'steps',
          trust: `
            - Effect: Allow
              Principal: {Service: states.amazonaws.com}
              Action: sts:AssumeRole
              Condition: {ArnLike: {aws:SourceArn: "arn:aws:states:*:111122223333:stateMachine:*"}}
          `,
        }),
      ),
    },
    decided: [['states.amazonaws.com', roleArn('steps'), 'conditional']],
  },
  {
    name: 'one of the names that a service goes by',
    documents: {
      'app.yaml': template(
        resource('Search', 'AWS::OpenSearchService::Domain', 'CognitoOptions: {RoleArn: !GetAtt Search1.Arn}'),
        role('Search1', { name: 'search', trust: trusting('es.amazonaws.com') }),
      ),
    },
    decided: [['es.amazonaws.com', roleArn('search'), 'allowed']],
  },
  {
    name: 'a role that no document declares, and one that a parameter names',
    documents: {
      'app.yaml': template(
        resource('Fn', 'AWS::Lambda::Function', 'Role: arn:aws:iam::111122223333:role/elsewhere'),
        resource('Method', 'AWS::ApiGateway::Method', 'Integration: {Credentials: "arn:aws:iam::*:user/*"}'),
      ),
    },
    decided: [[LAMBDA, 'arn:aws:iam::111122223333:role/elsewhere', 'unknown']],
  },
  {
    name: 'a function that exists only with the role that trusts it',
    documents: {
      'app.yaml': lines(`
        Parameters:
          Env: {Type: String}
        Conditions:
          IsProd: !Equals [!Ref Env, prod]
        Resources:
          Fn:
            Type: AWS::Lambda::Function
            Condition: IsProd
            Properties:
              Role: !GetAtt FnRole.Arn
          FnRole:
            Type: AWS::IAM::Role
            Properties:
              RoleName: fn
              AssumeRolePolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: !If [IsProd, lambda.amazonaws.com, ec2.amazonaws.com]}
                    Action: sts:AssumeRole
      `),
    },
    decided: [[LAMBDA, roleArn('fn'), 'allowed']],
  },
];

ruleCases('service-not-trusted', { bad: [...bad, ...atEdge], good: [...good, ...atEdgeWell] });
