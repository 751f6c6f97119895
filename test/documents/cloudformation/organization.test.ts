import { describe, expect, test } from 'vitest';
import { CONFIGURATION, check, type Documents, lines, place, role, template } from '../../support/documents.ts';

const CONFIGURED = lines(`
  accounts:
    prod:
      id: "444455556666"
      organizational-unit: o-exampleorgid/r-ab12/ou-ab12-11111111/
      paths: ["prod*"]
    tools: {id: "111122223333", paths: ["tools*"]}
    root: {id: "777788889999", paths: ["org*"], management: true}
`);
const prod = template(
  role('Caller', {
    name: 'caller',
    grants: '- {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::444455556666:role/target"}',
  }),
  role('Target', {
    name: 'target',
    trust: '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:role/caller"}, Action: sts:AssumeRole}',
  }),
);
const scp = (target: string, content: string, type = 'SERVICE_CONTROL_POLICY') =>
  lines(`
    Parameters: {Unit: {Type: String, Default: ou-ab12-11111111}}
    Resources:
      NoAssuming:
        Type: AWS::Organizations::Policy
        Properties:
          Name: no-assuming
          Type: ${type}
          TargetIds: [${target}]
          Content: ${content}
  `);
const DENY = '{Version: "2012-10-17", Statement: {Effect: Deny, Action: sts:AssumeRole, Resource: "*"}}';
const decided = (documents: Documents) =>
  check({ [CONFIGURATION]: CONFIGURED, 'prod.yaml': prod, ...documents }).report;
const decisionOf = (documents: Documents) =>
  decided(documents).assumptions.find(({ principal }) => principal.endsWith('/caller'))?.decision;

describe('an SCP that a template attaches', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['to the account denies there', '"444455556666"', DENY, 'denied'],
    ['to a unit above it denies there', '!Ref Unit', DENY, 'denied'],
    ['to the root denies there', 'r-ab12', DENY, 'denied'],
    ['to another account denies nothing', '"111122223333"', DENY, 'allowed'],
    ['to nobody denies nothing', '', DENY, 'allowed'],
    [
      'and allows something else takes nothing away',
      '"444455556666"',
      '{Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}}',
      'allowed',
    ],
    [
      'as a text denies as well',
      '"444455556666"',
      `'${JSON.stringify({ Statement: { Effect: 'Deny', Action: 'sts:*', Resource: '*' } })}'`,
      'denied',
    ],
  ];
  for (const [name, target, content, decision] of cases)
    test(name, () => expect(decisionOf({ 'org.yaml': scp(target, content) })).toBe(decision));

  test('is named as what denies, where it says so', () => {
    const documents = { 'org.yaml': scp('"444455556666"', DENY) };
    expect(decided(documents).findings.map(({ rule, location }) => [rule, location])).toEqual([
      ['explicit-deny', place({ ...documents }, 'org.yaml', '{Effect: Deny, Action: sts:AssumeRole, Resource: "*"}')],
    ]);
  });
});

test('an RCP that a template attaches denies, too', () => {
  const content = '{Statement: {Effect: Deny, Principal: "*", Action: sts:AssumeRole, Resource: "*"}}';
  const documents = { 'org.yaml': scp('"444455556666"', content, 'RESOURCE_CONTROL_POLICY') };
  expect(decisionOf(documents)).toBe('denied');
});

describe('a permission set', () => {
  const sets = (principal: string, inline: string) => ({
    'org.yaml': lines(`
      Resources:
        Admins:
          Type: AWS::SSO::PermissionSet
          Properties:
            Name: Admins
            InstanceArn: arn:aws:sso:::instance/ssoins-1111222233334444
            InlinePolicy: ${inline}
            ManagedPolicies: [arn:aws:iam::aws:policy/job-function/ViewOnlyAccess]
        Assigned:
          Type: AWS::SSO::Assignment
          Properties:
            PermissionSetArn: !GetAtt Admins.PermissionSetArn
            TargetId: "111122223333"
            TargetType: AWS_ACCOUNT
    `),
    'prod.yaml': template(
      role('Target', {
        name: 'target',
        trust: `- Effect: Allow\n  Action: sts:AssumeRole\n  Principal: {AWS: "arn:aws:iam::111122223333:root"}\n  Condition: {ArnLike: {aws:PrincipalArn: "${principal}"}}`,
      }),
    ),
  });
  const GRANT =
    '{Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::444455556666:role/target"}}';
  const reserved = (name: string) =>
    `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${name}_*`;
  const decision = (documents: Documents) =>
    decided(documents).assumptions.find(({ principal }) => principal.includes('AWSReservedSSO_Admins'))?.decision;

  test('is a role of the account that it is assigned to', () => {
    expect(decision(sets(reserved('Admins'), GRANT))).toBe('allowed');
    expect(
      decision(
        sets(
          reserved('Admins'),
          `'${JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::444455556666:role/target' } })}'`,
        ),
      ),
    ).toBe('allowed');
  });
  test('that no template assigns is a role of an account that nobody names', () => {
    const documents = sets(reserved('Admins'), GRANT);
    const org = documents['org.yaml'].replace(/ {2}Assigned:[\s\S]*$/, '');
    const { assumptions, findings } = decided({ ...documents, 'org.yaml': org });
    const own = assumptions.find(({ principal }) => principal.includes('AWSReservedSSO_Admins'));
    expect(own?.decision).toBe('unknown');
    expect(own?.principal).toContain('arn:aws:iam::${Admins account}:role/aws-reserved/sso.amazonaws.com/');
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['unresolved-value', expect.stringContaining('the account that the permission set Admins is assigned to')],
    ]);
  });
  test('that no template assigns is denied where no account could be trusted', () => {
    const documents = sets(reserved('Admins'), GRANT);
    const org = documents['org.yaml'].replace(/ {2}Assigned:[\s\S]*$/, '');
    const prod = template(
      role('Target', {
        name: 'target',
        trust: '- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}',
      }),
    );
    const { findings } = decided({ 'org.yaml': org, 'prod.yaml': prod });
    expect(findings.map(({ rule, location }) => [rule, location.path])).toEqual([['missing-trust', 'prod.yaml']]);
  });
});
