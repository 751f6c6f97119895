import { describe, expect, test } from 'vitest';
import { CONFIGURATION, check, type Documents, lines, place, role, template } from '../support/documents.ts';

const CONFIG = lines(`
  accounts:
    own: {id: "111122223333", region: eu-west-1, paths: ["**"]}
`);
const STATES = 'arn:aws:states:eu-west-1:111122223333:stateMachine';

const trusting = (service: string, condition: string) =>
  lines(`
  - Effect: Allow
    Principal: {Service: ${service}}
    Action: sts:AssumeRole
    Condition: {${condition}}
`);
const resource = (id: string, type: string, properties: string) =>
  `${id}:\n  Type: ${type}\n  Properties: {${properties}}\n`;

/** A template in which a service gets a role that asks for something. */
function templateOf(type: string, properties: string, service: string, condition: string): Documents {
  return {
    [CONFIGURATION]: CONFIG,
    'app.yaml': template(
      resource('Own', type, properties),
      role('OwnRole', { name: 'own', trust: trusting(service, condition) }),
    ),
  };
}

/** A module in which a service gets a role that asks for something. */
function moduleOf(text: string, service: string, operator: string, arn: string): Documents {
  const module = `
    data "aws_caller_identity" "own" {}
    resource "aws_iam_role" "own" {
      name               = "own"
      assume_role_policy = jsonencode({
        Version   = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { Service = "${service}" }
          Action    = "sts:AssumeRole"
          Condition = { ${operator} = { "aws:SourceArn" = "${arn}" } }
        }]
      })
    }
  `;
  return { [CONFIGURATION]: CONFIG, 'main.tf': `${lines(module)}\n${lines(text)}` };
}

function decided(documents: Documents): readonly string[] {
  const { report } = check(documents);
  return report.assumptions.map(({ decision }) => decision);
}

const machine = (condition: string, name = 'StateMachineName: orders, ') =>
  templateOf(
    'AWS::StepFunctions::StateMachine',
    `${name}RoleArn: !GetAtt OwnRole.Arn`,
    'states.amazonaws.com',
    condition,
  );

describe('a trust policy that asks for the ARN of another resource', () => {
  test('is an error at the value, in CloudFormation', () => {
    const documents = machine(`ArnLike: {aws:SourceArn: "${STATES}:order"}`);
    const { report, status } = check(documents);
    expect(status).toBe(1);
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      { rule: 'service-not-trusted', severity: 'error', location: place(documents, 'app.yaml', `${STATES}:order`) },
    ]);
    expect(report.findings[0]?.message).toContain(`and the call has ${STATES}:orders`);
    expect(report.findings[0]?.related).toContainEqual({
      location: place(documents, 'app.yaml', 'OwnRole.Arn'),
      message: 'hands this role to states.amazonaws.com',
    });
  });

  test('is an error at the value, in Terraform', () => {
    const documents = moduleOf(
      'resource "aws_sfn_state_machine" "own" {\n  name     = "orders"\n  role_arn = aws_iam_role.own.arn\n}',
      'states.amazonaws.com',
      'ArnLike',
      `${STATES}:order`,
    );
    const { report } = check(documents);
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      { rule: 'service-not-trusted', severity: 'error', location: place(documents, 'main.tf', `${STATES}:order`) },
    ]);
    expect(report.findings[0]?.related).toContainEqual({
      location: place(documents, 'main.tf', '«role_arn» ='),
      message: 'hands this role to states.amazonaws.com',
    });
  });

  test.each([
    ['a wildcard that its operator takes for a letter', `StringEquals: {aws:SourceArn: "${STATES}:*"}`],
    ['another region', 'ArnLike: {aws:SourceArn: "arn:aws:states:us-east-1:*:stateMachine:orders"}'],
    ['another account', 'ArnLike: {aws:SourceArn: "arn:aws:states:*:444455556666:stateMachine:*"}'],
    ['another sort of resource', 'ArnLike: {aws:SourceArn: "arn:aws:states:*:*:execution:*"}'],
    ['another account beside', 'StringEquals: {aws:SourceAccount: "444455556666"}'],
    ['that it is not there', 'Null: {aws:SourceArn: "true"}'],
    [
      'another one, where it is there',
      `ArnLikeIfExists: {aws:SourceArn: ["${STATES}:invoices", "${STATES}:payments"]}`,
    ],
    ['any but this', `ArnNotLike: {aws:SourceArn: "${STATES}:ord*"}`],
  ])('%s', (_, condition) => {
    expect(decided(machine(condition))).toEqual(['denied']);
  });
});

