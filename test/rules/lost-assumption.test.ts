import { describe, expect, test } from 'vitest';
import { CONFIGURATION, checkChange, type Documents, place } from '../support/documents.ts';

/** A role that CodeBuild assumes. */
const role = (name: string, trust: string, more = '') => `  ${name}:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ${name.toLowerCase()}
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
${trust}${more}`;
const allow = (principal: string, more = '') => `          - Effect: Allow
            Principal: ${principal}
            Action: sts:AssumeRole
${more}`;
const SERVICE = allow('{Service: codebuild.amazonaws.com}');
const CI = '{AWS: "arn:aws:iam::111122223333:role/ci"}';

/** One template with the roles ci and deploy. */
function world(trustOfDeploy: string, ...more: readonly string[]): Documents {
  return {
    [CONFIGURATION]: 'accounts:\n  prod: {id: "111122223333", paths: [roles.yaml]}\n',
    'roles.yaml': `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n${role('Ci', SERVICE)}${role('Deploy', trustOfDeploy)}${more.join('')}`,
  };
}

function found(before: Documents, after: Documents) {
  const { report, status } = checkChange(before, after);
  return { status, findings: report.findings.map(({ rule, location, message }) => ({ rule, location, message })) };
}

const GRANT = `      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::111122223333:role/deploy"}]
`;

describe('lost-assumption finds', () => {
  test('a principal that a trust policy no longer names, at what it names instead', () => {
    const after = world(allow('{AWS: "arn:aws:iam::111122223333:role/release"}'), role('Release', SERVICE));
    expect(found(world(allow(CI), role('Release', SERVICE)), after)).toEqual({
      status: 0,
      findings: [
        {
          rule: 'lost-assumption',
          location: place(after, 'roles.yaml', '«{AWS: "arn:aws:iam::111122223333:role/release"}»'),
          message:
            'role/ci can no longer assume role/deploy: the trust policy names arn:aws:iam::111122223333:role/release',
        },
      ],
    });
  });

  test('a Deny that the change adds for a caller whom nothing else names any more', () => {
    const before = world(allow(CI) + SERVICE);
    const after = world(
      `${SERVICE}          - Effect: Deny
            Principal: {AWS: "*"}
            Action: sts:AssumeRole
            Condition: {ArnEquals: {aws:PrincipalArn: "arn:aws:iam::111122223333:role/ci"}}
`,
    );
    const { findings } = found(before, after);
    expect(findings.map(({ rule, message }) => [rule, message.split(':')[0]])).toEqual([
      ['lost-assumption', 'role/ci can no longer assume role/deploy'],
    ]);
  });

  test('what is lost by a change to the caller’s own policies', () => {
    const account = allow('{AWS: "111122223333"}');
    const before = {
      ...world(account),
      'roles.yaml': world(account)['roles.yaml']?.replace(SERVICE, SERVICE + GRANT) ?? '',
    };
    const { findings } = found(before, world(account));
    expect(findings).toMatchObject([{ rule: 'lost-assumption', location: { path: 'roles.yaml' } }]);
  });
});

describe('lost-assumption leaves alone', () => {
  const nothing = { status: 0, findings: [] };

  test('what goes with both of its ends, or with one of them', () => {
    const both = world(allow(CI));
    const without = {
      ...both,
      'roles.yaml': `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n${role('Ci', SERVICE)}`,
    };
    expect(found(both, without)).toEqual(nothing);
    expect(found(both, { ...both, 'roles.yaml': '{}\n' })).toEqual(nothing);
  });

  test('what is still allowed, by whichever way', () => {
    const account = allow('{AWS: "111122223333"}');
    const after = world(account);
    const text = (after['roles.yaml'] ?? '').replace(SERVICE, SERVICE + GRANT);
    expect(found(world(allow(CI)), { ...after, 'roles.yaml': text })).toEqual(nothing);
  });

  test('what another rule explains', () => {
    const granted = (documents: Documents): Documents => ({
      ...documents,
      'roles.yaml': (documents['roles.yaml'] ?? '').replace(SERVICE, SERVICE + GRANT),
    });
    const { findings } = found(granted(world(allow(CI))), granted(world(allow('{Service: ec2.amazonaws.com}'))));
    expect(findings.map(({ rule }) => rule)).toEqual(['missing-trust']);
  });

  test('what nobody knows any longer', () => {
    const parameter = 'Parameters: {Who: {Type: String}}\n';
    const after = world(allow('{AWS: {Ref: Who}}'));
    const text = (after['roles.yaml'] ?? '').replace('Resources:\n', `${parameter}Resources:\n`);
    const rules = found(world(allow(CI)), { ...after, 'roles.yaml': text }).findings.map(({ rule }) => rule);
    expect(rules.filter((rule) => rule === 'lost-assumption')).toEqual([]);
  });

  test('everything, without a base', () => {
    const { report } = checkChange(undefined, world(allow('{Service: ec2.amazonaws.com}')));
    expect(report.findings).toEqual([]);
  });
});
