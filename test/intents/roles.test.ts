import { describe, expect, test } from 'vitest';
import { check as checkIn, type Documents, json, lines, place, role, template } from '../support/documents.ts';

const OWN = 'arn:aws:iam::111122223333:role';
const check = (documents: Documents) => checkIn(documents, '--account', '111122223333');
const PROD = 'arn:aws:iam::444455556666:role/orders';
const trusting = (principal: string) => `- {Effect: Allow, Principal: {${principal}}, Action: sts:AssumeRole}`;
const granting = (arn: string) => `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${arn}"}`;
const resource = (id: string, type: string, properties: string) =>
  `${id}:\n  Type: ${type}\n  Properties:\n${lines(properties).replace(/^(?=.)/gm, '    ')}`;

describe('a state machine runs a task with another role', () => {
  const machine = (definition: string, grants?: string) =>
    template(
      resource('Machine', 'AWS::StepFunctions::StateMachine', `RoleArn: !GetAtt MachineRole.Arn\n${definition}`),
      role('MachineRole', {
        name: 'machine',
        trust: trusting('Service: states.amazonaws.com'),
        ...(grants === undefined ? {} : { grants }),
      }),
    );
  const inText = `DefinitionString: |\n  {"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": {"States": {"B": {"Type": "Task", "Credentials": {"RoleArn": "${PROD}"}, "End": true}}}, "End": true}}}`;

  test('which the role of the machine must be granted', () => {
    const documents = { 'app.yaml': machine(inText) };
    const { report } = check(documents);
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      { rule: 'missing-grant', severity: 'error', location: place(documents, 'app.yaml', '«MachineRole»: Type') },
    ]);
    expect(report.findings[0]?.related).toEqual([
      { location: place(documents, 'app.yaml', PROD), message: 'runs a task with this role' },
    ]);
  });

  test('in an object and by a substitution as well', () => {
    const inObject = `
      Definition: {States: {A: {Type: Task, Credentials: {RoleArn: "\${Orders}"}}}}
      DefinitionSubstitutions: {Orders: ${PROD}}
    `;
    const { report } = check({ 'app.yaml': machine(lines(inObject), granting(PROD)) });
    expect(report.findings).toEqual([]);
    expect(report.assumptions.filter(({ role }) => role === PROD)).toMatchObject([
      { principal: `${OWN}/machine`, decision: 'unknown', declaredBy: [{ kind: 'service' }, { kind: 'grant' }] },
    ]);
  });

  test('which its input may give: nothing is said of it', () => {
    const dynamic =
      'Definition: {States: {A: {Credentials: {RoleArn.$: $.role}}, B: {Credentials: {RoleArn: "{% $r %}"}}}}';
    const { report } = check({ 'app.yaml': machine(dynamic) });
    expect(report.findings).toEqual([]);
    expect(report.assumptions).toHaveLength(1);
  });
});

describe('a pipeline runs an action with another role', () => {
  const pipeline = (grants: string) =>
    template(
      resource(
        'Pipeline',
        'AWS::CodePipeline::Pipeline',
        `RoleArn: !GetAtt PipelineRole.Arn\nStages: [{Name: deploy, Actions: [{Name: a, RoleArn: "${PROD}"}]}]`,
      ),
      role('PipelineRole', { name: 'pipeline', trust: trusting('Service: codepipeline.amazonaws.com'), grants }),
    );

  test('an error where its role is granted another one', () => {
    const documents = { 'app.yaml': pipeline(granting('arn:aws:iam::444455556666:role/other')) };
    const { report } = check(documents);
    expect(report.findings.map(({ rule, severity, location }) => ({ rule, severity, location }))).toEqual([
      {
        rule: 'missing-grant',
        severity: 'error',
        location: place(documents, 'app.yaml', 'arn:aws:iam::444455556666:role/other'),
      },
    ]);
  });

  test('nothing where it is granted that', () => {
    expect(check({ 'app.yaml': pipeline(granting(PROD)) }).report.findings).toEqual([]);
  });
});