describe('a trust policy that asks for the ARN of the very resource', () => {
  test.each([
    ['as it is', `ArnEquals: {aws:SourceArn: "${STATES}:orders"}`],
    ['with wildcards', 'ArnLike: {aws:SourceArn: "arn:aws:states:*:111122223333:stateMachine:ord*"}'],
    ['as text', `StringEquals: {aws:SourceArn: "${STATES}:orders", aws:SourceAccount: "111122223333"}`],
    ['among others', `ArnLike: {aws:SourceArn: ["${STATES}:invoices", "${STATES}:orders"]}`],
    [
      'with its own account and region',
      'ArnLike: {aws:SourceArn: !Sub "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*"}',
    ],
  ])('%s', (_, condition) => {
    expect(decided(machine(condition))).toEqual(['allowed']);
  });

  test('is allowed without a word about the account', () => {
    const { [CONFIGURATION]: _, ...documents } = machine(
      'ArnLike: {aws:SourceArn: !Sub "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:orders"}',
    );
    expect(decided(documents)).toEqual(['allowed']);
  });

  test('hangs on a name that CloudFormation makes up', () => {
    expect(decided(machine(`ArnLike: {aws:SourceArn: "${STATES}:prod-*"}`, ''))).toEqual(['conditional']);
    expect(decided(machine(`ArnLike: {aws:SourceArn: "${STATES}:*"}`, ''))).toEqual(['allowed']);
    expect(decided(machine('ArnLike: {aws:SourceArn: "arn:aws:lambda:*:*:function:*"}', ''))).toEqual(['denied']);
  });
});