describe('an environment names a role', () => {
  const app = (variables: string, more: { trust?: string; grants?: string } = {}) =>
    template(
      resource('Fn', 'AWS::Lambda::Function', `Role: !GetAtt FnRole.Arn\nEnvironment: {Variables: {${variables}}}`),
      role('FnRole', {
        name: 'fn',
        trust: trusting('Service: lambda.amazonaws.com'),
        ...(more.grants === undefined ? {} : { grants: more.grants }),
      }),
      role('Target', { name: 'target', trust: more.trust ?? trusting('AWS: !Ref AWS::AccountId') }),
    );
  const TARGET = 'TARGET_ROLE_ARN: !GetAtt Target.Arn';

  test('which the function is not granted: a notice', () => {
    const documents = { 'app.yaml': app(TARGET) };
    const { report, status } = check(documents);
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).toEqual([['missing-grant', 'notice']]);
    expect(report.findings[0]?.related).toEqual([
      { location: place(documents, 'app.yaml', 'Target.Arn'), message: 'is told of this role by TARGET_ROLE_ARN' },
    ]);
    expect(status).toBe(0);
  });

  test('an error where the grant exists, too, and the role does not trust the function', () => {
    const { report } = check({
      'app.yaml': app(TARGET, {
        grants: granting('arn:aws:iam::*:role/target').replace('"arn:aws:iam::*:role/target"', '!GetAtt Target.Arn'),
        trust: trusting('AWS: arn:aws:iam::111122223333:role/another'),
      }),
    });
    expect(report.findings.map(({ rule, severity }) => [rule, severity])).toEqual([['missing-trust', 'error']]);
  });

  test('which trusts a service only: the function passes it on', () => {
    const { report } = check({ 'app.yaml': app(TARGET, { trust: trusting('Service: glue.amazonaws.com') }) });
    expect(report.findings).toEqual([]);
  });

  test('which it may pass on', () => {
    const grants = '- {Effect: Allow, Action: iam:PassRole, Resource: "*"}';
    expect(check({ 'app.yaml': app(TARGET, { grants }) }).report.findings).toEqual([]);
  });

  test('in a container, whose task role assumes it', () => {
    const document = json({
      Resources: {
        Task: {
          Type: 'AWS::ECS::TaskDefinition',
          Properties: {
            TaskRoleArn: `arn:aws:iam::111122223333:role/task`,
            ContainerDefinitions: [{ Environment: [{ Name: 'AWS_ROLE_ARN', Value: PROD }] }],
          },
        },
      },
    });
    const { report } = check({ 'app.json': document });
    expect(report.assumptions.map(({ principal, role, decision }) => [principal, role, decision])).toContainEqual([
      'arn:aws:iam::111122223333:role/task',
      PROD,
      'unknown',
    ]);
    expect(report.findings).toEqual([]);
  });
});

describe('a stack set works with roles of one name in its accounts', () => {
  const stackSet = (grants: string, trust = trusting('Service: cloudformation.amazonaws.com')) =>
    template(
      resource(
        'Set',
        'AWS::CloudFormation::StackSet',
        'StackSetName: baseline\nPermissionModel: SELF_MANAGED\nAdministrationRoleARN: !GetAtt Admin.Arn\nExecutionRoleName: Execution',
      ),
      role('Admin', { name: 'Administration', trust, grants }),
    );
  const EXECUTION = 'arn:aws:iam::*:role/Execution';

  test('which its administration role must be granted', () => {
    const decided = (grants: string) =>
      check({ 'app.yaml': stackSet(grants) }).report.assumptions.filter(({ role: arn }) => arn.endsWith('/Execution'));
    expect(decided(granting(EXECUTION))).toMatchObject([{ principal: `${OWN}/Administration`, decision: 'unknown' }]);
    // The role of its own account may be trusted by name: then it needs no grant.
    expect(decided(granting('arn:aws:iam::*:role/Other'))).toMatchObject([{ decision: 'unknown' }]);
    const denying = `${granting(EXECUTION)}\n- {Effect: Deny, Action: sts:AssumeRole, Resource: "${EXECUTION}"}`;
    expect(decided(denying)).toMatchObject([{ decision: 'denied' }]);
  });

  test('for its own stack set alone', () => {
    const asking = (name: string) =>
      lines(`
        - Effect: Allow
          Principal: {Service: cloudformation.amazonaws.com}
          Action: sts:AssumeRole
          Condition: {ArnLike: {aws:SourceArn: "arn:aws:cloudformation:*:111122223333:stackset/${name}:*"}}
      `);
    const decided = (name: string) =>
      check({ 'app.yaml': stackSet(granting(EXECUTION), asking(name)) })
        .report.assumptions.filter(({ principal }) => principal === 'cloudformation.amazonaws.com')
        .map(({ decision }) => decision);
    expect(decided('baseline')).toEqual(['conditional']);
    expect(decided('other')).toEqual(['denied']);
  });
});

test('a role that asks for the function whose code calls', () => {
  const app = (caller: string) =>
    template(
      role('Caller', {
        name: 'caller',
        trust: trusting(`Service: ${caller}`),
        grants: granting(`${OWN}/target`),
      }),
      role('Target', {
        name: 'target',
        trust: `- {Effect: Allow, Principal: {AWS: "${OWN}/caller"}, Action: sts:AssumeRole, Condition: {ArnLike: {"lambda:SourceFunctionArn": "arn:aws:lambda:*:111122223333:function:app"}}}`,
      }),
    );
  const { report } = check({ 'app.yaml': app('lambda.amazonaws.com') });
  expect(report.assumptions.filter(({ role: arn }) => arn === `${OWN}/target`)).toMatchObject([
    { decision: 'conditional' },
  ]);
});