describe('each service names its resource in its own way', () => {
  const rule = (bus: string) => `${bus}Name: nightly, Targets: [{Id: a, Arn: b, RoleArn: !GetAtt OwnRole.Arn}]`;
  const asks = (arn: string) => `ArnLike: {aws:SourceArn: "arn:aws:${arn}"}`;
  const ROLE = '!GetAtt OwnRole.Arn';
  test.each([
    [
      'AWS::Events::Rule',
      rule(''),
      'events',
      'events:eu-west-1:111122223333:rule/nightly',
      'events:*:*:rule/orders/nightly',
    ],
    [
      'AWS::Events::Rule',
      rule('EventBusName: orders, '),
      'events',
      'events:*:*:rule/orders/nightly',
      'events:*:*:rule/n*',
    ],
    [
      'AWS::Scheduler::Schedule',
      `Name: nightly, Target: {RoleArn: ${ROLE}}`,
      'scheduler',
      'scheduler:*:*:schedule-group/default',
      'scheduler:*:*:schedule/default/nightly',
    ],
    [
      'AWS::Scheduler::Schedule',
      `GroupName: jobs, Target: {RoleArn: ${ROLE}}`,
      'scheduler',
      'scheduler:*:*:schedule-group/jobs',
      'scheduler:*:*:schedule-group/default',
    ],
    ['AWS::ECS::TaskDefinition', `TaskRoleArn: ${ROLE}`, 'ecs-tasks', 'ecs:*:111122223333:*', 'ecs:us-*:*:*'],
    [
      'AWS::CodeBuild::Project',
      `Name: own, ServiceRole: ${ROLE}`,
      'codebuild',
      'codebuild:*:*:project/own',
      'codebuild:*:*:build/*',
    ],
    ['AWS::EKS::Cluster', `Name: own, RoleArn: ${ROLE}`, 'eks', 'eks:*:*:cluster/own', 'eks:*:*:cluster/other'],
    [
      'AWS::EKS::FargateProfile',
      `ClusterName: own, PodExecutionRoleArn: ${ROLE}`,
      'eks-fargate-pods',
      'eks:*:*:fargateprofile/own/*',
      'eks:*:*:fargateprofile/other/*',
    ],
    [
      'AWS::RDS::DBInstance',
      `DBInstanceIdentifier: Orders, MonitoringRoleArn: ${ROLE}`,
      'monitoring.rds',
      'rds:*:*:db:orders',
      'rds:*:*:cluster:*',
    ],
    [
      'AWS::CodeDeploy::DeploymentGroup',
      `ApplicationName: app, DeploymentGroupName: blue, ServiceRoleArn: ${ROLE}`,
      'codedeploy',
      'codedeploy:*:*:deploymentgroup:app/*',
      'codedeploy:*:*:deploymentgroup:other/*',
    ],
    [
      'AWS::EC2::FlowLog',
      `DeliverLogsPermissionArn: ${ROLE}`,
      'vpc-flow-logs',
      'ec2:*:*:vpc-flow-log/*',
      'ec2:*:*:vpc/*',
    ],
  ])('%s', (type, properties, service, good, bad) => {
    expect(decided(templateOf(type, properties, `${service}.amazonaws.com`, asks(good)))).toEqual(['allowed']);
    expect(decided(templateOf(type, properties, `${service}.amazonaws.com`, asks(bad)))).toEqual(['denied']);
  });

  const ACCOUNT = '${data.aws_caller_identity.own.account_id}';
  test.each([
    [
      'resource "aws_cloudwatch_event_rule" "own" {\n  name = "nightly"\n}\nresource "aws_cloudwatch_event_target" "own" {\n  rule     = aws_cloudwatch_event_rule.own.name\n  arn      = "a"\n  role_arn = aws_iam_role.own.arn\n}',
      'events',
      `events:*:${ACCOUNT}:rule/nightly`,
      `events:*:${ACCOUNT}:rule/weekly`,
    ],
    [
      'resource "aws_codebuild_project" "own" {\n  name         = "own"\n  region       = "us-east-1"\n  service_role = aws_iam_role.own.arn\n}',
      'codebuild',
      `codebuild:us-east-1:${ACCOUNT}:project/own`,
      `codebuild:eu-west-1:${ACCOUNT}:project/own`,
    ],
    [
      'resource "aws_scheduler_schedule" "own" {\n  target {\n    role_arn = aws_iam_role.own.arn\n  }\n}',
      'scheduler',
      'scheduler:*:*:schedule-group/default',
      'scheduler:*:*:schedule/default/*',
    ],
    [
      'resource "aws_db_instance" "own" {\n  identifier          = "orders"\n  monitoring_role_arn = aws_iam_role.own.arn\n}',
      'monitoring.rds',
      'rds:*:*:db:orders',
      'rds:*:*:db:invoices',
    ],
  ])('%s', (text, service, good, bad) => {
    const asked = (arn: string) => moduleOf(text, `${service}.amazonaws.com`, 'ArnLike', `arn:aws:${arn}`);
    expect(decided(asked(good))).toEqual(['allowed']);
    expect(decided(asked(bad))).toEqual(['denied']);
  });

  test('a schedule whose group stands beside it', () => {
    const documents = moduleOf(
      'resource "aws_scheduler_schedule_group" "own" {\n  name = "jobs"\n}\nresource "aws_scheduler_schedule" "own" {\n  group_name = aws_scheduler_schedule_group.own.name\n  target {\n    role_arn = aws_iam_role.own.arn\n  }\n}',
      'scheduler.amazonaws.com',
      'StringEquals',
      '${aws_scheduler_schedule_group.own.arn}',
    );
    expect(check(documents).report.findings).toEqual([]);
    expect(decided(documents)).toEqual(['conditional']);
  });
});

describe('a service of which no page of AWS says what it names', () => {
  test.each([
    ['AWS::Lambda::Function', 'FunctionName: own, Role: !GetAtt OwnRole.Arn', 'lambda', 'lambda:*:*:function:other'],
    ['AWS::Glue::Job', 'Name: own, Role: !GetAtt OwnRole.Arn', 'glue', 'glue:*:*:job/other'],
    ['AWS::Pipes::Pipe', 'Name: own, RoleArn: !GetAtt OwnRole.Arn', 'pipes', 'pipes:*:*:pipe/other'],
  ])('%s', (type, properties, service, arn) => {
    const asked = `ArnLike: {aws:SourceArn: "arn:aws:${arn}"}`;
    expect(decided(templateOf(type, properties, `${service}.amazonaws.com`, asked))).toEqual(['conditional']);
  });
});

describe('a trust policy for Roles Anywhere', () => {
  const asking = (condition: string) =>
    templateOf(
      'AWS::RolesAnywhere::Profile',
      'Name: own, RoleArns: [!GetAtt OwnRole.Arn]',
      'rolesanywhere.amazonaws.com',
      condition,
    );
  const allowing = (documents: Documents) => ({
    ...documents,
    'app.yaml': (documents['app.yaml'] ?? '').replace(
      'Action: sts:AssumeRole',
      'Action: [sts:AssumeRole, sts:TagSession, sts:SetSourceIdentity]',
    ),
  });
  test.each([
    ['arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/*', 'allowed'],
    ['arn:aws:rolesanywhere:eu-west-1:111122223333:profile/*', 'denied'],
  ])('%s', (arn, decision) => {
    expect(decided(allowing(asking(`ArnLike: {aws:SourceArn: "${arn}"}`)))).toEqual([decision]);
  });

  test('asks for what stands in a certificate', () => {
    const subject = asking('StringEquals: {"aws:PrincipalTag/x509Subject/CN": app}');
    expect(decided(allowing(subject))).toEqual(['conditional']);
    expect(decided(allowing(asking('StringEquals: {"aws:PrincipalTag/team": app}')))).toEqual(['denied']);
  });
});

test('a machine of SAM is named by its Name', () => {
  const documents = (name: string) =>
    templateOf(
      'AWS::Serverless::StateMachine',
      `Name: ${name}, Role: !GetAtt OwnRole.Arn, DefinitionUri: a.json`,
      'states.amazonaws.com',
      `ArnLike: {aws:SourceArn: "${STATES}:orders"}`,
    );
  const sam = (one: Documents) => ({
    ...one,
    'app.yaml': `Transform: AWS::Serverless-2016-10-31\n${one['app.yaml']}`,
  });
  expect(decided(sam(documents('orders')))).toEqual(['allowed']);
  expect(decided(sam(documents('invoices')))).toEqual(['denied']);
});

test('machines that share a role are one assumption where the role does not ask which of them calls', () => {
  const both = (condition: string) => ({
    [CONFIGURATION]: CONFIG,
    'app.yaml': template(
      resource('One', 'AWS::StepFunctions::StateMachine', 'StateMachineName: one, RoleArn: !GetAtt OwnRole.Arn'),
      resource('Two', 'AWS::StepFunctions::StateMachine', 'StateMachineName: two, RoleArn: !GetAtt OwnRole.Arn'),
      role('OwnRole', { name: 'own', trust: trusting('states.amazonaws.com', condition) }),
    ),
  });
  expect(decided(both('StringEquals: {aws:SourceAccount: "111122223333"}'))).toEqual(['allowed']);
  expect(decided(both(`ArnEquals: {aws:SourceArn: "${STATES}:two"}`))).toEqual(['denied', 'allowed']);
});
